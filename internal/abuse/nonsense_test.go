package abuse

import (
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/graph"
	"nicgraph/internal/audit"
	"nicgraph/internal/auth"
)

// nonsense fills the arguments of mutations with what their types allow, and now and then with what
// they do not.
type nonsense struct {
	*rand.Rand
	schema *ast.Schema
	ids    []string
}

func (n *nonsense) one(of []string) string { return of[n.IntN(len(of))] }

// mutation calls a field, with all its arguments as variables.
func (n *nonsense) mutation(f *ast.FieldDefinition) (query string, variables map[string]any) {
	variables = map[string]any{}
	var declared, given []string
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil || n.IntN(3) == 0 {
			variables[a.Name] = n.value(a.Type)
			declared = append(declared, "$"+a.Name+": "+a.Type.String())
			given = append(given, a.Name+": $"+a.Name)
		}
	}
	return fmt.Sprintf("mutation(%s) { %s(%s) { __typename } }", strings.Join(declared, ", "), f.Name, strings.Join(given, ", ")), variables
}

func (n *nonsense) value(t *ast.Type) any {
	switch n.IntN(60) {
	case 0:
		return nil
	case 1:
		return []any{nil, map[string]any{}, []any{[]any{}}, true, "x", -1}[n.IntN(6)]
	}
	if t.Elem != nil {
		list := []any{}
		for range n.IntN(3) {
			list = append(list, n.value(t.Elem))
		}
		return list
	}
	switch def := n.schema.Types[t.NamedType]; def.Kind {
	case ast.Enum:
		return def.EnumValues[n.IntN(len(def.EnumValues))].Name
	case ast.InputObject:
		return n.object(def)
	default:
		return n.scalar(t.NamedType)
	}
}

func (n *nonsense) object(def *ast.Definition) map[string]any {
	o := map[string]any{}
	for _, f := range def.Fields {
		if f.Type.NonNull || n.IntN(3) == 0 {
			o[f.Name] = n.value(f.Type)
		}
	}
	return o
}

func (n *nonsense) scalar(name string) any {
	switch name {
	case "ID":
		return n.one(n.ids)
	case "Int", "Float":
		return []any{0, 1, -1, math.MaxInt32, math.MinInt32, math.MaxInt32 + 1, 1 << 53, 1.5, 1e308}[n.IntN(9)]
	case "Boolean":
		return n.IntN(2) == 0
	case "Date", "DateTime":
		return n.one(append([]string{"", "0000", "9999-12-31", "-0001", "२०२०", "2013?", "2026-01-01T00:00:00Z"}, dates...))
	default:
		if n.IntN(2) == 0 {
			return "some plain text"
		}
		return n.one(append([]string{"", " ", strings.Repeat("a", 30_000), strings.Repeat("e\u0301", 250)}, hostile...))
	}
}

func TestNonsenseIsRefusedAndBreaksNothing(t *testing.T) {
	const each = 15
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL()})
	ids := append([]string{"new-1", "new-2", "new-3"}, words...)
	for _, role := range []auth.Role{auth.Administrator, auth.Contributor} {
		viewer := auth.Viewer{Subject: "oidc:x", Name: "X", Role: role, Scopes: role.Scopes()}
		h, st, cat := open(t, nil, slog.New(slog.DiscardHandler), viewer)
		n := &nonsense{rand.New(rand.NewPCG(1, 2)), schema, ids}
		codes := map[string]int{}
		for _, f := range schema.Mutation.Fields {
			for range each {
				if strings.HasPrefix(f.Name, "__") {
					break
				}
				query, variables := n.mutation(f)
				codes[tried(t, h, query, variables).code()]++
			}
		}
		t.Logf("%s: %v", role, codes)
		if codes[""] == 0 {
			t.Errorf("%s: nothing of it was done", role)
		}
		if report, err := audit.Check(t.Context(), st, cat, nil); err != nil || !report.OK() {
			t.Errorf("%s: afterwards %s, %v", role, report, err)
		}
	}
}
