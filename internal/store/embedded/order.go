package embedded

import (
	"cmp"
	"slices"
	"strings"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// order is the order of a connection, its names resolved. After the keys comes the id.
type order struct {
	keys   []sortKey
	idDesc bool
	idAt   int // the place of the id among the cursor's values
}

type sortKey struct {
	plan.Key
	columns columns
}

// key is a value that nodes are sorted by.
type key struct {
	text *text
	date *date
	num  whole
}

func (c *compiler) order(keys []plan.Key) order {
	var o order
	for i, k := range keys {
		if k.Kind == value.ID { // ids differ, so that no later key decides
			o.idDesc, o.idAt = k.Desc, i
			break
		}
		o.keys = append(o.keys, sortKey{Key: k, columns: c.columns(k.Property)})
	}
	return o
}

func (k *sortKey) of(n node) key {
	column := k.columns.of(n)
	if column == nil {
		return key{}
	}
	return column.key(n.row)
}

func (c *column) key(row uint32) key {
	cell := c.at(row)
	return key{text: cell.text, date: cell.date, num: cell.num}
}

// newKey makes the key of a cursor's value.
func newKey(kind value.Kind, v value.Value) (key, error) {
	c, err := newCell(kind, v)
	return key{text: c.text, date: c.date, num: c.num}, err
}

func (k key) missing() bool { return k.text == nil && k.date == nil && !k.num.has }

// compareKeys orders two keys of a kind ascending, the missing ones first or last.
func compareKeys(kind value.Kind, nullsFirst bool, a, b key) int {
	if x, y := a.missing(), b.missing(); x || y {
		switch {
		case x && y:
			return 0
		case x == nullsFirst:
			return -1
		default:
			return 1
		}
	}
	switch kind {
	case value.Text:
		return compareTexts(a.text, b.text)
	case value.Date:
		return compareDates(a.date, b.date)
	case value.Enum:
		return strings.Compare(a.text.raw, b.text.raw)
	default:
		return cmp.Compare(a.num.n, b.num.n)
	}
}

func compareTexts(a, b *text) int {
	if a == b {
		return 0
	}
	if c := strings.Compare(a.fold(), b.fold()); c != 0 {
		return c
	}
	return strings.Compare(a.raw, b.raw)
}

func compareDates(a, b *date) int {
	if c := cmp.Compare(a.days.From, b.days.From); c != 0 {
		return c
	}
	if c := cmp.Compare(a.days.To, b.days.To); c != 0 {
		return c
	}
	return strings.Compare(a.raw, b.raw)
}

// compare orders two keys as the sort key says.
func (k *sortKey) compare(a, b key) int {
	if k.Desc {
		return -compareKeys(k.Kind, !k.NullsFirst, a, b)
	}
	return compareKeys(k.Kind, k.NullsFirst, a, b)
}

// candidate is a node that may come on a page, with what decides most often.
type candidate struct {
	node
	id    string
	first key
}

func (o *order) candidate(s *snapshot, n node) candidate {
	c := candidate{node: n, id: s.ids.at(n.num)}
	if len(o.keys) > 0 {
		c.first = o.keys[0].of(n)
	}
	return c
}

// compare orders two candidates.
func (o *order) compare(a, b *candidate) int {
	for i := range o.keys {
		k := &o.keys[i]
		x, y := a.first, b.first
		if i > 0 {
			x, y = k.of(a.node), k.of(b.node)
		}
		if c := k.compare(x, y); c != 0 {
			return c
		}
	}
	return o.compareIDs(a.id, b.id)
}

func (o *order) compareIDs(a, b string) int {
	if o.idDesc {
		return strings.Compare(b, a)
	}
	return strings.Compare(a, b)
}

// bookmark is a cursor, its values ready to be compared.
type bookmark struct {
	keys []key
	id   string
}

func (o *order) bookmark(after []value.Value) (*bookmark, error) {
	if after == nil {
		return nil, nil
	}
	b := &bookmark{id: after[o.idAt].Str, keys: make([]key, len(o.keys))}
	for i, k := range o.keys {
		var err error
		if b.keys[i], err = newKey(k.Kind, after[i]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// follows tells whether a candidate comes after the bookmark.
func (o *order) follows(c *candidate, b *bookmark) bool {
	for i := range o.keys {
		k := &o.keys[i]
		x := c.first
		if i > 0 {
			x = k.of(c.node)
		}
		if d := k.compare(x, b.keys[i]); d != 0 {
			return d > 0
		}
	}
	return o.compareIDs(c.id, b.id) > 0
}

// sift keeps the first few of any number of candidates in a stretch of the run's
// memory: it sorts and cuts whenever the stretch is twice too long.
type sift struct {
	run   *run
	order *order
	after *bookmark
	start int // of the stretch in run.candidates
	limit int
	total int // all that were offered
	full  bool
}

// offer takes a candidate when it belongs to the first after the bookmark.
func (s *sift) offer(n node) {
	s.total++
	if s.limit == 0 {
		return
	}
	c := s.order.candidate(s.run.snapshot, n)
	if s.after != nil && !s.order.follows(&c, s.after) {
		return
	}
	held := s.run.candidates[s.start:]
	if s.full && s.order.compare(&c, &held[s.limit-1]) > 0 {
		return
	}
	s.run.candidates = append(s.run.candidates, c)
	if len(held)+1 >= 2*s.limit+16 {
		s.cut()
		s.full = true
	}
}

// cut sorts what is held and drops what is too much.
func (s *sift) cut() []candidate {
	held := s.run.candidates[s.start:]
	s.run.peak = max(s.run.peak, len(s.run.candidates))
	if len(held) > 1 {
		slices.SortFunc(held, func(a, b candidate) int { return s.order.compare(&a, &b) })
	}
	held = held[:min(len(held), s.limit)]
	s.run.candidates = s.run.candidates[:s.start+len(held)]
	return held
}
