package embedded

import (
	"slices"

	"nicgraph/internal/plan"
)

// tallied are all groups of a scan, in their order.
type tallied struct{ groups []group }

func (t *tallied) size() (bytes int) {
	for i := range t.groups {
		bytes += 64 + 56*len(t.groups[i].keys)
	}
	return bytes
}

// sorts is what groups are about, whichever of them are shown.
type sorts struct {
	groups *groups
	named  plan.Name
	read   *reads
}

func (s *sorts) name(params plan.Params) string { return "groups of " + s.named.With(params) }
func (s *sorts) reads() *reads                  { return s.read }

// sorts are what can be kept of groups: those of a scan.
func (c *compiler) sorts(g *groups, p *plan.Groups) *sorts {
	if g.source.from != fromScan {
		return nil
	}
	read := c.reads(g.source.types, p.Where)
	for i := range p.By {
		if by := &p.By[i]; by.Link != nil {
			c.addLink(read, by.Link, nil, nil)
		} else {
			c.addProperty(read, by.Property, by.Kind)
		}
	}
	for _, link := range p.Distinct {
		c.addLink(read, link, nil, nil)
	}
	return &sorts{groups: g, named: plan.NameOfGroups(p), read: read}
}

func (s *sorts) make(r *run) findings {
	t := newTally(r, s.groups)
	if m, _ := r.members(&s.groups.source, true); m != nil {
		r.eachMember(m, t.add)
	} else {
		r.search(&s.groups.source, t.add)
	}
	return &tallied{t.sorted()}
}

// mend counts the nodes that have changed out of the groups in which they were and into those in
// which they are. Which ends were counted nobody knows any more, so those are counted anew.
func (s *sorts) mend(r *run, was findings, from *snapshot, changed []uint32) findings {
	old := was.(*tallied).groups
	if len(s.groups.distinct) > 0 || len(changed)*len(old) > r.live(s.read.types) {
		return nil
	}
	t := &tally{run: r, groups: s.groups, found: slices.Clone(old), keys: make([]key, len(s.groups.by))}
	r.past(from, func() { t.recount(changed, -1) })
	t.recount(changed, 1)
	t.found = slices.DeleteFunc(t.found, func(g group) bool { return g.count == 0 })
	return &tallied{t.sorted()}
}

// recount adds to the count of the groups of some nodes.
func (t *tally) recount(nodes []uint32, more int64) {
	source := &t.groups.source
	for _, num := range nodes {
		n, in := t.run.nodeOf(source.types, num)
		if !in || source.where != nil && !source.where(t.run, n) {
			continue
		}
		t.keysOf(n)
		at := slices.IndexFunc(t.found, func(g group) bool { return slices.EqualFunc(g.keys, t.keys, key.same) })
		if at < 0 {
			at, t.found = len(t.found), append(t.found, group{keys: slices.Clone(t.keys)})
		}
		t.found[at].count += more
	}
}
