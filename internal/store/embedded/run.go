package embedded

import (
	"cmp"
	"context"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// run is one run of a query on one snapshot. Its memory is used again by later runs.
type run struct {
	ctx      context.Context
	query    *query
	params   plan.Params
	snapshot *snapshot
	result   *plan.Result
	bound    []bound    // by operand
	pages    []openPage // by many.at
	ranges   []extent   // by groups.at

	written    map[string]value.Interval // days of dates as they are written, by text
	numbers    []uint32                  // a stack of neighbours
	marks      []uint64                  // bits of numbers that are being sorted
	candidates []candidate               // a stack of the rows of open pages
	ranks      []*ranking                // by counter.at, those that are known
	peak       int                       // how far the candidates have reached
	visited    int
	err        error          // why the run ends early
	led        map[*start]led // where starts have led, nil when nobody asks
}

// openPage is a page's arguments, read once per run.
type openPage struct {
	first    int
	backward bool
	after    *bookmark
	before   *bookmark

	positions *positions // nil: not known
}

// extent is how many groups are wanted, and how many are left out before them.
type extent struct{ first, skip int }

// Run brings the rows, all of one snapshot.
func (q *query) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	r := q.store.runs.Get().(*run)
	defer q.store.release(r)
	r.ctx, r.query, r.params, r.snapshot = ctx, q, params, q.store.snapshot(ctx)
	if err := r.bind(); err != nil {
		return nil, err
	}
	r.result = q.result()
	r.grow(1 + len(q.root.slots))
	r.fill(&q.root, 0, node{}, node{})
	if err := cmp.Or(r.err, ctx.Err()); err != nil {
		return nil, err
	}
	q.usual.Store(int64(min(len(r.result.Cells), maxUsual)))
	return r.result, nil
}

// result is an empty one with room for the usual answer.
func (q *query) result() *plan.Result {
	result := plan.NewResult()
	if usual := int(q.usual.Load()); cap(result.Cells) < usual {
		result.Cells = make([]plan.Cell, 0, usual)
	}
	return result
}

// maxUsual bounds the memory that a run reserves because the last one needed it.
const maxUsual = 1 << 13

// maxKept bounds the scratch memory that a finished run leaves to the next.
const maxKept = 1 << 14

func (s *Store) release(r *run) {
	clear(r.bound)
	clear(r.pages)
	clear(r.candidates[:r.peak])
	clear(r.written)
	kept := run{written: r.written, bound: r.bound[:0], pages: r.pages[:0], ranges: r.ranges[:0], numbers: r.numbers[:0], marks: r.marks[:0], candidates: r.candidates[:0]}
	if cap(r.numbers) > maxKept || cap(r.marks) > maxKept || cap(r.candidates) > maxKept {
		kept = run{}
	}
	*r = kept
	s.runs.Put(r)
}

// bind reads the variables: operands, then paging arguments.
func (r *run) bind() error {
	for i := range r.query.operands {
		o := &r.query.operands[i]
		r.bound = append(r.bound, o.bound)
		if o.Operand.Param == "" {
			continue
		}
		var err error
		if r.bound[i], err = bind(o.Compare, r.params); err != nil {
			return err
		}
	}
	return r.open()
}

// open reads the paging arguments.
func (r *run) open() error {
	for _, m := range r.query.pages {
		args, err := m.plan.Page(r.params)
		if err != nil {
			return err
		}
		after, err := m.order.bookmark(args.After)
		before, alsoErr := m.order.bookmark(args.Before)
		if err := cmp.Or(err, alsoErr); err != nil {
			return fault.Wrap(fault.Invalid, err, "the cursor holds a wrong value; start again without it")
		}
		r.pages = append(r.pages, openPage{first: args.First, backward: args.Backward, after: after, before: before})
	}
	for _, g := range r.query.groups {
		first, skip, err := g.Range(r.params)
		if err != nil {
			return err
		}
		r.ranges = append(r.ranges, extent{first: first, skip: skip})
	}
	return nil
}

// asWritten is the days of a date as it is written.
func (r *run) asWritten(d *date) value.Interval {
	if days, known := r.written[d.raw]; known {
		return days
	}
	days, err := value.ParseWritten(d.raw)
	if err != nil {
		panic(err) // a stored date has been read before
	}
	if r.written == nil {
		r.written = make(map[string]value.Interval)
	}
	r.written[d.raw] = days
	return days
}

// stopped counts a visited node and tells whether the run has to end.
func (r *run) stopped() bool {
	const checkEvery = 4096
	if r.visited++; r.visited%checkEvery == 0 && r.err == nil {
		r.err = r.tooMuch()
	}
	return r.err != nil
}

// tooMuch tells whether the run has taken longer, or looked at more, than it may.
func (r *run) tooMuch() error {
	if limit := r.query.store.options.MaxSteps; r.visited > limit {
		return fault.New(fault.Limit, "the question looks at more than %d nodes, which this server allows; follow fewer links inside each other in its filters, or ask about fewer things at once", limit)
	}
	return r.ctx.Err()
}

