package schema

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// reader gathers the catalog from a parsed domain SDL, and what is wrong with it.
type reader struct {
	definitions ast.DefinitionList
	byName      map[string]*ast.Definition
	owner       map[*ast.FieldDefinition]string // who declared the field: a type or interface
	enums       map[string]*catalog.Enum
	links       map[string]map[string]*catalog.Link // by type or interface and name
	at          map[*catalog.Link]*ast.FieldDefinition
	faults      []error
}

func newReader(doc *ast.SchemaDocument) *reader {
	r := &reader{
		definitions: doc.Definitions,
		byName:      make(map[string]*ast.Definition, len(doc.Definitions)),
		owner:       map[*ast.FieldDefinition]string{},
		enums:       map[string]*catalog.Enum{},
		links:       map[string]map[string]*catalog.Link{},
		at:          map[*catalog.Link]*ast.FieldDefinition{},
	}
	for _, def := range doc.Definitions {
		r.byName[def.Name] = def
		for _, f := range def.Fields {
			r.owner[f] = def.Name
		}
	}
	return r
}

func (r *reader) fault(at *ast.Position, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d: %s", at.Src.Name, at.Line, fmt.Sprintf(format, args...)))
}

// catalog reads all definitions, then what needs all of them, then checks the whole.
func (r *reader) catalog() *catalog.Catalog {
	enums := r.readEnums()
	interfaces, byName := r.readInterfaces()
	types := r.readTypes(byName)
	r.resolveShortcuts()
	r.checkNames(types, interfaces)
	if len(r.faults) > 0 {
		return nil
	}
	c := catalog.New(types, interfaces, enums)
	r.checkReverse(c)
	return c
}

func (r *reader) readEnums() []*catalog.Enum {
	var enums []*catalog.Enum
	for _, def := range r.definitions {
		switch def.Kind {
		case ast.Enum:
			e := &catalog.Enum{Name: def.Name, Description: def.Description}
			for _, v := range def.EnumValues {
				e.Values = append(e.Values, catalog.EnumValue{Name: v.Name, Description: v.Description})
			}
			enums = append(enums, e)
			r.enums[e.Name] = e
		case ast.Union, ast.InputObject:
			r.fault(def.Position, "%s is an input or a union; a domain has types, interfaces, enums and scalars only", def.Name)
		}
	}
	return enums
}

func (r *reader) readInterfaces() ([]*catalog.Interface, map[string]*catalog.Interface) {
	var interfaces []*catalog.Interface
	byName := map[string]*catalog.Interface{}
	for _, def := range r.definitions {
		if def.Kind != ast.Interface {
			continue
		}
		i := &catalog.Interface{Name: def.Name, Description: def.Description}
		if node := def.Directives.ForName("node"); node != nil {
			i.Singular, i.Plural = lowerFirst(def.Name), argument(node, "plural")
		}
		m := r.members(def)
		i.Properties, i.Links = m.properties, m.links
		interfaces = append(interfaces, i)
		byName[i.Name] = i
	}
	return interfaces, byName
}

func (r *reader) readTypes(interfaces map[string]*catalog.Interface) []*catalog.Type {
	var types []*catalog.Type
	for _, def := range r.definitions {
		if def.Kind == ast.Object {
			types = append(types, r.readType(def, interfaces))
		}
	}
	return types
}

func (r *reader) readType(def *ast.Definition, interfaces map[string]*catalog.Interface) *catalog.Type {
	t := &catalog.Type{Name: def.Name, Singular: lowerFirst(def.Name), Description: def.Description}
	if node := def.Directives.ForName("node"); node != nil {
		t.Plural = argument(node, "plural")
		t.Table = or(argument(node, "table"), snake(t.Plural))
	} else {
		r.fault(def.Position, "%s has no @node(plural: …), which says under which name it is listed", def.Name)
	}
	if first := def.Fields[0]; first.Name != "id" || first.Type.String() != "ID!" {
		r.fault(first.Position, "the first field of %s must be id: ID!", def.Name)
	}
	if !slices.Contains(def.Interfaces, "Node") {
		r.fault(def.Position, "%s does not implement Node, the interface of all types", def.Name)
	}
	for _, name := range def.Interfaces {
		t.Interfaces = append(t.Interfaces, interfaces[name])
	}
	m := r.members(def)
	t.Properties, t.Links, t.Columns = m.properties, m.links, m.columns
	t.Holds = r.holds(def, m)
	return t
}

