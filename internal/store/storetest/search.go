package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/search"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

// Search checks, on random names that come, change and go, that a store finds
// whatever a scan of all nodes finds. The catalog is that of the domain.
func Search(t *testing.T, cat *catalog.Catalog, open Open) {
	backend := open(t, cat)
	var held graph
	rapid.Check(t, func(rt *rapid.T) {
		d := &drawer{T: rt, cat: cat, graph: graph{nodes: named(rt, cat)}}
		d.become(t, backend, held)
		held = d.graph
		for range 5 {
			d.finds(t, backend, held.nodes)
		}
	})
}

// named draws nodes of several types with names, titles and aliases.
func named(rt *rapid.T, cat *catalog.Catalog) []change.Node {
	var nodes []change.Node
	add := func(typeName, id string, fields Fields) {
		n, err := NewNode(cat, typeName, id, fields)
		if err != nil {
			rt.Fatal(err)
		}
		nodes = append(nodes, n)
	}
	add("Source", "s", Fields{"title": drawName(rt)})
	for _, typeName := range []string{"Organization", "Person", "Practice"} {
		for i := range rapid.IntRange(0, 5).Draw(rt, typeName) {
			fields := Fields{"name": drawName(rt), "sources": []string{"s"}, "aliases": rapid.SliceOfN(rapid.Custom(drawNameOf), 0, 2).Draw(rt, "aliases")}
			add(typeName, fmt.Sprintf("%s-%d", strings.ToLower(typeName), i), fields)
		}
	}
	return nodes
}

// nameWords are few, so that they meet, and some are hard for an index: other scripts,
// words of a query language, marks that go, very long words.
var nameWords = []string{
	"Plan", "plan-do", "planning", "P.D.", "École", "ecole", "E\u0301cole", "of", "The", "to", "OR", "AND", "not", "O’Brien", "½", "2013",
	"漢字", "مدرسة", "विद्या", "ẞtraße", "İstanbul", "𝒜lpha", "Ꭰ", "a~1", "b*", "(c", "\"d\"", "e:f", "\xff", "…",
	strings.Repeat("long", 20), strings.Repeat("long", 20) + "er",
}

func drawNameOf(rt *rapid.T) string { return drawName(rt) }

func drawName(rt *rapid.T) string {
	words := rapid.SliceOfN(rapid.SampledFrom(nameWords), 1, 4).Draw(rt, "words")
	return strings.ToValidUTF8(strings.Join(words, " "), "\uFFFD")
}

// finds compares what is found among the candidates and among all nodes.
func (d *drawer) finds(t *testing.T, backend store.Backend, nodes []change.Node) {
	text := []rune(drawName(d.T))
	typed := string(text[:rapid.IntRange(0, len(text)).Draw(d.T, "typed")])
	types := d.cat.All()
	if rapid.Bool().Draw(d.T, "of some types") {
		types = d.cat.TypesOf("Person") | d.cat.TypesOf("Practice") | d.cat.TypesOf("Learning")
	}
	q, err := search.Parse(typed)
	if err != nil {
		d.Fatal(err)
	}
	ask := search.Ask{Query: q, Types: types, First: rapid.IntRange(1, 5).Draw(d.T, "first")}
	for {
		want := q.Find(documents(nodes, types), ask.After, ask.First)
		got, err := backend.Search(t.Context(), &ask)
		if err != nil {
			d.Fatalf("search for %q: %v", typed, err)
		}
		if diff := cmp.Diff(shownPage(&want), shownPage(&got)); diff != "" {
			d.Fatalf("%q after %+v finds otherwise (-scan +store):\n%s\ngraph:\n%s", typed, ask.After, diff, printed(nodes))
		}
		if !want.Next {
			return
		}
		ask.After = &want.Hits[ask.First-1].Place
	}
}

// documents are all nodes of some types as they are searched.
func documents(nodes []change.Node, types catalog.TypeSet) []*search.Document {
	var all []*search.Document
	for _, n := range nodes {
		if types.Has(n.Type.ID) {
			all = append(all, search.NewDocument(n.Type, n.ID, func(p *catalog.Property) value.Value { return n.Values[p.Index] }))
		}
	}
	return all
}

// shownPage is a page as far as somebody sees it: how many there are, and the place, the field and
// the text of each hit.
func shownPage(p *search.Page) []string {
	all := []string{fmt.Sprint(p.Total, p.ByType, p.Next)}
	for _, h := range p.Hits {
		all = append(all, fmt.Sprintf("%+v %s %q", h.Place, h.Field(), h.Text()))
	}
	return all
}
