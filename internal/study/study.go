// Package study keeps the rules of studies that the catalog cannot say: periods lie within the
// study's, ends of ties and adopters are enrolled, and so on. Whoever writes a batch asks it
// before the batch is applied; how the batch came about, and how nodes are stored, is left to
// others.
package study

import (
	"context"
	"iter"
	"maps"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
)

// Fault is what a batch would make wrong, told at the node that is to be changed.
type Fault struct {
	Node    *change.Node
	Field   string // a property or link of the node
	Message string // completes a sentence that begins with the field

	// Sentinel: an adoption begins outside the periods, as never is often written.
	Sentinel bool
}

// Stored reads what is stored before the batch.
type Stored interface {
	// Nodes brings the whole nodes of a type that meet a condition, in any order.
	Nodes(ctx context.Context, t *catalog.Type, where plan.Filter) iter.Seq2[change.Node, error]
}

// Check tells what a batch would make wrong in the studies that it touches, in the order of its
// nodes. It trusts the batch to keep the rules of change.Batch.Check. Between Check and the
// write nobody else should change the same studies.
func Check(ctx context.Context, cat *catalog.Catalog, batch *change.Batch, stored Stored) ([]Fault, error) {
	t, ok := typesOf(cat)
	if !ok {
		return nil, nil
	}
	g := newGathering(t, batch)
	if !g.touched() {
		return nil, nil
	}
	if err := g.bring(ctx, stored); err != nil {
		return nil, err
	}
	return g.judge(), nil
}

// types are those that the rules are about.
type types struct{ study, enrollment, tie, adoption *catalog.Type }

func typesOf(cat *catalog.Catalog) (types, bool) {
	var t types
	for name, to := range map[string]**catalog.Type{"Study": &t.study, "Enrollment": &t.enrollment, "Tie": &t.tie, "Adoption": &t.adoption} {
		found, ok := cat.Type(name)
		if !ok {
			return t, false
		}
		*to = found
	}
	return t, true
}

// gathering is the part of the graph that a batch touches, as it will be.
type gathering struct {
	types
	batch   *change.Batch
	deleted map[string]bool
	studies map[string]*change.Node
	old     map[string]*change.Node // the studies as they are stored
	enrolls []*change.Node
	ties    []*change.Node
	adopts  []*change.Node
	kept    map[*change.Node]bool // of these: what is stored and the batch does not write
}

func newGathering(t types, batch *change.Batch) *gathering {
	g := &gathering{
		types: t, batch: batch, deleted: set(batch.Deletes),
		studies: make(map[string]*change.Node), old: make(map[string]*change.Node), kept: make(map[*change.Node]bool),
	}
	for i := range batch.Upserts {
		g.add(&batch.Upserts[i])
	}
	return g
}

// add takes a node up as it will be.
func (g *gathering) add(n *change.Node) {
	switch n.Type {
	case g.study:
		g.studies[n.ID] = n
	case g.enrollment:
		g.enrolls = append(g.enrolls, n)
	case g.tie:
		g.ties = append(g.ties, n)
	case g.adoption:
		g.adopts = append(g.adopts, n)
	}
}

func (g *gathering) touched() bool {
	return len(g.deleted)+len(g.studies)+len(g.enrolls)+len(g.ties)+len(g.adopts) > 0
}

// bring adds what is stored and stays, as far as it can come into conflict with the batch:
// enrollments and adoptions of the parties at hand, and ties where what they rest on goes.
func (g *gathering) bring(ctx context.Context, stored Stored) error {
	gone, err := g.gone(ctx, stored)
	if err != nil {
		return err
	}
	touched := named("study", g.enrolls, g.ties, g.adopts, gone)
	maps.Copy(touched, keys(g.studies))
	if err := g.bringStudies(ctx, stored, touched); err != nil || len(g.old) == 0 {
		return err
	}
	return g.bringFacts(ctx, stored, named("participant", gone))
}

// gone are the stored enrollments that the batch deletes, or turns to another party or study.
func (g *gathering) gone(ctx context.Context, stored Stored) ([]*change.Node, error) {
	ids := maps.Clone(g.deleted)
	now := make(map[string]*change.Node, len(g.enrolls))
	for _, n := range g.enrolls {
		ids[n.ID], now[n.ID] = true, n
	}
	old, err := read(ctx, stored, g.enrollment, nil, ids, plan.IDIn)
	return slices.DeleteFunc(old, func(n *change.Node) bool {
		same := now[n.ID]
		return same != nil && end(same, "study") == end(n, "study") && end(same, "participant") == end(n, "participant")
	}), err
}

func (g *gathering) bringStudies(ctx context.Context, stored Stored, touched map[string]bool) error {
	found, err := read(ctx, stored, g.study, nil, touched, plan.IDIn)
	for _, n := range found {
		g.old[n.ID] = n
		if g.studies[n.ID] == nil && !g.deleted[n.ID] {
			g.studies[n.ID] = n
			g.kept[n] = true
		}
	}
	return err
}

