package neo4jstore

import (
	"context"
	"fmt"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/cypher"
	"nicgraph/internal/search"
	"nicgraph/internal/value"
)

// Search brings the documents that have a term of the query, with one statement, and ranks them.
func (s *Store) Search(ctx context.Context, ask *search.Ask) (search.Page, error) {
	return s.search(ctx, s, ask)
}

func (s *Store) search(ctx context.Context, from reader, ask *search.Ask) (search.Page, error) {
	documents, err := s.candidates(ctx, from, ask.Query, ask.Types)
	if err != nil {
		return search.Page{}, err
	}
	return ask.Query.Find(documents, ask.After, ask.First), nil
}

// candidates are the documents that have a term of the query and perhaps more, in no order.
func (s *Store) candidates(ctx context.Context, from reader, q search.Query, types catalog.TypeSet) ([]*search.Document, error) {
	types &= search.Types(s.cat)
	whole, prefix := q.Terms()
	if types == 0 || len(whole) == 0 && prefix == "" {
		return nil, nil
	}
	documents, err := listOf(s.document)(from.read(ctx, cypher.Candidates(s.cat, q, types)))
	if err != nil {
		return nil, fmt.Errorf("read candidates: %w", err)
	}
	return documents, nil
}

// document reads a type's name, an id and the values of search.Fields.
func (s *Store) document(cells []any) (*search.Document, error) {
	name, err := as[string](cells[0])
	if err != nil {
		return nil, err
	}
	id, err := as[string](cells[1])
	if err != nil {
		return nil, err
	}
	t, ok := s.cat.Type(name)
	if !ok {
		return nil, fmt.Errorf("node %q has the type %q, which the schema does not have", id, name)
	}
	values := map[string]value.Value{}
	for _, p := range search.Properties(t) {
		if values[p.Name], err = scalar(p.Kind, cells[2+slices.Index(search.Fields(), p.Name)]); err != nil {
			return nil, fmt.Errorf("read %s of %s %q: %w", p.Name, name, id, err)
		}
	}
	return search.NewDocument(t, id, func(p *catalog.Property) value.Value { return values[p.Name] }), nil
}
