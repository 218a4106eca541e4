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
	idAt   int  // the place of the id among the cursor's values
	dear   bool // a key after the first is no scalar of the node itself
}

type sortKey struct {
	plan.Key
	columns columns
	path    []path   // to the node that has the property, or whose links are counted
	count   *counter // instead of a property
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
		if k.Kind == value.ID && len(k.Path) == 0 { // ids differ, so that no later key decides
			o.idDesc, o.idAt = k.Desc, i
			break
		}
		key := c.sortKey(k)
		o.dear = o.dear || i > 0 && !key.own()
		o.keys = append(o.keys, key)
	}
	return o
}

// reverse is the order in which the last comes first.
func (o *order) reverse() order {
	back := *o
	back.idDesc, back.keys = !o.idDesc, slices.Clone(o.keys)
	for i := range back.keys {
		k := &back.keys[i]
		k.Desc, k.NullsFirst = !k.Desc, !k.NullsFirst
	}
	return back
}

func (c *compiler) sortKey(k plan.Key) sortKey {
	key := sortKey{Key: k}
	for _, link := range k.Path {
		key.path = append(key.path, c.path(link, nil))
	}
	if k.Count != nil {
		key.count = c.counter(k.Count)
	} else {
		key.columns = c.columns(k.Property)
	}
	return key
}

// own tells whether the key is a scalar of the node itself.
func (k *sortKey) own() bool { return k.count == nil && len(k.path) == 0 }

// descends tells whether the first key has the last of an index first.
func (o *order) descends() bool {
	if len(o.keys) == 0 {
		return o.idDesc
	}
	return o.keys[0].Desc
}

// indexed tells whether indexes show the order, or a ranking does.
func (o *order) indexed() bool { return len(o.keys) == 0 || len(o.keys[0].path) == 0 }

func (k *sortKey) of(r *run, n node) key {
	for i := range k.path {
		var ok bool
		if n, ok = r.end(&k.path[i], n); !ok {
			return key{}
		}
	}
	if k.count != nil {
		return key{num: whole{n: r.count(k.count, n), has: true}}
	}
	if k.Kind == value.ID {
		return key{text: newText(r.snapshot.ids.at(n.num))}
	}
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
	if kind == value.ID && !v.IsNull() {
		return key{text: newText(v.Str)}, nil
	}
	c, err := new(supply).cell(kind, v)
	return key{text: c.text, date: c.date, num: c.num}, err
}

func (k key) missing() bool { return k.text == nil && k.date == nil && !k.num.has }

// cell is the key, of a kind, as an answer shows it.
func (k key) cell(kind value.Kind) plan.Cell {
	switch {
	case k.text != nil:
		return plan.Cell{Kind: plan.CellText, Str: k.text.raw}
	case k.date != nil:
		return plan.Cell{Kind: plan.CellText, Str: k.date.raw}
	case !k.num.has:
		return plan.Cell{}
	case kind == value.Bool:
		return plan.Cell{Kind: plan.CellBool, Num: k.num.n}
	case kind == value.Float:
		return plan.FloatCell(value.NumFloat(k.num.n))
	default:
		return plan.Cell{Kind: plan.CellNumber, Num: k.num.n}
	}
}

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
	case value.Enum, value.ID:
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
	if a == b {
		return 0
	}
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
	rank  uint32 // where it stands: what has a greater one comes after it; 0: not known
	id    string
	first key
	rest  []key // of a dear order the other keys, nil until they are needed
}

func (o *order) candidate(r *run, n node) candidate {
	c := candidate{node: n, id: r.snapshot.ids.at(n.num)}
	if len(o.keys) > 0 {
		c.first = o.keys[0].of(r, n)
	}
	return c
}

// key is the candidate's value of the i-th key.
func (o *order) key(r *run, c *candidate, i int) key {
	if i == 0 {
		return c.first
	}
	if !o.dear {
		return o.keys[i].of(r, c.node)
	}
	o.complete(r, c)
	return c.rest[i-1]
}

// complete makes the keys of a dear order that a candidate does not have yet, so that
// each is made once.
func (o *order) complete(r *run, c *candidate) {
	if !o.dear || c.rest != nil {
		return
	}
	c.rest = make([]key, len(o.keys)-1)
	for i := range c.rest {
		c.rest[i] = o.keys[i+1].of(r, c.node)
	}
}

