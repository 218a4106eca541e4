package clients

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

// shrink leaves out of a request whatever the difference of the answers does not need.
func (o *oracle) shrink(t *testing.T, url string, r request) request {
	t.Helper()
	for n := 0; ; {
		smaller, ok := without(r, n)
		switch {
		case !ok:
			return r
		case o.compare(t, url, smaller) != "":
			r = smaller
		default:
			n++
		}
	}
}

// without is the request without its n-th part; false when it does not have so many.
func without(r request, n int) (request, bool) {
	doc, err := parser.ParseQuery(&ast.Source{Input: r.Query})
	if err != nil {
		return r, false
	}
	c := cutter{left: n}
	for _, op := range doc.Operations {
		c.selections(&op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		c.selections(&f.SelectionSet)
	}
	doc.Operations, _ = cut(&c, doc.Operations, 1)
	if c.left >= 0 {
		return r, false
	}
	tidy(doc)
	r.Query = printed(doc)
	return r, true
}

// cutter takes out the part at which its count runs out.
type cutter struct{ left int }

// cut takes out one element of a list that must keep at least so many.
func cut[T any](c *cutter, list []T, keep int) ([]T, bool) {
	if c.left < 0 || len(list) <= keep {
		return list, false
	}
	at := c.left
	if c.left -= len(list); c.left >= 0 {
		return list, false
	}
	return append(list[:at:at], list[at+1:]...), true
}

func (c *cutter) selections(set *ast.SelectionSet) {
	*set, _ = cut(c, *set, 1)
	for _, selection := range *set {
		switch s := selection.(type) {
		case *ast.Field:
			s.Arguments, _ = cut(c, s.Arguments, 0)
			s.Directives, _ = cut(c, s.Directives, 0)
			for _, argument := range s.Arguments {
				c.value(argument.Value)
			}
			c.selections(&s.SelectionSet)
		case *ast.InlineFragment:
			s.Directives, _ = cut(c, s.Directives, 0)
			c.selections(&s.SelectionSet)
		case *ast.FragmentSpread:
			s.Directives, _ = cut(c, s.Directives, 0)
		}
	}
}

func (c *cutter) value(v *ast.Value) {
	v.Children, _ = cut(c, v.Children, 0)
	for _, child := range v.Children {
		c.value(child.Value)
	}
}

// tidy drops fragments and variables that nothing uses any more.
func tidy(doc *ast.QueryDocument) {
	for before := -1; before != len(doc.Fragments); { // one may have been used by another only
		before = len(doc.Fragments)
		doc.Fragments = slices.DeleteFunc(doc.Fragments, func(f *ast.FragmentDefinition) bool {
			return times(doc, `\.\.\.\s*`+f.Name) == 0
		})
	}
	for _, op := range doc.Operations {
		op.VariableDefinitions = slices.DeleteFunc(slices.Clone(op.VariableDefinitions), func(v *ast.VariableDefinition) bool {
			return times(doc, `\$`+v.Variable) == 1
		})
	}
}

// times counts how often a word stands in a document.
func times(doc *ast.QueryDocument, word string) int {
	return len(regexp.MustCompile(word+`\b`).FindAllString(printed(doc), -1))
}

func printed(doc *ast.QueryDocument) string {
	var b strings.Builder
	formatter.NewFormatter(&b).FormatQueryDocument(doc)
	return b.String()
}
