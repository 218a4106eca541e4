package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

// Random turns one store from random graph to random graph over a catalog, asks random
// questions of each and compares the answers with Evaluate's, also when little has changed since; now and
// then it asks of an earlier graph. The flag -rapid.checks says how many graphs (100).
func Random(t *testing.T, cat *catalog.Catalog, open Open) {
	backend := open(t, cat)
	var held graph
	moments := map[int]graph{0: held}
	rapid.Check(t, func(rt *rapid.T) {
		d := &drawer{T: rt, cat: cat, merges: true}
		d.nodes = d.draw()
		number := d.become(t, backend, held)
		held = d.graph
		if number > 0 {
			moments[number] = held
		}
		d.agree(t, backend, everything(cat), nil)
		var questions []question
		for range 3 {
			p := d.plan()
			d.agree(t, backend, p, d.params)
			questions = append(questions, question{p, d.params, d.points})
		}
		d.again(t, backend, questions, func(number int) { held, moments[number] = d.graph, d.graph })
		d.walk(func(p *plan.Plan) Tree { return d.agree(t, backend, p, d.params) })
		if d.chance("an earlier graph", 30) {
			d.recall(t, backend, moments)
		}
	})
}

// recall asks of the graph as one of the changes left it.
func (d *drawer) recall(t *testing.T, backend store.Backend, moments map[int]graph) {
	number := pick(d, "number", slices.Sorted(maps.Keys(moments)))
	past, err := backend.At(t.Context(), number)
	if err != nil {
		d.Fatalf("at change %d: %v", number, err)
	}
	d.graph = moments[number]
	d.agree(t, past, everything(d.cat), nil)
	p := d.plan()
	d.agree(t, past, p, d.params)
}

// become writes the drawn graph over the one that the store holds, and tells the number of
// the change, 0 when there was none.
func (d *drawer) become(t *testing.T, backend store.Backend, was graph) int {
	held, batch := was.nodes, &change.Batch{Upserts: d.nodes, Aliases: map[string]string{}}
	for i := range held {
		if find(d.nodes, held[i].ID) == nil {
			batch.Deletes = append(batch.Deletes, held[i].ID)
		}
	}
	if d.merges {
		d.merge(held, batch)
	}
	d.merged = was.mergedBy(batch)
	got, err := backend.Apply(t.Context(), batch, nil)
	if err != nil {
		d.Fatalf("apply: %v", err)
	}
	if want := summary(held, batch); got.Summary != want {
		d.Errorf("apply: got %+v, want %+v", got, want)
	}
	d.nodes = applied(held, batch, got.Change)
	return got.Change
}

// merge has some of what goes stand for what stays, and what was an alias stand for itself again.
func (d *drawer) merge(held []change.Node, batch *change.Batch) {
	for _, id := range batch.Deletes {
		if like := idsOf(d.nodes, catalog.SetOf(find(held, id).Type.ID)); len(like) > 0 && d.chance("merged", 40) {
			batch.Aliases[id] = pick(d, "into", like)
		}
	}
	for i := range batch.Upserts {
		batch.Aliases[batch.Upserts[i].ID] = ""
	}
}

// mergedBy are the aliases behind a batch.
func (g graph) mergedBy(batch *change.Batch) map[string]string {
	now := map[string]string{}
	maps.Copy(now, g.merged)
	for i := range batch.Upserts {
		delete(now, batch.Upserts[i].ID)
	}
	for id, into := range batch.Aliases {
		if into != "" && find(g.nodes, id) != nil {
			now[id] = into
		}
	}
	return now
}

// summary is what a batch should say that it did.
func summary(before []change.Node, batch *change.Batch) change.Summary {
	var sum change.Summary
	for i := range batch.Upserts {
		switch old := find(before, batch.Upserts[i].ID); {
		case old == nil:
			sum.Created++
		case old.Equal(&batch.Upserts[i]):
			sum.Unchanged++
		default:
			sum.Updated++
		}
	}
	for _, id := range batch.Deletes {
		if find(before, id) != nil {
			sum.Deleted++
		}
	}
	return sum
}

func find(nodes []change.Node, id string) *change.Node {
	for i := range nodes {
		if nodes[i].ID == id {
			return &nodes[i]
		}
	}
	return nil
}

// agree compares a store's answer with the slow one.
func (d *drawer) agree(t *testing.T, backend store.Backend, p *plan.Plan, params plan.Params) Tree {
	return d.agreeIn(t.Context(), backend, p, params)
}

// agreeIn is agree for the state that a context reads.
func (d *drawer) agreeIn(ctx context.Context, backend store.Backend, p *plan.Plan, params plan.Params) Tree {
	want, err := d.evaluate(p, params)
	if err != nil {
		d.Fatalf("evaluate: %v\n%s", err, p)
	}
	got, err := runIn(ctx, backend, p, params)
	if err != nil {
		d.Fatalf("run: %v\n%s%s", err, p, d.named())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		d.Fatalf("the store answers otherwise (-want +got):\n%s\nplan:\n%s%s\nvariables:%s\ngraph:\n%s", diff, p, d.named(), variables(params), printed(d.nodes))
	}
	return got
}

// named lists the demanding points among which a failure's cause may be.
func (d *drawer) named() string {
	if len(d.points) == 0 {
		return ""
	}
	return "with " + strings.Join(d.points, ", ")
}

// variables lists their values, never where these lie in memory: rapid makes a failure smaller only while
// it is told in the same words.
func variables(params plan.Params) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(params)) {
		b.WriteString(" " + name + "=" + plan.Operand{Const: params[name]}.String())
	}
	return b.String()
}

func printed(nodes []change.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(n.Type.Name + " " + n.ID)
		for _, p := range n.Type.Properties[1:] {
			switch v := n.Values[p.Index]; {
			case v.IsNull():
			case p.Kind != value.Strings:
				b.WriteString(" " + p.Name + "=" + plan.Operand{Const: v}.String())
			case len(v.Strs()) > 0:
				fmt.Fprintf(&b, " %s=%q", p.Name, v.Strs())
			}
		}
		for _, l := range n.Type.Out {
			if ids := n.Links[l.Index]; len(ids) > 0 {
				b.WriteString(" " + l.Name + "→" + strings.Join(ids, ","))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
