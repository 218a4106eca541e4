package change

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
)

// TypeOf tells the type of a node that exists, false when there is none.
type TypeOf func(id string) (*catalog.Type, bool)

// maxFaults bounds how many faults one error lists.
const maxFaults = 20

// Check tells why a batch must not be applied to the state that typeOf reads: an id
// used twice or held by another type, a required value or link that is missing, a
// link to a node that does not exist after the batch or is of a wrong type.
// That nothing left points at a deleted node is the store's to check: it knows the links.
func (b *Batch) Check(typeOf TypeOf) error {
	c := checker{after: make(map[string]*catalog.Type, len(b.Upserts)), deleted: make(map[string]bool, len(b.Deletes)), typeOf: typeOf}
	for _, id := range b.Deletes {
		c.deleted[id] = true
	}
	for i := range b.Upserts {
		c.declare(&b.Upserts[i])
	}
	for i := range b.Upserts {
		c.node(&b.Upserts[i])
	}
	return c.err()
}

type checker struct {
	after   map[string]*catalog.Type
	deleted map[string]bool
	typeOf  TypeOf
	faults  []string
	more    int
}

func (c *checker) fault(format string, args ...any) {
	if len(c.faults) == maxFaults {
		c.more++
		return
	}
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) err() error {
	if len(c.faults) == 0 {
		return nil
	}
	text := strings.Join(c.faults, "; ")
	if c.more > 0 {
		text += fmt.Sprintf("; and %d more", c.more)
	}
	return fault.New(fault.Invalid, "%s", text)
}

func (c *checker) declare(n *Node) {
	if _, twice := c.after[n.ID]; twice {
		c.fault("id %q is used twice", n.ID)
	}
	if c.deleted[n.ID] {
		c.fault("id %q is both written and deleted", n.ID)
	}
	if old, exists := c.typeOf(n.ID); exists && old != n.Type {
		c.fault("id %q belongs to a %s already and cannot become a %s", n.ID, old.Name, n.Type.Name)
	}
	c.after[n.ID] = n.Type
}

func (c *checker) node(n *Node) {
	for _, p := range n.Type.Properties {
		if p.Required && !p.Managed && n.Values[p.Index].IsNull() {
			c.fault("%s %q has no %s", n.Type.Name, n.ID, p.Name)
		}
	}
	for _, l := range n.Type.Out {
		targets := n.Links[l.Index]
		if l.Required && !l.Many && len(targets) == 0 {
			c.fault("%s %q has no %s", n.Type.Name, n.ID, l.Name)
		}
		if !l.Many && len(targets) > 1 {
			c.fault("%s %q has %d of %s, which takes one", n.Type.Name, n.ID, len(targets), l.Name)
		}
		c.targets(n, l, targets)
	}
}

func (c *checker) targets(n *Node, l *catalog.Link, targets []string) {
	seen := make(map[string]bool, len(targets))
	for _, id := range targets {
		t, ok := c.find(id)
		switch {
		case seen[id]:
			c.fault("%s %q names %q twice as %s", n.Type.Name, n.ID, id, l.Name)
		case !ok:
			c.fault("%s %q links by %s to %q, which does not exist", n.Type.Name, n.ID, l.Name, id)
		case !l.Targets.Has(t.ID):
			c.fault("%s %q links by %s to %q, a %s where a %s is wanted", n.Type.Name, n.ID, l.Name, id, t.Name, l.Target)
		}
		seen[id] = true
	}
}

// find is the type that an id has after the batch.
func (c *checker) find(id string) (*catalog.Type, bool) {
	if t, ok := c.after[id]; ok {
		return t, true
	}
	if c.deleted[id] {
		return nil, false
	}
	return c.typeOf(id)
}

// CheckVersions tells which nodes are not at the version that the batch expects. versionOf
// tells the version of a node, Absent when there is none.
func (b *Batch) CheckVersions(versionOf func(id string) int) error {
	var faults []string
	for _, id := range slices.Sorted(maps.Keys(b.Expect)) {
		if have, want := versionOf(id), b.Expect[id]; have != want && len(faults) < maxFaults {
			faults = append(faults, conflict(id, have, want))
		}
	}
	if faults == nil {
		return nil
	}
	return fault.New(fault.Conflict, "%s; read again, decide, and write with the version that is there", strings.Join(faults, "; "))
}

func conflict(id string, have, want int) string {
	switch {
	case want == Absent:
		return fmt.Sprintf("%q exists already, with version %d", id, have)
	case have == Absent:
		return fmt.Sprintf("%q was expected with version %d and does not exist any more", id, want)
	default:
		return fmt.Sprintf("%q was expected with version %d and has version %d: somebody wrote it meanwhile", id, want, have)
	}
}
