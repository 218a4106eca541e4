package embedded

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/search"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// model is the naive form of a store: what it holds by id. moments are the snapshots
// so far, each with what it held when it was new.
type model struct {
	*rapid.T
	cat     *catalog.Catalog
	dir     string
	store   *Store
	nodes   map[string]change.Node
	moments []moment
}

type moment struct {
	snapshot *snapshot
	store    *Store
	nodes    map[string]change.Node
}

// Random batches, good and bad, and closing and opening again: the store holds what
// the model does, and no snapshot ever changes, nor does its order.
func TestTheStoreFollowsTheModel(t *testing.T) {
	cat := storetest.Catalog()
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		m := &model{T: rt, cat: cat, dir: dir, nodes: make(map[string]change.Node)}
		m.reopen()
		defer func() { _ = m.store.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"":       func(*rapid.T) { m.agree() },
			"apply":  func(*rapid.T) { m.apply() },
			"reopen": func(*rapid.T) { m.reopen() },
		})
		m.recall()
	})
}

func (m *model) reopen() {
	if m.store != nil {
		if err := m.store.Close(); err != nil {
			m.Fatal(err)
		}
	}
	var err error
	if m.store, err = Open(m.dir, m.cat, &Options{NoSync: true}); err != nil {
		m.Fatal(err)
	}
	m.note()
}

func (m *model) note() {
	m.moments = append(m.moments, moment{snapshot: m.store.current.Load(), store: m.store, nodes: maps.Clone(m.nodes)})
}

func (m *model) apply() {
	batch := m.batch()
	before := m.store.current.Load()
	if _, err := m.store.Apply(context.Background(), batch, nil); err != nil {
		if m.store.current.Load() != before {
			m.Fatalf("a refused batch left a trace: %v", err)
		}
		return
	}
	for _, n := range batch.Upserts {
		m.nodes[n.ID] = *normal(&n)
	}
	for _, id := range batch.Deletes {
		delete(m.nodes, id)
	}
	m.note()
}

// batch draws a batch over few ids, so that things meet: types change after a delete,
// links go in circles, deletes are refused.
func (m *model) batch() *change.Batch {
	b := &change.Batch{}
	ids := rapid.SliceOfNDistinct(rapid.IntRange(0, 9), 1, 5, rapid.ID[int]).Draw(m.T, "ids")
	for _, i := range ids {
		id := fmt.Sprint("n", i)
		if rapid.IntRange(0, 2).Draw(m.T, "delete") == 0 {
			b.Deletes = append(b.Deletes, id)
			continue
		}
		b.Upserts = append(b.Upserts, m.node(id))
	}
	return b
}

func (m *model) node(id string) change.Node {
	anyID := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint("n", rapid.IntRange(0, 9).Draw(t, "n")) })
	fields := storetest.Fields{"name": rapid.SampledFrom([]string{"", "a", "A", "ä", "B", "a b"}).Draw(m.T, "name")}
	typeName := rapid.SampledFrom([]string{"Person", "Person", "Group"}).Draw(m.T, "type")
	if typeName == "Person" {
		fields["likes"] = rapid.SliceOfNDistinct(anyID, 0, 3, rapid.ID[string]).Draw(m.T, "likes")
		if rapid.Bool().Draw(m.T, "has nick") {
			fields["nick"] = rapid.SampledFrom([]string{"x", "X", "y"}).Draw(m.T, "nick")
		}
		if rapid.Bool().Draw(m.T, "has friend") {
			fields["friend"] = anyID.Draw(m.T, "friend")
		}
	}
	n, err := storetest.NewNode(m.cat, typeName, id, fields)
	if err != nil {
		m.Fatal(err)
	}
	return n
}

// agree checks the newest snapshot.
func (m *model) agree() {
	m.check(&moment{snapshot: m.store.current.Load(), store: m.store, nodes: m.nodes})
}

// recall checks all snapshots once more, in any order.
func (m *model) recall() {
	for _, i := range rapid.Permutation(upTo(len(m.moments))).Draw(m.T, "recall") {
		m.check(&m.moments[i])
	}
}

