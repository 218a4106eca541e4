package analytics

import (
	"context"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// Covariate is what the graph says of a member; what it does not say is empty.
type Covariate struct{ Type, Kind, Region, Country string }

// covariatesName is the key of covariates.
type covariatesName struct{}

// Covariates are what the graph says of the members, by place.
func (s *Spread) Covariates(ctx context.Context) ([]Covariate, error) {
	return s.view.covariates(ctx, s.panel.key, s.IDs)
}

func (v view) covariates(ctx context.Context, of panelName, ids []string) ([]Covariate, error) {
	return read(ctx, v, measureName{of, covariatesName{}}, func(ctx context.Context) ([]Covariate, error) { return v.engine.readCovariates(ctx, ids) })
}

// group puts the members of a panel into groups.
func (g *gathering) group(ctx context.Context, p *panel, s *study) error {
	p.GroupBy = g.GroupBy
	if g.GroupBy == "" && s != nil && len(s.groups()) > 0 {
		p.GroupBy = byStudyGroup
	}
	if p.GroupBy == "" {
		return nil
	}
	of, err := g.grouping(ctx, p, s)
	if err != nil {
		return err
	}
	for _, name := range of {
		if name != "" {
			p.Groups = append(p.Groups, name)
		}
	}
	p.Groups = slices.Compact(inOrder(p.Groups))
	p.Panel.Group = make([]int32, len(of))
	for i, name := range of {
		at, grouped := slices.BinarySearchFunc(p.Groups, name, natural)
		if p.Panel.Group[i] = int32(at); !grouped {
			p.Panel.Group[i] = outside
		}
	}
	return nil
}

// grouping is the group of each member, empty where it has none.
func (g *gathering) grouping(ctx context.Context, p *panel, s *study) ([]string, error) {
	switch p.GroupBy {
	case byStudyGroup:
		of := make([]string, len(p.IDs))
		for i, id := range p.IDs {
			if at, ok := s.place(id); ok {
				of[i] = s.group[at]
			}
		}
		return of, nil
	case "COHORT":
		return g.cohorts(ctx, p.IDs)
	default:
		all, err := g.engine.readCovariates(ctx, p.IDs)
		of := make([]string, len(all))
		for i := range all {
			of[i] = all[i].value(p.GroupBy)
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
