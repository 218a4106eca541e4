package change

import (
	"fmt"
	"slices"
	"strings"

	"nicgraph/internal/value"
)

// FieldChange is what became of one field of a node, as texts for a person; several values
// are parted by "; ".
type FieldChange struct {
	Field         string
	Before, After *string // nil: it was, or is, missing
}

// Difference lists the fields in which two states of a node differ, in the order of the
// schema: scalars, then links. A state may be nil.
func Difference(before, after *Node) []FieldChange {
	known := after
	if known == nil {
		known = before
	}
	if known == nil {
		return nil
	}
	var all []FieldChange
	add := func(field string, was, is *string) {
		if (was == nil) != (is == nil) || was != nil && *was != *is {
			all = append(all, FieldChange{field, was, is})
		}
	}
	for _, p := range known.Type.Properties[1:] {
		if !p.Managed {
			add(p.Name, before.text(p.Index), after.text(p.Index))
		}
	}
	for _, l := range known.Type.Out {
		add(l.Name, before.targets(l.Index), after.targets(l.Index))
	}
	return all
}

func (n *Node) text(property int) *string {
	if n == nil {
		return nil
	}
	return textOf(n.Values[property])
}

func textOf(v value.Value) *string {
	switch v.Kind {
	case value.Null:
		return nil
	case value.Strings:
		return joined(v.Strs())
	case value.Float:
		return pointer(value.FormatFloat(v.Num))
	default:
		return pointer(fmt.Sprint(v.Plain()))
	}
}

func (n *Node) targets(link int) *string {
	if n == nil {
		return nil
	}
	return joined(n.Links[link])
}

// joined is a list as a text, nil when it is empty.
func joined(all []string) *string {
	if len(all) == 0 {
		return nil
	}
	return pointer(strings.Join(all, "; "))
}

func pointer(text string) *string { return &text }

// Reverting makes the batch that undoes a change, given all that it did: what it created goes,
// what it updated or deleted is as before, and so is what its aliases stood for. A node that somebody
// wrote since is a conflict.
func Reverting(number int, entries []Entry, aliased []Alias) *Batch {
	b := &Batch{Expect: map[string]int{}, Aliases: map[string]string{}}
	for _, a := range aliased {
		if a.Until == number {
			b.Aliases[a.ID] = a.Into
			continue
		}
		b.Aliases[a.ID] = ""
	}
	for _, e := range entries {
		b.Expect[e.ID] = number
		if e.After == nil {
			b.Expect[e.ID] = Absent
		}
		if e.Before == nil {
			b.Deletes = append(b.Deletes, e.ID)
			continue
		}
		n := *e.Before
		n.Values = slices.Clone(n.Values)
		b.Upserts = append(b.Upserts, n)
	}
	return b
}
