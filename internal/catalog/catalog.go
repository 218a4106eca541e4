// Package catalog says what can exist in the graph: types, interfaces, properties,
// links and vocabularies. It is read from the domain SDL at start-up (package schema)
// and is the only place from which names in a store or a statement may come.
package catalog

import (
	"iter"
	"math/bits"
	"strings"
	"unicode"

	"nicgraph/internal/value"
)

// Catalog is everything that can exist. It is immutable once built.
type Catalog struct {
	Types      []*Type      // by TypeID, in the order of the domain SDL
	Interfaces []*Interface // in the order of the domain SDL
	Enums      []*Enum      // in the order of the domain SDL
	Joins      []*Link      // the links kept in tables of their own, in the order of the domain SDL

	types      map[string]*Type
	interfaces map[string]*Interface
}

// TypeID is the number of a concrete type: its place in Catalog.Types.
type TypeID uint8

// TypeSet is a set of concrete types.
type TypeSet uint64

// Type is a concrete type: a kind of thing or of fact.
type Type struct {
	ID          TypeID
	Name        string // Organization
	Singular    string // organization: the field that looks one up
	Plural      string // organizations: the connection field
	Table       string // organizations: the CSV table, without its ending
	Description string
	Interfaces  []*Interface
	Properties  []*Property // in SDL order; the first is always id
	Links       []*Link     // in SDL order: out, in and shortcuts
	Out         []*Link     // the stored links among Links: those whose direction is Out
	Columns     []Column    // the table's header, in order
	Holds       Holds

	properties map[string]*Property
	links      map[string]*Link
}

// Holds says when a node of a type holds: from From (or the year in Year where that is
// missing) until To, or by the dates of the node at the end of Through, which leads to one
// type. Without any of them it always does.
type Holds struct {
	From, To, Year *Property
	Through        *Link
}

// Interface is an abstract type: what several concrete types have in common.
type Interface struct {
	Name        string
	Singular    string // party: the field that looks one up; empty when the interface has no root fields
	Plural      string // parties
	Description string
	Types       TypeSet
	Properties  []*Property // shared scalars, by name; use Type.Property for a concrete type's own
	Links       []*Link     // shared links; use Type.Link for a concrete type's own
}

// Property is a scalar that a type has.
type Property struct {
	Name     string
	Kind     value.Kind // ID, Text, Enum, Int, Float, Bool, Date or Strings
	Required bool
	Enum     *Enum  // the vocabulary, when Kind is Enum
	Index    int    // its place in Type.Properties
	Column   string // the column of the table; empty for a managed property
	Managed  bool   // the store writes it, nobody else: version
}

// Version is the managed property of all nodes: the number of the change that wrote it last.
const Version = "version"

// Enum is a closed vocabulary.
type Enum struct {
	Name        string
	Description string
	Values      []EnumValue
}

// EnumValue is a name of a vocabulary and what it means.
type EnumValue struct{ Name, Description string }

// Direction is the side from which a link is read.
type Direction uint8

// Out reads a relationship from its start, In from its end.
const (
	Out Direction = iota
	In
)

// Link is a field that leads to other nodes: over one relationship, or, for a
// shortcut, past a fact to the far thing.
type Link struct {
	Name         string
	Owner        string // the type or interface that declares it
	Relationship string // LEARNER; empty for a shortcut
	Direction    Direction
	Many         bool
	Required     bool    // to one: always there, as the SDL says with "!"; to many: never empty
	Target       string  // the name of the type or interface at the far end
	Targets      TypeSet // its concrete types
	Shortcut     *Shortcut
	Index        int    // for a stored link: its place in Type.Out
	Column       string // for a stored link kept in the type's own table: the column
	Join         *Join  // for a stored link kept in a table of its own
}

// Shortcut leads past a fact: from the thing over Fact to the fact, from there over
// Far to the far thing, which it yields once however many facts lead to it.
type Shortcut struct {
	Fact *Link // of the thing, Many
	Far  *Link // of the fact, to one
}

// Join is a table that holds nothing but a link.
type Join struct {
	Table      string // resource_authors
	FromColumn string // resource_id
	ToColumn   string // author_id
}

// Column is a column of a type's table: exactly one of the two is set.
type Column struct {
	Name     string
	Property *Property
	Link     *Link
}

// Type finds a concrete type by its name.
func (c *Catalog) Type(name string) (*Type, bool) {
	t, ok := c.types[name]
	return t, ok
}