func (m *model) check(at *moment) {
	got := make(map[string]change.Node)
	for num := range at.snapshot.next {
		if n, ok := at.snapshot.node(num); ok {
			state := at.snapshot.state(n)
			got[state.ID] = state
		}
	}
	same := gocmp.Comparer(func(a, b change.Node) bool { return a.Equal(&b) })
	if diff := gocmp.Diff(at.nodes, got, same); diff != "" {
		m.Fatalf("(-want +got):\n%s", diff)
	}
	if at.snapshot.live != len(at.nodes) {
		m.Fatalf("live is %d, want %d", at.snapshot.live, len(at.nodes))
	}
	m.checkSources(at)
	m.checkSearch(at)
	for _, desc := range []bool{false, true} {
		for _, nullsFirst := range []bool{false, true} {
			m.checkOrder(at, plan.Key{Property: "nick", Kind: value.Text, Desc: desc, NullsFirst: nullsFirst})
		}
	}
}

// checkSources compares who likes whom, read from the far side.
func (m *model) checkSources(at *moment) {
	rel := at.store.layout.relationships["LIKES"]
	likes, _ := m.cat.Types[0].Link("likes")
	want, got := make(map[string]int), make(map[string]int)
	for _, n := range at.nodes {
		if n.Type.Name != "Person" {
			continue
		}
		for _, end := range n.Links[likes.Index] {
			want[n.ID+" "+end]++
		}
	}
	for num := range at.snapshot.next {
		n, ok := at.snapshot.node(num)
		if !ok {
			continue
		}
		for _, source := range n.table.in[rel].at(n.row) {
			got[at.snapshot.ids.at(source)+" "+at.snapshot.ids.at(num)]++
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		m.Fatalf("who likes whom (-want +got):\n%s", diff)
	}
}

// checkSearch compares what is found, as of a snapshot, with looking at every node.
func (m *model) checkSearch(at *moment) {
	var documents []*search.Document
	for _, n := range at.nodes {
		documents = append(documents, search.NewDocument(n.Type, n.ID, func(p *catalog.Property) value.Value { return n.Values[p.Index] }))
	}
	ctx := context.WithValue(context.Background(), steadyKey{at.store}, at.snapshot)
	for _, text := range []string{"a", "a b", "b"} {
		q, err := search.Parse(text)
		if err != nil {
			m.Fatal(err)
		}
		got, err := at.store.Search(ctx, &search.Ask{Query: q, Types: m.cat.All(), First: 4})
		if err != nil {
			m.Fatal(err)
		}
		want := q.Find(documents, nil, 4)
		if diff := gocmp.Diff(places(&want), places(&got)); diff != "" {
			m.Fatalf("%q finds (-want +got):\n%s", text, diff)
		}
	}
}

func places(p *search.Page) []string {
	all := []string{fmt.Sprint(p.Total, p.ByType, p.Next)}
	for _, h := range p.Hits {
		all = append(all, fmt.Sprintf("%+v %s", h.Place, h.Text()))
	}
	return all
}

// checkOrder compares an index, as of a snapshot, with sorting.
func (m *model) checkOrder(at *moment, k plan.Key) {
	c := compiler{store: at.store}
	o := c.order([]plan.Key{k, {Property: "id", Kind: value.ID}})
	x, reverse := at.store.indexFor(&o, m.cat.Types[0].ID)
	w := walk{iter: x.at(at.snapshot).read.Iter(), reverse: reverse}
	var got []string
	for w.seek(nil); w.more; w.next() {
		got = append(got, w.iter.Item().id)
	}
	if diff := gocmp.Diff(sorted(at.nodes, k), got); diff != "" {
		m.Fatalf("persons by nick, %+v (-want +got):\n%s", k, diff)
	}
}

func sorted(nodes map[string]change.Node, k plan.Key) (ids []string) {
	for id, n := range nodes {
		if n.Type.Name == "Person" {
			ids = append(ids, id)
		}
	}
	nick := func(id string) value.Value {
		n := nodes[id]
		p, _ := n.Type.Property(k.Property)
		return n.Values[p.Index]
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(compareNicks(k, nick(a), nick(b)), cmp.Compare(a, b))
	})
	return ids
}

func compareNicks(k plan.Key, a, b value.Value) int {
	switch {
	case a.IsNull() && b.IsNull():
		return 0
	case a.IsNull() || b.IsNull():
		if a.IsNull() == k.NullsFirst {
			return -1
		}
		return 1
	case k.Desc:
		return value.Compare(b, a)
	default:
		return value.Compare(a, b)
	}
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
