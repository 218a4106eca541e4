package edit

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// draft is a batch in the making.
type draft struct {
	*Editor
	ctx     context.Context
	request *change.Request
	known   map[string]*catalog.Type // the types of stored nodes, nil for none, by the ids that were looked up
	stands  map[string]string        // those of these ids that are aliases, with the nodes for which they stand
	old     map[string]*change.Node  // the stored nodes that the inputs name, and others that are about to change
	inputs  map[string]int           // the first input with an id
	made    map[string]int           // the number behind the last id that was made, by its stem
	ids     []string                 // of the inputs; empty where an input has a fault
	hints   int
	faults  faults
	batch   change.Batch
	merged  *Merged // of a Merge
}

// draft makes a batch of what is asked for and what is there.
func (e *Editor) draft(ctx context.Context, r *change.Request) (*draft, error) {
	d := &draft{
		Editor: e, ctx: ctx, request: r, known: map[string]*catalog.Type{}, stands: map[string]string{}, inputs: map[string]int{}, made: map[string]int{},
		batch: change.Batch{Expect: map[string]int{}},
	}
	read, make := d.read, d.upserts
	switch r.Action {
	case change.Delete:
		make = d.deletes
	case change.Merge:
		read, make = d.readPair, d.merge
	}
	if err := read(); err != nil {
		return nil, fmt.Errorf("read what is there: %w", err)
	}
	if err := (&change.Batch{Expect: r.Expect}).CheckVersions(d.version); err != nil {
		return nil, err
	}
	if err := make(); err != nil {
		return nil, err
	}
	if err := d.faults.err(); err != nil {
		return nil, err
	}
	if err := d.checkStudies(); err != nil {
		return nil, err
	}
	return d, d.faults.err()
}

// read looks up what the inputs name: their own ids, and those at the ends of their links.
func (d *draft) read() error {
	var all []string
	for _, input := range d.request.Input {
		if id := input.ID(); id != "" {
			all = append(all, id)
		}
		for _, l := range d.request.Type.Out {
			all = append(all, targets(input[l.Name])...)
		}
	}
	if err := d.lookUp(all); err != nil {
		return err
	}
	d.resolve()
	var own []string
	for i, input := range d.request.Input {
		id := input.ID()
		if _, twice := d.inputs[id]; id != "" && !twice {
			d.inputs[id] = i
			own = append(own, id)
		}
	}
	var err error
	d.old, err = d.stored.ByID(d.ctx, d.request.Type, slices.DeleteFunc(own, func(id string) bool { return d.known[id] != d.request.Type }))
	return err
}

// version is the version of a node that an input names, change.Absent when there is none.
func (d *draft) version(id string) int {
	if old := d.old[id]; old != nil {
		return old.Version()
	}
	return change.Absent
}

// resolve puts nodes in the place of the aliases that the request names. What is to be created, or may
// be, is no node that is there: there an alias is a fault.
func (d *draft) resolve() {
	if len(d.stands) == 0 {
		return
	}
	resolved := *d.request
	resolved.Input = make([]change.Input, len(d.request.Input))
	for i, input := range d.request.Input {
		input = maps.Clone(input)
		if node, stands := d.stands[input.ID()]; stands && (d.request.Action == change.Update || d.request.Action == change.Delete) {
			input["id"] = node
		}
		for _, l := range d.request.Type.Out {
			if v, given := input[l.Name]; given {
				input[l.Name] = d.nodesOf(v)
			}
		}
		resolved.Input[i] = input
	}
	d.request = &resolved
}

// nodesOf are the ends of a link as an input gives them, with nodes in the place of aliases.
func (d *draft) nodesOf(v any) any {
	switch v := v.(type) {
	case string:
		return cmp.Or(d.stands[v], v)
	case []any:
		nodes := slices.Clone(v)
		for i := range nodes {
			nodes[i] = d.nodesOf(nodes[i])
		}
		return nodes
	default:
		return v
	}
}

// lookUp learns the types of ids, and for which nodes they stand.
func (d *draft) lookUp(ids []string) error {
	var unknown []string
	for _, id := range ids {
		if _, known := d.known[id]; !known {
			d.known[id] = nil
			unknown = append(unknown, id)
		}
	}
	found, err := d.stored.Known(d.ctx, unknown)
	for id, node := range found {
		d.known[node.ID] = node.Type
		if id != node.ID {
			d.stands[id] = node.ID
		}
	}
	return err
}

