package schema

import (
	"regexp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
)

// Names that reach a statement or a file must need no quoting there.
var (
	relationshipName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	columnName       = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// maxTypes is the number of types that a catalog.TypeSet holds.
const maxTypes = 64

// checkStorage reports a link that does not say, or says twice, where it is kept.
func (r *reader) checkStorage(l *catalog.Link, f *ast.FieldDefinition) {
	if !relationshipName.MatchString(l.Relationship) {
		r.fault(f.Position, "relationship %q of %s must be written like LEARNER or PART_OF", l.Relationship, l.Name)
	}
	stored := l.Column != "" || l.Join != nil
	switch {
	case l.Direction == catalog.In && stored:
		r.fault(f.Position, "%s reads %s from its end and so has no column of its own", l.Name, l.Relationship)
	case l.Direction == catalog.In && !l.Many:
		r.fault(f.Position, "%s reads %s from its end and so leads to many", l.Name, l.Relationship)
	case l.Direction == catalog.Out && (l.Column != "") == (l.Join != nil):
		r.fault(f.Position, "%s needs a column of its own table or a table of its own, not both", l.Name)
	case l.Join != nil && (!l.Many || !columnName.MatchString(l.Join.FromColumn) || !columnName.MatchString(l.Join.ToColumn)):
		r.fault(f.Position, "%s is kept in the table %s and so leads to many and needs fromColumn and toColumn", l.Name, l.Join.Table)
	}
}

// checkNames reports names that stand for two things or that derivation needs itself.
func (r *reader) checkNames(types []*catalog.Type, interfaces []*catalog.Interface) {
	if len(types) > maxTypes {
		r.fault(r.byName[types[maxTypes].Name].Position, "%s is one type too many: a catalog holds %d", types[maxTypes].Name, maxTypes)
	}
	fields, tables := names{"node": "Query", "nodes": "Query"}, names{}
	for _, t := range types {
		at := r.byName[t.Name].Position
		r.unique(fields, at, "field", t.Name, t.Singular, t.Plural)
		r.unique(tables, at, "table", t.Name, t.Table)
		r.checkColumns(t)
		for _, l := range t.Links {
			if l.Join != nil && r.owner[r.at[l]] == t.Name {
				r.unique(tables, r.at[l].Position, "table", t.Name+"."+l.Name, l.Join.Table)
			}
		}
	}
	for _, i := range interfaces {
		if i.Plural != "" {
			r.unique(fields, r.byName[i.Name].Position, "field", i.Name, i.Singular, i.Plural)
		}
	}
}

func (r *reader) checkColumns(t *catalog.Type) {
	def, columns := r.byName[t.Name], names{}
	for _, c := range t.Columns {
		if !columnName.MatchString(c.Name) {
			r.fault(def.Position, "column %q of %s must be written like hub_id", c.Name, t.Name)
		}
		r.unique(columns, def.Position, "column", t.Name, c.Name)
	}
	for _, f := range def.Fields {
		if r.derived(f.Name) {
			r.fault(f.Position, "%s.%s: the derived inputs use the name %s themselves", t.Name, f.Name, f.Name)
		}
	}
}

// derived tells whether derivation gives the inputs a field of this name.
func (r *reader) derived(name string) bool {
	of := slices.IndexFunc(r.definitions, func(def *ast.Definition) bool { return name == typedName(def.Name) })
	return of >= 0 || slices.Contains([]string{"and", "or", "not", "type", "nulls"}, name)
}

// names tells to whom a name was given.
type names map[string]string

func (r *reader) unique(given names, at *ast.Position, what, owner string, all ...string) {
	for _, name := range all {
		if other, taken := given[name]; taken {
			r.fault(at, "the %s %s of %s is already that of %s", what, name, owner, other)
		}
		given[name] = owner
	}
}

// checkReverse reports links read from their end that no type stores.
func (r *reader) checkReverse(c *catalog.Catalog) {
	for _, t := range c.Types {
		for _, l := range t.Links {
			if l.Shortcut == nil && l.Direction == catalog.In && !stored(c, l, t) {
				r.fault(r.at[l].Position, "%s.%s reads %s from its end, but no %s stores such a link to %s", t.Name, l.Name, l.Relationship, l.Target, t.Name)
			}
		}
	}
}

// stored tells whether some type among l's targets stores l's relationship to t.
func stored(c *catalog.Catalog, l *catalog.Link, t *catalog.Type) bool {
	for from := range c.In(l.Targets) {
		for _, out := range from.Out {
			if out.Relationship == l.Relationship && out.Targets.Has(t.ID) {
				return true
			}
		}
	}
	return false
}
