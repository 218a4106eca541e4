package computed

import (
	"context"
	"slices"

	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// toTheLetter are the computed fields of which an id is no way to a node that is there: an alias has a
// history of its own, and a proposal has a number.
var toTheLetter = []string{"history", "proposal", "proposals"}

// pageEnd is the argument that names the last id of a page, whatever became of its node since.
const pageEnd = "after"

// Standing is a use of a computed field, as Call makes it, with nodes in the place of the aliases among
// the ids in its arguments.
func (e *Engine) Standing(ctx context.Context, c *plan.Computed, params plan.Params) (Call, error) {
	call := e.Call(c, params)
	if slices.Contains(toTheLetter, c.Field) {
		return call, nil
	}
	return call, e.resolve(ctx, call.Args)
}

// resolve puts nodes in the place of the aliases among ids.
func (e *Engine) resolve(ctx context.Context, args Args) error {
	for name, v := range args {
		if name == pageEnd || !namesNodes(v) {
			continue
		}
		aliases, err := e.aliases(ctx)
		if err != nil {
			return err
		}
		args[name] = resolved(v, aliases)
	}
	return nil
}

func namesNodes(v value.Value) bool {
	return v.Kind == value.ID || slices.ContainsFunc(v.List(), func(v value.Value) bool { return v.Kind == value.ID })
}

func resolved(v value.Value, aliases change.Aliases) value.Value {
	if v.Kind == value.ID {
		return value.OfID(aliases.Node(v.Str))
	}
	list := slices.Clone(v.List())
	for i := range list {
		list[i] = resolved(list[i], aliases)
	}
	return value.OfList(list)
}

// aliasesName is the key of the aliases.
type aliasesName struct{}

// aliases are those of the state of the graph that a request is about.
func (e *Engine) aliases(ctx context.Context) (change.Aliases, error) {
	return Once(ctx, e, aliasesName{}, func(ctx context.Context, v View) (change.Aliases, error) {
		return Read(ctx, v, aliasesName{}, e.Store.Aliases)
	})
}
