package schema

import (
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
)

// groupKey is the enum of what X can be counted by: its scalars but the id, lists and
// numbers with a fraction, the years of its dates, and its links to one.
func (v *deriver) groupKey(def *ast.Definition) *ast.Definition {
	e := &ast.Definition{Kind: ast.Enum, Name: def.Name + "Key", Description: "What " + words(v.plural(def.Name)) + " can be counted by."}
	add := func(name, description string) {
		e.EnumValues = append(e.EnumValues, &ast.EnumValueDefinition{Name: name, Description: description})
	}
	links := v.links(def.Name)
	for _, f := range def.Fields {
		l := links[f.Name]
		if f.Name == "id" || f.Type.Name() == "Float" || f.Type.Elem != nil || l != nil && l.Many {
			continue
		}
		name := catalog.Screaming(f.Name)
		add(name, f.Description)
		if f.Type.Name() == "Date" {
			add(name+"_YEAR", "The year in which the date begins. "+f.Description)
		}
	}
	return e
}

// distinctLink is the enum of the links to one of X whose ends can be counted once each.
func (v *deriver) distinctLink(def *ast.Definition) *ast.Definition {
	e := &ast.Definition{Kind: ast.Enum, Name: def.Name + "Link", Description: "The links of " + words(v.plural(def.Name)) + " to one thing."}
	links := v.links(def.Name)
	for _, f := range def.Fields {
		if l := links[f.Name]; l != nil && !l.Many {
			e.EnumValues = append(e.EnumValues, &ast.EnumValueDefinition{Name: catalog.Screaming(f.Name), Description: f.Description})
		}
	}
	return e
}

// facetsField counts the nodes of a connection by one key at a time. Without a key there
// is nothing to count by.
func (v *deriver) facetsField(target, plural string) *ast.FieldDefinition {
	return v.countField(target, &ast.FieldDefinition{
		Name: "facets", Type: listOf("Facet"),
		Description: "The " + plural + " on all pages counted by each of some keys, the most frequent values first.",
		Arguments: ast.ArgumentDefinitionList{
			{Name: "by", Type: listOf(target + "Key"), Description: "The keys, each a facet of its own."},
			{Name: "first", Type: ast.NamedType("Int", nil), Description: "How many values at most per facet: 25 if not given, 1,000 at most."},
		},
	})
}

// groupsField counts the nodes of a connection by several keys together.
func (v *deriver) groupsField(target, plural string) *ast.FieldDefinition {
	return v.countField(target, &ast.FieldDefinition{
		Name: "groups", Type: ast.NonNullNamedType("Groups", nil),
		Description: "The " + plural + " on all pages counted by some keys together, the largest groups first.",
		Arguments: ast.ArgumentDefinitionList{
			{Name: "by", Type: listOf(target + "Key"), Description: "The keys that make up a group."},
			{Name: "first", Type: ast.NamedType("Int", nil), Description: "How many groups at most: 25 if not given, 1,000 at most."},
			{Name: "skip", Type: ast.NamedType("Int", nil), Description: "Leave out so many groups before."},
		},
	})
}

// countField adds the argument distinct where X has links to one, and is nil where X has
// no key.
func (v *deriver) countField(target string, f *ast.FieldDefinition) *ast.FieldDefinition {
	for _, l := range v.links(target) {
		if !l.Many {
			f.Arguments = append(f.Arguments, &ast.ArgumentDefinition{Name: "distinct", Type: ast.NamedType(target+"Link", nil),
				Description: "Count also how many different things this link leads to."})
			break
		}
	}
	return f
}
