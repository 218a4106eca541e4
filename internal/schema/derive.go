package schema

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"nicgraph/internal/catalog"
)

//go:embed served.graphqls
var servedSDL string

//go:embed computed.graphqls
var computedSDL string

//go:embed spread.graphqls
var spreadSDL string

//go:embed network.graphqls
var networkSDL string

//go:embed history.graphqls
var historySDL string

//go:embed proposals.graphqls
var proposalsSDL string

//go:embed persons.graphqls
var personsSDL string

// Derive writes the served schema. One rule makes it, the same for all types:
//
//   - Query finds each @node type or interface by id and lists it.
//   - A link to many X becomes a connection of X, with where, orderBy, first and after.
//   - The edge of a shortcut also has the facts over which it leads, and the connection
//     takes conditions on them.
//   - Each connection counts by values: facets by one key at a time, groups by several.
//   - XWhere has a condition for each field of X: on a scalar by its kind, on a link to
//     one by the conditions of the far end, on a link to many by some, all, none, count.
//     That of an interface also has isX for each listed X that implements it: the node is
//     an X and meets the conditions of X.
//   - XOrder has a key for each scalar of X, each scalar of a link to one, and the count
//     of each link to many.
//   - Graph, the answer of asOf, has the root fields again; so has RecordedGraph, the answer
//     of asRecordedAt, with all that is computed.
//   - Subscription tells of changes.
//   - Mutation creates, updates, upserts and deletes nodes of each type: see mutation.
//
// The text is the same for the same domain, whatever the machine.
func (d *Domain) Derive() string {
	v := deriver{
		catalog: d.catalog,
		domain:  d.definitions,
		made:    map[string]bool{},
	}
	v.served, v.extensions = served()
	query := v.served[0]
	asOf := query.Fields.ForName("asOf")
	v.add(query)
	for _, def := range d.definitions {
		v.definition(query, def)
	}
	v.graph(query, asOf)
	v.extend(query)
	v.recordedGraph(query)
	types := v.nodeType()
	v.add(types, enumWhere(types))
	v.add(v.mutation()...)
	v.add(v.served[1:]...)
	return format(reachable(v.out, "Query", "Mutation", "Subscription"))
}

// served is what the served schema has whatever the domain is; Query comes first. The
// extensions are computed fields of the domain's types and of Query.
func served() (definitions, extensions ast.DefinitionList) {
	doc, err := parser.ParseSchemas(
		&ast.Source{Name: "served.graphqls", Input: servedSDL},
		&ast.Source{Name: "computed.graphqls", Input: computedSDL},
		&ast.Source{Name: "spread.graphqls", Input: spreadSDL},
		&ast.Source{Name: "network.graphqls", Input: networkSDL},
		&ast.Source{Name: "history.graphqls", Input: historySDL},
		&ast.Source{Name: "proposals.graphqls", Input: proposalsSDL},
		&ast.Source{Name: "persons.graphqls", Input: personsSDL},
	)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return doc.Definitions, doc.Extensions
}

// extend gives a served type or interface its computed fields: those of its own name, and
// those of its interfaces. Fields about what the domain does not have are left out.
func (v *deriver) extend(def *ast.Definition) {
	for _, ext := range v.extensions {
		if ext.Name != def.Name && !slices.Contains(def.Interfaces, ext.Name) {
			continue
		}
		for _, f := range ext.Fields {
			if v.knows(f, map[string]bool{}) {
				def.Fields = append(def.Fields, f)
			}
		}
	}
}

// knows tells whether everything that a computed field leads to exists.
func (v *deriver) knows(f *ast.FieldDefinition, met map[string]bool) bool {
	for _, argument := range f.Arguments {
		if !v.exists(argument.Type.Name()) {
			return false
		}
	}
	name := f.Type.Name()
	record := v.served.ForName(name)
	if record == nil || met[name] {
		return v.exists(name)
	}
	met[name] = true
	return !slices.ContainsFunc(record.Fields, func(f *ast.FieldDefinition) bool { return !v.knows(f, met) })
}

func (v *deriver) exists(name string) bool {
	return slices.Contains(always, name) || v.domain.ForName(name) != nil || v.served.ForName(name) != nil
}

// always are the types that every served schema has: GraphQL's own, and what is derived.
var always = []string{"ID", "String", "Int", "Float", "Boolean", "NodeType"}

// deriver collects the definitions of the served schema in their order.
type deriver struct {
	catalog    *catalog.Catalog
	domain     ast.DefinitionList
	served     ast.DefinitionList
	extensions ast.DefinitionList
	out        ast.DefinitionList
	made       map[string]bool
}

// add appends definitions that are not there yet.
func (v *deriver) add(defs ...*ast.Definition) {
	for _, def := range defs {
		if !v.made[def.Name] {
			v.made[def.Name] = true
			v.out = append(v.out, def)
		}
	}
}

// graph gives the type Graph the root fields again.
func (v *deriver) graph(query *ast.Definition, asOf *ast.FieldDefinition) {
	graph := v.served.ForName(asOf.Type.Name())
	for _, f := range query.Fields {
		if again := v.catalog.TypesOf(f.Type.Name()) != 0 || strings.HasSuffix(f.Type.Name(), "Connection"); again {
			graph.Fields = append(graph.Fields, f)
		}
	}
}

// recordedGraph gives the type RecordedGraph all of Query again but itself, and who asks.
func (v *deriver) recordedGraph(query *ast.Definition) {
	then := query.Fields.ForName("asRecordedAt")
	graph := v.served.ForName(then.Type.Name())
	for _, f := range query.Fields {
		if f != then && !slices.Contains(ofNow, f.Name) {
			graph.Fields = append(graph.Fields, f)
		}
	}
}

