package edit

import (
	"context"
	"fmt"
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
	old     map[string]*change.Node  // the stored nodes that the inputs name
	inputs  map[string]int           // the first input with an id
	made    map[string]int           // the number behind the last id that was made, by its stem
	ids     []string                 // of the inputs; empty where an input has a fault
	hints   int
	faults  faults
	batch   change.Batch
}

// draft makes a batch of what is asked for and what is there.
func (e *Editor) draft(ctx context.Context, r *change.Request) (*draft, error) {
	d := &draft{
		Editor: e, ctx: ctx, request: r, known: map[string]*catalog.Type{}, inputs: map[string]int{}, made: map[string]int{},
		batch: change.Batch{Expect: map[string]int{}},
	}
	if err := d.read(); err != nil {
		return nil, fmt.Errorf("read what is there: %w", err)
	}
	if err := (&change.Batch{Expect: r.Expect}).CheckVersions(d.version); err != nil {
		return nil, err
	}
	make := d.upserts
	if r.Action == change.Delete {
		make = d.deletes
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
	var own, all []string
	for i, input := range d.request.Input {
		id := input.ID()
		if id == "" {
			continue
		}
		if _, twice := d.inputs[id]; !twice {
			d.inputs[id] = i
			own = append(own, id)
		}
	}
	all = append(all, own...)
	for _, input := range d.request.Input {
		for _, l := range d.request.Type.Out {
			all = append(all, targets(input[l.Name])...)
		}
	}
	if err := d.lookUp(all); err != nil {
		return err
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

// lookUp learns the types of ids.
func (d *draft) lookUp(ids []string) error {
	var unknown []string
	for _, id := range ids {
		if _, known := d.known[id]; !known {
			d.known[id] = nil
			unknown = append(unknown, id)
		}
	}
	found, err := d.stored.Types(d.ctx, unknown)
	for id, t := range found {
		d.known[id] = t
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
	return d.circles()
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
	switch {
	case id == "":
		d.faults.add(fault.Invalid, in(i, "id"), "id is empty; leave it out, and one is made")
	case first != i:
		d.faults.add(fault.Invalid, in(i, "id"), "%q is that of input %d already; write each once", id, first)
	case t != nil && t != d.request.Type:
		d.faults.add(fault.Invalid, in(i, "id"), "%q is %s, and %s is wanted", id, withArticle(t.Name), withArticle(d.request.Type.Name))
	case t == nil && change.CheckID(id) != nil && d.request.Action != change.Update && d.request.Action != change.Delete:
		d.faults.add(fault.Invalid, in(i, "id"), "id %s", change.CheckID(id))
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

func withArticle(name string) string {
	switch name[0] {
	case 'A', 'E', 'I', 'O', 'U':
		return "an " + name
	default:
		return "a " + name
	}
}
