package schema

import (
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
)

func (v *deriver) list(def *ast.Definition) *ast.FieldDefinition {
	plural := argument(def.Directives.ForName("node"), "plural")
	return connectionField(plural, "All "+words(plural)+", or those that match, in pages. "+def.Description, def.Name, def.Name)
}

// connectionField is a field that lists target in pages of the given connection.
func connectionField(name, description, target, connection string) *ast.FieldDefinition {
	return &ast.FieldDefinition{
		Name: name, Description: description, Type: ast.NonNullNamedType(connection+"Connection", nil),
		Arguments: ast.ArgumentDefinitionList{
			{Name: "where", Type: ast.NamedType(target+"Where", nil), Description: "Only those that meet these conditions."},
			{Name: "orderBy", Type: ast.ListType(ast.NonNullNamedType(target+"Order", nil), nil), Description: "The keys to sort by, the weightiest first. The id settles what they leave open."},
			{Name: "first", Type: ast.NamedType("Int", nil), Description: "How many at most on the page: 25 if not given, 1,000 at most."},
			{Name: "after", Type: ast.NamedType("String", nil), Description: "Begin behind this cursor, which an earlier page in the same order gave."},
			{Name: "last", Type: ast.NamedType("Int", nil), Description: "How many at most, counted from the end: 1,000 at most. Not together with `first`."},
			{Name: "before", Type: ast.NamedType("String", nil), Description: "End ahead of this cursor, which a page in the same order gave."},
		},
	}
}

// connectionOf names the connection of a link to many, without its ending.
func connectionOf(l *catalog.Link) string {
	if l.Shortcut != nil {
		return l.Target + "By" + l.Shortcut.Fact.Target
	}
	return l.Target
}

func (v *deriver) connections(def *ast.Definition) []*ast.Definition {
	plural := words(v.plural(def.Name))
	return []*ast.Definition{
		v.connection(def.Name, def.Name, plural, upperFirst(plural)+" in pages."),
		edge(def.Name, def.Name, "One of the "+plural+" on a page."),
	}
}

// shortcutConnections yield each far thing of a shortcut once, with the facts behind it.
func (v *deriver) shortcutConnections(l *catalog.Link) []*ast.Definition {
	fact := l.Shortcut.Fact.Target
	things, facts := words(v.plural(l.Target)), words(v.plural(fact))
	e := edge(connectionOf(l), l.Target, "One of the "+things+" on a page, with the "+facts+" that lead there.")
	e.Fields = append(e.Fields, connectionField(v.plural(fact), "The "+facts+" over which the list leads there.", fact, fact))
	return []*ast.Definition{
		v.connection(connectionOf(l), l.Target, things, upperFirst(things)+" in pages, each of them once, with the "+facts+" that lead there."),
		e,
	}
}

func (v *deriver) connection(name, target, plural, description string) *ast.Definition {
	c := &ast.Definition{Kind: ast.Object, Name: name + "Connection", Description: description, Fields: ast.FieldList{
		{Name: "edges", Type: listOf(name + "Edge"), Description: "The " + plural + " on this page, each with its cursor."},
		{Name: "nodes", Type: listOf(target), Description: "The " + plural + " on this page."},
		{Name: "pageInfo", Type: ast.NonNullNamedType("PageInfo", nil), Description: "Where this page stands among all pages."},
		{Name: "totalCount", Type: ast.NonNullNamedType("Int", nil), Description: "How many there are on all pages together."},
	}}
	if keys := v.groupKey(v.domain.ForName(target)); len(keys.EnumValues) > 0 {
		c.Fields = append(c.Fields, v.facetsField(target, plural), v.groupsField(target, plural))
	}
	return c
}

func edge(name, target, description string) *ast.Definition {
	return &ast.Definition{Kind: ast.Object, Name: name + "Edge", Description: description, Fields: ast.FieldList{
		{Name: "node", Type: ast.NonNullNamedType(target, nil), Description: "The " + words(lowerFirst(target)) + " itself."},
		{Name: "cursor", Type: ast.NonNullNamedType("String", nil), Description: "Marks this place in the order: give it as `after` to go on from here. It has no meaning of its own."},
	}}
}
