package compile

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
)

// group is a field of the answer: the selections that are merged into it because they
// have its response key, for those of the object's types to which all of them apply.
type group struct {
	key    string
	types  catalog.TypeSet // empty: the object is no node
	fields []*ast.Field
	place  int // where it is written among its siblings
}

func (g *group) field() *ast.Field { return g.fields[0] }

// selections is what the merged fields select together (MergeSelectionSets).
func (g *group) selections() []ast.SelectionSet {
	sets := make([]ast.SelectionSet, len(g.fields))
	for i, f := range g.fields {
		sets[i] = f.SelectionSet
	}
	return sets
}

// collect gathers the fields of an object as CollectFields of the specification does
// (section 6.3.2), for all of its possible types at once: an occurrence carries the
// types to which it applies, and occurrences with one key are grouped per set of types
// that they share. Groups come in the order in which the answer holds them.
func (b *builder) collect(types catalog.TypeSet, sets ...ast.SelectionSet) []*group {
	c := collector{builder: b, node: types != 0, spread: map[string]catalog.TypeSet{}, byKey: map[string][]occurrence{}}
	for _, set := range sets {
		c.visit(set, types)
	}
	var groups []*group
	for _, key := range c.keys {
		groups = append(groups, c.group(key, types)...)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return a.place - b.place })
	return groups
}

type occurrence struct {
	field *ast.Field
	types catalog.TypeSet
	place int
}

type collector struct {
	*builder
	node   bool
	spread map[string]catalog.TypeSet // fragments, and the types for which they are in already
	byKey  map[string][]occurrence
	keys   []string
	places int
}

// everywhere stands for the one unnamed type of an object that is no node.
const everywhere = catalog.TypeSet(1) << 63

func (c *collector) visit(set ast.SelectionSet, types catalog.TypeSet) {
	if !c.node {
		types = everywhere
	}
	for _, selection := range set {
		switch sel := selection.(type) {
		case *ast.Field:
			if c.included(sel.Directives) {
				c.add(sel, types)
			}
		case *ast.InlineFragment:
			if c.included(sel.Directives) {
				c.enter(sel.SelectionSet, c.narrow(types, sel.TypeCondition))
			}
		case *ast.FragmentSpread:
			if c.included(sel.Directives) {
				fresh := types &^ c.spread[sel.Name]
				c.spread[sel.Name] |= types
				c.enter(sel.Definition.SelectionSet, c.narrow(fresh, sel.Definition.TypeCondition))
			}
		default:
			panic(sel)
		}
	}
}

func (c *collector) enter(set ast.SelectionSet, types catalog.TypeSet) {
	if types != 0 {
		c.visit(set, types)
	}
}

// narrow keeps the types that meet a fragment's type condition. What is no node has a
// single type, which validation has compared with the condition already.
func (c *collector) narrow(types catalog.TypeSet, condition string) catalog.TypeSet {
	if !c.node || condition == "" {
		return types
	}
	return types & c.catalog.TypesOf(condition)
}

func (c *collector) add(f *ast.Field, types catalog.TypeSet) {
	if _, known := c.byKey[f.Alias]; !known {
		c.keys = append(c.keys, f.Alias)
	}
	c.byKey[f.Alias] = append(c.byKey[f.Alias], occurrence{field: f, types: types, place: c.places})
	c.places++
}

// group splits the occurrences of a key by the types that they share.
func (c *collector) group(key string, types catalog.TypeSet) []*group {
	rest := types
	if !c.node {
		rest = everywhere
	}
	var groups []*group
	for rest != 0 {
		g, alike := c.next(key, rest)
		rest &^= alike
		if len(g.fields) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// next makes the group of the first type of rest, with all types to which the same
// occurrences apply.
func (c *collector) next(key string, rest catalog.TypeSet) (g *group, alike catalog.TypeSet) {
	first := rest & -rest
	alike = rest
	g = &group{key: key}
	for _, o := range c.byKey[key] {
		if o.types&first == 0 {
			alike &^= o.types
			continue
		}
		alike &= o.types
		if len(g.fields) == 0 {
			g.place = o.place
		}
		g.fields = append(g.fields, o.field)
	}
	if c.node {
		g.types = alike
	}
	return g, alike
}

// included tells whether @skip and @include let a selection in (section 3.13).
func (b *builder) included(directives ast.DirectiveList) bool {
	if d := directives.ForName("skip"); d != nil && b.decides(d) {
		return false
	}
	if d := directives.ForName("include"); d != nil && !b.decides(d) {
		return false
	}
	return true
}

// decides reads the `if` of a directive; validation has made sure that it is there.
func (b *builder) decides(d *ast.Directive) bool {
	v, err := d.Arguments.ForName("if").Value.Value(b.vars)
	yes, ok := v.(bool)
	return err == nil && ok && yes
}