// bringFacts reads of the stored studies the ties of those who may be enrolled no more, the
// adoptions of all at hand, and the enrollments of everyone whom any of these names. Where the
// periods of a study move, all of it is looked at again.
func (g *gathering) bringFacts(ctx context.Context, stored Stored, unenrolled map[string]bool) error {
	written := maps.Clone(g.deleted)
	for i := range g.batch.Upserts {
		written[g.batch.Upserts[i].ID] = true
	}
	studies, moved := keys(g.old), g.moved()
	bring := func(f facts, into *[]*change.Node) error {
		found, err := f.read(ctx, stored, studies, moved)
		for _, n := range found {
			if !written[n.ID] {
				*into, g.kept[n] = append(*into, n), true
			}
		}
		return err
	}
	if err := bring(facts{g.tie, []string{"learner", "source"}, unenrolled}, &g.ties); err != nil {
		return err
	}
	parties := named("participant", g.enrolls)
	maps.Copy(parties, unenrolled)
	maps.Copy(parties, named("adopter", g.adopts))
	if err := bring(facts{g.adoption, []string{"adopter"}, parties}, &g.adopts); err != nil {
		return err
	}
	maps.Copy(parties, named("adopter", g.adopts))
	maps.Copy(parties, named("learner", g.ties))
	maps.Copy(parties, named("source", g.ties))
	return bring(facts{g.enrollment, []string{"participant"}, parties}, &g.enrolls)
}

// moved are the stored studies whose periods change.
func (g *gathering) moved() map[string]bool {
	moved := make(map[string]bool)
	for id, old := range g.old {
		if now := g.studies[id]; now != nil && span(now) != span(old) {
			moved[id] = true
		}
	}
	return moved
}

// facts are nodes of a type that lead to parties.
type facts struct {
	of      *catalog.Type
	ends    []string // the links that lead to a party
	parties map[string]bool
}

// read brings those in some studies that lead to one of the parties, and all in those that
// moved, each once.
func (f *facts) read(ctx context.Context, stored Stored, studies, moved map[string]bool) ([]*change.Node, error) {
	seen := make(map[string]bool)
	var found []*change.Node
	for _, end := range f.ends {
		nodes, err := read(ctx, stored, f.of, seen, f.parties, func(ids []string) plan.Filter {
			return plan.And{leadsTo(f.of, "study", sorted(studies)), leadsTo(f.of, end, ids)}
		})
		if err != nil {
			return nil, err
		}
		found = append(found, nodes...)
	}
	nodes, err := read(ctx, stored, f.of, seen, moved, func(ids []string) plan.Filter { return leadsTo(f.of, "study", ids) })
	return append(found, nodes...), err
}

// readIDs bounds the ids that one question names.
const readIDs = 1000

// read brings the nodes that meet a condition on some ids, but those that were seen before;
// seen may be nil.
func read(ctx context.Context, stored Stored, t *catalog.Type, seen, ids map[string]bool, where func(ids []string) plan.Filter) ([]*change.Node, error) {
	var found []*change.Node
	for part := range slices.Chunk(sorted(ids), readIDs) {
		for n, err := range stored.Nodes(ctx, t, where(part)) {
			if err != nil {
				return nil, err
			}
			if seen[n.ID] {
				continue
			}
			if seen != nil {
				seen[n.ID] = true
			}
			found = append(found, &n)
		}
	}
	return found, nil
}

// named are the ids at the ends of a link.
func named(link string, lists ...[]*change.Node) map[string]bool {
	ids := make(map[string]bool)
	for _, list := range lists {
		for _, n := range list {
			ids[end(n, link)] = true
		}
	}
	return ids
}

func leadsTo(t *catalog.Type, link string, ids []string) plan.Filter {
	l, _ := t.Link(link)
	return plan.Linked{Link: l, Quant: plan.Some, Where: plan.IDIn(ids)}
}

func keys[V any](m map[string]V) map[string]bool {
	ids := make(map[string]bool, len(m))
	for id := range m {
		ids[id] = true
	}
	return ids
}

func set(ids []string) map[string]bool {
	all := make(map[string]bool, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	return all
}

func sorted(ids map[string]bool) []string { return slices.Sorted(maps.Keys(ids)) }

// end is the id at the end of a link to one, empty where it leads nowhere.
func end(n *change.Node, link string) string {
	l, _ := n.Type.Link(link)
	if ids := n.Links[l.Index]; len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// number is a whole number of a node.
func number(n *change.Node, property string) (int64, bool) {
	p, _ := n.Type.Property(property)
	v := n.Values[p.Index]
	return v.Num, !v.IsNull()
}

// periods are those from the first to the last, both included.
type periods struct{ first, last int64 }

// span is that of a study.
func span(study *change.Node) periods {
	first, _ := number(study, "firstPeriod")
	last, _ := number(study, "lastPeriod")
	return periods{first, last}
}

func (p periods) has(period int64) bool { return p.first <= period && period <= p.last }
