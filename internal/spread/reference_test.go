package spread

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// reference is a file of testdata/reference, or a part of it.
type reference map[string]any

func readReference(t *testing.T, name string) reference {
	t.Helper()
	var r reference
	if err := json.Unmarshal(unzipped(t, "reference", name+".json.gz"), &r); err != nil {
		t.Fatalf("read reference %s: %v", name, err)
	}
	return r
}

// part is the thing under a path of keys.
func (r reference) part(path ...string) any {
	var v any = map[string]any(r)
	for _, key := range path {
		v = v.(map[string]any)[key]
	}
	return v
}

func (r reference) has(path ...string) bool {
	var v any = map[string]any(r)
	for _, key := range path {
		inner, ok := v.(map[string]any)
		if !ok {
			return false
		}
		v = inner[key]
	}
	return v != nil
}

// floats are the numbers under a path, row after row where there are rows; null is NaN.
func (r reference) floats(path ...string) []float64 { return flatten(nil, r.part(path...)) }

func flatten(flat []float64, v any) []float64 {
	switch v := v.(type) {
	case nil:
		return append(flat, math.NaN())
	case float64:
		return append(flat, v)
	default:
		for _, inner := range v.([]any) {
			flat = flatten(flat, inner)
		}
		return flat
	}
}

func (r reference) strings(path ...string) []string {
	var all []string
	for _, v := range r.part(path...).([]any) {
		all = append(all, v.(string))
	}
	return all
}

func unzipped(t *testing.T, path ...string) []byte {
	t.Helper()
	file, err := os.Open(filepath.Join(append([]string{"testdata"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatalf("read %v: %v", path, err)
	}
	data, err := io.ReadAll(zip)
	if err != nil {
		t.Fatalf("read %v: %v", path, err)
	}
	return data
}

// table is a table of testdata/data, one map per row.
func table(t *testing.T, dataset, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "data", dataset, name+".csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatalf("read %s/%s: %v", dataset, name, err)
	}
	lines, err := csv.NewReader(zip).ReadAll()
	if err != nil {
		t.Fatalf("read %s/%s: %v", dataset, name, err)
	}
	rows := make([]map[string]string, 0, len(lines))
	for _, line := range lines[1:] {
		row := map[string]string{}
		for k, column := range lines[0] {
			row[column] = line[k]
		}
		rows = append(rows, row)
	}
	return rows
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// readPanel is a data set as a panel, and its ids, which ascend as numbers. The column of
// times is toa, or toa_coded where never-adopters carry the number of a period.
func readPanel(t *testing.T, dataset, column string, first, periods int) (*Panel, []string) {
	t.Helper()
	nodes := table(t, dataset, "nodes")
	slices.SortFunc(nodes, func(a, b map[string]string) int { return number(t, a["id"]) - number(t, b["id"]) })
	p := &Panel{First: first, Periods: periods}
	place, groups := map[string]int32{}, map[string]int32{}
	ids := make([]string, len(nodes))
	for i, row := range nodes {
		ids[i], place[row["id"]] = row["id"], int32(i)
		p.Adopted = append(p.Adopted, periodOf(t, row[column], first))
		p.Group = append(p.Group, groupOf(groups, row["group"]))
	}
	p.Ties, _ = NewTies(len(nodes), periods, readTies(t, dataset, place, first, periods))
	return p, ids
}

func periodOf(t *testing.T, text string, first int) int32 {
	t.Helper()
	if text == "" {
		return Never
	}
	return int32(number(t, text) - first)
}

func groupOf(groups map[string]int32, name string) int32 {
	if name == "" {
		return -1
	}
	if _, known := groups[name]; !known {
		groups[name] = int32(len(groups))
	}
	return groups[name]
}

// readTies are the ties of a data set. Its tables call the learner source and the person
// named target.
func readTies(t *testing.T, dataset string, place map[string]int32, first, periods int) []Tie {
	t.Helper()
	var ties []Tie
	for _, row := range table(t, dataset, "edges") {
		tie := Tie{Learner: place[row["source"]], Source: place[row["target"]], Weight: float64(number(t, row["weight"])), Until: int32(periods - 1)}
		if row["period_from"] != "" {
			tie.From, tie.Until = int32(number(t, row["period_from"])-first), int32(number(t, row["period_to"])-first)
		}
		ties = append(ties, tie)
	}
	return ties
}

// readPractice is a practice of the data set with several.
func readPractice(t *testing.T, practice string, periods int) *Panel {
	t.Helper()
	p, ids := readPanel(t, "simmulti", "toa", 1, periods)
	for i := range p.Adopted {
		p.Adopted[i] = Never
	}
	for _, row := range table(t, "simmulti", "adoptions") {
		if row["practice"] == practice {
			p.Adopted[slices.Index(ids, row["id"])] = periodOf(t, row["toa"], 1)
		}
	}
	return p
}
