package schema

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// inheritAll gives each type and interface the fields of its interfaces. A field that
// it names itself keeps its place, and takes its description and its directives from
// the interface where it has none.
func (r *reader) inheritAll() {
	done := map[string]bool{}
	for _, def := range r.definitions {
		r.inherit(def, done)
	}
}

func (r *reader) inherit(def *ast.Definition, done map[string]bool) {
	if done[def.Name] {
		return
	}
	done[def.Name] = true
	own := len(def.Fields)
	for _, name := range def.Interfaces {
		from := r.byName[name]
		if from == nil || from.Kind != ast.Interface {
			continue // the library's check reports it
		}
		r.inherit(from, done)
		for _, f := range from.Fields {
			r.inheritField(def, own, f)
		}
	}
}

// inheritField merges a field of an interface into def, whose first fields are its own.
func (r *reader) inheritField(def *ast.Definition, own int, f *ast.FieldDefinition) {
	i := slices.IndexFunc(def.Fields, func(g *ast.FieldDefinition) bool { return g.Name == f.Name })
	if i < 0 {
		copied := *f
		def.Fields = append(def.Fields, &copied)
		r.owner[&copied] = r.owner[f]
		return
	}
	g := def.Fields[i]
	if i < own && g.Description == "" {
		g.Description = f.Description
	}
	if i < own && len(g.Directives) == 0 && len(f.Directives) > 0 {
		g.Directives = f.Directives
		r.owner[g] = r.owner[f]
		return
	}
	if i >= own && !slices.EqualFunc(g.Directives, f.Directives, sameDirective) {
		r.fault(def.Position, "%s inherits %s from %s and from %s, which store it differently; declare it in %s", def.Name, f.Name, r.owner[g], r.owner[f], def.Name)
	}
}

func sameDirective(a, b *ast.Directive) bool {
	return a.Name == b.Name && slices.EqualFunc(a.Arguments, b.Arguments, func(x, y *ast.Argument) bool {
		return x.Name == y.Name && x.Value.Raw == y.Value.Raw
	})
}
