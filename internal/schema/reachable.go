package schema

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// reachable keeps the definitions that an operation can name, beginning with the roots.
func reachable(defs ast.DefinitionList, roots ...string) ast.DefinitionList {
	seen := map[string]bool{}
	for queue := roots; len(queue) > 0; queue = queue[1:] {
		def := defs.ForName(queue[0])
		if def == nil || seen[def.Name] { // nil: a scalar of the language itself
			continue
		}
		seen[def.Name] = true
		queue = append(queue, mentioned(def)...)
	}
	return slices.DeleteFunc(defs, func(def *ast.Definition) bool { return !seen[def.Name] })
}

// mentioned lists the names that stand in a definition.
func mentioned(def *ast.Definition) []string {
	all := slices.Clone(def.Interfaces)
	for _, f := range def.Fields {
		all = append(all, f.Type.Name())
		for _, a := range f.Arguments {
			all = append(all, a.Type.Name())
		}
	}
	return all
}
