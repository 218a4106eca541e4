package catalog_test

import (
	"slices"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// A cat and a dog are pets; a cat chases pets and is kept in a house by a table of its own.
func pets() *catalog.Catalog {
	pet := &catalog.Interface{Name: "Pet", Links: []*catalog.Link{{Name: "chasedBy", Relationship: "CHASES", Direction: catalog.In, Many: true, Target: "Cat"}}}
	cat := &catalog.Type{
		Name: "Cat", Interfaces: []*catalog.Interface{pet},
		Properties: []*catalog.Property{{Name: "id", Kind: value.ID}, {Name: "lives", Kind: value.Int}},
		Links: []*catalog.Link{
			{Name: "chasedBy", Relationship: "CHASES", Direction: catalog.In, Many: true, Target: "Cat"},
			{Name: "chases", Relationship: "CHASES", Many: true, Target: "Pet"},
			{Name: "houses", Relationship: "HOUSE", Many: true, Target: "House", Join: &catalog.Join{Table: "cat_houses"}},
		},
	}
	dog := &catalog.Type{Name: "Dog", Interfaces: []*catalog.Interface{pet}, Properties: []*catalog.Property{{Name: "id", Kind: value.ID}}}
	house := &catalog.Type{Name: "House", Properties: []*catalog.Property{{Name: "id", Kind: value.ID}}}
	return catalog.New([]*catalog.Type{cat, dog, house}, []*catalog.Interface{pet}, nil)
}

func TestNewNumbersAndFinds(t *testing.T) {
	c := pets()
	cat, ok := c.Type("Cat")
	if !ok || cat.ID != 0 {
		t.Fatalf("Cat is %v", cat)
	}
	lives, ok := cat.Property("lives")
	if !ok || lives.Index != 1 {
		t.Errorf("lives is %v", lives)
	}
	houses, ok := cat.Link("houses")
	if !ok || houses.Index != 1 || houses.Targets != c.TypesOf("House") {
		t.Errorf("houses is %+v", houses)
	}
	if len(cat.Out) != 2 || len(c.Joins) != 1 || c.Joins[0] != houses {
		t.Errorf("stored links %v, tables of links %v", cat.Out, c.Joins)
	}
	if chases, _ := cat.Link("chases"); chases.Targets != catalog.SetOf(0, 1) {
		t.Errorf("chases leads to %b", chases.Targets)
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	c := pets()
	cat, _ := c.Type("Cat")
	_, isType := c.Type("Pet")
	_, isInterface := c.Interface("Cat")
	_, isProperty := cat.Property("chases")
	_, isLink := cat.Link("lives")
	if isType || isInterface || isProperty || isLink || c.TypesOf("Bird") != 0 {
		t.Error("something was found that is not there")
	}
}

func TestSetsOfTypes(t *testing.T) {
	c := pets()
	set := c.TypesOf("Pet")
	if set.Len() != 2 || !set.Has(1) || set.Has(2) || c.All().Len() != 3 {
		t.Errorf("pets are %b, all are %b", set, c.All())
	}
	if got := slices.Collect(catalog.SetOf(63, 0, 5).IDs()); !slices.Equal(got, []catalog.TypeID{0, 5, 63}) {
		t.Errorf("the types are %v", got)
	}
	for first := range c.In(set) {
		if first.Name != "Cat" {
			t.Errorf("the first pet is a %s", first.Name)
		}
		break
	}
}

func TestAVocabularyKnowsItsNames(t *testing.T) {
	e := catalog.Enum{Values: []catalog.EnumValue{{Name: "GLAD"}}}
	if !e.Has("GLAD") || e.Has("glad") || e.Has("") {
		t.Error("the vocabulary knows other names than its own")
	}
}

func TestTypesHaveTheArticleOfTheirFirstLetter(t *testing.T) {
	for name, want := range map[string]string{"Organization": "an Organization", "Adoption": "an Adoption", "Person": "a Person", "": "a "} {
		if got := catalog.WithArticle(name); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
