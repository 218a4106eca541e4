package embedded

import (
	"nicgraph/internal/slab"
	"nicgraph/internal/value"
)

// supply makes what cells point to, and lists of ends.
type supply struct {
	vocabulary map[string]*text
	texts      slab.Slab[text]
	dates      map[string]*date // there are few of many nodes, so these share them
	ends       slab.Slab[uint32]
}

// text makes a text, but for the name of a vocabulary, which all share.
func (s *supply) text(kind value.Kind, raw string) *text {
	if kind == value.Enum {
		if shared, ok := s.vocabulary[raw]; ok {
			return shared
		}
	}
	t := &s.texts.Take(1)[0]
	t.raw = raw
	return t
}

// sharedDates bounds how many dates are looked through.
const sharedDates = 10_000

func (s *supply) date(raw string, days value.Interval) *date {
	if d := s.dates[raw]; d != nil {
		return d
	}
	d := &date{raw: raw, days: days}
	if s.dates == nil {
		s.dates = make(map[string]*date)
	}
	if len(s.dates) < sharedDates {
		s.dates[raw] = d
	}
	return d
}

// cell makes a cell of a value that a property of the kind may hold.
func (s *supply) cell(kind value.Kind, v value.Value) (cell, error) {
	if v.IsNull() {
		return cell{}, nil
	}
	switch kind {
	case value.Text, value.Enum:
		return cell{text: s.text(kind, v.Str)}, nil
	case value.Date:
		days, err := value.ParseDate(v.Str)
		return cell{date: s.date(v.Str, days)}, err
	case value.Int, value.Float, value.Bool:
		return cell{num: whole{n: v.Num, has: true}}, nil
	case value.Strings:
		return cell{list: newList(v.Strs())}, nil
	default:
		panic(kind)
	}
}

// keep copies a list to where it lasts.
func (s *supply) keep(ends []uint32) []uint32 {
	kept := s.ends.Take(len(ends))
	copy(kept, ends)
	return kept
}
