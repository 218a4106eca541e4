package population

import (
	"context"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/lineage"
	"nicgraph/internal/natural"
	"nicgraph/internal/plan"
)

// Covariate is what the graph says of a member; what it does not say is empty.
type Covariate struct{ Type, Kind, Region, Country string }

// Members are the people of a population, and the groups they are in.
type Members struct {
	IDs     []string // natural order; the others are places in it
	Groups  []string // names, in natural order; nil: no groups
	GroupBy string   // by what they are grouped; empty: by nothing
	In      []int32  // per member, the place of its group, or outside; nil: no groups
}

// Place is the place of a member; ok is false for all others.
func (m *Members) Place(id string) (person int32, ok bool) {
	at, ok := slices.BinarySearchFunc(m.IDs, id, natural.Compare)
	return int32(at), ok
}

// GroupAsked is the place of the group in the argument group, if one was given.
func (m *Members) GroupAsked(args computed.Args) (at int32, given bool, err error) {
	name := args["group"]
	if name.IsNull() {
		return 0, false, nil
	}
	if name.Str == "" {
		return 0, true, fault.New(fault.Invalid, "group is empty; name a group, or leave it out for everybody")
	}
	place, known := slices.BinarySearchFunc(m.Groups, name.Str, natural.Compare)
	if !known {
		return 0, true, fault.New(fault.Invalid, "group: the population has no group %q%s", name.Str, these("; its groups are ", m.Groups))
	}
	return int32(place), true, nil
}

// GroupOf is the name of a member's group, or null.
func (m *Members) GroupOf(person int32) any {
	if m.In == nil || m.In[person] < 0 {
		return nil
	}
	return m.Groups[m.In[person]]
}

// Members puts the members of a population into groups.
func (g *Gathering) Members(ctx context.Context, people *People) (Members, error) {
	m := Members{IDs: people.IDs, GroupBy: g.GroupBy}
	if g.GroupBy == "" && people.Study != nil && len(people.Study.groups()) > 0 {
		m.GroupBy = byStudyGroup
	}
	if m.GroupBy == byNothing {
		m.GroupBy = ""
	}
	if m.GroupBy == "" {
		return m, nil
	}
	of, err := g.grouping(ctx, &m, people.Study)
	if err != nil {
		return m, err
	}
	for _, name := range of {
		if name != "" {
			m.Groups = append(m.Groups, name)
		}
	}
	m.Groups = slices.Compact(natural.Sort(m.Groups))
	m.In = make([]int32, len(of))
	for i, name := range of {
		at, grouped := slices.BinarySearchFunc(m.Groups, name, natural.Compare)
		if m.In[i] = int32(at); !grouped {
			m.In[i] = Outside
		}
	}
	return m, nil
}

// grouping is the group of each member, empty where it has none.
func (g *Gathering) grouping(ctx context.Context, m *Members, s *Study) ([]string, error) {
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
		all, err := ReadCovariates(ctx, g.Engine, m.IDs)
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
func (g *Gathering) cohorts(ctx context.Context, ids []string) ([]string, error) {
	b, err := lineage.BodiesAt(ctx, g.View)
	if err != nil {
		return nil, err
	}
	first := map[string]string{}
	for _, c := range b.Cohorts {
		for _, id := range b.Circle(c, "CIRCLE", true).IDs {
			if first[id] == "" {
				first[id] = c.ID
			}
		}
	}
	of := make([]string, len(ids))
	for i, id := range ids {
		of[i] = first[id]
	}
	return of, nil
}

// ReadCovariates reads what the graph says of parties.
func ReadCovariates(ctx context.Context, e *computed.Engine, ids []string) ([]Covariate, error) {
	all := make([]Covariate, 0, len(ids))
	err := e.Find(ctx, covariateRow(e.Catalog), ids, func(l computed.Line) {
		all = append(all, covariateOf(e.Catalog, l))
	})
	return all, err
}

// covariateNames are the properties behind covariates, where a type has them.
var covariateNames = [...]string{"kind", "region", "country"}

func covariateRow(cat *catalog.Catalog) plan.Row {
	row := plan.Row{Types: cat.TypesOf("Party")}
	for _, name := range covariateNames {
		var types catalog.TypeSet
		for t := range cat.In(row.Types) {
			if _, has := t.Property(name); has {
				types |= catalog.SetOf(t.ID)
			}
		}
		row.Slots = append(row.Slots, plan.Slot{Types: types, Read: plan.Property{Name: name}})
	}
	return row
}

func covariateOf(cat *catalog.Catalog, l computed.Line) Covariate {
	t, there := l.TypeID()
	if !there { // gone meanwhile
		return Covariate{}
	}
	return Covariate{Type: cat.Types[t].Name, Kind: l.Text(0), Region: l.Text(1), Country: l.Text(2)}
}
