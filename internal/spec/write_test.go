package spec_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/value"
)

// Whatever is given of a node of any type is read back, changed and deleted, by all fields of
// Mutation.
func TestEveryTypeIsWrittenAndReadBackOnTheEmbeddedStore(t *testing.T) {
	testEveryType(t, inMemory(t, realCatalog(t)))
}

func TestEveryTypeIsWrittenAndReadBackOnNeo4j(t *testing.T) {
	testEveryType(t, onNeo4j(t, neo4jtest.Start(t), realCatalog(t)))
}

func testEveryType(t *testing.T, x *target) {
	w := &author{T: t, target: x, random: rand.New(rand.NewPCG(6, 1))}
	w.base()
	for _, typ := range x.cat.Types {
		t.Run(typ.Name, func(t *testing.T) {
			for round := range 3 {
				w.T = t
				w.life(typ, fmt.Sprintf("made-%d", round))
			}
		})
	}
}

// author writes random nodes. Two of each type are there to lead to.
type author struct {
	*testing.T
	*target
	random *rand.Rand
}

// base creates two nodes of each type, those that a type cannot be without before it.
func (w *author) base() {
	there := catalog.TypeSet(0)
	for there != w.cat.All() {
		before := there
		for _, t := range w.cat.Types {
			ready := !slices.ContainsFunc(t.Out, func(l *catalog.Link) bool { return l.Required && l.Targets&there == 0 })
			if ready && !there.Has(t.ID) {
				for i := range 2 {
					w.create(t, w.input(t, baseID(t, i), i))
				}
				there |= catalog.SetOf(t.ID)
			}
		}
		if there == before {
			w.Fatalf("no type can be created after %b", there)
		}
	}
}

func baseID(t *catalog.Type, i int) string { return fmt.Sprintf("%s-%d", strings.ToLower(t.Name), i) }

// life creates, reads, changes and deletes a node.
func (w *author) life(t *catalog.Type, id string) {
	w.Helper()
	given := w.input(t, id, 2)
	w.create(t, given)
	w.compare(t, id, given)
	update := w.some(t, w.input(t, id, 2))
	w.mutate("update", t, update)
	maps.Copy(given, update)
	w.compare(t, id, given)
	given["id"] = id
	if got := w.mutate("upsert", t, given); got["unchanged"] != 1.0 {
		w.Errorf("the same again is %v", got)
	}
	w.mutate("delete", t, map[string]any{"id": id})
	if got := w.read(t, id); got != nil {
		w.Errorf("still there: %v", got)
	}
}

// input is a valid node with a value for about everything; number tells several apart.
func (w *author) input(t *catalog.Type, id string, number int) map[string]any {
	in := map[string]any{"id": id}
	for _, p := range t.Properties[1:] {
		if !p.Managed && (p.Required || w.random.IntN(4) > 0) {
			in[p.Name] = w.value(p)
		}
	}
	if _, dated := in["datePrecision"]; dated {
		in["datePrecision"], in["started"] = "YEAR", "2001"
	}
	for _, l := range t.Out {
		if l.Required || number > 1 {
			in[l.Name] = w.end(t, l, number)
		}
	}
	return in
}

func (w *author) value(p *catalog.Property) any {
	periods := map[string]int{"firstPeriod": 1, "lastPeriod": 5} // of every study, so that its rules hold
	if period, ok := periods[p.Name]; ok {
		return period
	}
	switch p.Kind {
	case value.Text:
		return []string{"Räume & Wege", "a 'quoted' \"text\"", "two\nlines", "1) x -> y; z"}[w.random.IntN(4)]
	case value.Enum:
		if p.Enum.Name == "Censoring" {
			return "EXACT" // the other is for the first of several
		}
		return p.Enum.Values[w.random.IntN(len(p.Enum.Values))].Name
	case value.Int:
		return w.random.IntN(3000)
	case value.Float:
		return float64(w.random.IntN(100)) / 8
	case value.Bool:
		return true // who was not asked adopts nothing
	case value.Date:
		if strings.HasPrefix(p.Name, "end") {
			return "2012-05"
		}
		return []string{"1999", "2003-04", "2011-11-30", "2005~", "2001/2004"}[w.random.IntN(5)]
	case value.Strings:
		return []any{"b", "a", "ö"}[:w.random.IntN(4)]
	default:
		panic(p.Kind)
	}
}