// targets are the ids that an input gives for a link.
func targets(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		ids := make([]string, 0, len(v))
		for _, e := range v {
			if id, ok := e.(string); ok {
				ids = append(ids, id)
			}
		}
		return ids
	default:
		return nil
	}
}

// upserts makes the nodes that are to be created or changed.
func (d *draft) upserts() error {
	d.ids = make([]string, len(d.request.Input))
	for i, input := range d.request.Input {
		n, creates, err := d.begin(i, input)
		if err != nil {
			return err
		}
		if n == nil {
			continue
		}
		if err := d.fill(i, input, n, creates); err != nil {
			return err
		}
		d.dates(i, input, n)
		if err := d.name(n); err != nil {
			return err
		}
		d.ids[i] = n.ID
		d.batch.Upserts = append(d.batch.Upserts, *n)
	}
	return d.circles(d.request.Type)
}

// begin is the node of an input as it is now, or a new one; nil when there is a fault.
func (d *draft) begin(i int, input change.Input) (n *change.Node, creates bool, err error) {
	id := input.ID()
	if _, given := input["id"].(string); !given {
		return newNode(d.request.Type, ""), true, nil
	}
	old := d.old[id]
	if !d.identified(i, id) {
		return nil, false, nil
	}
	switch {
	case d.request.Action == change.Create && old != nil:
		d.faults.add(fault.Conflict, in(i, "id"), "%q exists already, with version %d; update it, or choose another id", id, old.Version())
		return nil, false, nil
	case old == nil && d.request.Action == change.Update:
		return nil, false, d.missing(in(i, "id"), "id", id, catalog.SetOf(d.request.Type.ID))
	case old == nil:
		if err := change.CheckID(id); err != nil { // the rest of the input may be wrong, too
			d.faults.add(fault.Invalid, in(i, "id"), "id %s", err)
		}
		d.batch.Expect[id] = change.Absent
		return newNode(d.request.Type, id), true, nil
	case !d.atVersion(i, input, old):
		return nil, false, nil
	}
	d.batch.Expect[id] = old.Version()
	return clone(old), false, nil
}

// identified tells whether an id can be that of an input.
func (d *draft) identified(i int, id string) bool {
	t, first := d.known[id], d.inputs[id]
	node, stands := d.stands[id]
	switch {
	case stands:
		d.faults.add(fault.Conflict, in(i, "id"), "%s", change.Merged(id, node))
	case id == "":
		d.faults.add(fault.Invalid, in(i, "id"), "id is empty; leave it out, and one is made")
	case first != i:
		d.faults.add(fault.Invalid, in(i, "id"), "%q is that of input %d already; write each once", id, first)
	case t != nil && t != d.request.Type:
		d.faults.add(fault.Invalid, in(i, "id"), "%q is %s, and %s is wanted", id, catalog.WithArticle(t.Name), catalog.WithArticle(d.request.Type.Name))
	default:
		return true
	}
	return false
}

// atVersion tells whether a stored node has the version that the writer has read.
func (d *draft) atVersion(i int, input change.Input, old *change.Node) bool {
	wanted, given := input[catalog.Version].(int64)
	if !given || int(wanted) == old.Version() {
		return true
	}
	d.faults.add(fault.Conflict, in(i, catalog.Version), "%q was expected with version %d and has version %d: somebody wrote it meanwhile; read it again and decide", old.ID, wanted, old.Version())
	return false
}

func newNode(t *catalog.Type, id string) *change.Node {
	n := &change.Node{Type: t, ID: id, Values: make([]value.Value, len(t.Properties)), Links: make([][]string, len(t.Out))}
	for _, p := range t.Properties {
		n.Values[p.Index] = nothing(p)
	}
	n.Values[0] = value.OfID(id)
	return n
}

// nothing is the value of a property that is missing.
func nothing(p *catalog.Property) value.Value {
	if p.Kind == value.Strings {
		return value.OfStrings(nil)
	}
	return value.Value{}
}

func clone(n *change.Node) *change.Node {
	return &change.Node{Type: n.Type, ID: n.ID, Values: slices.Clone(n.Values), Links: slices.Clone(n.Links)}
}
