package storetest

import (
	"encoding/json"
	"fmt"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/value"
)

// Catalog is a small world with every kind of property, link and shortcut:
//
//	Party (Person, Group) <-LEARNER- Lesson -TEACHER-> Party     shortcuts teachers, learners
//	                                 Lesson -AT-> Place          shortcuts places, visitors
//	Person -FRIEND-> Party           to one, may be itself
//	Person -LIKES-> Node             to many
//	Place -PARENT-> Place            to one
func Catalog() *catalog.Catalog {
	lesson := lessonLinks()
	node := &catalog.Interface{Name: "Node", Properties: properties("id", catalog.Version)}
	party := &catalog.Interface{Name: "Party", Singular: "party", Plural: "parties", Properties: properties("id", "name", "score", "height", catalog.Version), Links: partyLinks("Party", lesson)}
	mood := &catalog.Enum{Name: "Mood", Values: []catalog.EnumValue{{Name: "GLAD"}, {Name: "SAD"}, {Name: "glad"}}}
	person := &catalog.Type{
		Name: "Person", Singular: "person", Plural: "persons", Table: "persons", Interfaces: []*catalog.Interface{node, party},
		Properties: append(properties("id", "name", "nick", "score", "height", "awake", "born", "aliases", catalog.Version), &catalog.Property{Name: "mood", Kind: value.Enum, Enum: mood}),
		Links: append(partyLinks("Person", lesson),
			&catalog.Link{Name: "friend", Owner: "Person", Relationship: "FRIEND", Target: "Party"},
			&catalog.Link{Name: "likes", Owner: "Person", Relationship: "LIKES", Many: true, Target: "Node"}),
	}
	group := &catalog.Type{
		Name: "Group", Singular: "group", Plural: "groups", Table: "groups", Interfaces: []*catalog.Interface{node, party},
		Properties: properties("id", "name", "score", "height", "born", catalog.Version),
		Links:      partyLinks("Group", lesson),
	}
	return catalog.New([]*catalog.Type{person, group, placeType(node, lesson), lessonType(node, lesson)}, []*catalog.Interface{node, party}, []*catalog.Enum{mood})
}

// properties makes properties of well-known names, each with its kind.
func properties(names ...string) []*catalog.Property {
	kinds := map[string]value.Kind{
		"id": value.ID, "name": value.Text, "nick": value.Text, "note": value.Text, "score": value.Int, "height": value.Float,
		"awake": value.Bool, "born": value.Date, "on": value.Date, "aliases": value.Strings, catalog.Version: value.Int,
	}
	var list []*catalog.Property
	for _, name := range names {
		p := &catalog.Property{Name: name, Kind: kinds[name], Required: name == "id" || name == "name", Column: name}
		if name == catalog.Version {
			p.Managed, p.Required, p.Column = true, true, ""
		}
		list = append(list, p)
	}
	return list
}

// partyLinks are the links that parties share, as an interface or a type of them has them.
func partyLinks(owner string, lesson map[string]*catalog.Link) []*catalog.Link {
	learned := &catalog.Link{Name: "learned", Owner: owner, Relationship: "LEARNER", Direction: catalog.In, Many: true, Target: "Lesson"}
	taught := &catalog.Link{Name: "taught", Owner: owner, Relationship: "TEACHER", Direction: catalog.In, Many: true, Target: "Lesson"}
	return []*catalog.Link{
		learned, taught,
		{Name: "friendOf", Owner: owner, Relationship: "FRIEND", Direction: catalog.In, Many: true, Target: "Person"},
		{Name: "likedBy", Owner: owner, Relationship: "LIKES", Direction: catalog.In, Many: true, Target: "Person"},
		{Name: "teachers", Owner: owner, Many: true, Target: "Party", Shortcut: &catalog.Shortcut{Fact: learned, Far: lesson["teacher"]}},
		{Name: "learners", Owner: owner, Many: true, Target: "Party", Shortcut: &catalog.Shortcut{Fact: taught, Far: lesson["learner"]}},
		{Name: "places", Owner: owner, Many: true, Target: "Place", Shortcut: &catalog.Shortcut{Fact: learned, Far: lesson["at"]}},
	}
}

func lessonLinks() map[string]*catalog.Link {
	return map[string]*catalog.Link{
		"learner": {Name: "learner", Owner: "Lesson", Relationship: "LEARNER", Required: true, Target: "Party", Column: "learner_id"},
		"teacher": {Name: "teacher", Owner: "Lesson", Relationship: "TEACHER", Target: "Party", Column: "teacher_id"},
		"at":      {Name: "at", Owner: "Lesson", Relationship: "AT", Target: "Place", Column: "place_id"},
	}
}

