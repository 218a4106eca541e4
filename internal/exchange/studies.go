package exchange

import (
	"context"
	"fmt"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/stored"
	"nicgraph/internal/study"
)

// Sentinel is a period that a study's tables write where a party never adopted, usually the
// one after the last. Its adoptions are left out.
type Sentinel struct {
	Study  string
	Period int64
}

// Never says how many adoptions a sentinel has left out.
type Never struct {
	Sentinel
	Adoptions int
}

func (n Never) String() string {
	switch n.Adoptions {
	case 0:
		return fmt.Sprintf("no adoption is in period %d of %s", n.Period, n.Study)
	case 1:
		return fmt.Sprintf("1 adoption in period %d of %s read as never", n.Period, n.Study)
	default:
		return fmt.Sprintf("%d adoptions in period %d of %s read as never", n.Adoptions, n.Period, n.Study)
	}
}

// never lists the sentinels as they were given, with what each has left out.
func (f *folder) never(given []Sentinel) []Never {
	all := make([]Never, len(given))
	for i, s := range given {
		all[i] = Never{s, f.sentinels[s]}
	}
	return all
}

// meansNever tells whether a row is an adoption in a period that stands for never, and
// counts it.
func (f *folder) meansNever(n *change.Node) bool {
	if len(f.sentinels) == 0 || n.Type.Name != "Adoption" {
		return false
	}
	in, ok := n.Type.Link("study")
	first, has := n.Type.Property("firstPeriod")
	if !ok || !has || len(n.Links[in.Index]) != 1 || n.Values[first.Index].IsNull() {
		return false
	}
	s := Sentinel{n.Links[in.Index][0], n.Values[first.Index].Num}
	_, never := f.sentinels[s]
	if never {
		f.sentinels[s]++
	}
	return never
}

// checkStudies refuses what the rules of studies do not allow.
func (f *folder) checkStudies(ctx context.Context, stored *stored.Reader, batch *change.Batch) error {
	found, err := study.Check(ctx, f.cat, batch, stored)
	if err != nil {
		return fmt.Errorf("check the studies: %w", err)
	}
	if len(found) > 0 && !f.placed {
		f.fault(Fault{})
		return f.err()
	}
	rows := map[*source]map[[2]int32][]study.Fault{}
	for _, x := range found {
		at := f.home(x.Node.ID)
		if at.source == nil {
			f.fault(Fault{File: x.Node.Type.Table + ending, Message: fmt.Sprintf("%s, which is stored and stays: %s", x.Node.ID, sentenceOf(&x))})
			continue
		}
		if rows[at.source] == nil {
			rows[at.source] = map[[2]int32][]study.Fault{}
		}
		rows[at.source][[2]int32{at.line, at.at}] = append(rows[at.source][[2]int32{at.line, at.at}], x)
	}
	for s, faults := range rows {
		f.atCells(s, faults)
	}
	return f.err()
}

// atCells tells faults at their cells. It reads the file again: to remember where every cell
// stands would be dear for the many rows without a fault.
func (f *folder) atCells(s *source, faults map[[2]int32][]study.Fault) {
	var cells map[string]int
	s.records(func(row *record) {
		if cells == nil {
			cells = make(map[string]int, len(row.cells))
			for i, name := range row.cells {
				cells[name] = i
			}
			return
		}
		id := row.at(cells["id"])
		for _, x := range faults[[2]int32{id.line, id.at}] {
			column := columnOf(x.Node.Type, x.Field)
			f.fault(row.at(cells[column]).fault(column, "%s", sentenceOf(&x)))
		}
	})
}

func sentenceOf(x *study.Fault) string {
	text := columnOf(x.Node.Type, x.Field) + " " + x.Message
	if x.Sentinel {
		in, _ := x.Node.Type.Link("study")
		first, _ := x.Node.Type.Property(x.Field)
		text += fmt.Sprintf("; if the period stands for never, import with --never %s=%d", x.Node.Links[in.Index][0], x.Node.Values[first.Index].Num)
	}
	return text
}

// columnOf is the column in which a property or link stands.
func columnOf(t *catalog.Type, field string) string {
	for _, c := range t.Columns {
		if c.Property != nil && c.Property.Name == field || c.Link != nil && c.Link.Name == field {
			return c.Name
		}
	}
	return field
}
