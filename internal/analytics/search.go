package analytics

import (
	"context"

	"nicgraph/internal/catalog"
	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/search"
	"nicgraph/internal/value"
)

// find works out Query.search: the store finds, by the rules of package search.
func find(ctx context.Context, call computed.Call) (any, error) {
	f, err := newFinding(call)
	if err != nil {
		return nil, err
	}
	f.page, err = call.Engine.Store.Search(ctx, &f.ask)
	return f, err
}

func checkSearch(call computed.Call) error {
	_, err := newFinding(call)
	return err
}

// finding is one search: what is asked for, and the page that answers it.
type finding struct {
	catalog *catalog.Catalog
	ask     search.Ask
	page    search.Page
}

func newFinding(call computed.Call) (*finding, error) {
	query, err := search.Parse(call.Args["text"].Str)
	if err != nil {
		return nil, err
	}
	f := &finding{catalog: call.Engine.Catalog}
	f.ask.Query, f.ask.Types = query, typesOf(f.catalog, call.Args["types"])
	paging := plan.Many{
		Order: f.order(), First: plan.Operand{Const: call.Args["first"]}, After: plan.Operand{Const: call.Args["after"]},
	}
	page, err := paging.Page(nil)
	if err != nil {
		return nil, err
	}
	f.ask.First = page.First
	if page.After != nil {
		if page.After[0].IsNull() || page.After[1].IsNull() {
			return nil, fault.New(fault.Invalid, "the cursor is damaged; start again without after")
		}
		f.ask.After = &search.Place{Rank: int(page.After[0].Num), Name: page.After[1].Str, ID: page.After[2].Str}
	}
	return f, nil
}

// typesOf reads a list of NodeType; without one it is all types.
func typesOf(c *catalog.Catalog, names value.Value) catalog.TypeSet {
	if names.IsNull() {
		return c.All()
	}
	var set catalog.TypeSet
	for _, t := range c.Types {
		for _, name := range names.List() {
			if name.Str == t.EnumName() {
				set |= catalog.SetOf(t.ID)
			}
		}
	}
	return set
}

// order is what a cursor says that it belongs to: another text has another order.
func (f *finding) order() []plan.Key {
	return []plan.Key{
		{Property: "search " + f.ask.Query.String(), Kind: value.Int},
		{Property: "name", Kind: value.Text},
		{Property: "id", Kind: value.ID},
	}
}

func (f *finding) cursor(h search.Hit) string {
	keys := []value.Value{value.OfInt(int64(h.Rank)), value.OfText(h.Name), value.OfID(h.ID)}
	return string(plan.AppendCursor(nil, f.order(), keys))
}

// Field is a field of SearchConnection.
func (f *finding) Field(name string, _ computed.Args) (any, error) {
	switch name {
	case "edges":
		return f.edges(), nil
	case "nodes":
		ids := make([]computed.ID, len(f.page.Hits))
		for i, h := range f.page.Hits {
			ids[i] = computed.ID(h.ID)
		}
		return ids, nil
	case "pageInfo":
		return f.pageInfo(), nil
	case "totalCount":
		return f.page.Total, nil
	default:
		return f.byType(), nil
	}
}

func (f *finding) edges() []computed.Record {
	edges := make([]computed.Record, len(f.page.Hits))
	for i, h := range f.page.Hits {
		edges[i] = computed.Object{
			"node": computed.ID(h.ID), "cursor": f.cursor(h), "match": matchName(h.Rank), "matchedField": h.Field(),
			"snippet": computed.Object{"text": h.Text(), "parts": snippetParts(f.ask.Query.Snippet(h))},
		}
	}
	return edges
}

func matchName(rank int) string {
	return [...]string{search.Exact: "EXACT", search.Prefix: "PREFIX", search.AllWords: "ALL_WORDS", search.SomeWords: "SOME_WORDS"}[min(rank, search.SomeWords)]
}

func snippetParts(parts []search.Part) []computed.Record {
	records := make([]computed.Record, len(parts))
	for i, p := range parts {
		records[i] = computed.Object{"text": p.Text, "match": p.Match}
	}
	return records
}

func (f *finding) pageInfo() computed.Record {
	info := computed.Object{"hasNextPage": f.page.Next, "hasPreviousPage": f.ask.After != nil, "startCursor": nil, "endCursor": nil}
	if hits := f.page.Hits; len(hits) > 0 {
		info["startCursor"], info["endCursor"] = f.cursor(hits[0]), f.cursor(hits[len(hits)-1])
	}
	return info
}

func (f *finding) byType() []computed.Record {
	var counts []computed.Record
	for _, t := range f.catalog.Types {
		if n := f.page.ByType[t.ID]; n > 0 {
			counts = append(counts, computed.Object{"type": t.EnumName(), "count": n})
		}
	}
	return counts
}