func lessonType(node *catalog.Interface, links map[string]*catalog.Link) *catalog.Type {
	return &catalog.Type{
		Name: "Lesson", Singular: "lesson", Plural: "lessons", Table: "lessons", Interfaces: []*catalog.Interface{node},
		Properties: properties("id", "on", "note", catalog.Version),
		Links:      []*catalog.Link{links["learner"], links["teacher"], links["at"]},
	}
}

func placeType(node *catalog.Interface, lesson map[string]*catalog.Link) *catalog.Type {
	held := &catalog.Link{Name: "lessons", Owner: "Place", Relationship: "AT", Direction: catalog.In, Many: true, Target: "Lesson"}
	return &catalog.Type{
		Name: "Place", Singular: "place", Plural: "places", Table: "places", Interfaces: []*catalog.Interface{node},
		Properties: properties("id", "name", "note", "score", catalog.Version),
		Links: []*catalog.Link{
			{Name: "parent", Owner: "Place", Relationship: "PARENT", Target: "Place", Column: "parent_id"},
			{Name: "parts", Owner: "Place", Relationship: "PARENT", Direction: catalog.In, Many: true, Target: "Place"},
			{Name: "likedBy", Owner: "Place", Relationship: "LIKES", Direction: catalog.In, Many: true, Target: "Person"},
			held,
			{Name: "visitors", Owner: "Place", Many: true, Target: "Party", Shortcut: &catalog.Shortcut{Fact: held, Far: lesson["learner"]}},
		},
	}
}

// Fields are the properties and stored links of a node by their names: a string, a
// number, a bool, a list of strings; a link to one is an id, a link to many a list.
type Fields map[string]any

// NewNode makes a node from fields as they stand in a test or in a line of JSON. A
// required property that they leave out gets an obvious value: a text the id, a name
// of a vocabulary the first, a number 1, a date 2000.
func NewNode(cat *catalog.Catalog, typeName, id string, fields Fields) (change.Node, error) {
	t, ok := cat.Type(typeName)
	if !ok {
		return change.Node{}, fmt.Errorf("node %q: there is no type %q", id, typeName)
	}
	n := change.Node{Type: t, ID: id, Values: make([]value.Value, len(t.Properties)), Links: make([][]string, len(t.Out))}
	for _, p := range t.Properties {
		n.Values[p.Index] = initial(p, id)
	}
	for name, field := range fields {
		if err := set(&n, name, field); err != nil {
			return n, fmt.Errorf("%s %q: %s: %w", typeName, id, name, err)
		}
	}
	return n, nil
}

func initial(p *catalog.Property, id string) value.Value {
	switch {
	case p.Kind == value.ID:
		return value.OfID(id)
	case p.Kind == value.Strings:
		return value.OfStrings(nil)
	case !p.Required || p.Managed:
		return value.Value{}
	}
	switch p.Kind {
	case value.Enum:
		return value.OfEnum(p.Enum.Values[0].Name)
	case value.Int, value.Bool:
		return value.Value{Kind: p.Kind, Num: 1}
	case value.Float:
		return value.OfFloat(1)
	case value.Date:
		return value.OfDate("2000")
	default:
		return value.OfText(id)
	}
}

func set(n *change.Node, name string, field any) error {
	if p, ok := n.Type.Property(name); ok {
		v, err := valueOf(p.Kind, field)
		n.Values[p.Index] = v
		return err
	}
	if l, ok := n.Type.Link(name); ok && slices.Contains(n.Type.Out, l) {
		ids, err := stringsOf(field)
		n.Links[l.Index] = ids
		return err
	}
	return fmt.Errorf("no such property or stored link")
}

func valueOf(kind value.Kind, field any) (value.Value, error) {
	switch field := field.(type) {
	case nil:
		return value.Value{}, nil
	case bool:
		return value.OfBool(field), nil
	case int:
		return value.OfInt(int64(field)), nil
	case float64:
		return value.OfFloat(field), nil
	case json.Number:
		if kind == value.Float {
			f, err := field.Float64()
			return value.OfFloat(f), err
		}
		whole, err := field.Int64()
		return value.OfInt(whole), err
	case string:
		if kind == value.Date {
			_, err := value.ParseDate(field)
			return value.OfDate(field), err
		}
		return value.Value{Kind: kind, Str: field}, nil
	default:
		texts, err := stringsOf(field)
		return value.OfStrings(texts), err
	}
}

func stringsOf(field any) ([]string, error) {
	switch field := field.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{field}, nil
	case []string:
		return field, nil
	case []any:
		var texts []string
		for _, element := range field {
			text, ok := element.(string)
			if !ok {
				return nil, fmt.Errorf("%v is not a string", element)
			}
			texts = append(texts, text)
		}
		return texts, nil
	default:
		return nil, fmt.Errorf("%v is neither a string nor a list of strings", field)
	}
}
