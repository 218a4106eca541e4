package answer

import (
	"strconv"

	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// groupPage is the place of the groups that a slot of the connection's owner holds. The
// rows of groups have as many cells as there are keys and numbers.
func (w *writer) groupPage(p place, slot int) place {
	groups := p.owner.row.Slots[slot].Read.(*plan.Groups)
	width := len(groups.By) + 1 + len(groups.Distinct)
	row := &plan.Row{Slots: make([]plan.Slot, width)}
	for i := range groups.By {
		if groups.By[i].Link != nil {
			row.Slots[i].Read = &plan.One{Link: groups.By[i].Link, Row: groups.By[i].Row}
		}
	}
	return place{row: row, page: int(w.cells[p.owner.at+1+slot].Num)}
}

func (w *writer) facets(out *plan.Facets, p place) bool {
	return w.each(len(out.Slots), func(i int) bool {
		return w.object(out.Shape[i], w.groupPage(p, out.Slots[i]))
	})
}

func (w *writer) groupKeys(out *plan.GroupKeys, p place) bool {
	return w.each(len(out.Shape), func(i int) bool { return w.object(out.Shape[i], p) })
}

// each writes a list of n required elements.
func (w *writer) each(n int, element func(i int) bool) bool {
	w.dst = append(w.dst, '[')
	for i := range n {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		w.path = append(w.path, step{index: i})
		if !element(i) {
			return false
		}
		w.path = w.path[:len(w.path)-1]
	}
	w.dst = append(w.dst, ']')
	return true
}

// keyText writes a key as a string: numbers too, so that all keys are read alike.
func (w *writer) keyText(c plan.Cell) {
	switch c.Kind {
	case plan.CellNull:
		w.dst = append(w.dst, "null"...)
	case plan.CellNumber:
		w.text(strconv.FormatInt(c.Num, 10))
	case plan.CellFloat:
		w.text(value.FormatFloat(value.FloatNum(c.Float())))
	case plan.CellBool:
		w.text(strconv.FormatBool(c.Num != 0))
	case plan.CellAt:
		w.keyText(w.cells[c.Num+1]) // the first slot of a key's row is the id
	default:
		w.text(c.Str)
	}
}

func (w *writer) keyNode(out *plan.KeyNode, p place) bool {
	if out.Slot < 0 || w.cells[p.at+1+out.Slot].Kind == plan.CellNull {
		w.dst = append(w.dst, "null"...)
		return true
	}
	inner := w.inner(p.row.Slots[out.Slot].Read, int(w.cells[p.at+1+out.Slot].Num))
	return w.nullable(false, func() bool { return w.object(out.Shape, inner) })
}

func (w *writer) groupNumber(out plan.GroupNumber, p place) {
	if out.Slot < 0 {
		w.dst = append(w.dst, "null"...)
		return
	}
	w.dst = strconv.AppendInt(w.dst, w.cells[p.at+1+out.Slot].Num, 10)
}
