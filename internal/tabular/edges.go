package tabular

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"nicgraph/internal/spread"
)

// Edges is what a list of ties is made of.
type Edges struct {
	Panel *spread.Panel
	IDs   []string // per person
}

// Table lays the ties out: a row for each pair of a learner and a source over a stretch of
// periods with the same weight, by learner, then source, then time.
func (e *Edges) Table() *Table {
	t := &Table{Name: "edges", schema: edgeSchema(), add: e.add, about: map[string]string{}}
	if e.Panel.Ties != nil {
		t.people, t.Rows = e.Panel.People(), len(e.Panel.Ties.Other)
	}
	return t
}

// The columns of a list of ties, in their order.
const (
	columnLearner = iota
	columnSource
	columnWeight
	columnFirst
	columnLast
)

func edgeSchema() *arrow.Schema {
	return arrow.NewSchema([]arrow.Field{
		{Name: "learner", Type: arrow.BinaryTypes.String},
		{Name: "source", Type: arrow.BinaryTypes.String},
		{Name: "weight", Type: arrow.PrimitiveTypes.Float64},
		{Name: "first_period", Type: arrow.PrimitiveTypes.Int32},
		{Name: "last_period", Type: arrow.PrimitiveTypes.Int32},
	}, nil)
}

func (e *Edges) add(rows *array.RecordBuilder, learner int) {
	ties := e.Panel.Ties
	for at, end := ties.Row(learner); at < end; at++ {
		first, last := ties.Span(at, int32(e.Panel.Periods-1))
		addText(rows, columnLearner, e.IDs[learner])
		addText(rows, columnSource, e.IDs[ties.Other[at]])
		addFloat(rows, columnWeight, weightOf(ties, at))
		addInt(rows, columnFirst, e.Panel.Label(first))
		addInt(rows, columnLast, e.Panel.Label(last))
	}
}

func weightOf(ties *spread.Ties, entry int64) float64 {
	if ties.Weight == nil {
		return 1
	}
	return ties.Weight[entry]
}
