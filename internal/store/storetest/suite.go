// Package storetest says what every store must do: a suite of tests for backends, and
// a slow and obvious evaluator of plans to compare them with. How a store is opened
// and cleared is left to the store's own test.
package storetest

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
)

// Open makes an empty store for a catalog. It lasts as long as the test.
type Open func(t *testing.T, cat *catalog.Catalog) store.Backend

// Run checks everything that a store promises: the meanings, what plans can ask for point
// by point, the rules of writing, the history, ids that stand for others, reads beside writes,
// changes as they come, and random questions about random graphs.
func Run(t *testing.T, open Open) {
	t.Run("meanings", func(t *testing.T) { testMeanings(t, open) })
	t.Run("answers", func(t *testing.T) { testAnswers(t, open) })
	t.Run("points", func(t *testing.T) { testPoints(t, open) })
	t.Run("writes", func(t *testing.T) { testWrites(t, open) })
	t.Run("history", func(t *testing.T) { testHistory(t, open) })
	t.Run("aliases", func(t *testing.T) { testAliases(t, open) })
	t.Run("beside", func(t *testing.T) { testBeside(t, open) })
	t.Run("live", func(t *testing.T) { testLive(t, open) })
	t.Run("random", func(t *testing.T) { Random(t, Catalog(), open) })
}

// world is a store with a graph in it.
type world struct {
	*testing.T
	cat     *catalog.Catalog
	backend store.Backend
	nodes   []change.Node // what the store should hold
}

func newWorld(t *testing.T, open Open, nodes map[string]Fields) *world {
	t.Helper()
	cat := Catalog()
	w := &world{T: t, cat: cat, backend: open(t, cat)}
	if len(nodes) > 0 {
		w.apply(&change.Batch{Upserts: w.make(nodes)})
	}
	return w
}

// make reads nodes written as "Person a": {…}.
func (w *world) make(nodes map[string]Fields) []change.Node {
	w.Helper()
	made, err := nodesOf(w.cat, nodes)
	if err != nil {
		w.Fatal(err)
	}
	return made
}

func nodesOf(cat *catalog.Catalog, nodes map[string]Fields) ([]change.Node, error) {
	var list []change.Node
	for name, fields := range nodes {
		typeName, id, _ := strings.Cut(name, " ")
		n, err := NewNode(cat, typeName, id, fields)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

// apply writes a batch that the store takes, and keeps what it should hold then.
func (w *world) apply(batch *change.Batch) change.Summary {
	w.Helper()
	return w.applied(batch).Summary
}

func (w *world) applied(batch *change.Batch) change.Outcome {
	w.Helper()
	outcome, err := w.backend.Apply(w.Context(), batch, nil)
	if err != nil {
		w.Fatal("apply:", err)
	}
	w.nodes = applied(w.nodes, batch, outcome.Change)
	return outcome
}

func (w *world) run(p *plan.Plan, params plan.Params) Tree {
	w.Helper()
	tree, err := run(w.T, w.backend, p, params)
	if err != nil {
		w.Fatal("run:", err)
	}
	return tree
}

func run(t *testing.T, backend store.Backend, p *plan.Plan, params plan.Params) (Tree, error) {
	return runIn(t.Context(), backend, p, params)
}

// runIn asks a store. A plan that the store cannot do is an error, even if it panics.
func runIn(ctx context.Context, backend store.Backend, p *plan.Plan, params plan.Params) (tree Tree, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	prepared, err := store.New(backend, store.Limits{}).Prepare(p)
	if err != nil {
		return nil, err
	}
	result, err := prepared.Run(ctx, params)
	if err != nil {
		return nil, err
	}
	return TreeOf(p, result), nil
}

// holds compares everything in the store with what it should hold.
func (w *world) holds(want []change.Node) {
	w.Helper()
	p := everything(w.cat)
	tree, err := Evaluate(want, p, nil)
	if err != nil {
		w.Fatal(err)
	}
	if diff := cmp.Diff(tree, w.run(p, nil)); diff != "" {
		w.Errorf("the store holds something else (-want +got):\n%s", diff)
	}
}

// everything asks for all nodes of each type with their properties and links.
func everything(cat *catalog.Catalog) *plan.Plan {
	p := &plan.Plan{Catalog: cat}
	for _, t := range cat.Types {
		types := catalog.SetOf(t.ID)
		row := plan.Row{Types: types}
		for _, property := range t.Properties {
			row.Slots = append(row.Slots, plan.Slot{Types: types, Read: plan.Property{Name: property.Name}})
		}
		for _, link := range t.Out {
			row.Slots = append(row.Slots, plan.Slot{Types: types, Read: plan.Targets{Link: link}})
		}
		p.Query.Slots = append(p.Query.Slots, plan.Slot{Read: &plan.Many{
			From: plan.Scan{Types: types}, Order: byID(), Rows: true, Total: true,
			First: plan.Operand{Const: value.OfInt(plan.MaxPage)}, Row: row,
		}})
	}
	return p
}

func byID() []plan.Key { return []plan.Key{{Property: "id", Kind: value.ID}} }

// list asks for the ids of all nodes that a type or interface names.
func list(cat *catalog.Catalog, name string) *plan.Many {
	types := cat.TypesOf(name)
	return &plan.Many{
		From: plan.Scan{Types: types}, Order: byID(), Rows: true,
		First: plan.Operand{Const: value.OfInt(plan.MaxPage)}, Row: ids(types),
	}
}

func ids(types catalog.TypeSet, more ...plan.Read) plan.Row {
	row := plan.Row{Types: types}
	for _, read := range append([]plan.Read{plan.Property{Name: "id"}}, more...) {
		row.Slots = append(row.Slots, plan.Slot{Types: types, Read: read})
	}
	return row
}

func ask(cat *catalog.Catalog, reads ...plan.Read) *plan.Plan {
	p := &plan.Plan{Catalog: cat}
	for _, read := range reads {
		p.Query.Slots = append(p.Query.Slots, plan.Slot{Read: read})
	}
	return p
}

// idsIn are the ids of the rows of the first root field, which is a page.
func idsIn(tree Tree) string {
	var list []string
	for _, row := range tree.(Row).Slots[0].(Page).Rows {
		list = append(list, row.(Row).Slots[0].(string))
	}
	return strings.Join(list, " ")
}
