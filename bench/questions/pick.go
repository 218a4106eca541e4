package questions

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// What the values of questions are picked by.
const (
	region   = "CA"
	page     = 100
	deepPage = 500 // or the last full page but one
	most     = 20  // practices
	maxHops  = 4
)

// network is what the tables say, as far as questions depend on it.
type network struct {
	organizations, networks, people, practices map[string]row
	learnings, memberships                     []row
}

type row map[string]string

// Pick picks values for questions about the tables of a folder, by rule and not by chance: what
// there is much of, so that an answer has something to say.
func Pick(dir string) (map[string]any, error) {
	n, err := read(dir)
	if err != nil {
		return nil, err
	}
	teacher, practice := n.lineage()
	word := n.word()
	return map[string]any{
		"person":       middle(n.people),
		"organization": n.organization(),
		"practices":    n.practicesOfMost(),
		"teacher":      teacher,
		"practice":     practice,
		"word":         word,
		"wordPattern":  "/" + word + "/",
		"networkKind":  n.kind(),
		"behind":       n.behind(),
		"after":        nil,
	}, nil
}

func read(dir string) (*network, error) {
	n := &network{}
	for name, byID := range map[string]*map[string]row{
		"organizations": &n.organizations, "networks": &n.networks, "people": &n.people, "practices": &n.practices,
	} {
		rows, err := Table(dir, name)
		if err != nil {
			return nil, err
		}
		*byID = make(map[string]row, len(rows))
		for _, r := range rows {
			(*byID)[r["id"]] = r
		}
	}
	var err error
	if n.learnings, err = Table(dir, "learnings"); err != nil {
		return nil, err
	}
	n.memberships, err = Table(dir, "memberships")
	return n, err
}

// Table reads a table: its rows by the names of the columns.
func Table(dir, name string) ([]row, error) {
	file, err := os.Open(filepath.Join(dir, name+".csv"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil || len(lines) == 0 {
		return nil, fmt.Errorf("read table %s: %w", name, err)
	}
	rows := make([]row, len(lines)-1)
	for i, cells := range lines[1:] {
		rows[i] = make(row, len(cells))
		for j, column := range lines[0] {
			rows[i][column] = cells[j]
		}
	}
	return rows, nil
}

func middle(rows map[string]row) string {
	ids := slices.Sorted(maps.Keys(rows))
	return ids[len(ids)/2]
}

// organization is the one that learned most among those in three networks, or in as many as there are.
func (n *network) organization() string {
	learned, networks := tally(n.learnings, "learner_id"), tally(n.memberships, "member_id")
	maps.DeleteFunc(learned, func(id string, _ int) bool { return n.organizations[id] == nil })
	few := 0
	for id := range learned {
		few = max(few, min(3, networks[id]))
	}
	maps.DeleteFunc(learned, func(id string, _ int) bool { return networks[id] < few })
	return ranked(learned)[0]
}

func (n *network) practicesOfMost() []string {
	all := ranked(tally(n.learnings, "practice_id"))
	return all[:min(most, len(all))]
}

// lineage is the teacher and the practice that reach most, among the forty pairs with most learnings.
func (n *network) lineage() (teacher, practice string) {
	type pair = [2]string
	taught, learners := map[pair]int{}, map[pair][]string{}
	for _, l := range n.learnings {
		p := pair{l["teacher_id"], l["practice_id"]}
		taught[p]++
		learners[p] = append(learners[p], l["learner_id"])
	}
	pairs := slices.SortedFunc(maps.Keys(taught), func(p, q pair) int {
		return cmp.Or(cmp.Compare(taught[q], taught[p]), slices.Compare(p[:], q[:]))
	})
	best, reached := pair{}, -1
	for _, p := range pairs[:min(40, len(pairs))] {
		if r := reach(p[0], func(t string) []string { return learners[pair{t, p[1]}] }); r > reached {
			best, reached = p, r
		}
	}
	return best[0], best[1]
}

// reach counts whom a teacher reaches.
func reach(teacher string, learners func(string) []string) int {
	seen, edge := map[string]bool{teacher: true}, []string{teacher}
	for range maxHops {
		var next []string
		for _, t := range edge {
			for _, l := range learners(t) {
				if !seen[l] {
					seen[l] = true
					next = append(next, l)
				}
			}
		}
		edge = next
	}
	return len(seen) - 1
}

// word is the word of at least five letters that is in the names of the practices that people
// learned most often from organizations in the region.
func (n *network) word() string {
	words := map[string]int{}
	for _, l := range n.learnings {
		if n.people[l["learner_id"]] == nil || n.organizations[l["teacher_id"]]["region"] != region {
			continue
		}
		for _, word := range strings.Fields(n.practices[l["practice_id"]]["name"]) {
			if len(word) > 4 {
				words[word]++
			}
		}
	}
	if len(words) == 0 {
		return "improvement"
	}
	return ranked(words)[0]
}

// kind is the kind of network that has most members.
func (n *network) kind() string {
	kinds := map[string]int{}
	for _, m := range n.memberships {
		kinds[n.networks[m["network_id"]]["kind"]]++
	}
	return ranked(kinds)[0]
}

// behind is how many learnings come before the deep page.
func (n *network) behind() int {
	pages := min(deepPage, max(1, len(n.learnings)/page-1))
	return (pages - 1) * page
}

func tally(rows []row, column string) map[string]int {
	counts := map[string]int{}
	for _, r := range rows {
		counts[r[column]]++
	}
	return counts
}

// ranked are keys by their counts, the highest first.
func ranked(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
}
