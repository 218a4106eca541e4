package main

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/store"
	"nicgraph/internal/stored"
	"nicgraph/internal/value"
)

// writer changes nodes, one at a time, each a little.
type writer struct {
	store   *store.Store
	catalog *catalog.Catalog
	nodes   map[string][]*change.Node // those to change next, by the names of their types
}

// several is how many nodes of a type are changed in turns.
const several = 50

// write gives another date to a node that has one, else another name or note.
func (w *writer) write(ctx context.Context, typ string) error {
	if len(w.nodes[typ]) == 0 {
		if err := w.take(ctx, typ); err != nil {
			return err
		}
	}
	n := w.nodes[typ][0]
	w.nodes[typ] = append(w.nodes[typ][1:], n)
	for _, name := range []string{"started", "name", "note"} {
		if p, ok := n.Type.Property(name); ok {
			n.Values[p.Index] = another(n.Values[p.Index], p.Kind)
			break
		}
	}
	if _, err := w.store.Apply(ctx, &change.Batch{Upserts: []change.Node{*n}}, nil); err != nil {
		return fmt.Errorf("write %s: %w", n.ID, err)
	}
	return nil
}

// another is a value that the next call turns into yet another one.
func another(v value.Value, kind value.Kind) value.Value {
	switch {
	case kind == value.Date && v.Str == "2016-05-04":
		return value.OfDate("2013-02-01")
	case kind == value.Date:
		return value.OfDate("2016-05-04")
	default:
		return value.OfText(v.Str + ".")
	}
}

// take reads nodes that lie apart.
func (w *writer) take(ctx context.Context, name string) error {
	typ, ok := w.catalog.Type(name)
	if !ok {
		return fmt.Errorf("there is no type %s", name)
	}
	reader := stored.New(w.store, w.catalog)
	var ids []string
	for id, err := range apart(reader.IDs(ctx, catalog.SetOf(typ.ID)), 100) {
		if err != nil {
			return err
		}
		if ids = append(ids, id); len(ids) == several {
			break
		}
	}
	found, err := reader.ByID(ctx, typ, ids)
	if err != nil {
		return err
	}
	if w.nodes == nil {
		w.nodes = make(map[string][]*change.Node)
	}
	for _, id := range slices.Sorted(slices.Values(ids)) {
		w.nodes[name] = append(w.nodes[name], found[id])
	}
	return nil
}

// apart is every so manieth of a sequence.
func apart(of iter.Seq2[string, error], each int) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		at := 0
		for id, err := range of {
			if at++; (err != nil || at%each == 1) && !yield(id, err) {
				return
			}
		}
	}
}
