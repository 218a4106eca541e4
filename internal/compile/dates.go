package compile

import (
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// CheckDates refuses a document with something else where a date is wanted, also in
// parts that this request does not run: validation belongs to the whole document
// (section 5.6.1 of the specification), and the library's knows no scalars of ours.
func CheckDates(doc *ast.QueryDocument) error {
	for _, op := range doc.Operations {
		for _, v := range op.VariableDefinitions {
			if err := datesOf(v.DefaultValue); err != nil {
				return err
			}
		}
		if err := datesIn(op.SelectionSet); err != nil {
			return err
		}
	}
	for _, f := range doc.Fragments {
		if err := datesIn(f.SelectionSet); err != nil {
			return err
		}
	}
	return nil
}

func datesIn(set ast.SelectionSet) error {
	for _, selection := range set {
		switch s := selection.(type) {
		case *ast.Field:
			for _, argument := range s.Arguments {
				if isInput(argument.Value) {
					continue
				}
				if err := datesOf(argument.Value); err != nil {
					return err
				}
			}
			if err := datesIn(s.SelectionSet); err != nil {
				return err
			}
		case *ast.InlineFragment:
			if err := datesIn(s.SelectionSet); err != nil {
				return err
			}
		}
	}
	return nil
}

// isInput tells whether a value is what a mutation is to write: package edit tells what is
// wrong with all of it.
func isInput(v *ast.Value) bool {
	return v.ExpectedType != nil && isWritten(v.ExpectedType.Name())
}

// datesOf checks a written value, which may be nil, and the values in it.
func datesOf(v *ast.Value) error {
	if v == nil {
		return nil
	}
	for _, child := range v.Children {
		if err := datesOf(child.Value); err != nil {
			return err
		}
	}
	if v.Definition == nil || v.Definition.Name != "Date" && v.Definition.Name != "DateTime" {
		return nil
	}
	switch v.Kind {
	case ast.Variable, ast.NullValue, ast.ListValue:
		return nil
	case ast.StringValue, ast.BlockValue:
		if err := checkTime(v.Definition.Name, v.Raw); err != nil {
			return fault.New(fault.Invalid, "%s", err)
		}
		return nil
	default:
		return fault.New(fault.Invalid, "%s is no date; write it in quotes", v)
	}
}

// checkTime tells what is wrong with a text where a scalar for dates or moments is wanted.
func checkTime(scalar, text string) (err error) {
	switch scalar {
	case "Date":
		_, err = value.ParseDate(text)
	case "DateTime":
		_, err = value.ParseMoment(text)
	}
	return err
}