// holds reads when a node of a type holds.
func (r *reader) holds(def *ast.Definition, m members) (h catalog.Holds) {
	d := def.Directives.ForName("holds")
	if d == nil {
		return h
	}
	h.From, h.To, h.Year = r.named(def, d, m, "from"), r.named(def, d, m, "to"), r.named(def, d, m, "year")
	h.Through = r.through(def, d, m)
	given := func(name string) bool { return argument(d, name) != "" }
	switch {
	case given("from") == given("through"):
		r.fault(d.Position, "@holds of %s needs either from or through", def.Name)
	case given("to") && given("year"):
		r.fault(d.Position, "@holds of %s has an end and a year; what is dated by a year has no end", def.Name)
	case given("through") && (given("to") || given("year")):
		r.fault(d.Position, "@holds of %s takes its dates through %s and so has none of its own", def.Name, argument(d, "through"))
	}
	return h
}

// through finds the link to one that @holds names, nil when it names none.
func (r *reader) through(def *ast.Definition, d *ast.Directive, m members) *catalog.Link {
	wanted := argument(d, "through")
	if wanted == "" {
		return nil
	}
	for _, l := range m.links {
		if l.Name == wanted && !l.Many && r.byName[l.Target].Kind == ast.Object {
			return l
		}
	}
	r.fault(d.Position, "@holds of %s names %s, which is no link to one thing of one type", def.Name, wanted)
	return nil
}

// named finds the property that an argument of a directive names, nil when it is not given.
func (r *reader) named(def *ast.Definition, d *ast.Directive, m members, name string) *catalog.Property {
	wanted := argument(d, name)
	if wanted == "" {
		return nil
	}
	for _, p := range m.properties {
		if p.Name == wanted && (p.Kind == value.Date && name != "year" || p.Kind == value.Int && name == "year") {
			return p
		}
	}
	r.fault(d.Position, "@holds of %s names %s as %s, which is no such property of it", def.Name, wanted, name)
	return nil
}

// members are the fields of a type or interface, sorted by what they are.
type members struct {
	properties []*catalog.Property
	links      []*catalog.Link
	columns    []catalog.Column
}

func (r *reader) members(def *ast.Definition) members {
	var m members
	r.links[def.Name] = map[string]*catalog.Link{}
	for _, f := range def.Fields {
		if len(f.Arguments) > 0 {
			r.fault(f.Position, "%s.%s has arguments; the served schema gets its arguments by derivation", def.Name, f.Name)
		}
		if p := r.property(f); p != nil {
			m.properties = append(m.properties, p)
			if !p.Managed {
				m.columns = append(m.columns, catalog.Column{Name: p.Column, Property: p})
			}
			continue
		}
		l := r.link(def, f)
		if l == nil {
			continue
		}
		m.links = append(m.links, l)
		r.links[def.Name][l.Name], r.at[l] = l, f
		if l.Column != "" {
			m.columns = append(m.columns, catalog.Column{Name: l.Column, Link: l})
		}
	}
	return m
}

// property reads a scalar; it is nil when the field leads to nodes.
func (r *reader) property(f *ast.FieldDefinition) *catalog.Property {
	kind, known := r.kind(f.Type.Name())
	if !known {
		return nil
	}
	if f.Directives.ForName("relationship") != nil || f.Directives.ForName("shortcut") != nil {
		r.fault(f.Position, "%s is a %s and cannot be a link", f.Name, f.Type.Name())
	}
	p := &catalog.Property{Name: f.Name, Kind: kind, Required: f.Type.NonNull, Enum: r.enums[f.Type.Name()], Column: snake(f.Name)}
	if f.Type.Elem != nil {
		if f.Type.String() != "[String!]!" {
			r.fault(f.Position, "%s is a %s; the only list of scalars is [String!]!", f.Name, f.Type)
		}
		p.Kind, p.Required = value.Strings, false
	}
	if column := f.Directives.ForName("column"); column != nil {
		p.Column = argument(column, "name")
	}
	if f.Directives.ForName("managed") != nil {
		p.Managed, p.Column = true, ""
	}
	return p
}