// grow makes room in the answer and tells where; false when the answer is too large.
func (r *run) grow(cells int) (at int, ok bool) {
	limit := r.query.store.options.MaxCells
	if r.err == nil && len(r.result.Cells)+cells > limit {
		r.err = fault.New(fault.Limit, "the answer has more than %d values, which this server allows; ask for fewer fields or smaller pages", limit)
	}
	if r.err != nil {
		return 0, false
	}
	return r.result.Grow(cells), true
}

// fill writes a row block that has been made room for. from is the node whose link
// led here.
func (r *run) fill(p *row, at int, n, from node) {
	r.result.Cells[at] = plan.Cell{Kind: plan.CellRow, Type: n.typ}
	for i := range p.slots {
		s := &p.slots[i]
		if n.table != nil && !s.types.Has(n.typ) {
			continue
		}
		cell := at + 1 + i
		switch s.read {
		case readID:
			r.result.Cells[cell] = plan.Cell{Kind: plan.CellText, Str: r.snapshot.ids.at(n.num)}
		case readProperty:
			r.property(s, cell, n)
		case readKey:
			r.result.Cells[cell] = s.key.of(r, n).cell(s.key.Kind)
		case readTargets:
			r.targets(s, cell, n)
		case readOne:
			r.one(s, cell, n)
		case readMany:
			r.many(s.many, cell, n, from)
		case readGroups:
			r.groups(s.groups, cell, n, from)
		case readFind:
			r.find(s, cell)
		case readFindAll:
			r.findAll(s, cell)
		}
	}
}

func (r *run) property(s *slot, cell int, n node) {
	column := s.columns.of(n)
	if column == nil {
		return
	}
	out := &r.result.Cells[cell]
	switch column.kind {
	case value.Text, value.Enum:
		if t := column.texts.at(n.row); t != nil {
			out.Kind, out.Str = plan.CellText, t.raw
		}
	case value.Date:
		if d := column.dates.at(n.row); d != nil {
			out.Kind, out.Str = plan.CellText, d.raw
		}
	case value.Int:
		if w := column.nums.at(n.row); w.has {
			out.Kind, out.Num = plan.CellNumber, w.n
		}
	case value.Float:
		if w := column.nums.at(n.row); w.has {
			*out = plan.FloatCell(value.NumFloat(w.n))
		}
	case value.Bool:
		if w := column.nums.at(n.row); w.has {
			out.Kind, out.Num = plan.CellBool, w.n
		}
	case value.Strings:
		list := column.lists.at(n.row)
		r.texts(cell, len(list), func(i int) string { return list[i].raw })
	}
}

func (r *run) texts(cell, count int, text func(i int) string) {
	at, ok := r.grow(count)
	if !ok {
		return
	}
	for i := range count {
		r.result.Cells[at+i] = plan.Cell{Kind: plan.CellText, Str: text(i)}
	}
	r.result.Cells[cell] = plan.Cell{Kind: plan.CellTexts, Num: int64(at), Len: int32(count)}
}

func (r *run) targets(s *slot, cell int, n node) {
	mark := len(r.numbers)
	ends := r.reach(&s.path, n)
	r.texts(cell, len(ends), func(i int) string { return r.snapshot.ids.at(ends[i]) })
	r.numbers = r.numbers[:mark]
}

func (r *run) one(s *slot, cell int, n node) {
	end, ok := r.end(&s.path, n)
	if !ok || r.stopped() || !s.meets(r, end) {
		return
	}
	r.single(s.row, cell, end, n)
}

// meets tells whether a node is what the slot wants.
func (s *slot) meets(r *run, n node) bool { return s.where == nil || s.where(r, n) }

// single writes a row block of its own and a reference to it.
func (r *run) single(p *row, cell int, n, from node) {
	at, ok := r.grow(1 + len(p.slots))
	if !ok {
		return
	}
	r.result.Cells[cell] = plan.Cell{Kind: plan.CellAt, Num: int64(at)}
	r.fill(p, at, n, from)
}

// lookUp finds a node of some types by its id or, unless that has to be exact, by an alias.
func (r *run) lookUp(id string, types catalog.TypeSet, exact bool) (node, bool) {
	n, ok := r.snapshot.find(id, r.query.store.numbers)
	if !ok && !exact {
		n, ok = r.snapshot.find(r.snapshot.aliases.Node(id), r.query.store.numbers)
	}
	return n, ok && types.Has(n.typ)
}

func (r *run) find(s *slot, cell int) {
	if n, ok := r.lookUp(s.id.Value(r.params).Str, s.found, false); ok && s.meets(r, n) {
		r.single(s.row, cell, n, node{})
	}
}

func (r *run) findAll(s *slot, cell int) {
	ids := s.id.Value(r.params).List()
	width := len(s.row.slots)
	page, ok := r.page(cell, len(ids), width)
	if !ok {
		return
	}
	for i := range ids {
		if r.stopped() {
			return
		}
		if n, ok := r.lookUp(ids[i].Str, s.found, s.exact); ok && s.meets(r, n) {
			r.fill(s.row, plan.RowAt(page, i, width), n, node{})
		}
	}
}
