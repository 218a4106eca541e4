package schema

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
)

// aboutMutation is the description of the type Mutation: what holds for all of its fields.
const aboutMutation = `Where every write begins. A field writes all of its inputs or none of them; the fields of one
operation run one after the other, each by itself, so an earlier one stays written when a later
one fails. What is wrong is told all at once: one error per fault, with ` + "`extensions.code`" + ` and, in
` + "`extensions.inputPath`" + `, its place in the arguments. A field takes at most 1,000 inputs. Of somebody who may propose and not
write, a field becomes a proposal, for itself: what it rests on must be there already.`

// mutation is the type Mutation with four fields for each type of node, and the inputs and
// payloads of these. One rule makes them:
//
//   - An input has the scalars of the type and its stored links, these by id; what a node
//     is never without is required to create it.
//   - To update, everything but the id may be left out, and what is left out stays.
//   - A payload counts, names the change, and has the nodes.
//
// What it has whatever the domain is stands in history.graphqls,
// proposals.graphqls and persons.graphqls.
func (v *deriver) mutation() []*ast.Definition {
	m := &ast.Definition{Kind: ast.Object, Name: "Mutation", Description: aboutMutation}
	defs := []*ast.Definition{m}
	for _, t := range v.catalog.Types {
		def := v.domain.ForName(t.Name)
		m.Fields = append(m.Fields, createField(t), updateField(t), upsertField(t), deleteField(t))
		defs = append(defs, v.createInput(t, def), v.updateInput(t, def), payload(t))
	}
	v.extend(m)
	return defs
}

func createField(t *catalog.Type) *ast.FieldDefinition {
	return writeField(t, "create", t.Name+"Create", "Creates "+words(t.Plural)+". An id that exists already is a conflict.")
}

func updateField(t *catalog.Type) *ast.FieldDefinition {
	return writeField(t, "update", t.Name+"Update", "Changes "+words(t.Plural)+": what an input leaves out stays, what it gives as null is removed.")
}

func upsertField(t *catalog.Type) *ast.FieldDefinition {
	return writeField(t, "upsert", t.Name+"Create", "Creates those "+words(t.Plural)+" that do not exist and changes the others as an update does.")
}

func deleteField(t *catalog.Type) *ast.FieldDefinition {
	f := writeField(t, "delete", "DeleteInput", "Deletes "+words(t.Plural)+".")
	mode := &ast.ArgumentDefinition{Name: "mode", Type: ast.NamedType("DeleteMode", nil), Description: "What becomes of what rests on them.",
		DefaultValue: &ast.Value{Raw: "REFUSE", Kind: ast.EnumValue}}
	f.Arguments = append(f.Arguments[:1:1], append(ast.ArgumentDefinitionList{mode}, f.Arguments[1:]...)...)
	return f
}

// writeField is a field of Mutation. It is nullable so that the answer keeps what earlier
// fields of an operation have done.
func writeField(t *catalog.Type, action, input, description string) *ast.FieldDefinition {
	return &ast.FieldDefinition{
		Name: action + t.Collective(), Description: description, Type: ast.NamedType(t.Collective()+"Payload", nil),
		Arguments: ast.ArgumentDefinitionList{
			{Name: "input", Type: listOf(input), Description: "What to " + action + "; each id once."},
			{Name: "why", Type: ast.NamedType("String", nil), Description: "The reason, which the history keeps."},
			{Name: "key", Type: ast.NamedType("String", nil), Description: "A text of your own that names this write: sent again with the same key, it is not done again, and the answer is that of the first time."},
			{Name: "dryRun", Type: ast.NamedType("Boolean", nil), Description: "Write nothing, and answer as if it had been written.",
				DefaultValue: &ast.Value{Raw: "false", Kind: ast.BooleanValue}},
		},
	}
}

// createInput has everything that a new node can be given.
func (v *deriver) createInput(t *catalog.Type, def *ast.Definition) *ast.Definition {
	name := words(lowerFirst(t.Name))
	in := input(t.Name+"Create", fmt.Sprintf("A new %s: its fields, and what it leads to, by id.", name),
		field("id", ast.NamedType("ID", nil), "A short readable name: small letters and digits, with single hyphens between. When left out, one is made."))
	v.written(t, def, func(f *ast.FieldDefinition, required bool, written *ast.Type) {
		written.NonNull = required
		in.Fields = append(in.Fields, field(f.Name, written, f.Description))
	})
	return in
}

// updateInput names a node and has everything that it can be given.
func (v *deriver) updateInput(t *catalog.Type, def *ast.Definition) *ast.Definition {
	name := words(lowerFirst(t.Name))
	in := input(t.Name+"Update", fmt.Sprintf("What is to change of one %s. What is left out stays, null removes, a list replaces the whole list.", name),
		field("id", ast.NonNullNamedType("ID", nil), fmt.Sprintf("Id of the %s.", name)))
	if _, ok := t.Property(catalog.Version); ok {
		in.Fields = append(in.Fields, field(catalog.Version, ast.NamedType("Int", nil), "The version that you have read. When somebody has written since, nothing is changed, and the conflict names both versions."))
	}
	v.written(t, def, func(f *ast.FieldDefinition, _ bool, written *ast.Type) {
		in.Fields = append(in.Fields, field(f.Name, written, f.Description))
	})
	return in
}

// written visits what a writer can give of a type, in the order of the SDL, with its
// nullable type as an input.
func (v *deriver) written(t *catalog.Type, def *ast.Definition, visit func(f *ast.FieldDefinition, required bool, written *ast.Type)) {
	for _, f := range def.Fields {
		if p, ok := t.Property(f.Name); ok && !p.Managed && p.Index > 0 {
			written := *f.Type
			written.NonNull = false
			visit(f, p.Required, &written)
		}
		l, ok := t.Link(f.Name)
		if !ok || l.Shortcut != nil || l.Direction != catalog.Out {
			continue
		}
		if l.Many {
			visit(f, l.Required, ast.ListType(ast.NonNullNamedType("ID", nil), nil))
		} else {
			visit(f, l.Required, ast.NamedType("ID", nil))
		}
	}
}

func payload(t *catalog.Type) *ast.Definition {
	count := func(name, what string) *ast.FieldDefinition {
		return field(name, ast.NonNullNamedType("Int", nil), "How many were "+what+", of whatever type.")
	}
	plural := words(t.Plural)
	return &ast.Definition{Kind: ast.Object, Name: t.Collective() + "Payload", Description: "What came of a write of " + plural + ".", Fields: ast.FieldList{
		count("created", "created"), count("updated", "updated"), count("unchanged", "as wanted already"), count("deleted", "deleted"),
		field("change", ast.NamedType("Change", nil), "The change in the history; null when nothing differed, or on a dry run."),
		field("proposal", ast.NamedType("Proposal", nil), "The proposal that this became, when you may propose and not write: the payload then says what would come of it. Null otherwise."),
		field(t.Plural, listOf(t.Name), "The "+plural+" as they are after the write, in the order of the input. Of a deletion there are none."),
		field("deletedIds", listOf("ID"), "The ids of what was deleted, that which went along included, in ascending order."),
	}}
}