func (r *reader) kind(name string) (value.Kind, bool) {
	switch name {
	case "ID":
		return value.ID, true
	case "String":
		return value.Text, true
	case "Int":
		return value.Int, true
	case "Float":
		return value.Float, true
	case "Boolean":
		return value.Bool, true
	case "Date":
		return value.Date, true
	}
	def := r.byName[name]
	return value.Enum, def != nil && def.Kind == ast.Enum
}

// link reads a field that leads to nodes; it is nil, with a fault, when it is none.
func (r *reader) link(def *ast.Definition, f *ast.FieldDefinition) *catalog.Link {
	target := r.byName[f.Type.Name()]
	if target == nil || target.Kind == ast.Scalar {
		r.fault(f.Position, "%s.%s is a %s, of which nothing is known; scalars are ID, String, Int, Float, Boolean, Date and enums", def.Name, f.Name, f.Type.Name())
		return nil
	}
	l := &catalog.Link{Name: f.Name, Owner: r.owner[f], Target: target.Name, Many: f.Type.Elem != nil, Required: f.Type.NonNull}
	if l.Many {
		l.Required = false
		if f.Type.String() != "["+target.Name+"!]!" {
			r.fault(f.Position, "%s.%s leads to many and must be [%s!]!", def.Name, f.Name, target.Name)
		}
	}
	relationship, shortcut := f.Directives.ForName("relationship"), f.Directives.ForName("shortcut")
	switch {
	case (relationship == nil) == (shortcut == nil):
		r.fault(f.Position, "%s.%s leads to %s; say how with @relationship or @shortcut", def.Name, f.Name, target.Name)
		return nil
	case relationship != nil:
		r.readRelationship(l, f, relationship)
	case !l.Many:
		r.fault(f.Position, "%s.%s is a shortcut, which leads to many", def.Name, f.Name)
	}
	return l
}

func (r *reader) readRelationship(l *catalog.Link, f *ast.FieldDefinition, d *ast.Directive) {
	l.Relationship = argument(d, "type")
	l.Column = argument(d, "column")
	if argument(d, "direction") == "IN" {
		l.Direction = catalog.In
	}
	if argument(d, "required") == "true" {
		l.Required = true
	}
	if table := argument(d, "table"); table != "" {
		l.Join = &catalog.Join{Table: table, FromColumn: argument(d, "fromColumn"), ToColumn: argument(d, "toColumn")}
	}
	r.checkStorage(l, f)
}

// resolveShortcuts finds the two links of each shortcut, once all links are known.
func (r *reader) resolveShortcuts() {
	for _, def := range r.definitions {
		for _, f := range def.Fields {
			if l := r.links[def.Name][f.Name]; l != nil && l.Relationship == "" {
				l.Shortcut = r.shortcut(def, f, l)
			}
		}
	}
}

func (r *reader) shortcut(def *ast.Definition, f *ast.FieldDefinition, l *catalog.Link) *catalog.Shortcut {
	d := f.Directives.ForName("shortcut")
	fact := r.links[def.Name][argument(d, "fact")]
	if fact == nil || !fact.Many || fact.Relationship == "" {
		r.fault(f.Position, "%s.%s is a shortcut past %q, but %s has no link to many of that name", def.Name, f.Name, argument(d, "fact"), def.Name)
		return nil
	}
	far := r.links[fact.Target][argument(d, "far")]
	switch {
	case far == nil || far.Many || far.Relationship == "":
		r.fault(f.Position, "%s.%s is a shortcut to %q, but %s has no link to one of that name", def.Name, f.Name, argument(d, "far"), fact.Target)
	case far.Target != l.Target:
		r.fault(f.Position, "%s.%s leads to %s, but %s.%s to %s", def.Name, f.Name, l.Target, fact.Target, far.Name, far.Target)
	}
	return &catalog.Shortcut{Fact: fact, Far: far}
}

// argument is the value of a directive's argument as text, "" when it is not given.
func argument(d *ast.Directive, name string) string {
	if a := d.Arguments.ForName(name); a != nil {
		return a.Value.Raw
	}
	return ""
}
