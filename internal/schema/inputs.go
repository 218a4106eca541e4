package schema

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
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
	}
	links := v.links(def.Name)
	for _, f := range def.Fields {
		in.Fields = append(in.Fields, v.condition(f, links[f.Name] != nil))
	}
	return in
}

func (v *deriver) condition(f *ast.FieldDefinition, isLink bool) *ast.FieldDefinition {
	target := f.Type.Name()
	switch {
	case isLink && f.Type.Elem != nil:
		return field(f.Name, ast.NamedType(target+"LinkWhere", nil), fmt.Sprintf("Condition on all of `%s` together. %s", f.Name, f.Description))
	case isLink:
		return field(f.Name, ast.NamedType(target+"Where", nil), fmt.Sprintf("Condition on `%s`; `{}` asks only that there is one. %s", f.Name, f.Description))
	case f.Type.Elem != nil:
		target += "List"
	}
	return field(f.Name, ast.NamedType(target+"Where", nil), fmt.Sprintf("Condition on `%s`. %s", f.Name, f.Description))
}

// linkWhere holds the conditions on the far ends of a link to many.
func linkWhere(def *ast.Definition) *ast.Definition {
	each := ast.NamedType(def.Name+"Where", nil)
	return input(def.Name+"LinkWhere", "Conditions on a list taken together; all that are given must hold.",
		field("some", each, "At least one in the list meets this."),
		field("all", each, "Every one in the list meets this. That is true of an empty list too; add `some` to ask for at least one."),
		field("none", each, "No one in the list meets this."),
		field("count", ast.NamedType(def.Name+"CountWhere", nil), "Condition on how many there are in the list."))
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

// order holds a key for each scalar.
func (v *deriver) order(def *ast.Definition) *ast.Definition {
	in := input(def.Name+"Order", "A key to sort "+words(v.plural(def.Name))+" by: name exactly one field, and where those without a value stand.")
	links := v.links(def.Name)
	for _, f := range def.Fields {
		if links[f.Name] == nil && f.Type.Elem == nil {
			in.Fields = append(in.Fields, field(f.Name, ast.NamedType("Direction", nil), fmt.Sprintf("Sort by `%s`. %s", f.Name, f.Description)))
		}
	}
	nulls := field("nulls", ast.NamedType("Nulls", nil), "Where those without a value stand.")
	nulls.DefaultValue = &ast.Value{Raw: "LAST", Kind: ast.EnumValue}
	in.Fields = append(in.Fields, nulls)
	return in
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
