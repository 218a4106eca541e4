package embedded

import (
	"strconv"
	"sync/atomic"

	"nicgraph/internal/value"
)

// text is a stored text. Its folded form is made when first needed and kept.
type text struct {
	raw    string
	folded atomic.Pointer[string]
}

func newText(raw string) *text { return &text{raw: raw} }

// fold is the form in which texts are compared.
func (t *text) fold() string {
	if f := t.folded.Load(); f != nil {
		return *f
	}
	return t.foldNow()
}

func (t *text) foldNow() string {
	folded := value.Fold(t.raw)
	if folded == t.raw {
		t.folded.Store(&t.raw)
	} else {
		t.folded.Store(&folded)
	}
	return folded
}

// date is a stored date and the days that it may mean.
type date struct {
	raw  string
	days value.Interval
}

// year is the one in which the date is written to begin: every date starts with it.
func (d *date) year() int64 {
	year, _ := strconv.ParseInt(d.raw[:4], 10, 64)
	return year
}

// whole is a stored number or truth value, one with a fraction as value.FloatNum has it.
type whole struct {
	n   int64
	has bool
}

// cell is a stored scalar of any kind but ID; the zero cell is a missing one.
type cell struct {
	text *text  // Text, Enum
	date *date  // Date
	list []text // Strings
	num  whole  // Int, Float, Bool
}

func newList(raw []string) []text {
	list := make([]text, len(raw))
	for i := range raw {
		list[i].raw = raw[i]
	}
	return list
}

// value is what a cell of the kind holds, as packages outside see it.
func (c cell) value(kind value.Kind) value.Value {
	switch {
	case c.text != nil:
		return value.Value{Kind: kind, Str: c.text.raw}
	case c.date != nil:
		return value.OfDate(c.date.raw)
	case c.num.has:
		return value.Value{Kind: kind, Num: c.num.n}
	case kind == value.Strings:
		strs := make([]string, len(c.list))
		for i := range c.list {
			strs[i] = c.list[i].raw
		}
		return value.OfStrings(strs)
	default:
		return value.Value{}
	}
}

func (c cell) empty() bool {
	return c.text == nil && c.date == nil && len(c.list) == 0 && !c.num.has
}

// column holds one property of all nodes of a type, by row. Only the pages of its
// kind are in use.
type column struct {
	kind  value.Kind
	texts pages[*text]
	dates pages[*date]
	lists pages[[]text]
	nums  pages[whole]
}

func (c *column) at(row uint32) cell {
	switch c.kind {
	case value.Text, value.Enum:
		return cell{text: c.texts.at(row)}
	case value.Date:
		return cell{date: c.dates.at(row)}
	case value.Int, value.Float, value.Bool:
		return cell{num: c.nums.at(row)}
	case value.Strings:
		return cell{list: c.lists.at(row)}
	default: // the id is kept elsewhere
		return cell{}
	}
}

func (c *column) set(gen uint64, row uint32, v cell) {
	switch c.kind {
	case value.Text, value.Enum:
		c.texts.set(gen, row, v.text)
	case value.Date:
		c.dates.set(gen, row, v.date)
	case value.Int, value.Float, value.Bool:
		c.nums.set(gen, row, v.num)
	case value.Strings:
		c.lists.set(gen, row, v.list)
	}
}

// differ calls changed for the rows whose cells may differ between two states.
func (c *column) differ(o *column, changed func(row uint32)) {
	differ(&c.texts, &o.texts, changed)
	differ(&c.dates, &o.dates, changed)
	differ(&c.nums, &o.nums, changed)
}
