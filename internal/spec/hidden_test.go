package spec_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/spec"
	"nicgraph/internal/store"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/stored"
	"nicgraph/internal/withdraw"
)

// The whole corpus is asked of two graphs: in one of them there was a person to whom everything
// led that can lead to a person, in the other one to whom nothing did. Both are hidden, or erased. The
// answers must be the same bytes, and those that the cases want.
func TestNothingTellsOfWhoIsHiddenOnTheEmbeddedStore(t *testing.T) {
	cat := realCatalog(t)
	testNothingTells(t, inMemory(t, cat), inMemory(t, cat), 1)
}

// every tells which cases are asked of Neo4j here, where each takes some seconds: all took a quarter of
// an hour.
var every = flag.Int("every", 10, "ask Neo4j every so many cases of who is hidden")

func TestNothingTellsOfWhoIsHiddenOnNeo4j(t *testing.T) {
	cat := realCatalog(t)
	testNothingTells(t, onNeo4j(t, neo4jtest.Start(t), cat), inMemory(t, cat), *every)
}

func testNothingTells(t *testing.T, known, alone *target, every int) {
	led := 0
	for i, c := range inTurn(load(t)) {
		if i%every > 0 {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			held := known.holds
			known.hold(t, c)
			alone.hold(t, c)
			if known.holds != held {
				action := []withdraw.Action{withdraw.Hide, withdraw.Erase}[i/every%2]
				around := known.visited(t)
				led += len(around)
				known.withdraws(t, action, around)
				alone.withdraws(t, action, nil)
			}
			answer := known.ask(t, c)
			if diff := cmp.Diff(string(alone.ask(t, c)), string(answer)); diff != "" {
				t.Errorf("the answer tells of somebody (-alone +known):\n%s", diff)
			}
			if diff, err := spec.Compare(c.Result, answer); err != nil || diff != "" && !ofChanges(c) {
				t.Errorf("%s\n%v (-want +got):\n%s", c.About, err, diff)
			}
		})
	}
	if led < 1000/every {
		t.Errorf("only %d things and facts have led to somebody", led)
	}
	t.Run("the whole history", func(t *testing.T) { testSameHistory(t, known, alone) })
}

// ofChanges tells whether a case asks about changes, of which there are more here.
func ofChanges(c *spec.Case) bool {
	return slices.ContainsFunc([]string{"hange", "history", "asRecordedAt"}, func(word string) bool { return strings.Contains(c.Query, word) })
}

// gone is the id of who is hidden.
const gone = "ada-goneaway"

// visited are the nodes around the person: one of each type that cannot be without a person, by each link, with all
// that it needs, and all that is there and can lead there.
func (x *target) visited(t *testing.T) []change.Node {
	t.Helper()
	reader := stored.New(x.store, x.cat)
	var there []change.Node
	for _, typ := range x.cat.Types {
		for n, err := range reader.Nodes(t.Context(), typ, nil) {
			if err != nil {
				t.Fatal(err)
			}
			there = append(there, n)
		}
	}
	person, _ := x.cat.Type(withdraw.Person)
	toPerson := func(l *catalog.Link) bool { return l.Targets.Has(person.ID) }
	var all []change.Node
	for _, typ := range x.cat.Types {
		for _, l := range typ.Out {
			if n, ok := x.leading(t, typ, l, there); ok && l.Required && toPerson(l) {
				all = append(all, n)
			}
		}
	}
	for _, n := range there {
		links := slices.Clone(n.Links)
		for _, l := range n.Type.Out {
			if toPerson(l) && (l.Many || len(links[l.Index]) == 0) && n.Type != person {
				links[l.Index] = slices.Concat(links[l.Index], []string{gone})
			}
		}
		if !slices.EqualFunc(n.Links, links, slices.Equal) && len(all) < 200 {
			n.Links = links
			all = append(all, n)
		}
	}
	return all
}