// compare orders two candidates.
func (o *order) compare(r *run, a, b *candidate) int {
	if a.rank != b.rank {
		return cmp.Compare(a.rank, b.rank)
	}
	for i := range o.keys {
		if c := o.keys[i].compare(o.key(r, a, i), o.key(r, b, i)); c != 0 {
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

func (o *order) bookmark(values []value.Value) (*bookmark, error) {
	if values == nil {
		return nil, nil
	}
	b := &bookmark{id: values[o.idAt].Str, keys: make([]key, len(o.keys))}
	for i, k := range o.keys {
		var err error
		if b.keys[i], err = newKey(k.Kind, values[i]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// side tells whether a candidate comes before the bookmark (less than 0), after it, or
// is the one that it marks (0).
func (o *order) side(r *run, c *candidate, b *bookmark) int {
	for i := range o.keys {
		if d := o.keys[i].compare(o.key(r, c, i), b.keys[i]); d != 0 {
			return d
		}
	}
	return o.compareIDs(c.id, b.id)
}

// sift keeps the first few of any number of candidates in a stretch of the run's
// memory. When there are more, they become a heap with the last of them on top,
// which gives way to whatever comes before it.
type sift struct {
	run    *run
	order  *order
	after  *bookmark // nil: from the very first
	before *bookmark // nil: to the very last
	start  int       // of the stretch in run.candidates
	limit  int
	total  int // all that were offered
	heap   bool

	positions *positions // of those that are offered, nil: not known
}

// offerAll offers those of some nodes that meet a filter. Where there is none, no more of them are looked up than may
// come on the page.
func (s *sift) offerAll(where test[node], numbers []uint32) {
	if where != nil {
		s.run.among(where, numbers, s.offer)
		return
	}
	for _, num := range numbers {
		switch {
		case s.run.stopped():
			return
		case s.late(s.rank(num)):
			s.total++
		default:
			n, _ := s.run.snapshot.node(num)
			s.offer(n)
		}
	}
}

// offer takes a candidate when it belongs to the first between the bookmarks.
func (s *sift) offer(n node) {
	s.total++
	if s.limit == 0 {
		return
	}
	if !s.heap && len(s.held()) == s.limit {
		s.pile()
	}
	rank := s.rank(n.num)
	if s.late(rank) {
		return
	}
	c := s.order.candidate(s.run, n)
	c.rank = rank
	if s.after != nil && s.order.side(s.run, &c, s.after) <= 0 || s.before != nil && s.order.side(s.run, &c, s.before) >= 0 {
		return
	}
	if s.heap && s.order.compare(s.run, &c, &s.held()[0]) > 0 {
		return
	}
	s.order.complete(s.run, &c)
	s.take(c)
}

// pile makes a heap of what is held. What an index brings in order needs none.
func (s *sift) pile() {
	s.heap = true
	for i := s.limit/2 - 1; i >= 0; i-- {
		s.sink(i)
	}
}

// take holds a candidate, of a heap in place of the last.
func (s *sift) take(c candidate) {
	if !s.heap {
		s.run.candidates = append(s.run.candidates, c)
		return
	}
	s.held()[0] = c
	s.sink(0)
}

// sink lets a candidate of the heap change places with a later one beneath it, until there is none.
func (s *sift) sink(i int) {
	held := s.held()
	for {
		last := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(held); child++ {
			if s.order.compare(s.run, &held[child], &held[last]) > 0 {
				last = child
			}
		}
		if last == i {
			return
		}
		held[i], held[last] = held[last], held[i]
		i = last
	}
}

// late tells whether what stands at a rank comes after all of a heap.
func (s *sift) late(rank uint32) bool { return s.heap && rank > s.held()[0].rank }

func (s *sift) held() []candidate { return s.run.candidates[s.start:] }

// rank is where a node stands: what has a greater one comes after it. It is the same for all where nothing is known.
func (s *sift) rank(num uint32) uint32 {
	switch {
	case s.positions == nil:
		return 0
	case s.order.descends():
		return ^s.positions.of.at(num)
	default:
		return s.positions.of.at(num)
	}
}

// sorted is what is held, in order.
func (s *sift) sorted() []candidate {
	held := s.held()
	s.run.peak = max(s.run.peak, len(s.run.candidates))
	if len(held) > 1 {
		slices.SortFunc(held, func(a, b candidate) int { return s.order.compare(s.run, &a, &b) })
	}
	return held
}