// Interface finds an interface by its name.
func (c *Catalog) Interface(name string) (*Interface, bool) {
	i, ok := c.interfaces[name]
	return i, ok
}

// TypesOf is the set of concrete types that the name of a type or interface stands for.
func (c *Catalog) TypesOf(name string) TypeSet {
	if t, ok := c.types[name]; ok {
		return SetOf(t.ID)
	}
	if i, ok := c.interfaces[name]; ok {
		return i.Types
	}
	return 0
}

// All is the set of all concrete types.
func (c *Catalog) All() TypeSet { return TypeSet(1)<<len(c.Types) - 1 }

// In lists the concrete types of a set, in the order of the catalog.
func (c *Catalog) In(set TypeSet) iter.Seq[*Type] {
	return func(yield func(*Type) bool) {
		for id := range set.IDs() {
			if !yield(c.Types[id]) {
				return
			}
		}
	}
}

// Property finds a property of the type by its name.
func (t *Type) Property(name string) (*Property, bool) {
	p, ok := t.properties[name]
	return p, ok
}

// Link finds a link of the type by its name.
func (t *Type) Link(name string) (*Link, bool) {
	l, ok := t.links[name]
	return l, ok
}

// EnumName is the type's name as a value of the enum NodeType: STANDARD_LEVEL.
func (t *Type) EnumName() string { return Screaming(t.Name) }

// Collective is the plural as a part of longer names: StandardLevels.
func (t *Type) Collective() string { return strings.ToUpper(t.Plural[:1]) + t.Plural[1:] }

// Screaming writes a name as GraphQL's enums do: channelKind to CHANNEL_KIND.
func Screaming(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// WithArticle writes the name of a type as a sentence does: an Organization.
func WithArticle(name string) string {
	if strings.IndexAny(name, "AEIOU") == 0 {
		return "an " + name
	}
	return "a " + name
}

// Has tells whether the vocabulary holds the name.
func (e *Enum) Has(name string) bool {
	for _, v := range e.Values {
		if v.Name == name {
			return true
		}
	}
	return false
}

// SetOf makes a set of the given types.
func SetOf(ids ...TypeID) TypeSet {
	var s TypeSet
	for _, id := range ids {
		s |= 1 << id
	}
	return s
}

// Has tells whether the set holds the type.
func (s TypeSet) Has(id TypeID) bool { return s>>id&1 == 1 }

// Len counts the types of the set.
func (s TypeSet) Len() int { return bits.OnesCount64(uint64(s)) }

// First is the first type of a set that has one.
func (s TypeSet) First() TypeID { return TypeID(bits.TrailingZeros64(uint64(s))) }

// IDs lists the types of the set in ascending order.
func (s TypeSet) IDs() iter.Seq[TypeID] {
	return func(yield func(TypeID) bool) {
		for rest := uint64(s); rest != 0; rest &= rest - 1 {
			if !yield(TypeID(bits.TrailingZeros64(rest))) {
				return
			}
		}
	}
}

// New indexes what a schema reader has gathered. It takes over the slices and fills
// in the numbers: TypeID, Property.Index, Type.Out and Link.Index.
func New(types []*Type, interfaces []*Interface, enums []*Enum) *Catalog {
	c := &Catalog{
		Types: types, Interfaces: interfaces, Enums: enums,
		types:      make(map[string]*Type, len(types)),
		interfaces: make(map[string]*Interface, len(interfaces)),
	}
	for i, t := range types {
		t.ID = TypeID(i)
		t.index()
		c.types[t.Name] = t
	}
	for _, i := range interfaces {
		c.interfaces[i.Name] = i
	}
	for _, t := range types {
		for _, i := range t.Interfaces {
			i.Types |= SetOf(t.ID)
		}
	}
	for _, t := range types {
		for _, l := range t.Links {
			l.Targets = c.TypesOf(l.Target)
		}
		for _, l := range t.Out {
			if l.Join != nil {
				c.Joins = append(c.Joins, l)
			}
		}
	}
	for _, i := range interfaces {
		for _, l := range i.Links {
			l.Targets = c.TypesOf(l.Target)
		}
	}
	return c
}

func (t *Type) index() {
	t.properties = make(map[string]*Property, len(t.Properties))
	t.links = make(map[string]*Link, len(t.Links))
	for i, p := range t.Properties {
		p.Index = i
		t.properties[p.Name] = p
	}
	for _, l := range t.Links {
		t.links[l.Name] = l
		if l.Shortcut == nil && l.Direction == Out {
			l.Index = len(t.Out)
			t.Out = append(t.Out, l)
		}
	}
}
