package neo4jstore

import (
	"fmt"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/cypher"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// decoder turns answers into the cells of a result.
type decoder struct {
	plan   *plan.Plan
	params plan.Params
	result *plan.Result
	torn   bool // something was missing that all nodes of a type have
}

func newDecoder(p *plan.Plan, params plan.Params) *decoder {
	d := &decoder{plan: p, params: params, result: &plan.Result{}}
	d.result.Grow(1 + len(p.Query.Slots))
	d.result.Cells[0].Kind = plan.CellRow
	return d
}

// roots stores the answer of a statement.
func (d *decoder) roots(st *cypher.Statement, answer any) error {
	if st.Dated && answer != nil {
		pair, err := as[[]any](answer)
		if err != nil {
			return err
		}
		revision, err := as[int64](pair[1])
		if err != nil {
			return err
		}
		d.result.Revision, answer = uint64(revision), pair[0]
	}
	if len(st.Slots) == 1 {
		return d.root(st.Slots[0], answer)
	}
	return d.several(st.Slots, answer)
}

// several stores the answers to some root slots.
func (d *decoder) several(slots []int, answer any) error {
	answers, err := as[[]any](answer)
	if err != nil {
		return err
	}
	for i, slot := range slots {
		if err := d.root(slot, answers[i]); err != nil {
			return err
		}
	}
	return nil
}

// root stores the answer to a root slot.
func (d *decoder) root(slot int, answer any) error {
	at := 1 + slot
	switch read := d.plan.Query.Slots[slot].Read.(type) {
	case *plan.Find:
		return d.one(at, &read.Row, answer)
	case *plan.FindAll:
		return d.findAll(at, read, answer)
	case *plan.Many:
		return d.many(at, read, answer)
	case *plan.Groups:
		return d.groups(at, read, answer)
	default:
		panic(fmt.Sprintf("neo4jstore: %T at the root", read))
	}
}

// findAll puts each row at the place of its id.
func (d *decoder) findAll(at int, read *plan.FindAll, answer any) error {
	ids := read.IDs.Value(d.params)
	width := len(read.Row.Slots)
	page := d.result.GrowPage(len(ids.List())+len(ids.Strs()), width)
	d.result.Cells[at] = plan.Cell{Kind: plan.CellAt, Num: int64(page)}
	found, err := as[[]any](answer)
	if err != nil {
		return err
	}
	for _, pair := range found {
		placed, err := as[[]any](pair)
		if err != nil {
			return err
		}
		i, err := as[int64](placed[0])
		if err != nil {
			return err
		}
		if err := d.row(plan.RowAt(page, int(i), width), &read.Row, placed[1]); err != nil {
			return err
		}
	}
	return nil
}

// one stores a node or nothing.
func (d *decoder) one(at int, r *plan.Row, answer any) error {
	if answer == nil {
		return nil
	}
	block := d.result.Grow(1 + len(r.Slots))
	d.result.Cells[at] = plan.Cell{Kind: plan.CellAt, Num: int64(block)}
	return d.row(block, r, answer)
}

// many stores a page; the row behind it only tells that there is one.
func (d *decoder) many(at int, m *plan.Many, answer any) error {
	page, err := m.Page(d.params)
	if err != nil {
		return err
	}
	total, rows, err := split(m.Total, m.Rows, answer)
	if err != nil {
		return err
	}
	width := len(m.Row.Slots)
	block, rows := d.page(at, page.First, width, total, rows)
	if page.Backward { // Neo4j counted them off from the back
		slices.Reverse(rows)
	}
	for i, row := range rows {
		if err := d.row(plan.RowAt(block, i, width), &m.Row, row); err != nil {
			return err
		}
	}
	return nil
}

// page makes room for a page, and leaves out the row that only tells that more follow.
func (d *decoder) page(at, first, width int, total int64, rows []any) (block int, kept []any) {
	next := len(rows) > first
	if next {
		rows = rows[:first]
	}
	block = d.result.GrowPage(len(rows), width)
	d.result.Cells[block].Num, d.result.Cells[block].Next = total, next
	d.result.Cells[at] = plan.Cell{Kind: plan.CellAt, Num: int64(block)}
	return block, rows
}

// groups stores a page of groups.
func (d *decoder) groups(at int, g *plan.Groups, answer any) error {
	first, _, err := g.Range(d.params)
	if err != nil {
		return err
	}
	total, groups, err := split(g.Total, true, answer)
	if err != nil {
		return err
	}
	width := len(g.By) + 1 + len(g.Distinct)
	block, groups := d.page(at, first, width, total, groups)
	for i, group := range groups {
		if err := d.group(plan.RowAt(block, i, width), g, group); err != nil {
			return err
		}
	}
	return nil
}

// group stores the keys of a group and its numbers.
func (d *decoder) group(at int, g *plan.Groups, answer any) error {
	cells, err := as[[]any](answer)
	if err != nil {
		return err
	}
	d.result.Cells[at].Kind = plan.CellRow
	for i, cell := range cells {
		if i < len(g.By) && g.By[i].Link != nil {
			err = d.one(at+1+i, &g.By[i].Row, cell)
		} else {
			err = d.scalar(at+1+i, cell)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// split parts a page's answer into total and rows, of which it has what was asked for.
func split(withTotal, withRows bool, answer any) (total int64, rows []any, err error) {
	switch {
	case !withRows:
		total, err = as[int64](answer)
		return total, nil, err
	case !withTotal:
		rows, err = as[[]any](answer)
		return 0, rows, err
	}
	pair, err := as[[]any](answer)
	if err != nil {
		return 0, nil, err
	}
	if total, err = as[int64](pair[0]); err != nil {
		return 0, nil, err
	}
	rows, err = as[[]any](pair[1])
	return total, rows, err
}

func (d *decoder) row(at int, r *plan.Row, answer any) error {
	cells, err := as[[]any](answer)
	if err != nil {
		return err
	}
	id, cells, err := d.typeOf(r, cells)
	if err != nil {
		return err
	}
	d.result.Cells[at] = plan.Cell{Kind: plan.CellRow, Type: id}
	for i, slot := range r.Slots {
		if !slot.Types.Has(id) {
			continue
		}
		d.torn = d.torn || cells[i] == nil && always(d.plan.Catalog.Types[id], slot.Read)
		if err := d.slot(at+1+i, slot.Read, cells[i]); err != nil {
			return err
		}
	}
	return nil
}

// always tells whether every node of a type has what a slot reads.
func always(t *catalog.Type, read plan.Read) bool {
	switch read := read.(type) {
	case plan.Property:
		p, ok := t.Property(read.Name)
		return ok && p.Required
	case *plan.One:
		return read.Link.Required
	default:
		return false
	}
}

// typeOf takes the type from the head of a row, or from the plan where there is one only.
func (d *decoder) typeOf(r *plan.Row, cells []any) (catalog.TypeID, []any, error) {
	if !cypher.Typed(r) {
		return r.Types.First(), cells, nil
	}
	if cells[0] == nil {
		d.torn = true
		return 0, nil, fault.New(fault.Unavailable, "what was asked for was being deleted; ask again")
	}
	name, err := as[string](cells[0])
	if err != nil {
		return 0, nil, err
	}
	t, ok := d.plan.Catalog.Type(name)
	if !ok {
		return 0, nil, fmt.Errorf("a node has the type %q, which the schema does not have", name)
	}
	return t.ID, cells[1:], nil
}

func (d *decoder) slot(at int, read plan.Read, answer any) error {
	switch read := read.(type) {
	case plan.Property, plan.KeyOf:
		return d.scalar(at, answer)
	case *plan.Computed: // the store brings nothing of it
		return nil
	case *plan.Groups:
		return d.groups(at, read, answer)
	case plan.Targets:
		return d.texts(at, answer)
	case *plan.One:
		return d.one(at, &read.Row, answer)
	case *plan.Many:
		return d.many(at, read, answer)
	default:
		panic(fmt.Sprintf("neo4jstore: %T in a row", read))
	}
}

func (d *decoder) scalar(at int, answer any) error {
	cell := &d.result.Cells[at]
	switch answer := answer.(type) {
	case nil:
	case string:
		*cell = plan.Cell{Kind: plan.CellText, Str: answer}
	case int64:
		*cell = plan.Cell{Kind: plan.CellNumber, Num: answer}
	case float64:
		*cell = plan.FloatCell(answer)
	case bool:
		*cell = plan.Cell{Kind: plan.CellBool}
		if answer {
			cell.Num = 1
		}
	case []any:
		return d.texts(at, answer)
	default:
		return fmt.Errorf("a property holds a %T, which nicgraph does not write", answer)
	}
	return nil
}

func (d *decoder) texts(at int, answer any) error {
	texts, err := texts(answer)
	if err != nil {
		return err
	}
	d.result.PutTexts(at, texts)
	return nil
}

// texts reads a list of texts, empty when it is missing.
func texts(answer any) ([]string, error) {
	if answer == nil {
		return nil, nil
	}
	return listOf(as[string])(answer, nil)
}

// rows reads a list of lists.
func rows(answer any, err error) ([][]any, error) { return listOf(as[[]any])(answer, err) }

// listOf reads a list whose items are read by themselves.
func listOf[A, T any](read func(A) (T, error)) func(answer any, err error) ([]T, error) {
	return func(answer any, err error) ([]T, error) {
		if err != nil {
			return nil, err
		}
		items, err := as[[]any](answer)
		if err != nil {
			return nil, err
		}
		all := make([]T, len(items))
		for i := range items {
			item, err := as[A](items[i])
			if err != nil {
				return nil, err
			}
			if all[i], err = read(item); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
}

// as takes an answer for what the statement makes it.
func as[T any](answer any) (T, error) {
	v, ok := answer.(T)
	if !ok {
		return v, fmt.Errorf("Neo4j answered with a %T where a %T was asked for", answer, v)
	}
	return v, nil
}

// pair reads the first two cells of a row. Of what is deleted while it is read they may be missing.
func pair[A, B any](row []any) (a A, b B, err error) {
	if a, err = as[A](row[0]); err == nil {
		b, err = as[B](row[1])
	}
	return a, b, err
}
