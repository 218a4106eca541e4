package tabular

import (
	"math"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"nicgraph/internal/spread"
)

// PersonPeriod is what a person-period table is made of: a row for each period in which a
// person had not adopted before, as a discrete-time hazard model takes it (Allison 1982).
type PersonPeriod struct {
	Panel      *spread.Panel
	IDs        []string // per person
	Groups     []string // the names of the panel's groups
	Exposure   *spread.Exposure
	Degrees    *spread.Degrees
	Observed   []int32 // per person: the last period in which it was seen; nil: the last of all
	Covariates []Covariate

	// LeftCensored keeps the rows of those who adopted in the period recorded or before it.
	// Nobody knows in which periods they were at risk, so a hazard model must do without.
	LeftCensored bool
}

// Covariate is a column that tells people apart.
type Covariate struct {
	Name  string
	Value []string // per person; empty: missing
}

// Table lays the rows out: those of a person stand together, up to and including the
// period of adoption, or to the end of what was seen of somebody who never adopted.
func (p *PersonPeriod) Table() *Table {
	t := &Table{Name: "person-period", people: p.Panel.People(), schema: p.schema(), add: p.add, about: map[string]string{}}
	for i := range p.Panel.People() {
		if !p.kept(i) {
			t.LeftOut++
		}
		t.Rows += p.rows(i)
	}
	t.About("left_censored_left_out", strconv.Itoa(t.LeftOut))
	return t
}

// The columns that every person-period table has, in their order.
const (
	columnParty = iota
	columnPeriod
	columnAdopted
	columnExposure
	columnAdopters
	columnNamed
	columnNames
	columnNamedBy
	columnGroup
	columnLeftCensored
	firstCovariate
)

func (p *PersonPeriod) schema() *arrow.Schema {
	fields := []arrow.Field{
		{Name: "party", Type: arrow.BinaryTypes.String},
		{Name: "period", Type: arrow.PrimitiveTypes.Int32},
		{Name: "adopted", Type: arrow.PrimitiveTypes.Int32},
		{Name: "exposure", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "adopters", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "named", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "names", Type: arrow.PrimitiveTypes.Int32},
		{Name: "named_by", Type: arrow.PrimitiveTypes.Int32},
		{Name: "group", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "left_censored", Type: arrow.PrimitiveTypes.Int32},
	}
	for _, c := range p.Covariates {
		fields = append(fields, arrow.Field{Name: c.Name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	return arrow.NewSchema(fields, nil)
}

func (p *PersonPeriod) leftCensored(person int) bool {
	return p.Panel.LeftCensored != nil && p.Panel.LeftCensored[person]
}

func (p *PersonPeriod) kept(person int) bool { return p.LeftCensored || !p.leftCensored(person) }

// rows is the number of rows of a person.
func (p *PersonPeriod) rows(person int) int {
	switch {
	case !p.kept(person):
		return 0
	case p.Panel.Adopted[person] != spread.Never:
		return int(p.Panel.Adopted[person]) + 1
	case p.Observed != nil:
		return int(p.Observed[person]) + 1
	default:
		return p.Panel.Periods
	}
}

func (p *PersonPeriod) add(rows *array.RecordBuilder, person int) {
	for period := range p.rows(person) {
		p.addSpread(rows, person, period)
		p.addPerson(rows, person)
	}
}

// addSpread adds what changes from period to period.
func (p *PersonPeriod) addSpread(rows *array.RecordBuilder, person, period int) {
	at := person*p.Exposure.Periods + period
	names, namedBy := p.Degrees.At(person, period)
	addInt(rows, columnPeriod, p.Panel.Label(int32(period)))
	addInt(rows, columnAdopted, number(p.Panel.Adopted[person] == int32(period)))
	addFloat(rows, columnExposure, p.Exposure.Value(person, period))
	addFloat(rows, columnAdopters, p.Exposure.Adopters[at])
	addFloat(rows, columnNamed, p.Exposure.Named[at])
	addInt(rows, columnNames, int(names))
	addInt(rows, columnNamedBy, int(namedBy))
}

// addPerson adds what stays the same.
func (p *PersonPeriod) addPerson(rows *array.RecordBuilder, person int) {
	addText(rows, columnParty, p.IDs[person])
	addText(rows, columnGroup, p.group(person))
	addInt(rows, columnLeftCensored, number(p.leftCensored(person)))
	for k, c := range p.Covariates {
		addText(rows, firstCovariate+k, c.Value[person])
	}
}

func (p *PersonPeriod) group(person int) string {
	if p.Panel.Group == nil || p.Panel.Group[person] < 0 {
		return ""
	}
	return p.Groups[p.Panel.Group[person]]
}

// number writes yes or no as regressions take it.
func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func addInt(rows *array.RecordBuilder, column, v int) {
	rows.Field(column).(*array.Int32Builder).Append(int32(v))
}

// addFloat adds a number, or a missing one.
func addFloat(rows *array.RecordBuilder, column int, v float64) {
	b := rows.Field(column).(*array.Float64Builder)
	if math.IsNaN(v) {
		b.AppendNull()
		return
	}
	b.Append(v)
}

// addText adds a text; an empty one is missing.
func addText(rows *array.RecordBuilder, column int, v string) {
	b := rows.Field(column).(*array.StringBuilder)
	if v == "" {
		b.AppendNull()
		return
	}
	b.Append(v)
}
