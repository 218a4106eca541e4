package neo4jstore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/cypher"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/plan"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// crowdSize is how many persons the pages are taken from, pageRows how many are on one.
const (
	crowdSize = 4000
	pageRows  = 10
)

// mostHits bounds what a page may touch: its rows a few times over, in a few stretches.
// We saw 186 at most; reading on to the end takes thousands.
const mostHits = 250

// crowd opens a store with persons of whom every third lacks each optional value.
func crowd(t *testing.T) *Store {
	s := nobody(t)
	s.fill(t)
	return s
}

// nobody opens a store without a node.
func nobody(t *testing.T) *Store {
	server := neo4jtest.Start(t)
	s, err := Open(t.Context(), Config{URI: server.URI, User: server.User, Password: server.Password}, storetest.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// fill writes the persons.
func (s *Store) fill(t *testing.T) {
	t.Helper()
	batch := &change.Batch{}
	for i := range crowdSize {
		fields := storetest.Fields{"name": fmt.Sprintf("Person %d", i*7919%crowdSize)}
		if i%3 > 0 {
			fields["nick"], fields["score"], fields["born"] = fmt.Sprintf("nick %d", i*31%977), i*17%997, fmt.Sprintf("%04d", 1900+i%120)
			fields["awake"], fields["mood"] = i%2 == 0, []string{"GLAD", "SAD", "glad"}[i*5%3]
		}
		n, err := storetest.NewNode(s.cat, "Person", fmt.Sprintf("p-%04d", i*4001%crowdSize), fields)
		if err != nil {
			t.Fatal(err)
		}
		batch.Upserts = append(batch.Upserts, n)
	}
	if _, err := s.Apply(t.Context(), batch, nil); err != nil {
		t.Fatal(err)
	}
}

func TestAPageCostsTheSameWhereverItLies(t *testing.T) {
	s := crowd(t)
	for _, of := range []struct {
		types string
		key   plan.Key
	}{
		{"Person", plan.Key{Property: "name", Kind: value.Text}}, {"Person", plan.Key{Property: "nick", Kind: value.Text}},
		{"Person", plan.Key{Property: "score", Kind: value.Int}}, {"Party", plan.Key{Property: "score", Kind: value.Int}},
		{"Person", plan.Key{Property: "born", Kind: value.Date}}, {"Person", plan.Key{Property: "awake", Kind: value.Bool}},
		{"Person", plan.Key{Property: "mood", Kind: value.Enum}},
	} {
		for way := range 8 {
			of.key.Desc, of.key.NullsFirst = way&1 > 0, way&2 > 0
			order := []plan.Key{of.key, {Property: "id", Kind: value.ID}}
			name := fmt.Sprintf("%s by %s desc=%v nullsFirst=%v backward=%v", of.types, of.key.Property, of.key.Desc, of.key.NullsFirst, way&4 > 0)
			t.Run(name, func(t *testing.T) { s.costs(t, s.cat.TypesOf(of.types), order, way&4 > 0) })
		}
	}
}

// costs looks at a page at the beginning, and behind cursors spread over the order.
func (s *Store) costs(t *testing.T, set catalog.TypeSet, order []plan.Key, backward bool) {
	m := &plan.Many{From: plan.Scan{Types: set}, Order: order, Rows: true, First: amount(pageRows), Row: scalars(set, "id", order[0].Property)}
	if backward {
		m.First, m.Last = plan.Operand{}, amount(pageRows)
	}
	cursors := append([]string{""}, s.cursors(t, set, order)...)
	for at, cursor := range cursors {
		switch {
		case cursor == "":
		case backward:
			m.Before = plan.Operand{Const: value.OfText(cursor)}
		default:
			m.After = plan.Operand{Const: value.OfText(cursor)}
		}
		if hits, text := s.hits(t, m); hits > mostHits {
			t.Errorf("cursor %d of %d: %d hits, want at most %d\n%s", at, len(cursors), hits, mostHits, text)
		}
	}
}

// mostOfFew bounds what it takes to read the few nodes that are linked to one. We saw 15; reading on in the
// order of ids takes thousands.
const mostOfFew = 100

func TestWhoReadsAllThatIsLinkedToANodeBeginsThere(t *testing.T) {
	s := nobody(t)
	batch := &change.Batch{}
	add := func(typeName, id string, fields storetest.Fields) {
		n, err := storetest.NewNode(s.cat, typeName, id, fields)
		if err != nil {
			t.Fatal(err)
		}
		batch.Upserts = append(batch.Upserts, n)
	}
	add("Person", "ann", storetest.Fields{"name": "Ann"})
	add("Place", "here", storetest.Fields{"name": "Here"})
	add("Place", "there", storetest.Fields{"name": "There"})
	for i := range crowdSize {
		at := "there"
		if i%1000 == 999 {
			at = "here"
		}
		add("Lesson", fmt.Sprintf("l-%04d", i), storetest.Fields{"learner": "ann", "at": at})
	}
	if _, err := s.Apply(t.Context(), batch, nil); err != nil {
		t.Fatal(err)
	}
	types, at := s.cat.TypesOf("Lesson"), linkOf(t, s.cat, "Lesson", "at")
	where := plan.Linked{Link: at, Quant: plan.Some, Where: plan.Compare{
		Property: "id", Kind: value.ID, Op: plan.In, Operand: plan.Operand{Const: value.OfList([]value.Value{value.OfID("here")})},
	}}
	m := &plan.Many{From: plan.Scan{Types: types}, Where: where, Order: []plan.Key{{Property: "id", Kind: value.ID}}, First: amount(pageRows), Rows: true, All: true, Row: scalars(types, "id")}
	hits, text := s.hits(t, m)
	t.Logf("%d hits", hits)
	if hits > mostOfFew {
		t.Errorf("%d hits, want at most %d\n%s", hits, mostOfFew, text)
	}
}

func linkOf(t *testing.T, cat *catalog.Catalog, typeName, name string) *catalog.Link {
	t.Helper()
	of, _ := cat.Type(typeName)
	l, ok := of.Link(name)
	if !ok {
		t.Fatalf("%s has no link %s", typeName, name)
	}
	return l
}

func amount(n int64) plan.Operand { return plan.Operand{Const: value.OfInt(n)} }

// cursors are those of some rows spread over the whole order.
func (s *Store) cursors(t *testing.T, set catalog.TypeSet, order []plan.Key) []string {
	t.Helper()
	m := &plan.Many{From: plan.Scan{Types: set}, Order: order, Rows: true, First: amount(plan.MaxPage), Row: scalars(set, order[0].Property, "id")}
	var cursors []string
	for more := true; more; {
		p := s.planOf(m)
		result, err := (&query{store: s, from: s, plan: p}).Run(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		page := storetest.TreeOf(p, result).(storetest.Row).Slots[0].(storetest.Page)
		for i := 299; i < len(page.Rows); i += 300 {
			cursors = append(cursors, cursorOf(order, page.Rows[i]))
		}
		more = page.Next
		m.After = plan.Operand{Const: value.OfText(cursorOf(order, page.Rows[len(page.Rows)-1]))}
	}
	return cursors
}

// cursorOf reads the first two slots of a row as the keys.
func cursorOf(order []plan.Key, row storetest.Tree) string {
	keys := make([]value.Value, len(order))
	for i, cell := range row.(storetest.Row).Slots {
		switch cell := cell.(type) {
		case string:
			keys[i] = value.Value{Kind: order[i].Kind, Str: cell}
		case int64:
			keys[i] = value.OfInt(cell)
		case bool:
			keys[i] = value.OfBool(cell)
		}
	}
	return string(plan.AppendCursor(nil, order, keys))
}

// hits counts what a read touches, and says where.
func (s *Store) hits(t *testing.T, read plan.Read) (int64, string) {
	t.Helper()
	return s.hitsOf(t, s.statement(read))
}

func (s *Store) hitsOf(t *testing.T, st cypher.Statement) (int64, string) {
	t.Helper()
	result, err := neo4j.ExecuteQuery(t.Context(), s.driver, "PROFILE "+st.Text, st.Params, neo4j.EagerResultTransformer)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	total := count(&b, result.Summary.Profile(), "")
	return total, st.Text + "\n" + b.String()
}

func count(b *strings.Builder, of neo4j.ProfiledPlan, in string) int64 {
	hits := of.DbHits()
	fmt.Fprintf(b, "%s%s %d hits %d rows %v\n", in, of.Operator(), hits, of.Records(), of.Arguments()["Details"])
	for _, child := range of.Children() {
		hits += count(b, child, in+"  ")
	}
	return hits
}

// An alias is looked for in the same statement, whether there is one or not: by its unique index, which
// costs two hits where it finds nothing.
func TestALookUpCostsASeekMoreForAliases(t *testing.T) {
	s := nobody(t)
	cat := s.cat
	var nodes []change.Node
	for _, id := range []string{"a", "b"} {
		n, err := storetest.NewNode(cat, "Person", id, nil)
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, n)
	}
	for _, batch := range []*change.Batch{{Upserts: nodes}, {Deletes: []string{"b"}, Aliases: map[string]string{"b": "a"}}} {
		if _, err := s.Apply(t.Context(), batch, nil); err != nil {
			t.Fatal(err)
		}
	}
	find := func(id string, exact bool) int64 {
		hits, text := s.hits(t, &plan.FindAll{Types: cat.All(), IDs: plan.Operand{Const: value.OfList([]value.Value{value.OfID(id)})}, Exact: exact, Row: scalars(cat.All(), "id")})
		if strings.Contains(text, "Scan") {
			t.Errorf("%q is scanned for:\n%s", id, text)
		}
		return hits
	}
	exact, node, alias := find("a", true), find("a", false), find("b", false)
	t.Logf("a node to the letter: %d hits, a node: %d, an alias: %d", exact, node, alias)
	if node > exact+2 || alias > exact+5 {
		t.Errorf("a node to the letter takes %d hits, a node %d, and an alias %d", exact, node, alias)
	}
}

// mostLookedUp bounds what it takes to find a node by its id and read its state. We saw 17 at most;
// reading the ids of all persons takes thousands.
const mostLookedUp = 50

// Neo4j keeps how it works off a statement that it was asked while nothing was there, when to read all
// persons costs as little as to find one. Which it then takes is chance, so it must plan anew.
func TestALookUpFirstAskedOfAnEmptyGraphReadsNoOtherNode(t *testing.T) {
	s := nobody(t)
	asked := s.lookUps("p-1234")
	for _, st := range asked {
		s.hitsOf(t, st)
	}
	s.fill(t)
	for _, st := range asked {
		if hits, text := s.hitsOf(t, st); hits > mostLookedUp {
			t.Errorf("%d hits, want at most %d\n%s", hits, mostLookedUp, text)
		}
	}
}

// lookUps are all that find a node by its id.
func (s *Store) lookUps(id string) []cypher.Statement {
	person, _ := s.cat.Type("Person")
	all := []cypher.Statement{cypher.State(person, []string{id})}
	one, list := plan.Operand{Const: value.OfID(id)}, plan.Operand{Const: value.OfList([]value.Value{value.OfID(id)})}
	for _, types := range []catalog.TypeSet{s.cat.TypesOf("Person"), s.cat.TypesOf("Party"), s.cat.All()} {
		row := scalars(types, "id")
		all = append(all, s.statement(&plan.Find{Types: types, ID: one, Row: row}))
		for _, exact := range []bool{false, true} {
			all = append(all, s.statement(&plan.FindAll{Types: types, IDs: list, Exact: exact, Row: row}))
		}
	}
	return all
}