// ofNow are the root fields that are not about the graph, and so not about how it was known.
var ofNow = []string{"viewer", "proposal", "proposals", "hiddenPersons"}

// definition adds what the served schema has for one definition of the domain.
func (v *deriver) definition(query, def *ast.Definition) {
	switch def.Kind {
	case ast.Object, ast.Interface:
		if def.Directives.ForName("node") != nil {
			query.Fields = append(query.Fields, v.lookup(def), v.list(def))
		}
		v.add(v.node(def))
		v.add(v.connections(def)...)
		v.add(v.where(def), linkWhere(def.Name, def.Name), countWhere(def), v.order(def), v.countOrder(def.Name, def.Name))
		v.add(v.groupKey(def), v.distinctLink(def))
		links := v.links(def.Name)
		for _, f := range def.Fields {
			if l := links[f.Name]; l != nil && l.Shortcut != nil {
				v.add(v.shortcutConnections(l)...)
				v.add(v.shortcutInputs(l)...)
			}
		}
	case ast.Enum:
		v.add(def, enumWhere(def))
	default:
		v.add(def)
	}
}

func (v *deriver) lookup(def *ast.Definition) *ast.FieldDefinition {
	name := words(lowerFirst(def.Name))
	return &ast.FieldDefinition{
		Name:        lowerFirst(def.Name),
		Description: "The " + name + " with this id, or null when there is none.",
		Type:        ast.NamedType(def.Name, nil),
		Arguments: ast.ArgumentDefinitionList{
			{Name: "id", Description: "Id of the " + name + ".", Type: ast.NonNullNamedType("ID", nil)},
		},
	}
}

// node is a type or interface as it is served: the links to many are connections.
func (v *deriver) node(def *ast.Definition) *ast.Definition {
	links := v.links(def.Name)
	served := &ast.Definition{Kind: def.Kind, Name: def.Name, Description: def.Description, Interfaces: def.Interfaces}
	for _, f := range def.Fields {
		field := &ast.FieldDefinition{Name: f.Name, Description: f.Description, Type: f.Type}
		if l := links[f.Name]; l != nil && l.Many {
			field = connectionField(f.Name, f.Description, l.Target, connectionOf(l))
			if l.Shortcut != nil {
				field.Arguments = slices.Insert(field.Arguments, 1, &ast.ArgumentDefinition{Name: "facts", Type: ast.NamedType(l.Shortcut.Fact.Target+"Where", nil),
					Description: "Only over " + words(v.plural(l.Shortcut.Fact.Target)) + " that meet these conditions."})
			}
		}
		field.Directives = f.Directives.ForNames("deprecated")
		served.Fields = append(served.Fields, field)
	}
	v.extend(served)
	return served
}

// nodeType is the enum of all types, by which interfaces are filtered.
func (v *deriver) nodeType() *ast.Definition {
	e := &ast.Definition{Kind: ast.Enum, Name: "NodeType", Description: "The types of things and facts."}
	for _, t := range v.catalog.Types {
		e.EnumValues = append(e.EnumValues, &ast.EnumValueDefinition{Name: t.EnumName(), Description: t.Description})
	}
	return e
}

// links are the links of a type or interface by name.
func (v *deriver) links(name string) map[string]*catalog.Link {
	all := map[string]*catalog.Link{}
	if t, ok := v.catalog.Type(name); ok {
		for _, l := range t.Links {
			all[l.Name] = l
		}
	}
	if i, ok := v.catalog.Interface(name); ok {
		for _, l := range i.Links {
			all[l.Name] = l
		}
	}
	return all
}

// plural is the name under which a type or interface is listed.
func (v *deriver) plural(name string) string {
	if t, ok := v.catalog.Type(name); ok {
		return t.Plural
	}
	if i, ok := v.catalog.Interface(name); ok && i.Plural != "" {
		return i.Plural
	}
	return lowerFirst(name) + "s"
}

func listOf(name string) *ast.Type {
	return ast.NonNullListType(ast.NonNullNamedType(name, nil), nil)
}

// about is the description of the served schema, where a reader of its documentation begins.
const about = `Who learned what from whom across improvement networks in education.

The graph holds things (organizations, networks, people, programs, practices, resources) and
facts about them (learnings, memberships, roles, participations, recognitions), each with its
dates, its confidence where it may be in doubt, and its sources; and studies of how practices
spread, with who was asked, who named whom, and who took up what in which period. Every list is
a connection: it takes conditions (where), an order (orderBy) and a page (first and after, or
last and before), and counts itself (totalCount, facets, groups). Begin with a field of Query: a thing by its id, a
list, search, learningPaths, cohortFlow, spread, or asOf for another day. Mutation writes: four
fields for each type, all made by one rule. Subscription tells of changes as they are written.`

func format(defs ast.DefinitionList) string {
	var b strings.Builder
	b.WriteString("# Code generated by make generate; DO NOT EDIT.\n\n")
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchemaDocument(&ast.SchemaDocument{
		Schema: ast.SchemaDefinitionList{{
			Description:    about,
			OperationTypes: ast.OperationTypeDefinitionList{{Operation: ast.Query, Type: "Query"}, {Operation: ast.Mutation, Type: "Mutation"}, {Operation: ast.Subscription, Type: "Subscription"}},
		}},
		Definitions: defs,
	})
	return b.String()
}
