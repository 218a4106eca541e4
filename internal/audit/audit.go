// Package audit checks a store: that all of it can be read, that every link has its end, and
// that the history leads to the present. How a backend keeps things it has the backend check.
package audit

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/store"
	"nicgraph/internal/stored"
)

// Report is what a check has found.
type Report struct {
	Nodes, Links     int
	Changes, Entries int
	Faults           []string // the first MaxFaults
	More             int      // how many faults there are beyond
}

// MaxFaults bounds how many faults a report names.
const MaxFaults = 100

// OK tells whether nothing is wrong.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

// String is the report in one line.
func (r *Report) String() string {
	return fmt.Sprintf("%d things and facts, %d links, %d changes with %d entries, %d faults", r.Nodes, r.Links, r.Changes, r.Entries, len(r.Faults)+r.More)
}

func (r *Report) fault(format string, args ...any) {
	if len(r.Faults) == MaxFaults {
		r.More++
		return
	}
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// Check reads a whole store. Nobody should write meanwhile. tell, when not nil, is told what is
// being checked and how far it is. The error is one of reading; what is wrong with the store
// is in the report.
func Check(ctx context.Context, st *store.Store, cat *catalog.Catalog, tell func(what string, done, total int)) (*Report, error) {
	if tell == nil {
		tell = func(string, int, int) {}
	}
	c := &checker{Report: &Report{}, ctx: ctx, store: st, catalog: cat, tell: tell, versions: map[string]int{}, written: map[string]int{}}
	for _, part := range []func() error{c.inside, c.graph, c.history, c.present, c.aliases} {
		if err := part(); err != nil {
			return c.Report, err
		}
	}
	return c.Report, nil
}

type checker struct {
	*Report
	ctx      context.Context
	store    *store.Store
	catalog  *catalog.Catalog
	tell     func(what string, done, total int)
	versions map[string]int // of the nodes that are there
	written  map[string]int // by the history: the last change of each node, Absent when it is gone
}

// inside has the backend check what only it can see.
func (c *checker) inside() error {
	c.tell("records", 0, 1)
	defer c.tell("records", 1, 1)
	return c.store.Inspect(c.ctx, func(fault string) { c.fault("%s", fault) })
}

// graph checks the nodes as a batch that writes all of them is checked.
func (c *checker) graph() error {
	reader := stored.New(c.store, c.catalog)
	total, err := reader.Count(c.ctx)
	if err != nil {
		return err
	}
	whole := &change.Batch{}
	for _, t := range c.catalog.Types {
		for n, err := range reader.Nodes(c.ctx, t, nil) {
			if err != nil {
				return err
			}
			c.versions[n.ID] = n.Version()
			for _, targets := range n.Links {
				c.Links += len(targets)
			}
			whole.Upserts = append(whole.Upserts, n)
			if c.Nodes++; c.Nodes%stored.PageSize == 0 {
				c.tell("things and facts", c.Nodes, total)
			}
		}
	}
	if total != c.Nodes {
		c.fault("%d things and facts are counted and %d can be read", total, c.Nodes)
	}
	if err := whole.Check(func(string) (*catalog.Type, bool) { return nil, false }); err != nil {
		for _, fault := range strings.Split(err.Error(), "; ") {
			c.fault("%s", fault)
		}
	}
	c.tell("things and facts", c.Nodes, total)
	return nil
}

// history checks that the changes follow each other and did what they say.
func (c *checker) history() error {
	last, err := c.store.Revision(c.ctx)
	if err != nil {
		return err
	}
	var before change.Recorded
	for before.Number < int(last) {
		page, err := c.store.Changes(c.ctx, &change.Ask{After: before.Number, First: stored.PageSize})
		if err != nil {
			c.fault("the changes behind %d cannot be read: %v", before.Number, err)
			return c.ctx.Err()
		}
		if len(page) == 0 {
			c.fault("the history ends with change %d, and the newest is %d", before.Number, last)
			return nil
		}
		for i := range page {
			if err := c.change(&page[i], &before); err != nil {
				return err
			}
			before = page[i]
			c.tell("changes", before.Number, int(last))
		}
	}
	return nil
}

func (c *checker) change(r, before *change.Recorded) error {
	c.Changes++
	if r.Number != before.Number+1 {
		c.fault("change %d is missing", before.Number+1)
	}
	if r.Note.At.Before(before.Note.At) {
		c.fault("change %d was written before change %d", r.Number, before.Number)
	}
	sum := change.Summary{Unchanged: r.Summary.Unchanged}
	for after, more := "", true; more; {
		page, err := c.store.Entries(c.ctx, r.Number, after, stored.PageSize)
		if err != nil {
			c.fault("what change %d did cannot be read: %v", r.Number, err)
			return c.ctx.Err()
		}
		for i := range page {
			c.entry(&page[i], &sum)
			after = page[i].ID
		}
		more = len(page) == stored.PageSize
	}
	if sum != r.Summary {
		c.fault("change %d says that it created %d, updated %d and deleted %d; its entries are %d, %d and %d", r.Number,
			r.Summary.Created, r.Summary.Updated, r.Summary.Deleted, sum.Created, sum.Updated, sum.Deleted)
	}
	return nil
}

// entry checks that what a change found is what the change before it left.
func (c *checker) entry(e *change.Entry, sum *change.Summary) {
	c.Entries++
	switch {
	case e.Before == nil:
		sum.Created++
	case e.After == nil:
		sum.Deleted++
	default:
		sum.Updated++
	}
	was, known := c.written[e.ID]
	found := change.Absent
	if e.Before != nil {
		found = e.Before.Version()
	}
	if !known && found <= 0 { // new, or there before the history began
		was = found
	}
	if was != found {
		c.fault("change %d found %q %s, and the history left it %s", e.Change, e.ID, state(found), state(was))
	}
	c.written[e.ID] = e.Change
	if e.After == nil {
		c.written[e.ID] = change.Absent
	}
}

func state(version int) string {
	if version == change.Absent {
		return "absent"
	}
	return fmt.Sprintf("with version %d", version)
}

// present checks that the history leads to what is there.
func (c *checker) present() error {
	ids := maps.Clone(c.versions)
	maps.Copy(ids, c.written)
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		version, there := c.versions[id]
		if !there {
			version = change.Absent
		}
		last, written := c.written[id]
		if !written && version != change.Absent {
			last = 0 // it was there before the history began
		}
		if version != last {
			c.fault("%q is %s, and the history left it %s", id, state(version), state(last))
		}
	}
	return nil
}

// aliases checks that every alias leads to a node, or to what was deleted since.
func (c *checker) aliases() error {
	all, err := c.store.Aliases(c.ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		node := all.Node(id)
		_, there := c.versions[node]
		if _, taken := c.versions[id]; taken {
			c.fault("%q stands for %q and is there itself", id, node)
		}
		if !there && c.written[node] != change.Absent {
			c.fault("%q stands for %q, which was never there", id, node)
		}
	}
	return nil
}
