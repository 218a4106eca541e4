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
	_, err := b.Resolve(typeOf)
	return err
}

// Ends tells where the links of upserts lead.
type Ends struct {
	from []int // by place of the upsert: where its links begin in to
	to   []int32
}

// Of tells for all links of an upsert, in their order, the place of the target among the
// upserts, or Elsewhere.
func (e Ends) Of(place int) []int32 {
	if place+1 < len(e.from) {
		return e.to[e.from[place]:e.from[place+1]]
	}
	return e.to[e.from[place]:]
}

// Elsewhere is the place of a node that is stored and not among the upserts.
const Elsewhere = -1

// Resolve checks as Check does and tells where the links lead, so that a store need not look the
// ids of a large batch up again.
func (b *Batch) Resolve(typeOf TypeOf) (Ends, error) {
	c := checker{batch: b, places: make(map[string]int32, len(b.Upserts)), deleted: make(map[string]bool, len(b.Deletes)), typeOf: typeOf}
	for _, id := range b.Deletes {
		c.deleted[id] = true
	}
	for i := range b.Upserts {
		c.declare(&b.Upserts[i], int32(i))
	}
	c.ends = Ends{from: make([]int, len(b.Upserts)), to: make([]int32, 0, b.links())}
	for i := range b.Upserts {
		c.ends.from[i] = len(c.ends.to)
		c.node(&b.Upserts[i])
	}
	c.checkAliases(b.Aliases)
	return c.ends, c.err()
}

// links counts the links of all upserts.
func (b *Batch) links() (n int) {
	for i := range b.Upserts {
		for _, targets := range b.Upserts[i].Links {
			n += len(targets)
		}
	}
	return n
}

type checker struct {
	batch   *Batch
	places  map[string]int32 // of the upserts
	twice   int              // upserts whose id an earlier one has
	ends    Ends
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

func (c *checker) declare(n *Node, place int32) {
	c.places[n.ID] = place
	if len(c.places) <= int(place)-c.twice {
		c.twice++
		c.fault("id %q is used twice", n.ID)
	}
	if c.deleted[n.ID] {
		c.fault("id %q is both written and deleted", n.ID)
	}
	if old, exists := c.typeOf(n.ID); exists && old != n.Type {
		c.fault("id %q belongs to %s already and cannot become %s", n.ID, catalog.WithArticle(old.Name), catalog.WithArticle(n.Type.Name))
	}
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
	var seen map[string]bool
	if len(targets) > fewTargets {
		seen = make(map[string]bool, len(targets))
	}
	for i, id := range targets {
		t, place, ok := c.find(id)
		switch {
		case namedBefore(seen, targets, i):
			c.fault("%s %q names %q twice as %s", n.Type.Name, n.ID, id, l.Name)
		case !ok:
			c.fault("%s %q links by %s to %q, which does not exist", n.Type.Name, n.ID, l.Name, id)
		case !l.Targets.Has(t.ID):
			c.fault("%s %q links by %s to %q, %s where %s is wanted", n.Type.Name, n.ID, l.Name, id, catalog.WithArticle(t.Name), catalog.WithArticle(l.Target))
		}
		c.ends.to = append(c.ends.to, place)
	}
}

// fewTargets are compared one by one, which needs no memory.
const fewTargets = 8

// namedBefore tells whether a target stands further to the front as well; seen is nil for few.
func namedBefore(seen map[string]bool, targets []string, i int) bool {
	if seen == nil {
		return slices.Contains(targets[:i], targets[i])
	}
	before := seen[targets[i]]
	seen[targets[i]] = true
	return before
}

// find is the type that an id has after the batch, and its place among the upserts.
func (c *checker) find(id string) (*catalog.Type, int32, bool) {
	if place, ok := c.places[id]; ok {
		return c.batch.Upserts[place].Type, place, true
	}
	if c.deleted[id] {
		return nil, Elsewhere, false
	}
	t, ok := c.typeOf(id)
	return t, Elsewhere, ok
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
