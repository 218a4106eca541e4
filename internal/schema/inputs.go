package schema

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
)

// where holds a condition for each field of a type or interface.
func (v *deriver) where(def *ast.Definition) *ast.Definition {
	name := def.Name + "Where"
	plural := words(v.plural(def.Name))
	in := input(name, "Conditions on "+plural+"; all that are given must hold.",
		field("and", ast.ListType(ast.NonNullNamedType(name, nil), nil), "All of these hold. An empty list is true."),
		field("or", ast.ListType(ast.NonNullNamedType(name, nil), nil), "At least one of these holds. An empty list is false."),
		field("not", ast.NamedType(name, nil), "This does not hold."))
	if def.Kind == ast.Interface {
		in.Fields = append(in.Fields, field("type", ast.NamedType("NodeTypeWhere", nil), "Condition on the type of thing or fact."))
		in.Fields = append(in.Fields, v.typed(def)...)
	}
	links := v.links(def.Name)
	for _, f := range def.Fields {
		in.Fields = append(in.Fields, v.condition(f, links[f.Name]))
	}
	return in
}

// typed are the conditions on an interface by what only some of its types have: one for each
// type or interface that implements it and is listed.
func (v *deriver) typed(def *ast.Definition) []*ast.FieldDefinition {
	var fields []*ast.FieldDefinition
	for _, by := range v.domain {
		if slices.Contains(by.Interfaces, def.Name) && by.Directives.ForName("node") != nil {
			text := fmt.Sprintf("It is one of the %s and meets this; `{}` asks only that it is one. %s", words(v.plural(by.Name)), by.Description)
			fields = append(fields, field(typedName(by.Name), ast.NamedType(by.Name+"Where", nil), text))
		}
	}
	return fields
}

// typedName is the name of the condition to be of a type or interface: isOrganization.
func typedName(name string) string { return "is" + name }

func (v *deriver) condition(f *ast.FieldDefinition, l *catalog.Link) *ast.FieldDefinition {
	target := f.Type.Name()
	switch {
	case l != nil && l.Many:
		return field(f.Name, ast.NamedType(connectionOf(l)+"LinkWhere", nil), fmt.Sprintf("Condition on all of `%s` together. %s", f.Name, f.Description))
	case l != nil:
		return field(f.Name, ast.NamedType(target+"Where", nil), fmt.Sprintf("Condition on `%s`; `{}` asks only that there is one. %s", f.Name, f.Description))
	case f.Type.Elem != nil:
		target += "List"
	}
	return field(f.Name, ast.NamedType(target+"Where", nil), fmt.Sprintf("Condition on `%s`. %s", f.Name, f.Description))
}

// linkWhere holds the conditions on the far ends of a link to many target.
func linkWhere(name, target string) *ast.Definition {
	each := ast.NamedType(target+"Where", nil)
	return input(name+"LinkWhere", "Conditions on a list taken together; all that are given must hold.",
		field("some", each, "At least one in the list meets this."),
		field("all", each, "Every one in the list meets this. That is true of an empty list too; add `some` to ask for at least one."),
		field("none", each, "No one in the list meets this."),
		field("count", ast.NamedType(target+"CountWhere", nil), "Condition on how many there are in the list."))
}

// shortcutInputs are the inputs for a shortcut, which also take conditions on its facts.
func (v *deriver) shortcutInputs(l *catalog.Link) []*ast.Definition {
	name, facts := connectionOf(l), l.Shortcut.Fact.Target
	where := linkWhere(name, l.Target)
	order := v.countOrder(name, l.Target)
	for _, in := range []*ast.Definition{where, order} {
		in.Fields = append(in.Fields, field("facts", ast.NamedType(facts+"Where", nil), "Look only over "+words(v.plural(facts))+" that meet this."))
	}
	return []*ast.Definition{where, order}
}

// countOrder is the key to sort by how many there are at the end of a link to many target.
func (v *deriver) countOrder(name, target string) *ast.Definition {
	plural := words(v.plural(target))
	return input(name+"CountOrder", "Sort by the number of "+plural+". Such an order looks at all candidates for each page.",
		field("count", ast.NonNullNamedType("Direction", nil), "The way of sorting."),
		field("where", ast.NamedType(target+"Where", nil), "Count only "+plural+" that meet this."))
}

func countWhere(def *ast.Definition) *ast.Definition {
	number := ast.NamedType("Int", nil)
	return input(def.Name+"CountWhere", "Conditions on the length of a list; all that are given must hold.",
		field("where", ast.NamedType(def.Name+"Where", nil), "Count only those that meet this."),
		field("eq", number, "There are exactly so many."),
		field("ne", number, "There are more or fewer."),
		field("lt", number, "There are fewer."),
		field("lte", number, "There are so many or fewer."),
		field("gt", number, "There are more."),
		field("gte", number, "There are so many or more."))
}

// order holds a key for each scalar and each link.
func (v *deriver) order(def *ast.Definition) *ast.Definition {
	in := input(def.Name+"Order", "A key to sort "+words(v.plural(def.Name))+" by: name exactly one field, and where those without a value stand.")
	links := v.links(def.Name)
	for _, f := range def.Fields {
		if key := orderKey(f, links[f.Name]); key != nil {
			in.Fields = append(in.Fields, key)
		}
	}
	nulls := field("nulls", ast.NamedType("Nulls", nil), "Where those without a value stand.")
	nulls.DefaultValue = &ast.Value{Raw: "LAST", Kind: ast.EnumValue}
	in.Fields = append(in.Fields, nulls)
	return in
}

// orderKey is the key for one field, nil for a list of texts.
func orderKey(f *ast.FieldDefinition, l *catalog.Link) *ast.FieldDefinition {
	switch {
	case l == nil && f.Type.Elem != nil:
		return nil
	case l == nil:
		return field(f.Name, ast.NamedType("Direction", nil), fmt.Sprintf("Sort by `%s`. A page costs the same wherever it stands. %s", f.Name, f.Description))
	case l.Many:
		return field(f.Name, ast.NamedType(connectionOf(l)+"CountOrder", nil), fmt.Sprintf("Sort by how many `%s` there are. %s", f.Name, f.Description))
	default:
		return field(f.Name, ast.NamedType(l.Target+"Order", nil), fmt.Sprintf("Sort by a key of `%s`; without one the value is missing. Such an order looks at all candidates for each page. %s", f.Name, f.Description))
	}
}

func enumWhere(def *ast.Definition) *ast.Definition {
	one, many := ast.NamedType(def.Name, nil), ast.ListType(ast.NonNullNamedType(def.Name, nil), nil)
	return input(def.Name+"Where", "Conditions on a name of a fixed list; all that are given must hold. A missing name meets none of them but `isNull`.",
		field("eq", one, "It is this one."),
		field("ne", one, "There is one and it is another."),
		field("in", many, "It is one of these."),
		field("notIn", many, "There is one and it is none of these."),
		field("isNull", ast.NamedType("Boolean", nil), "True: it is missing. False: it is there."))
}

func input(name, description string, fields ...*ast.FieldDefinition) *ast.Definition {
	return &ast.Definition{Kind: ast.InputObject, Name: name, Description: description, Fields: fields}
}

func field(name string, t *ast.Type, description string) *ast.FieldDefinition {
	return &ast.FieldDefinition{Name: name, Type: t, Description: description}
}
