package compile

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// groupsRead begins the groups of a connection: its nodes, its conditions.
func (p *pageBuilder) groupsRead(f *ast.Field) (*plan.Groups, error) {
	read := &plan.Groups{From: p.many.From, Where: p.many.Where, Path: slices.Clone(p.path)}
	var err error
	if read.First, err = p.operandArgument(f, "first"); err != nil {
		return nil, err
	}
	distinct, err := p.argument(f, "distinct")
	if err != nil || distinct == nil {
		return read, err
	}
	link := p.target.link(fieldName(distinct.(string)))
	read.Distinct = []*catalog.Link{link}
	return read, nil
}

// groups compiles the field groups: one read by all keys together.
func (p *pageBuilder) groups(g *group) (plan.Out, error) {
	f := g.field()
	read, err := p.groupsRead(f)
	if err != nil {
		return nil, err
	}
	if read.Skip, err = p.operandArgument(f, "skip"); err != nil {
		return nil, err
	}
	if read.By, err = p.groupKeys(f); err != nil {
		return nil, err
	}
	shape, err := p.fields(g, func(g *group) (plan.Out, error) { return p.groupPage(read, g) })
	return &plan.GroupPage{Slot: p.owner.add(p.ownerTypes, read), Shape: shape}, err
}

// facets compiles the field facets: a read for each key.
func (p *pageBuilder) facets(g *group) (plan.Out, error) {
	keys, err := p.groupKeys(g.field())
	if err != nil {
		return nil, err
	}
	out := &plan.Facets{}
	for _, key := range keys {
		read, err := p.groupsRead(g.field())
		if err != nil {
			return nil, err
		}
		read.By = []plan.GroupKey{key}
		shape, err := p.fields(g, func(g *group) (plan.Out, error) { return p.groupPage(read, g) })
		if err != nil {
			return nil, err
		}
		out.Slots = append(out.Slots, p.owner.add(p.ownerTypes, read))
		out.Shape = append(out.Shape, shape)
	}
	return out, nil
}

// groupPage compiles a field of the page of groups, or of a facet.
func (p *pageBuilder) groupPage(read *plan.Groups, g *group) (plan.Out, error) {
	switch name := g.field().Name; name {
	case "by":
		return constant(keyName(read.By[0])), nil
	case "totalCount":
		read.Total = true
		return plan.TotalCount{}, nil
	case "hasNextPage":
		return plan.HasNextGroups{}, nil
	case "groups", "values":
		shape, err := p.fields(g, func(g *group) (plan.Out, error) { return p.groupRow(read, g) })
		return &plan.GroupRows{Shape: shape}, err
	default:
		return nil, fault.New(fault.Internal, "groups have no %s", name)
	}
}

// groupRow compiles a field of one group, or of one value of a facet.
func (p *pageBuilder) groupRow(read *plan.Groups, g *group) (plan.Out, error) {
	switch name := g.field().Name; name {
	case "count":
		return plan.GroupNumber{Slot: len(read.By)}, nil
	case "distinct":
		if len(read.Distinct) == 0 {
			return plan.GroupNumber{Slot: -1}, nil
		}
		return plan.GroupNumber{Slot: len(read.By) + 1}, nil
	case "keys":
		out := &plan.GroupKeys{}
		for i := range read.By {
			shape, err := p.fields(g, func(g *group) (plan.Out, error) { return p.groupKey(read, i, g) })
			if err != nil {
				return nil, err
			}
			out.Shape = append(out.Shape, shape)
		}
		return out, nil
	default:
		return p.groupKey(read, 0, g)
	}
}

// groupKey compiles a field of one key of a group.
func (p *pageBuilder) groupKey(read *plan.Groups, i int, g *group) (plan.Out, error) {
	key := &read.By[i]
	switch name := g.field().Name; name {
	case "by":
		return constant(keyName(*key)), nil
	case "value":
		return plan.KeyText{Slot: i}, nil
	case "node":
		if key.Link == nil {
			return &plan.KeyNode{Slot: -1}, nil
		}
		// Two selections of one key's node share a row: its first slot is the id.
		s := &slots{row: key.Row, scalar: map[string]int{"id": 0}}
		shape, err := p.node(s, key.Link.Targets, g.selections()...)
		key.Row = s.row
		return &plan.KeyNode{Slot: i, Shape: shape}, err
	default:
		return nil, fault.New(fault.Internal, "a group has no %s", name)
	}
}

// groupKeys reads the argument by: names of fields, and of years of dates.
func (p *pageBuilder) groupKeys(f *ast.Field) ([]plan.GroupKey, error) {
	given, err := p.argument(f, "by")
	if err != nil {
		return nil, err
	}
	names, ok := given.([]any)
	if !ok {
		names = []any{given}
	}
	if len(names) == 0 || len(names) > maxKeys {
		return nil, fault.New(fault.Invalid, "by names %d keys; name 1 to %d", len(names), maxKeys)
	}
	keys := make([]plan.GroupKey, len(names))
	for i, name := range names {
		keys[i] = p.target.groupKey(name.(string))
	}
	return keys, nil
}

// maxKeys bounds the keys of a group and the facets of a request.
const maxKeys = 10

// groupKey finds the key that a name of the enum stands for. The schema offers no other.
func (s scope) groupKey(name string) plan.GroupKey {
	field := fieldName(name)
	if property := s.property(field); property != nil {
		return plan.GroupKey{Property: field, Kind: property.Kind}
	}
	if link := s.link(field); link != nil {
		id := plan.Slot{Types: link.Targets, Read: plan.Property{Name: "id"}}
		return plan.GroupKey{Link: link, Row: plan.Row{Types: link.Targets, Slots: []plan.Slot{id}}}
	}
	return plan.GroupKey{Property: strings.TrimSuffix(field, "Year"), Kind: value.Date, Year: true}
}

// keyName is the name of a key in the enum of keys.
func keyName(key plan.GroupKey) string {
	switch {
	case key.Link != nil:
		return catalog.Screaming(key.Link.Name)
	case key.Year:
		return catalog.Screaming(key.Property) + "_YEAR"
	default:
		return catalog.Screaming(key.Property)
	}
}

// fieldName is the field that a name of an enum of fields stands for: CHANNEL_KIND to
// channelKind.
func fieldName(name string) string {
	words := strings.Split(strings.ToLower(name), "_")
	for i := 1; i < len(words); i++ {
		words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
	}
	return strings.Join(words, "")
}
