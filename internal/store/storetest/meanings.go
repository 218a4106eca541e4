package storetest

import (
	"math"
	"slices"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// meaning is a small graph, a question about it, and the ids that answer it.
type meaning struct {
	name  string
	graph map[string]Fields
	of    string // the type or interface that is asked for
	where plan.Filter
	order []plan.Key // nil: by id
	want  string
}

// many is the question as a connection.
func (m *meaning) many(cat *catalog.Catalog) *plan.Many {
	many := list(cat, m.of)
	many.Where = m.where
	if m.order != nil {
		many.Order = slices.Concat(m.order, byID())
	}
	return many
}

func testMeanings(t *testing.T, open Open) {
	cat := Catalog()
	for _, m := range meanings(cat) {
		t.Run(m.name, func(t *testing.T) {
			w := newWorld(t, open, m.graph)
			if got := idsIn(w.run(ask(w.cat, m.many(w.cat)), nil)); got != m.want {
				t.Errorf("got %q, want %q", got, m.want)
			}
		})
	}
}

// meanings are those that stores tend to disagree on.
func meanings(cat *catalog.Catalog) []meaning {
	var all []meaning
	for _, some := range [][]meaning{nullMeanings(), textMeanings(), dateMeanings(), writtenMeanings(), listMeanings(cat), orderMeanings(), linkMeanings(cat)} {
		all = append(all, some...)
	}
	return all
}

func compare(property string, kind value.Kind, op plan.Op, v value.Value) plan.Compare {
	return plan.Compare{Property: property, Kind: kind, Op: op, Operand: plan.Operand{Const: v}}
}

func text(property string, op plan.Op, s string) plan.Compare {
	return compare(property, value.Text, op, value.OfText(s))
}

func raw(property string, op plan.Op, s string) plan.Compare {
	c := text(property, op, s)
	c.CaseSensitive = true
	return c
}

func number(op plan.Op, n int64) plan.Compare {
	return compare("score", value.Int, op, value.OfInt(n))
}

func height(op plan.Op, f float64) plan.Compare {
	return compare("height", value.Float, op, value.OfFloat(f))
}

// heights lie close to each other.
var heights = map[string]Fields{
	"Person a": {"height": -1e300}, "Person b": {"height": -0.5}, "Person c": {"height": 0.0}, "Person d": {"height": 0.3}, "Person e": {"height": 0.30000000000000004}, "Person f": {},
}

func listOf(values ...value.Value) value.Value { return value.OfList(values) }

// Cypher and SQL know a third truth value, unknown, which NOT leaves unknown.
func nullMeanings() []meaning {
	graph := map[string]Fields{"Person a": {"nick": "x", "score": 1}, "Person b": {"nick": "y", "score": 2}, "Person c": {}, "Person d": {"nick": "", "score": 0}}
	xy := listOf(value.OfText("x"), value.OfText("y"))
	return []meaning{
		{name: "a missing value differs from nothing", graph: graph, of: "Person", where: text("nick", plan.Ne, "x"), want: "b d"},
		{name: "not is the complement and holds for a missing value", graph: graph, of: "Person", where: plan.Not{Filter: text("nick", plan.Eq, "x")}, want: "b c d"},
		{name: "not of not holds for what held", graph: graph, of: "Person", where: plan.Not{Filter: plan.Not{Filter: text("nick", plan.Ne, "x")}}, want: "b d"},
		{name: "a missing value is in no list", graph: graph, of: "Person", where: compare("nick", value.Text, plan.In, xy), want: "a b"},
		{name: "a missing value is not outside a list either", graph: graph, of: "Person", where: compare("nick", value.Text, plan.NotIn, xy), want: "d"},
		{name: "nothing is in an empty list", graph: graph, of: "Person", where: compare("nick", value.Text, plan.In, listOf()), want: ""},
		{name: "every present value is outside an empty list", graph: graph, of: "Person", where: compare("nick", value.Text, plan.NotIn, listOf()), want: "a b d"},
		{name: "a missing number is not less than any", graph: graph, of: "Person", where: number(plan.Lt, 2), want: "a d"},
		{name: "not less holds for a missing number", graph: graph, of: "Person", where: plan.Not{Filter: number(plan.Lt, 2)}, want: "b c"},
		{name: "is null asks for the missing value", graph: graph, of: "Person", where: plan.Compare{Property: "nick", Kind: value.Text, Op: plan.IsNull}, want: "c"},
		{name: "an empty text is not missing", graph: graph, of: "Person", where: plan.Not{Filter: plan.Compare{Property: "nick", Kind: value.Text, Op: plan.IsNull}}, want: "a b d"},
		{name: "not under or does not become unknown", graph: graph, of: "Person", where: plan.Or{plan.Not{Filter: number(plan.Gt, 0)}, text("nick", plan.Eq, "y")}, want: "b c d"},
		{name: "an empty and is true", graph: graph, of: "Person", where: plan.And{}, want: "a b c d"},
		{name: "an empty or is false", graph: graph, of: "Person", where: plan.Or{}, want: ""},
		{name: "a truth value that is missing is neither", graph: map[string]Fields{"Person a": {"awake": true}, "Person b": {"awake": false}, "Person c": {}},
			of: "Person", where: compare("awake", value.Bool, plan.Ne, value.OfBool(true)), want: "b"},
		{name: "numbers compare as numbers down to the smallest", graph: map[string]Fields{"Person a": {"score": -2147483648}, "Person b": {"score": -10}, "Person c": {"score": 9}, "Person d": {"score": 2147483647}},
			of: "Person", where: plan.And{number(plan.Gte, -2147483648), number(plan.Lte, 9)}, want: "a b c"},
		{name: "numbers with a fraction compare exactly, the two zeros are one", graph: heights, of: "Person", where: plan.And{height(plan.Gte, -0.5), height(plan.Lt, 0.30000000000000004)}, want: "b c d"},
		{name: "zero is the negative zero", graph: heights, of: "Person", where: height(plan.Eq, math.Copysign(0, -1)), want: "c"},
		{name: "a missing number with a fraction differs from nothing", graph: heights, of: "Person", where: height(plan.Ne, 0.3), want: "a b c e"},
	}
}

// Databases compare texts raw, or by a collation that nobody wrote down.
func textMeanings() []meaning {
	graph := map[string]Fields{"Person a": {"nick": "Zoë"}, "Person b": {"nick": "zoe"}, "Person c": {"nick": "ZOE\u0308 B"}, "Person d": {"nick": "50% of_all.*"}, "Person e": {"nick": "Straße"}}
	return []meaning{
		{name: "texts are equal without accents and case", graph: graph, of: "Person", where: text("nick", plan.Eq, "ZOË"), want: "a b"},
		{name: "texts differ by accents and case when asked", graph: graph, of: "Person", where: raw("nick", plan.Eq, "Zoë"), want: "a"},
		{name: "texts are searched without accents and case", graph: graph, of: "Person", where: text("nick", plan.Contains, "ZÖE"), want: "a b c"},
		{name: "texts are searched to the letter when asked", graph: graph, of: "Person", where: raw("nick", plan.Contains, "oe"), want: "b"},
		{name: "one letter may fold to two", graph: graph, of: "Person", where: text("nick", plan.EndsWith, "SSE"), want: "e"},
		{name: "a percent sign is a percent sign", graph: graph, of: "Person", where: text("nick", plan.Contains, "%"), want: "d"},
		{name: "an underscore is an underscore", graph: graph, of: "Person", where: text("nick", plan.Contains, "f_a"), want: "d"},
		{name: "a pattern is no pattern", graph: graph, of: "Person", where: text("nick", plan.EndsWith, ".*"), want: "d"},
		{name: "every text starts with the empty text", graph: graph, of: "Person", where: text("nick", plan.StartsWith, ""), want: "a b c d e"},
		{name: "less compares folded texts, and equal ones are not less", graph: graph, of: "Person", where: text("nick", plan.Lt, "Zoë"), want: "d e"},
		{name: "in compares folded texts", graph: graph, of: "Person", where: compare("nick", value.Text, plan.In, listOf(value.OfText("zoé"), value.OfText("strasse"))), want: "a b e"},
		{name: "not in compares folded texts", graph: graph, of: "Person", where: compare("nick", value.Text, plan.NotIn, listOf(value.OfText("zoé"), value.OfText("strasse"))), want: "c d"},
		{name: "ids compare to the letter", graph: map[string]Fields{"Person a": {}, "Person A": {}}, of: "Person", where: compare("id", value.ID, plan.Eq, value.OfID("a")), want: "a"},
		{name: "names of a vocabulary compare to the letter", graph: map[string]Fields{"Person a": {"mood": "GLAD"}, "Person b": {"mood": "glad"}, "Person c": {}},
			of: "Person", where: compare("mood", value.Enum, plan.Ne, value.OfEnum("GLAD")), want: "b"},
	}
}

func date(op plan.Op, edtf string, possible bool) plan.Compare {
	c := compare("born", value.Date, op, value.OfDate(edtf))
	c.Possible = possible
	return c
}

// A date is an interval of days: certain means all of them, possible some of them.
func dateMeanings() []meaning {
	graph := map[string]Fields{
		"Person a": {"born": "2013"}, "Person b": {"born": "2013-09"}, "Person c": {"born": "2013~"}, "Person d": {"born": "2014-01-01"},
		"Person e": {"born": "2013-01-01/2013-12-31"}, "Person f": {},
	}
	years := compare("born", value.Date, plan.In, listOf(value.OfDate("2014-01-01"), value.OfDate("2013-09")))
	possibly := years
	possibly.Possible = true
	return []meaning{
		{name: "a date is before when its last day is", graph: graph, of: "Person", where: date(plan.Before, "2014", false), want: "a b e"},
		{name: "a date may be before when its first day is", graph: graph, of: "Person", where: date(plan.Before, "2013-09", true), want: "a c e f"},
		{name: "a date is after when its first day is", graph: graph, of: "Person", where: date(plan.After, "2013-08", false), want: "b d"},
		{name: "a date may be after when its last day is", graph: graph, of: "Person", where: date(plan.After, "2013", true), want: "c d f"},
		{name: "a date is within when all of its days are", graph: graph, of: "Person", where: date(plan.During, "2013", false), want: "a b e"},
		{name: "a date may be within when one of its days is", graph: graph, of: "Person", where: date(plan.During, "2014", true), want: "c d f"},
		{name: "dates are equal when their days are the same", graph: graph, of: "Person", where: date(plan.Eq, "2013", false), want: "a e"},
		{name: "dates may be equal when they share a day", graph: graph, of: "Person", where: date(plan.Eq, "2013-09-30", true), want: "a b c e f"},
		{name: "a date differs when its days are others, a missing one does not", graph: graph, of: "Person", where: date(plan.Ne, "2013", false), want: "b c d"},
		{name: "dates may differ unless both are the same day", graph: graph, of: "Person", where: date(plan.Ne, "2014-01-01", true), want: "a b c e f"},
		{name: "a date may differ from itself when it is longer than a day", graph: graph, of: "Person", where: date(plan.Ne, "2013-09", true), want: "a b c d e f"},
		{name: "a date is in a list when its days are the same as one's", graph: graph, of: "Person", where: years, want: "b d"},
		{name: "a date may be in a list when it shares a day with one", graph: graph, of: "Person", where: possibly, want: "a b c d e f"},
		{name: "not possibly before holds for no missing date", graph: graph, of: "Person", where: plan.Not{Filter: date(plan.Before, "2013-09", true)}, want: "b d"},
		{name: "a missing date is null under possible too", graph: graph, of: "Person", where: plan.Compare{Property: "born", Kind: value.Date, Op: plan.IsNull, Possible: true}, want: "f"},
	}
}

func written(c plan.Compare) plan.Compare {
	c.Written = true
	return c
}

// A date as it is written is the year of the tables, without what the year may mean.
func writtenMeanings() []meaning {
	graph := map[string]Fields{
		"Person a": {"born": "2013"}, "Person b": {"born": "2013~"}, "Person c": {"born": "2013-08/2014-07"}, "Person d": {"born": "2013-09"},
		"Person e": {"born": "2014~"}, "Person f": {}, "Person g": {"born": "2013/2014"},
	}
	years := compare("born", value.Date, plan.In, listOf(value.OfDate("2013"), value.OfDate("2014")))
	return []meaning{
		{name: "about a year is that year as it is written, a school year the one in which it begins", graph: graph, of: "Person", where: written(date(plan.Eq, "2013", false)), want: "a b c"},
		{name: "what is compared with is read as it is written too", graph: graph, of: "Person", where: written(date(plan.Eq, "2013-08/2014-07", false)), want: "a b c"},
		{name: "as written a date lies within its year", graph: graph, of: "Person", where: written(date(plan.During, "2013", false)), want: "a b c d"},
		{name: "as written a school year is before the next year", graph: graph, of: "Person", where: written(date(plan.Before, "2014", false)), want: "a b c d"},
		{name: "as written a year is after the one before", graph: graph, of: "Person", where: written(date(plan.After, "2013", false)), want: "e"},
		{name: "as written a missing date may be any day", graph: graph, of: "Person", where: written(date(plan.After, "2013", true)), want: "e f g"},
		{name: "as written a missing date does not differ", graph: graph, of: "Person", where: written(date(plan.Ne, "2013", false)), want: "d e g"},
		{name: "as written not in a year holds for a missing date", graph: graph, of: "Person", where: plan.Not{Filter: written(date(plan.During, "2013", false))}, want: "e f g"},
		{name: "as written dates are in a list of years", graph: graph, of: "Person", where: written(years), want: "a b c e"},
		{name: "as written and as meant stand beside each other", graph: graph, of: "Person",
			where: plan.And{written(date(plan.During, "2013", false)), date(plan.During, "2013", false)}, want: "a d"},
	}
}

// Vacuous truths are real: all of nothing holds.
func listMeanings(cat *catalog.Catalog) []meaning {
	graph := map[string]Fields{"Person a": {"aliases": []string{"Ann", "Änne"}}, "Person b": {"aliases": []string{"Ann", "Bo"}}, "Person c": {}, "Person d": {"aliases": []string{""}}}
	elements := func(quant plan.Quant, where plan.Filter) plan.Filter {
		return plan.Elements{Property: "aliases", Quant: quant, Where: where}
	}
	an := text("", plan.Contains, "AN")
	people := plan.TypeIs{Types: cat.TypesOf("Person")}
	some := plan.And{people, elements(plan.Some, an)}
	all := plan.And{people, elements(plan.All, an)}
	named := map[string]Fields{"Person a": {"aliases": []string{"Ann"}}, "Person b": {"aliases": []string{"Bo"}}, "Person c": {}, "Group d": {}, "Place e": {}}
	parties := map[string]Fields{"Person b": {}, "Group a": {}, "Group c": {}, "Person d": {}, "Place x": {}}
	return []meaning{
		{name: "some element meets the condition", graph: graph, of: "Person", where: elements(plan.Some, an), want: "a b"},
		{name: "all elements do, and all of none", graph: graph, of: "Person", where: elements(plan.All, an), want: "a c"},
		{name: "no element does", graph: graph, of: "Person", where: elements(plan.None, an), want: "c d"},
		{name: "one element must meet both conditions", graph: graph, of: "Person", where: elements(plan.Some, plan.And{an, raw("", plan.StartsWith, "Ä")}), want: "a"},
		{name: "not speaks of the element", graph: graph, of: "Person", where: elements(plan.Some, plan.Not{Filter: an}), want: "b d"},
		{name: "a list that only some types have is asked of those", graph: named, of: "Node", where: some, want: "a"},
		{name: "others do not meet what all of an empty list would", graph: named, of: "Node", where: all, want: "a c"},
		{name: "others meet the complement", graph: named, of: "Node", where: plan.Not{Filter: some}, want: "b c d e"},
		{name: "others meet the complement of all too", graph: named, of: "Node", where: plan.Not{Filter: all}, want: "b d e"},
		{name: "what some types have, or another type", graph: named, of: "Node", where: plan.Or{some, plan.TypeIs{Types: cat.TypesOf("Place")}}, want: "a e"},
		{name: "a value that only some types have is missing where they lack it", graph: named, of: "Node", where: plan.And{people, plan.Compare{Property: "nick", Kind: value.Text, Op: plan.IsNull}}, want: "a b c"},
		{name: "an interface takes its types together, by id", graph: parties, of: "Party", want: "a b c d"},
		{name: "a condition on the type keeps that type", graph: parties, of: "Party", where: plan.TypeIs{Types: cat.TypesOf("Group")}, want: "a c"},
		{name: "not a type keeps the others", graph: parties, of: "Node", where: plan.Not{Filter: plan.TypeIs{Types: cat.TypesOf("Group")}}, want: "b d x"},
	}
}

func key(property string, kind value.Kind) plan.Key {
	return plan.Key{Property: property, Kind: kind}
}

func desc(k plan.Key) plan.Key {
	k.Desc = true
	return k
}

func nullsFirst(k plan.Key) plan.Key {
	k.NullsFirst = true
	return k
}

// Without a rule each store has an order of its own, and pages overlap.
func orderMeanings() []meaning {
	scores := map[string]Fields{"Person a": {"score": 2}, "Person b": {}, "Person c": {"score": -1}, "Person d": {"score": 2}, "Person e": {"score": 10}}
	score, nick := key("score", value.Int), key("nick", value.Text)
	names := map[string]Fields{
		"Person a": {"nick": "zoe"}, "Person b": {"nick": "Zoë"}, "Person c": {"nick": "Álvaro"}, "Person d": {"nick": "alan"}, "Person e": {"nick": "Zoa"},
		"Person f": {"nick": "\uFFFC"}, "Person g": {"nick": "😀"}, "Person h": {"nick": ""},
	}
	ids := map[string]Fields{"Person a-10": {}, "Person a-2": {}, "Person B": {}, "Person a": {}, "Person é": {}}
	born := map[string]Fields{
		"Person a": {"born": "2013-09"}, "Person b": {"born": "2013"}, "Person c": {"born": "2013-01-01/2013-12-31"}, "Person d": {"born": "2013-01"}, "Person e": {"born": "2013~"}, "Person f": {"born": "2013/2014"},
	}
	mood := map[string]Fields{"Person a": {"mood": "glad"}, "Person b": {"mood": "SAD"}, "Person c": {"mood": "GLAD"}}
	return []meaning{
		{name: "missing comes last and ties go by id", graph: scores, of: "Person", order: []plan.Key{score}, want: "c a d e b"},
		{name: "missing comes last in descending order too", graph: scores, of: "Person", order: []plan.Key{desc(score)}, want: "e a d c b"},
		{name: "missing comes first when asked", graph: scores, of: "Person", order: []plan.Key{nullsFirst(score)}, want: "b c a d e"},
		{name: "missing comes first in descending order when asked", graph: scores, of: "Person", order: []plan.Key{desc(nullsFirst(score))}, want: "b e a d c"},
		{name: "numbers with a fraction go by their size", graph: heights, of: "Person", order: []plan.Key{key("height", value.Float)}, want: "a b c d e f"},
		{name: "numbers with a fraction go backwards, missing ones last", graph: heights, of: "Person", order: []plan.Key{desc(key("height", value.Float))}, want: "e d c b a f"},
		{name: "texts go by their folded form, then by the letter, by code point", graph: names, of: "Person", order: []plan.Key{nick}, want: "h d c e b a f g"},
		{name: "descending turns folded form and letter around", graph: names, of: "Person", order: []plan.Key{desc(nick)}, want: "g f a b e c d h"},
		{name: "ids go by code point", graph: ids, of: "Person", want: "B a a-10 a-2 é"},
		{name: "dates go by first day, last day and text", graph: born, of: "Person", order: []plan.Key{key("born", value.Date)}, want: "e d b c f a"},
		{name: "dates go backwards in the same way", graph: born, of: "Person", order: []plan.Key{desc(key("born", value.Date))}, want: "a f c b d e"},
		{name: "names of a vocabulary go by code point, not by its order", graph: mood, of: "Person", order: []plan.Key{key("mood", value.Enum)}, want: "c b a"},
		{name: "a second key decides between equals", graph: map[string]Fields{"Person a": {"score": 1, "nick": "b"}, "Person b": {"score": 1, "nick": "c"}, "Person c": {"score": 0, "nick": "x"}, "Person d": {"score": 1}},
			of: "Person", order: []plan.Key{score, desc(nick)}, want: "c b a d"},
		{name: "an interface is ordered across its types", graph: map[string]Fields{"Person a": {"name": "b"}, "Group b": {"name": "A"}, "Person c": {"name": "á"}, "Group d": {"name": "c"}},
			of: "Party", order: []plan.Key{key("name", value.Text)}, want: "b c a d"},
	}
}

// Two lessons lead from pat to kim, one from pat to itself, one from kim nowhere:
//
//	kim ──l1, l2──▶ pat ──l3──▶ pat     (learner ▶ teacher)
//	kim ──l4──▶ ·
func lessons() map[string]Fields {
	return map[string]Fields{
		"Person pat": {"friend": "pat"}, "Person kim": {"friend": "pat", "likes": []string{"pat", "oak", "kim"}}, "Group gus": {}, "Place oak": {}, "Place ash": {"parent": "oak"},
		"Lesson l1": {"learner": "kim", "teacher": "pat", "at": "oak", "note": "one"}, "Lesson l2": {"learner": "kim", "teacher": "pat", "at": "ash"},
		"Lesson l3": {"learner": "pat", "teacher": "pat", "at": "oak"}, "Lesson l4": {"learner": "kim"},
	}
}

func linkMeanings(cat *catalog.Catalog) []meaning {
	link := func(owner, name string) *catalog.Link {
		if i, ok := cat.Interface(owner); ok {
			for _, l := range i.Links {
				if l.Name == name {
					return l
				}
			}
		}
		t, _ := cat.Type(owner)
		l, _ := t.Link(name)
		return l
	}
	count := func(l *catalog.Link, where plan.Filter, op plan.Op, n int64) plan.Filter {
		return plan.Counted{Link: l, Where: where, Op: op, Operand: plan.Operand{Const: value.OfInt(n)}}
	}
	linked := func(l *catalog.Link, quant plan.Quant, where plan.Filter) plan.Filter {
		return plan.Linked{Link: l, Quant: quant, Where: where}
	}
	isPat := compare("id", value.ID, plan.Eq, value.OfID("pat"))
	learned, teachers, learners := link("Party", "learned"), link("Party", "teachers"), link("Party", "learners")
	return []meaning{
		{name: "a shortcut counts each far thing once", graph: lessons(), of: "Party", where: count(teachers, nil, plan.Eq, 1), want: "kim pat"},
		{name: "a link counts each fact", graph: lessons(), of: "Party", where: count(learned, nil, plan.Gte, 3), want: "kim"},
		{name: "zero can be counted", graph: lessons(), of: "Party", where: count(learned, nil, plan.Eq, 0), want: "gus"},
		{name: "a count takes a condition", graph: lessons(), of: "Party", where: count(learned, linked(link("Lesson", "at"), plan.Some, compare("id", value.ID, plan.Eq, value.OfID("oak"))), plan.Lt, 1), want: "gus"},
		{name: "a link is read in its direction", graph: lessons(), of: "Party", where: linked(learners, plan.Some, isPat), want: "pat"},
		{name: "a link is read against its direction", graph: lessons(), of: "Party", where: linked(link("Party", "friendOf"), plan.Some, compare("id", value.ID, plan.Eq, value.OfID("kim"))), want: "pat"},
		{name: "a thing may be its own neighbour", graph: lessons(), of: "Person", where: plan.And{isPat, linked(link("Person", "friend"), plan.Some, isPat)}, want: "pat"},
		{name: "all of none is true", graph: lessons(), of: "Party", where: linked(teachers, plan.All, isPat), want: "gus kim pat"},
		{name: "none of none is true", graph: lessons(), of: "Party", where: linked(teachers, plan.None, isPat), want: "gus"},
		{name: "some of none is false", graph: lessons(), of: "Party", where: linked(teachers, plan.Some, nil), want: "kim pat"},
		{name: "a link to one asks that there is one", graph: lessons(), of: "Lesson", where: linked(link("Lesson", "teacher"), plan.Some, nil), want: "l1 l2 l3"},
		{name: "a missing neighbour meets no condition", graph: lessons(), of: "Lesson", where: linked(link("Lesson", "teacher"), plan.Some, plan.Not{Filter: isPat}), want: ""},
		{name: "not of a condition on a missing neighbour holds", graph: lessons(), of: "Lesson", where: plan.Not{Filter: linked(link("Lesson", "teacher"), plan.Some, isPat)}, want: "l4"},
		{name: "a missing value behind a link is two-valued too", graph: lessons(), of: "Party", where: linked(learned, plan.All, plan.Not{Filter: text("note", plan.Eq, "one")}), want: "gus pat"},
		{name: "conditions nest", graph: lessons(), of: "Place", where: linked(link("Place", "parts"), plan.Some, linked(link("Place", "visitors"), plan.Some, linked(teachers, plan.Some, isPat))), want: "oak"},
		{name: "a link to anything keeps what has the wanted type", graph: lessons(), of: "Person", where: linked(link("Person", "likes"), plan.Some, plan.TypeIs{Types: cat.TypesOf("Place")}), want: "kim"},
	}
}
