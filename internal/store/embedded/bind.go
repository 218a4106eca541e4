package embedded

import (
	"slices"

	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// bound is an operand in the form in which it is compared, made once per run.
type bound struct {
	has     bool // false: missing, and no comparison with it holds
	text    string
	number  int64
	days    value.Interval
	texts   []string // of a list, sorted
	numbers []int64
	spans   []value.Interval
}

func (b *bound) holds(s string) bool {
	_, found := slices.BinarySearch(b.texts, s)
	return found
}

// bind brings an operand into the form that its comparison needs.
func bind(f plan.Compare, params plan.Params) (bound, error) {
	v := f.Operand.Value(params)
	if v.IsNull() {
		return bound{}, nil
	}
	b := bound{has: true}
	if f.Op != plan.In && f.Op != plan.NotIn {
		err := b.take(f, v)
		return b, err
	}
	for _, element := range v.List() {
		if element.IsNull() {
			continue // nothing compares with a missing value
		}
		if err := b.take(f, element); err != nil {
			return b, err
		}
		b.texts = append(b.texts, b.text)
		b.numbers = append(b.numbers, b.number)
		b.spans = append(b.spans, b.days)
	}
	slices.Sort(b.texts)
	return b, nil
}

func (b *bound) take(f plan.Compare, v value.Value) (err error) {
	switch f.Kind {
	case value.Int, value.Float, value.Bool:
		b.number = v.Num
	case value.Date:
		parse := value.ParseDate
		if f.Written {
			parse = value.ParseWritten
		}
		if b.days, err = parse(v.Str); err != nil {
			return fault.Wrap(fault.Invalid, err, "the date to compare with is wrong")
		}
	default:
		b.text = v.Str
		if !exact(f) {
			b.text = value.Fold(v.Str)
		}
	}
	return nil
}
