package peers

import (
	"strconv"

	"nicgraph/bench/questions"
	"nicgraph/internal/change"
	"nicgraph/internal/value"
)

// plain is what the questions are about, for databases that know neither partial dates nor
// names without case and accents: their first and last days and folded forms stand beside them.
type plain struct{ parties, practices, memberships, learnings [][]string }

// partyTables are the tables of parties with the types of their rows.
var partyTables = []struct{ table, kind string }{
	{"organizations", "Organization"}, {"networks", "Network"}, {"people", "Person"},
}

func readPlain(dir string) (p plain, err error) {
	if p.parties, err = readParties(dir); err != nil {
		return p, err
	}
	if p.practices, err = cells(dir, "practices", func(r map[string]string) []string {
		return []string{r["id"], r["name"], value.Fold(r["name"])}
	}); err != nil {
		return p, err
	}
	if p.memberships, err = cells(dir, "memberships", func(r map[string]string) []string {
		return []string{r["id"], r["member_id"], r["network_id"]}
	}); err != nil {
		return p, err
	}
	p.learnings, err = cells(dir, "learnings", learning)
	return p, err
}

// readParties are id, type, name, folded name, aliases, summary, kind and region.
func readParties(dir string) ([][]string, error) {
	var all [][]string
	for _, t := range partyTables {
		rows, err := cells(dir, t.table, func(r map[string]string) []string {
			return []string{r["id"], t.kind, r["name"], value.Fold(r["name"]), r["aliases"], r["summary"], r["kind"], r["region"]}
		})
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// learning is id, learner, teacher, practice, channel kind, start with its first and last day, and stage.
func learning(r map[string]string) []string {
	started, from, to := "", "", ""
	if date, err := change.Expand(r["date_precision"], r["started"]); err == nil {
		started = date
	}
	if days, err := value.ParseDate(started); err == nil {
		from, to = strconv.FormatInt(days.From, 10), strconv.FormatInt(days.To, 10)
	}
	return []string{r["id"], r["learner_id"], r["teacher_id"], r["practice_id"], r["channel_kind"], started, from, to, r["stage"]}
}

func cells(dir, table string, of func(map[string]string) []string) ([][]string, error) {
	rows, err := questions.Table(dir, table)
	if err != nil {
		return nil, err
	}
	all := make([][]string, len(rows))
	for i, r := range rows {
		all[i] = of(r)
	}
	return all, nil
}
