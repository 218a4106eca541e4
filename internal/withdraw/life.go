package withdraw

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
)

// Life is what was and is known of a node: its states, each from a change on. One that never was
// has no states.
type Life struct {
	ID     string
	States []State // by From
}

// State is what a change made of a node.
type State struct {
	From int          // the number of the change; 0: it was there before the history
	Node *change.Node // nil: deleted
}

// LifeOf brings a node's life together: what was done to it, the newest first, and what is there
// now, nil for nothing.
func LifeOf(id string, entries []change.Entry, now *change.Node) Life {
	l := Life{ID: id}
	for i, e := range slices.Backward(entries) {
		if i == len(entries)-1 && e.Before != nil {
			l.States = append(l.States, State{e.Before.Version(), e.Before})
		}
		l.States = append(l.States, State{e.Change, e.After})
	}
	if len(entries) == 0 && now != nil {
		l.States = append(l.States, State{now.Version(), now})
	}
	return l
}

// Now is the node as it is, nil when it is not there.
func (l Life) Now() *change.Node { return l.at(math.MaxInt) }

// last is the node as it is, or was when it was deleted; nil when it never was.
func (l Life) last() *change.Node {
	for _, s := range slices.Backward(l.States) {
		if s.Node != nil {
			return s.Node
		}
	}
	return nil
}

// at is the node as a change left it, nil when it is not there.
func (l Life) at(number int) *change.Node {
	i, exact := slices.BinarySearchFunc(l.States, number, func(s State, number int) int { return cmp.Compare(s.From, number) })
	if !exact {
		i--
	}
	if i < 0 {
		return nil
	}
	return l.States[i].Node
}

// add puts a state behind the last one, unless it is the same.
func (l *Life) add(from int, n *change.Node) {
	var last *change.Node
	if len(l.States) > 0 {
		last = l.States[len(l.States)-1].Node
	}
	switch {
	case n == nil && last == nil, n != nil && last != nil && n.Equal(last):
	default:
		l.States = append(l.States, State{from, n.WithVersion(from)})
	}
}

// same tells whether two lives do not differ.
func (l Life) same(o Life) bool {
	return slices.EqualFunc(l.States, o.States, func(a, b State) bool {
		return a.From == b.From && (a.Node == nil) == (b.Node == nil) && (a.Node == nil || a.Node.Equal(b.Node))
	})
}

// Done tells what changes did to the node: in which one it was created, updated or deleted.
func (l Life) Done() map[int]change.Summary {
	done := map[int]change.Summary{}
	there := false
	for _, s := range l.States {
		switch {
		case s.From == 0:
		case s.Node == nil:
			done[s.From] = change.Summary{Deleted: 1}
		case there:
			done[s.From] = change.Summary{Updated: 1}
		default:
			done[s.From] = change.Summary{Created: 1}
		}
		there = s.Node != nil
	}
	return done
}

// state is a State as JSON has it.
type state struct {
	From  int             `json:"from"`
	State json.RawMessage `json:"state,omitempty"`
}

func (l Life) write() ([]state, error) {
	all := make([]state, len(l.States))
	for i, s := range l.States {
		all[i].From = s.From
		if s.Node == nil {
			continue
		}
		var err error
		if all[i].State, err = s.Node.AppendState(nil); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func readLife(cat *catalog.Catalog, id string, all []state) (Life, error) {
	l := Life{ID: id}
	for _, s := range all {
		read := State{From: s.From}
		if s.State != nil {
			var err error
			if read.Node, err = change.ReadState(cat, s.State); err != nil {
				return l, err
			}
		}
		l.States = append(l.States, read)
	}
	return l, nil
}