// end leads to base nodes: those with the number 0 or 1 to their likes, the third to any. Who
// is enrolled third is nobody who was enrolled before, and what is adopted third is done by
// who adopted the other practice.
func (w *author) end(t *catalog.Type, l *catalog.Link, number int) any {
	far := w.cat.Types[first(l.Targets)]
	switch {
	case l.Many:
		return []any{baseID(far, 0), baseID(far, 1)}
	case number < 2:
		return baseID(far, number)
	case t.Name == "Enrollment" && l.Name == "participant":
		return baseID(w.cat.Types[second(l.Targets)], 0)
	case t.Name == "Adoption" && l.Name == "practice":
		return baseID(far, 1)
	default:
		return baseID(far, 0)
	}
}

func first(types catalog.TypeSet) catalog.TypeID {
	for id := range types.IDs() {
		return id
	}
	panic("no type")
}

func second(types catalog.TypeSet) catalog.TypeID { return first(types &^ catalog.SetOf(first(types))) }

// some is a random part of an input, with null for some of what may be missing.
func (w *author) some(t *catalog.Type, in map[string]any) map[string]any {
	part := map[string]any{"id": in["id"]}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		p, _ := t.Property(name)
		switch {
		case name == "datePrecision", name == "started", strings.HasPrefix(name, "end"), w.random.IntN(2) > 0:
		case p != nil && !p.Required && p.Kind != value.Strings && w.random.IntN(3) == 0:
			part[name] = nil
		default:
			part[name] = in[name]
		}
	}
	return part
}

func (w *author) create(t *catalog.Type, in map[string]any) {
	w.Helper()
	if got := w.mutate("create", t, in); got["created"] != 1.0 {
		w.Errorf("created %v", got)
	}
}

// mutate writes one node and gives the payload back.
func (w *author) mutate(action string, t *catalog.Type, in map[string]any) map[string]any {
	w.Helper()
	input := map[string]string{"create": "Create", "upsert": "Create", "update": "Update"}[action]
	if input = t.Name + input; action == "delete" {
		input = "DeleteInput"
	}
	query := fmt.Sprintf("mutation($input: [%s!]!) { done: %s%s(input: $input) { created updated unchanged deleted %s { id } } }", input, action, t.Collective(), t.Plural)
	data := w.answer(map[string]any{"query": query, "variables": map[string]any{"input": []any{in}}})
	return data["done"].(map[string]any)
}

func (w *author) answer(body map[string]any) map[string]any {
	w.Helper()
	text := w.post(w.T, body)
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		w.Fatalf("%v in %s", err, text)
	}
	if len(answer.Errors) > 0 {
		w.Fatalf("%v to %v", answer.Errors, body)
	}
	return answer.Data
}

// read brings a node as an input would give it, nil when there is none.
func (w *author) read(t *catalog.Type, id string) map[string]any {
	w.Helper()
	var fields strings.Builder
	for _, p := range t.Properties {
		if !p.Managed {
			fields.WriteString(p.Name + " ")
		}
	}
	for _, l := range t.Out {
		if l.Many {
			fmt.Fprintf(&fields, "%s { nodes { id } } ", l.Name)
		} else {
			fmt.Fprintf(&fields, "%s { id } ", l.Name)
		}
	}
	data := w.answer(map[string]any{"query": fmt.Sprintf("{ found: %s(id: %q) { %s } }", t.Singular, id, fields.String())})
	found, _ := data["found"].(map[string]any)
	for _, l := range t.Out {
		if end, ok := found[l.Name].(map[string]any); ok {
			found[l.Name] = endsOf(end)
		}
	}
	return found
}

// endsOf are the ids in a link's answer.
func endsOf(end map[string]any) any {
	nodes, many := end["nodes"].([]any)
	if !many {
		return end["id"]
	}
	ids := []any{}
	for _, n := range nodes {
		ids = append(ids, n.(map[string]any)["id"])
	}
	return ids
}

// compare reads a node back and compares it with what was given.
func (w *author) compare(t *catalog.Type, id string, given map[string]any) {
	w.Helper()
	want := map[string]any{}
	for _, p := range t.Properties {
		if p.Managed {
			continue
		}
		want[p.Name] = given[p.Name]
		if p.Kind == value.Strings && given[p.Name] == nil {
			want[p.Name] = []any{}
		}
		if n, ok := given[p.Name].(int); ok {
			want[p.Name] = float64(n)
		}
	}
	for _, l := range t.Out {
		want[l.Name] = given[l.Name]
		if l.Many && given[l.Name] == nil {
			want[l.Name] = []any{}
		}
	}
	if diff := cmp.Diff(want, w.read(t, id)); diff != "" {
		w.Errorf("%s is not as it was given (-want +got):\n%s", id, diff)
	}
}
