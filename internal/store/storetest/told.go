package storetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/search"
	"nicgraph/internal/store"
	nodesof "nicgraph/internal/stored"
	"nicgraph/internal/value"
)

// told is all that readers can ask of a store up to a change: the graph after each change, what each
// one did, what was done to each node, and what a search would find. The error says what does
// not fit together.
func told(t *testing.T, backend store.Backend, cat *catalog.Catalog, upTo int) ([]string, error) {
	l := &listener{T: t, backend: backend, cat: cat, upTo: upTo, ids: map[string]bool{}}
	for _, hear := range []func() error{l.changes, l.graphs, l.histories, l.found} {
		if err := hear(); err != nil {
			return nil, err
		}
	}
	return l.all, nil
}

// listener hears what readers are told.
type listener struct {
	*testing.T
	backend store.Backend
	cat     *catalog.Catalog
	upTo    int
	ids     map[string]bool // of the nodes that changes have written
	all     []string
}

func (l *listener) add(format string, args ...any) {
	l.all = append(l.all, fmt.Sprintf(format, args...))
}

func (l *listener) changes() error {
	changes, err := l.backend.Changes(l.Context(), &change.Ask{Before: l.upTo + 1, First: 1000})
	if err != nil {
		return err
	}
	for _, r := range changes {
		l.add("change %d by %s, why %q, key %q: %+v", r.Number, r.Note.By, r.Note.Why, r.Note.Key, r.Summary)
		entries, err := l.backend.Entries(l.Context(), r.Number, "", 1000)
		if err != nil {
			return err
		}
		for _, e := range entriesOf(entries) {
			l.ids[e.ID] = true
			l.add("%+v", e)
		}
		aliased, err := l.backend.Aliased(l.Context(), r.Number)
		if err != nil {
			return err
		}
		for _, a := range aliased {
			l.add("change %d, alias %+v", r.Number, a)
		}
	}
	return nil
}

func (l *listener) graphs() error {
	for number := range l.upTo + 1 {
		nodes, err := nodesAt(l.T, l.backend, l.cat, number)
		if err != nil {
			return fmt.Errorf("at change %d: %w", number, err)
		}
		l.add("after %d: %s", number, printed(nodes))
		past, err := l.backend.At(l.Context(), number)
		if err != nil {
			return err
		}
		aliases, err := past.Aliases(l.Context())
		if err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(aliases)) {
			l.add("after %d %+v is %s", number, aliases[id], aliases.Node(id))
		}
	}
	return nil
}

func (l *listener) histories() error {
	for _, id := range slices.Sorted(maps.Keys(l.ids)) {
		entries, err := l.backend.NodeHistory(l.Context(), id, l.upTo+1, 1000)
		if err != nil {
			return err
		}
		l.add("history of %s: %+v", id, entriesOf(entries))
	}
	return nil
}

func (l *listener) found() error {
	query, err := search.Parse("zzyzx quill")
	if err != nil {
		return err
	}
	found, err := l.backend.Search(l.Context(), &search.Ask{Query: query, Types: search.Types(l.cat), First: 100})
	l.add("%v found", shownPage(&found))
	return err
}

// nodesAt are the nodes that there were after a change. The error says what is wrong with them.
func nodesAt(t *testing.T, backend store.Backend, cat *catalog.Catalog, number int) (nodes []change.Node, err error) {
	past, err := backend.At(t.Context(), number)
	if err != nil {
		return nil, err
	}
	reader := nodesof.New(store.New(past, store.Limits{}), cat)
	for _, typ := range cat.Types {
		for n, err := range reader.Nodes(t.Context(), typ, nil) {
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, n)
		}
	}
	batch := &change.Batch{Upserts: nodes}
	return nodes, batch.Check(func(string) (*catalog.Type, bool) { return nil, false })
}

// tells finds what tells of a person in what is told.
func tells(all []string, id string) string {
	for _, line := range all {
		if strings.Contains(value.Fold(line), "quill") || holdsID(line, id) {
			return line
		}
	}
	return ""
}

// holdsID tells whether an id stands in a text, and not as a part of another one.
func holdsID(text, id string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !strings.ContainsRune("-abcdefghijklmnopqrstuvwxyz0123456789", r) })
	return slices.Contains(words, id)
}
