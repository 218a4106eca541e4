package analytics

import (
	"context"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Covariate is what the graph says of a member; what it does not say is empty.
type Covariate struct{ Type, Kind, Region, Country string }

// covariatesName is the key of covariates.
type covariatesName struct{}

// Covariates are what the graph says of the members, by place.
func (s *Spread) Covariates(ctx context.Context) ([]Covariate, error) {
	all, err := read(ctx, s.view, measureName{s.key, covariatesName{}}, func(ctx context.Context) ([]Covariate, error) {
		return s.view.engine.readCovariates(ctx, s.IDs)
	})
	return all, justChanged(err)
}

// members are the people of a population, and the groups they are in.
type members struct {
	IDs     []string // natural order; the others are places in it
	Groups  []string // names, in natural order; nil: no groups
	GroupBy string   // by what they are grouped; empty: by nothing
	in      []int32  // per member, the place of its group, or outside; nil: no groups
}

// Place is the place of a member; ok is false for all others.
func (m *members) Place(id string) (person int32, ok bool) {
	at, ok := slices.BinarySearchFunc(m.IDs, id, natural)
	return int32(at), ok
}

// groupAsked is the place of the group in the argument group, if one was given.
func (m *members) groupAsked(args Args) (at int32, given bool, err error) {
	name := args["group"]
	if name.IsNull() {
		return 0, false, nil
	}
	if name.Str == "" {
		return 0, true, fault.New(fault.Invalid, "group is empty; name a group, or leave it out for everybody")
	}
	place, known := slices.BinarySearchFunc(m.Groups, name.Str, natural)
	if !known {
		return 0, true, fault.New(fault.Invalid, "group: the population has no group %q%s", name.Str, these("; its groups are ", m.Groups))
	}
	return int32(place), true, nil
}

// groupOf is the name of a member's group, or null.
func (m *members) groupOf(person int32) any {
	if m.in == nil || m.in[person] < 0 {
		return nil
	}
	return m.Groups[m.in[person]]
}

// members puts the members of a population into groups.
func (g *gathering) members(ctx context.Context, people *population) (members, error) {
	m := members{IDs: people.ids, GroupBy: g.GroupBy}
	if g.GroupBy == "" && people.study != nil && len(people.study.groups()) > 0 {
		m.GroupBy = byStudyGroup
	}
	if m.GroupBy == byNothing {
		m.GroupBy = ""
	}
	if m.GroupBy == "" {
		return m, nil
	}
	of, err := g.grouping(ctx, &m, people.study)
	if err != nil {
		return m, err
	}
	for _, name := range of {
		if name != "" {
			m.Groups = append(m.Groups, name)
		}
	}
	m.Groups = slices.Compact(inOrder(m.Groups))
	m.in = make([]int32, len(of))
	for i, name := range of {
		at, grouped := slices.BinarySearchFunc(m.Groups, name, natural)
		if m.in[i] = int32(at); !grouped {
			m.in[i] = outside
		}
	}
	return m, nil
}

// grouping is the group of each member, empty where it has none.
func (g *gathering) grouping(ctx context.Context, m *members, s *study) ([]string, error) {
	switch m.GroupBy {
	case byStudyGroup:
		of := make([]string, len(m.IDs))
		for i, id := range m.IDs {
			if at, ok := s.place(id); ok {
				of[i] = s.group[at]
			}
		}
		return of, nil
	case "COHORT":
		return g.cohorts(ctx, m.IDs)
	default:
		all, err := g.engine.readCovariates(ctx, m.IDs)
		of := make([]string, len(all))
		for i := range all {
			of[i] = all[i].value(m.GroupBy)
		}
		return of, err
	}
}

// value is what a covariate says by a grouping.
func (c *Covariate) value(grouping string) string {
	return map[string]string{"TYPE": c.Type, "KIND": c.Kind, "REGION": c.Region, "COUNTRY": c.Country}[grouping]
}

// cohorts are the ids of the first cohort in whose circle each party is.
func (g *gathering) cohorts(ctx context.Context, ids []string) ([]string, error) {
	n, err := g.network(ctx)
	if err != nil {
		return nil, err
	}
	first := map[string]string{}
	for _, c := range n.cohorts {
		for _, id := range n.circle(c, "CIRCLE", true).ids {
			if first[id] == "" {
				first[id] = c.id
			}
		}
	}
	of := make([]string, len(ids))
	for i, id := range ids {
		of[i] = first[id]
	}
	return of, nil
}

// readCovariates reads what the graph says of parties.
func (e *Engine) readCovariates(ctx context.Context, ids []string) ([]Covariate, error) {
	find := &plan.FindAll{Types: e.catalog.TypesOf("Party"), IDs: plan.Operand{Param: idsParam}, Row: e.covariateRow()}
	prepared, err := e.store.Prepare(&plan.Plan{Catalog: e.catalog, Query: plan.Row{Slots: []plan.Slot{{Read: find}}}})
	if err != nil {
		return nil, err
	}
	all := make([]Covariate, 0, len(ids))
	for some := range slices.Chunk(ids, plan.MaxPage) {
		result, err := prepared.Run(ctx, plan.Params{idsParam: ofIDs(some)})
		if err != nil {
			return nil, err
		}
		at := int(result.Cells[1].Num)
		for i := range some {
			all = append(all, e.covariate(line{result, plan.RowAt(at, i, len(find.Row.Slots))}))
		}
		result.Release()
	}
	return all, nil
}

// covariateNames are the properties behind covariates, where a type has them.
var covariateNames = [...]string{"kind", "region", "country"}

func (e *Engine) covariateRow() plan.Row {
	row := plan.Row{Types: e.catalog.TypesOf("Party")}
	for _, name := range covariateNames {
		var types catalog.TypeSet
		for t := range e.catalog.In(row.Types) {
			if _, has := t.Property(name); has {
				types |= catalog.SetOf(t.ID)
			}
		}
		row.Slots = append(row.Slots, plan.Slot{Types: types, Read: plan.Property{Name: name}})
	}
	return row
}

func (e *Engine) covariate(l line) Covariate {
	header := l.result.Cells[l.at]
	if header.Kind != plan.CellRow { // gone meanwhile
		return Covariate{}
	}
	return Covariate{Type: e.catalog.Types[header.Type].Name, Kind: l.text(0), Region: l.text(1), Country: l.text(2)}
}

// ofIDs are ids as one value.
func ofIDs(ids []string) value.Value {
	list := make([]value.Value, len(ids))
	for i, id := range ids {
		list[i] = value.OfID(id)
	}
	return value.OfList(list)
}
