package compile

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// orderArgument compiles orderBy; the id is the last key, so that every order is total.
func (b *builder) orderArgument(sc scope, f *ast.Field) ([]plan.Key, error) {
	given, err := b.argument(f, "orderBy")
	if err != nil {
		return nil, err
	}
	entries, _ := given.([]any)
	if entry, single := given.(*object); single {
		entries = []any{entry}
	}
	if len(entries) > maxKeys {
		return nil, fault.New(fault.Limit, "orderBy has %d keys and this server allows %d", len(entries), maxKeys)
	}
	var order []plan.Key
	for _, entry := range entries {
		key, err := b.orderKey(sc, entry.(*object))
		if err != nil {
			return nil, err
		}
		order = append(order, key)
	}
	order = append(order, plan.Key{Property: "id", Kind: value.ID})
	last := slices.IndexFunc(order, func(key plan.Key) bool { return key.Property == "id" && len(key.Path) == 0 })
	return order[:last+1], nil // whatever follows could never decide
}

// orderKey compiles one entry of orderBy, which names one field.
func (b *builder) orderKey(sc scope, entry *object) (plan.Key, error) {
	var key plan.Key
	var named []string
	nullsFirst := false
	for i, name := range entry.names {
		switch given := entry.values[i]; {
		case given == nil: // as if it were not there
		case name == "nulls":
			nullsFirst = given == "FIRST"
		default:
			named = append(named, name)
			var err error
			if key, err = b.keyOf(sc, name, given); err != nil {
				return key, err
			}
		}
	}
	if len(named) != 1 {
		return key, fault.New(fault.Invalid, "an entry of orderBy names %d fields (%s); name one, and write further keys as further entries of the list", len(named), strings.Join(named, ", "))
	}
	key.NullsFirst = key.NullsFirst || nullsFirst
	return key, nil
}

// keyOf compiles the key that a field names: a scalar, a key of the node at the end of a
// to-one link, or the number of nodes at the end of a to-many link.
func (b *builder) keyOf(sc scope, name string, given any) (plan.Key, error) {
	if p := sc.property(name); p != nil {
		return plan.Key{Property: p.Name, Kind: p.Kind, Desc: given == "DESC"}, nil
	}
	link := sc.link(name)
	if link.Many {
		return b.countKey(link, given.(*object))
	}
	key, err := b.orderKey(b.scope(link.Target), given.(*object))
	key.Path = slices.Insert(key.Path, 0, link)
	return key, err
}

func (b *builder) countKey(link *catalog.Link, o *object) (plan.Key, error) {
	key := plan.Key{Kind: value.Int, Count: &plan.Count{Link: link}}
	for i, name := range o.names {
		var err error
		switch given := o.values[i]; {
		case given == nil && name != "count":
		case name == "count":
			key.Desc = given == "DESC"
		case name == "where":
			key.Count.Where, err = b.where(b.scope(link.Target), given.(*object), "orderBy."+link.Name+".where")
		case name == "facts":
			key.Count.Facts, err = b.where(b.scope(link.Shortcut.Fact.Target), given.(*object), "orderBy."+link.Name+".facts")
		}
		if err != nil {
			return key, err
		}
	}
	key.Count.Where, key.Count.Facts = b.heldAt(link, plan.Simplify(key.Count.Where), plan.Simplify(key.Count.Facts))
	return key, nil
}