// leading is a new node that leads by a link to the person, and otherwise to what is there.
func (x *target) leading(t *testing.T, typ *catalog.Type, by *catalog.Link, there []change.Node) (change.Node, bool) {
	t.Helper()
	n, err := storetest.NewNode(x.cat, typ.Name, "about-ada-"+strings.ToLower(typ.Name+"-"+by.Name), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range typ.Out {
		n.Links[l.Index] = nil
		if i := slices.IndexFunc(there, func(n change.Node) bool { return l.Targets.Has(n.Type.ID) }); i >= 0 {
			n.Links[l.Index] = []string{there[i].ID}
		}
		if l == by {
			n.Links[l.Index] = []string{gone}
		}
		if l.Required && len(n.Links[l.Index]) == 0 {
			return n, false
		}
	}
	return n, true
}

// withdraws writes a person and what leads there, in four changes, and takes the person away.
func (x *target) withdraws(t *testing.T, action withdraw.Action, around []change.Node) {
	t.Helper()
	at := x.clock.Add(-20 * 60e9)
	write := func(what string, nodes []change.Node, deletes ...string) {
		t.Helper()
		person, err := storetest.NewNode(x.cat, withdraw.Person, gone, storetest.Fields{"name": "Ada Goneaway", "aliases": []string{"Ada G.", "School"}, "summary": what})
		if err != nil {
			t.Fatal(err)
		}
		x.apply(t, &change.Batch{Upserts: append(nodes, person), Deletes: deletes, Note: change.Note{By: "ann", Why: what, At: at}})
	}
	var again []change.Node
	var deletes []string
	for _, n := range around {
		switch {
		case !strings.HasPrefix(n.ID, "about-ada-"):
		case len(again)%2 == 0:
			n.Values = slices.Clone(n.Values)
			for _, p := range n.Type.Properties {
				if p.Name == "note" || p.Name == "summary" {
					n.Values[p.Index].Str += "!"
				}
			}
			again = append(again, n)
		default:
			again = append(again, n)
			deletes = append(deletes, n.ID)
		}
	}
	write("is new", nil)
	write("is led to", slices.Clone(around))
	write("is written of again", again)
	write("is left", nil, deletes...)
	if _, err := x.persons.Withdraw(t.Context(), &withdraw.Request{Action: action, ID: gone, Note: change.Note{By: "root", At: at}}); err != nil {
		t.Fatal(err)
	}
}

func testSameHistory(t *testing.T, known, alone *target) {
	revision, err := known.store.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(x *target, query string) string {
		answer := string(x.post(t, map[string]any{"query": query}))
		if strings.Contains(answer, "errors") || strings.Contains(strings.ToLower(answer), "goneaway") || strings.Contains(answer, "about-ada-") {
			t.Fatalf("%s: %.2000s", query, answer)
		}
		return answer
	}
	for number := 1; number <= int(revision); number++ {
		query := fmt.Sprintf("{ change(number: %d) { at by why created updated unchanged deleted entries(first: 1000) { id type action node { id } fields { field before after } } } }", number)
		if diff := cmp.Diff(ask(alone, query), ask(known, query)); diff != "" {
			t.Errorf("change %d (-alone +known):\n%s", number, diff)
		}
	}
	for _, node := range []string{gone, "about-ada-role-holder", "s-1", "carnegie"} {
		query := fmt.Sprintf("{ history(id: %q, first: 1000) { nodes { action change { number } fields { field before after } } } node(id: %q) { id version } }", node, node)
		if diff := cmp.Diff(history(alone, t, query), history(known, t, query)); diff != "" {
			t.Errorf("the history of %s (-alone +known):\n%s", node, diff)
		}
	}
	for number := max(int(revision)-30, 0); number <= int(revision); number++ {
		if diff := cmp.Diff(nodesAfter(t, alone, number), nodesAfter(t, known, number)); diff != "" {
			t.Errorf("the graph after change %d (-alone +known):\n%s", number, diff)
		}
	}
}

func history(x *target, t *testing.T, query string) string {
	return strings.ReplaceAll(string(x.post(t, map[string]any{"query": query})), "\n", "")
}

// nodesAfter are the states of all nodes after a change.
func nodesAfter(t *testing.T, x *target, number int) map[string]string {
	t.Helper()
	then, err := x.store.At(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	all, past := map[string]string{}, stored.New(store.New(store.Asked(then), store.Limits{}), x.cat)
	for _, typ := range x.cat.Types {
		for n, err := range past.Nodes(t.Context(), typ, nil) {
			if err != nil {
				t.Fatal(err)
			}
			state, err := n.AppendState(nil)
			if err != nil {
				t.Fatal(err)
			}
			all[n.ID] = string(state)
		}
	}
	return all
}
