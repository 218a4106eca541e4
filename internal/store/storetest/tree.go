package storetest

import (
	"nicgraph/internal/plan"
)

// Tree is a part of an answer as nested data: nil, a string, an int64, a float64,
// a bool, a []string, a Row or a Page.
type Tree any

// Row is a node as an answer shows it; at the root Type is empty.
type Row struct {
	Type  string
	Slots []Tree
}

// Page is a list of rows, nil where there is no node. Groups are rows without a type:
// the keys, the count, the numbers of distinct nodes. What the plan does not ask for
// stays zero.
type Page struct {
	Total int64
	Next  bool
	Rows  []Tree
}

// TreeOf turns a store's flat answer into the form in which Evaluate answers.
func TreeOf(p *plan.Plan, r *plan.Result) Tree {
	t := treeReader{plan: p, cells: r.Cells}
	return Row{Slots: t.slots(&p.Query, 0)}
}

type treeReader struct {
	plan  *plan.Plan
	cells []plan.Cell
}

func (t *treeReader) row(row *plan.Row, at int) Tree {
	header := t.cells[at]
	if header.Kind == plan.CellNull {
		return nil
	}
	mustBe(header, plan.CellRow)
	return Row{Type: t.plan.Catalog.Types[header.Type].Name, Slots: t.slots(row, at)}
}

func (t *treeReader) slots(row *plan.Row, at int) []Tree {
	var slots []Tree
	for i, slot := range row.Slots {
		slots = append(slots, t.slot(slot.Read, t.cells[at+1+i]))
	}
	return slots
}

func (t *treeReader) slot(read plan.Read, cell plan.Cell) Tree {
	if cell.Kind == plan.CellNull {
		return nil
	}
	switch read := read.(type) {
	case plan.Property, plan.KeyOf, plan.Targets:
		return t.scalar(cell)
	case *plan.One:
		return t.row(&read.Row, at(cell))
	case *plan.Many:
		page := t.page(&read.Row, at(cell))
		if !read.Total {
			page.Total = 0
		}
		if !read.Rows {
			page.Next = false
		}
		return page
	case *plan.Groups:
		return t.groups(read, at(cell))
	case *plan.Find:
		return t.row(&read.Row, at(cell))
	case *plan.FindAll:
		page := t.page(&read.Row, at(cell))
		page.Total, page.Next = 0, false
		return page
	default:
		panic(read)
	}
}

func (t *treeReader) page(row *plan.Row, at int) Page {
	header := t.cells[at]
	mustBe(header, plan.CellPage)
	page := Page{Total: header.Num, Next: header.Next, Rows: []Tree{}}
	for i := range int(header.Len) {
		page.Rows = append(page.Rows, t.row(row, plan.RowAt(at, i, len(row.Slots))))
	}
	return page
}

func (t *treeReader) groups(g *plan.Groups, at int) Page {
	header := t.cells[at]
	mustBe(header, plan.CellPage)
	page := Page{Next: header.Next, Rows: []Tree{}}
	if g.Total {
		page.Total = header.Num
	}
	width := len(g.By) + 1 + len(g.Distinct)
	for i := range int(header.Len) {
		page.Rows = append(page.Rows, t.group(g, plan.RowAt(at, i, width)))
	}
	return page
}

func (t *treeReader) group(g *plan.Groups, at int) Tree {
	var group Row
	for i := range g.By {
		group.Slots = append(group.Slots, t.groupKey(&g.By[i], t.cells[at+1+i]))
	}
	for i := range 1 + len(g.Distinct) {
		number := t.cells[at+1+len(g.By)+i]
		mustBe(number, plan.CellNumber)
		group.Slots = append(group.Slots, number.Num)
	}
	return group
}

func (t *treeReader) groupKey(key *plan.GroupKey, cell plan.Cell) Tree {
	switch {
	case cell.Kind == plan.CellNull:
		return nil
	case key.Link != nil:
		return t.row(&key.Row, at(cell))
	default:
		return t.scalar(cell)
	}
}

func (t *treeReader) scalar(cell plan.Cell) Tree {
	switch cell.Kind {
	case plan.CellText:
		return cell.Str
	case plan.CellNumber:
		return cell.Num
	case plan.CellFloat:
		return cell.Float()
	case plan.CellBool:
		return cell.Num == 1
	case plan.CellTexts:
		texts := []string{}
		for _, element := range t.cells[cell.Num : cell.Num+int64(cell.Len)] {
			mustBe(element, plan.CellText)
			texts = append(texts, element.Str)
		}
		return texts
	default:
		panic(cell)
	}
}

func at(cell plan.Cell) int {
	mustBe(cell, plan.CellAt)
	return int(cell.Num)
}

func mustBe(cell plan.Cell, kind plan.CellKind) {
	if cell.Kind != kind {
		panic(cell)
	}
}
