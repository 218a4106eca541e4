package storetest

import (
	"maps"
	"slices"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// point is something that a plan can ask for and a store has to learn, and answers that
// say what it means.
type point struct {
	name    string
	answers []answer
}

func testPoints(t *testing.T, open Open) {
	w := newWorld(t, open, terms())
	for _, p := range points(asker{w.cat}) {
		t.Run(p.name, func(t *testing.T) {
			for _, a := range p.answers {
				t.Run(a.name, func(t *testing.T) { w.answers(t, a) })
			}
		})
	}
}

func points(a asker) []point {
	return []point{
		{"orders by links", a.linkOrders()},
		{"orders by counts", a.countOrders()},
		{"pages from the back", a.backPages()},
		{"conditions on one node", a.oneConditions()},
		{"conditions on facts", a.factConditions()},
		{"groups", a.groupAnswers()},
		{"groups around a node", a.nearGroups()},
	}
}

// terms are the lessons with dates, and one in which a group learns:
//
//	l1 kim ▶ pat, oak, 2013-09     l2 kim ▶ pat, ash, 2013     l3 pat ▶ pat, oak, 2014/2015
//	l4 kim ▶ ·                     l5 gus ▶ ·, 2014~
func terms() map[string]Fields {
	graph := lessons()
	maps.Copy(graph, map[string]Fields{
		"Place oak": {"note": "a"}, "Place ash": {"note": "A", "parent": "oak"},
		"Person pat": {"friend": "pat", "nick": "p"}, "Person kim": {"friend": "pat", "nick": "k", "likes": []string{"pat", "oak", "kim"}},
		"Lesson l1": {"learner": "kim", "teacher": "pat", "at": "oak", "note": "one", "on": "2013-09"},
		"Lesson l2": {"learner": "kim", "teacher": "pat", "at": "ash", "on": "2013"},
		"Lesson l3": {"learner": "pat", "teacher": "pat", "at": "oak", "on": "2014/2015"},
		"Lesson l5": {"learner": "gus", "on": "2014~"},
	})
	return graph
}

// asker makes questions about the terms.
type asker struct{ cat *catalog.Catalog }

func (a asker) link(owner, name string) *catalog.Link {
	t, _ := a.cat.Type(owner)
	l, ok := t.Link(name)
	if !ok {
		panic(owner + " has no " + name)
	}
	return l
}

// page asks for the ids of a list that is changed in some way.
func (a asker) page(of string, change func(*plan.Many)) []plan.Read {
	many := list(a.cat, of)
	many.First = plan.Operand{}
	change(many)
	return []plan.Read{many}
}

// ordered asks for the ids of a list in an order, its ties by id.
func (a asker) ordered(of string, keys ...plan.Key) []plan.Read {
	return a.page(of, func(m *plan.Many) { m.Order = slices.Concat(keys, byID()) })
}

// at asks for something of one node.
func (a asker) at(of, id string, reads ...plan.Read) []plan.Read {
	types := a.cat.TypesOf(of)
	return []plan.Read{&plan.Find{Types: types, ID: known(id), Row: ids(types, reads...)}}
}

func (a asker) is(id string) plan.Filter { return compare("id", value.ID, plan.Eq, value.OfID(id)) }

// rows are what a page of ids of one type shows.
func rows(typeName string, next bool, ids ...string) []Tree {
	page := Page{Next: next, Rows: []Tree{}}
	for _, id := range ids {
		page.Rows = append(page.Rows, idRow(typeName, id))
	}
	return []Tree{page}
}

// parties are what a page of ids of parties shows.
func parties(next bool, ids ...string) []Tree {
	page := Page{Next: next, Rows: []Tree{}}
	for _, id := range ids {
		page.Rows = append(page.Rows, partyRow(id))
	}
	return []Tree{page}
}

func partyRow(id string, more ...Tree) Row {
	if id == "gus" {
		return idRow("Group", id, more...)
	}
	return idRow("Person", id, more...)
}

func far(k plan.Key, path ...*catalog.Link) plan.Key {
	k.Path = path
	return k
}

func cursor(order []plan.Key, keys ...value.Value) plan.Operand {
	return plan.Operand{Const: value.OfText(string(plan.AppendCursor(nil, order, keys)))}
}

func amount(n int64) plan.Operand { return plan.Operand{Const: value.OfInt(n)} }

// A key may be missing though the property is required, when there is no node to have it.
func (a asker) linkOrders() []answer {
	at, learner, parent := a.link("Lesson", "at"), a.link("Lesson", "learner"), a.link("Place", "parent")
	name := key("name", value.Text)
	place, above, nick := far(name, at), far(name, at, parent), far(key("nick", value.Text), learner)
	order := append([]plan.Key{nullsFirst(above)}, byID()...)
	after := cursor(order, value.Value{}, value.OfID("l3"))
	return []answer{
		{name: "the node at the end of the link has the key, ties go by id", ask: a.ordered("Lesson", place), want: rows("Lesson", false, "l2", "l1", "l3", "l4", "l5")},
		{name: "without a node the key is missing and comes last in descending order too", ask: a.ordered("Lesson", desc(place)), want: rows("Lesson", false, "l1", "l3", "l2", "l4", "l5")},
		{name: "without a node the key comes first when asked", ask: a.ordered("Lesson", nullsFirst(place)), want: rows("Lesson", false, "l4", "l5", "l2", "l1", "l3")},
		{name: "a path may break off on its way", ask: a.ordered("Lesson", above), want: rows("Lesson", false, "l2", "l1", "l3", "l4", "l5")},
		{name: "a node of a type without the property has no key", ask: a.ordered("Lesson", desc(nick)), want: rows("Lesson", false, "l3", "l1", "l2", "l4", "l5")},
		{name: "a page goes on after a missing key", ask: a.page("Lesson", func(m *plan.Many) { m.Order, m.After = order, after }), want: rows("Lesson", false, "l4", "l5", "l2")},
		{name: "the key is shown", ask: a.at("Lesson", "l2", plan.KeyOf{Key: place}, plan.KeyOf{Key: above}, plan.KeyOf{Key: nick}), want: []Tree{idRow("Lesson", "l2", "ash", "oak", "k")}},
		{name: "a missing key is shown as nothing", ask: a.at("Lesson", "l5", plan.KeyOf{Key: place}, plan.KeyOf{Key: above}, plan.KeyOf{Key: nick}), want: []Tree{idRow("Lesson", "l5", nil, nil, nil)}},
	}
}

// A count of nothing is the number zero, which databases like to leave out.
func (a asker) countOrders() []answer {
	count := func(name string, where, facts plan.Filter) plan.Key {
		return plan.Key{Kind: value.Int, Count: &plan.Count{Link: a.link("Person", name), Where: where, Facts: facts}}
	}
	one := text("note", plan.Eq, "one")
	taught, teachers := count("taught", nil, nil), count("teachers", nil, nil)
	order := append([]plan.Key{desc(taught)}, byID()...)
	after := cursor(order, value.OfInt(0), value.OfID("gus"))
	return []answer{
		{name: "nodes go by the number at the end of a link, ties by id", ask: a.ordered("Party", count("learned", nil, nil)), want: parties(false, "gus", "pat", "kim")},
		{name: "none is zero and not missing", ask: a.ordered("Party", desc(nullsFirst(taught))), want: parties(false, "pat", "gus", "kim")},
		{name: "a shortcut counts each far thing once", ask: a.ordered("Party", teachers), want: parties(false, "gus", "kim", "pat")},
		{name: "only what meets the condition counts", ask: a.ordered("Party", desc(count("learned", one, nil))), want: parties(false, "kim", "gus", "pat")},
		{name: "only what lies past a fact that meets the condition counts", ask: a.ordered("Party", desc(count("teachers", a.is("pat"), one))), want: parties(false, "kim", "gus", "pat")},
		{name: "a page goes on after a count of none", ask: a.page("Party", func(m *plan.Many) { m.Order, m.After = order, after }), want: parties(false, "kim")},
		{name: "a count may be that of the node at the end of a link", ask: a.ordered("Lesson", desc(far(count("learned", nil, nil), a.link("Lesson", "learner")))), want: rows("Lesson", false, "l1", "l2", "l4", "l3", "l5")},
		{name: "without that node the count is missing", ask: a.ordered("Lesson", nullsFirst(far(count("learned", nil, nil), a.link("Lesson", "teacher")))), want: rows("Lesson", false, "l4", "l5", "l1", "l2", "l3")},
		{name: "the count is shown", ask: a.at("Person", "kim", plan.KeyOf{Key: count("learned", nil, nil)}, plan.KeyOf{Key: teachers}, plan.KeyOf{Key: taught}),
			want: []Tree{idRow("Person", "kim", int64(3), int64(1), int64(0))}},
	}
}

// A page from the back is not the page of the reversed list: it keeps the list's order.
func (a asker) backPages() []answer {
	page := func(change func(*plan.Many)) []plan.Read { return a.page("Party", change) }
	id := func(id string) plan.Operand { return cursor(byID(), value.OfID(id)) }
	name := far(key("name", value.Text), a.link("Lesson", "at"))
	order := append([]plan.Key{name}, byID()...)
	before := cursor(order, value.Value{}, value.OfID("l5"))
	total := parties(true, "pat")[0].(Page)
	total.Total = 3
	return []answer{
		{name: "the last rows come in the list's order, and more precede", ask: page(func(m *plan.Many) { m.Last = amount(2) }), want: parties(true, "kim", "pat")},
		{name: "a page that begins with the first row says that none precede", ask: page(func(m *plan.Many) { m.Last = amount(3) }), want: parties(false, "gus", "kim", "pat")},
		{name: "a page ends strictly before its cursor", ask: page(func(m *plan.Many) { m.Last, m.Before = amount(1), id("pat") }), want: parties(true, "kim")},
		{name: "nothing comes before the first row", ask: page(func(m *plan.Many) { m.Last, m.Before = amount(1), id("gus") }), want: parties(false)},
		{name: "the cursor needs no row that still exists", ask: page(func(m *plan.Many) { m.Last, m.Before = amount(5), id("hal") }), want: parties(false, "gus")},
		{name: "rows beyond the other bound do not count as more", ask: page(func(m *plan.Many) { m.Last, m.After, m.Before = amount(1), id("gus"), id("pat") }), want: parties(false, "kim")},
		{name: "from the front too rows beyond the other bound do not count", ask: page(func(m *plan.Many) { m.First, m.Before = amount(2), id("pat") }), want: parties(false, "gus", "kim")},
		{name: "from the front a page may end before its bound", ask: page(func(m *plan.Many) { m.First, m.Before = amount(1), id("pat") }), want: parties(true, "gus")},
		{name: "between crossed bounds there is nothing", ask: page(func(m *plan.Many) { m.Last, m.After, m.Before = amount(1), id("pat"), id("gus") }), want: parties(false)},
		{name: "a page of none says whether some precede", ask: page(func(m *plan.Many) { m.Last = amount(0) }), want: parties(true)},
		{name: "the total counts all matches, whatever the bounds", ask: page(func(m *plan.Many) { m.Last, m.After, m.Total = amount(1), id("gus"), true }), want: []Tree{total}},
		{name: "a page ends before a missing key", ask: a.page("Lesson", func(m *plan.Many) { m.Order, m.Last, m.Before = order, amount(2), before }), want: rows("Lesson", true, "l3", "l4")},
		{name: "the page around a node is read from the back", ask: a.at("Person", "kim", &plan.Many{From: plan.Follow{Link: a.link("Person", "learned")}, Order: byID(), Last: amount(2), Rows: true, Row: ids(a.cat.TypesOf("Lesson"))}),
			want: []Tree{idRow("Person", "kim", rows("Lesson", true, "l2", "l4")[0])}},
	}
}

// What does not meet the condition is as if it were not there, and its place stays empty.
func (a asker) oneConditions() []answer {
	person, p := a.cat.TypesOf("Person"), text("nick", plan.Eq, "p")
	find := func(id string) plan.Read {
		return &plan.Find{Types: person, ID: known(id), Where: p, Row: ids(person)}
	}
	three := plan.Operand{Const: listOf(value.OfID("kim"), value.OfID("pat"), value.OfID("gus"))}
	friend := a.link("Person", "friend")
	met := &plan.One{Link: friend, Where: text("name", plan.Eq, "pat"), Row: ids(friend.Targets)}
	unmet := &plan.One{Link: friend, Where: plan.Not{Filter: a.is("pat")}, Row: ids(friend.Targets)}
	teacher := a.link("Lesson", "teacher")
	notPat := &plan.One{Link: teacher, Where: plan.Not{Filter: a.is("pat")}, Row: ids(teacher.Targets)}
	return []answer{
		{name: "a thing that does not meet the condition is not found", ask: []plan.Read{find("pat"), find("kim")}, want: []Tree{idRow("Person", "pat"), nil}},
		{name: "in a list of ids it leaves a gap", ask: []plan.Read{&plan.FindAll{Types: person, IDs: three, Where: p, Row: ids(person)}}, want: []Tree{Page{Rows: []Tree{nil, idRow("Person", "pat"), nil}}}},
		{name: "a neighbour that does not meet the condition is nothing", ask: a.at("Person", "kim", met, unmet), want: []Tree{idRow("Person", "kim", idRow("Person", "pat"), nil)}},
		{name: "a missing neighbour meets no condition, not even a negated one", ask: a.at("Lesson", "l4", notPat), want: []Tree{idRow("Lesson", "l4", nil)}},
	}
}

// The condition on the facts speaks of the very fact that leads to the far thing: of two
// facts each must not meet half of it.
func (a asker) factConditions() []answer {
	teachers, at, party := a.link("Person", "teachers"), a.link("Lesson", "at"), a.cat.TypesOf("Party")
	one := text("note", plan.Eq, "one")
	place := func(id string) plan.Filter {
		return plan.Linked{Link: at, Quant: plan.Some, Where: a.is(id)}
	}
	split, never := plan.And{one, place("ash")}, text("note", plan.Eq, "never")
	over := func(facts plan.Filter, reads ...plan.Read) plan.Read {
		return &plan.Many{From: plan.Follow{Link: teachers, Facts: facts}, Order: byID(), Rows: true, Total: true, Row: ids(party, reads...)}
	}
	who := func(where plan.Filter) []plan.Read {
		return a.page("Party", func(m *plan.Many) { m.Where = where })
	}
	linked := func(quant plan.Quant, where, facts plan.Filter) []plan.Read {
		return who(plan.Linked{Link: teachers, Quant: quant, Where: where, Facts: facts})
	}
	counted := func(facts plan.Filter, op plan.Op, n int64) []plan.Read {
		return who(plan.Counted{Link: teachers, Facts: facts, Op: op, Operand: amount(n)})
	}
	between := &plan.Many{From: plan.Between{Link: teachers}, Order: byID(), Rows: true, Row: ids(a.cat.TypesOf("Lesson"))}
	pat := Page{Total: 1, Rows: []Tree{idRow("Person", "pat")}}
	patBetween := Page{Total: 1, Rows: []Tree{idRow("Person", "pat", rows("Lesson", false, "l1", "l2")[0])}}
	none := Page{Rows: []Tree{}}
	return []answer{
		{name: "only facts that meet the condition lead on", ask: a.at("Person", "kim", over(one), over(never)), want: []Tree{idRow("Person", "kim", pat, none)}},
		{name: "a far thing comes once though two facts meet the condition", ask: a.at("Person", "kim", over(plan.Not{Filter: never})), want: []Tree{idRow("Person", "kim", pat)}},
		{name: "one fact must meet the whole condition", ask: a.at("Person", "kim", over(split)), want: []Tree{idRow("Person", "kim", none)}},
		{name: "the facts between are all of them, whatever led here", ask: a.at("Person", "kim", over(one, between)), want: []Tree{idRow("Person", "kim", patBetween)}},
		{name: "some asks for a far thing past such a fact", ask: linked(plan.Some, a.is("pat"), place("ash")), want: parties(false, "kim")},
		{name: "some asks for one fact that meets the whole condition", ask: linked(plan.Some, a.is("pat"), split), want: parties(false)},
		{name: "all speaks of the far things past such facts only", ask: linked(plan.All, a.is("gus"), place("ash")), want: parties(false, "gus", "pat")},
		{name: "none speaks of the far things past such facts only", ask: linked(plan.None, a.is("pat"), one), want: parties(false, "gus", "pat")},
		{name: "a count takes the far things past such facts once", ask: counted(plan.Not{Filter: never}, plan.Eq, 1), want: parties(false, "kim", "pat")},
		{name: "no such fact is a count of zero", ask: counted(one, plan.Eq, 0), want: parties(false, "gus", "pat")},
	}
}

// counts is a row of groups: the keys and the numbers.
func counts(of ...Tree) Tree {
	for i := range of {
		if n, ok := of[i].(int); ok {
			of[i] = int64(n)
		}
	}
	return Row{Slots: of}
}

func grouped(of ...Tree) []Tree { return []Tree{Page{Rows: append([]Tree{}, of...)}} }

// by makes a key of a group.
func (a asker) by(name string) plan.GroupKey {
	t, _ := a.cat.Type("Lesson")
	if l, ok := t.Link(name); ok {
		return plan.GroupKey{Link: l, Row: ids(l.Targets)}
	}
	p, _ := t.Property(name)
	return plan.GroupKey{Property: name, Kind: p.Kind}
}

func year(name string) plan.GroupKey {
	return plan.GroupKey{Property: name, Kind: value.Date, Year: true}
}

// groups asks for groups of lessons.
func (a asker) groups(change func(*plan.Groups), by ...plan.GroupKey) []plan.Read {
	g := &plan.Groups{From: plan.Scan{Types: a.cat.TypesOf("Lesson")}, By: by}
	change(g)
	return []plan.Read{g}
}

// The order of groups is fixed, so that their pages can be counted off.
func (a asker) groupAnswers() []answer {
	at, learner, teacher, note := a.by("at"), a.by("learner"), a.by("teacher"), a.by("note")
	oak, ash, pat, kim, gus := idRow("Place", "oak"), idRow("Place", "ash"), idRow("Person", "pat"), idRow("Person", "kim"), idRow("Group", "gus")
	all := func(*plan.Groups) {}
	third := Page{Total: 4, Next: true, Rows: []Tree{counts("2013-09", 1)}}
	bare := plan.GroupKey{Link: at.Link, Row: plan.Row{Types: at.Link.Targets}}
	return []answer{
		{name: "the largest come first, equal ones by their key, a missing one last", ask: a.groups(all, a.by("on")),
			want: grouped(counts("2013", 1), counts("2014~", 1), counts("2013-09", 1), counts("2014/2015", 1), counts(nil, 1))},
		{name: "a missing value makes a group of its own", ask: a.groups(all, note), want: grouped(counts(nil, 4), counts("one", 1))},
		{name: "a date groups by the year in which it is written to begin", ask: a.groups(all, year("on")), want: grouped(counts(2013, 2), counts(2014, 2), counts(nil, 1))},
		{name: "a link groups by the node, which is shown", ask: a.groups(all, at), want: grouped(counts(oak, 2), counts(nil, 2), counts(ash, 1))},
		{name: "a link may lead to several types", ask: a.groups(all, learner), want: grouped(counts(kim, 3), counts(gus, 1), counts(pat, 1))},
		{name: "a node of which nothing is asked is there all the same", ask: a.groups(all, bare),
			want: grouped(counts(Row{Type: "Place"}, 2), counts(nil, 2), counts(Row{Type: "Place"}, 1))},
		{name: "several keys group together", ask: a.groups(all, year("on"), teacher), want: grouped(counts(2013, pat, 2), counts(2014, pat, 1), counts(2014, nil, 1), counts(nil, nil, 1))},
		{name: "the keys decide in turn", ask: a.groups(all, learner, at), want: grouped(counts(gus, nil, 1), counts(kim, ash, 1), counts(kim, oak, 1), counts(kim, nil, 1), counts(pat, oak, 1))},
		{name: "distinct nodes are counted in each group, missing ones are not", ask: a.groups(func(g *plan.Groups) { g.Distinct = []*catalog.Link{at.Link, teacher.Link} }, learner),
			want: grouped(counts(kim, 3, 2, 1), counts(gus, 1, 0, 0), counts(pat, 1, 1, 1))},
		{name: "only what meets the condition is counted", ask: a.groups(func(g *plan.Groups) { g.Where = text("note", plan.Eq, "one") }, learner), want: grouped(counts(kim, 1))},
		{name: "of nothing there are no groups", ask: a.groups(func(g *plan.Groups) { g.Where, g.Total = a.is("nobody"), true }, learner), want: grouped()},
		{name: "a part of the groups says that more follow, the total counts all", ask: a.groups(func(g *plan.Groups) {
			g.First, g.Skip, g.Total, g.Where = amount(1), amount(2), true, plan.Not{Filter: a.is("l4")}
		}, a.by("on")), want: []Tree{third}},
		{name: "a part that ends with the last group says that none follow", ask: a.groups(func(g *plan.Groups) { g.First, g.Skip = amount(1), amount(2) }, learner), want: grouped(counts(pat, 1))},
		{name: "more may be left out than there are", ask: a.groups(func(g *plan.Groups) { g.Skip, g.Total = amount(9), true }, learner), want: []Tree{Page{Total: 3, Rows: []Tree{}}}},
		{name: "a part of none says whether there are some", ask: a.groups(func(g *plan.Groups) { g.First = amount(0) }, learner), want: []Tree{Page{Next: true, Rows: []Tree{}}}},
		{name: "what differs in case alone is not the same", ask: []plan.Read{&plan.Groups{From: plan.Scan{Types: a.cat.TypesOf("Place")}, By: []plan.GroupKey{{Property: "note", Kind: value.Text}}}},
			want: grouped(counts("A", 1), counts("a", 1))},
	}
}

// Groups stand wherever a page may stand.
func (a asker) nearGroups() []answer {
	teachers, learned, party := a.link("Person", "teachers"), a.link("Person", "learned"), a.cat.TypesOf("Party")
	oak, ash := idRow("Place", "oak"), idRow("Place", "ash")
	behind := &plan.Groups{From: plan.Between{Link: teachers}, By: []plan.GroupKey{a.by("at")}}
	over := &plan.Many{From: plan.Follow{Link: teachers}, Order: byID(), Rows: true, Row: ids(party, behind)}
	byNote := &plan.Groups{From: plan.Follow{Link: learned}, By: []plan.GroupKey{a.by("note")}}
	places := &plan.Groups{From: plan.Follow{Link: a.link("Person", "places"), Facts: text("note", plan.Eq, "one")}, By: []plan.GroupKey{{Property: "name", Kind: value.Text}}}
	deep := plan.GroupKey{Link: a.link("Lesson", "teacher"), Row: ids(party, byNote)}
	return []answer{
		{name: "behind a link they count its nodes", ask: a.at("Person", "kim", byNote), want: []Tree{idRow("Person", "kim", grouped(counts(nil, 2), counts("one", 1))[0])}},
		{name: "past a shortcut they count each far thing once, over the facts that meet the condition", ask: a.at("Person", "kim", places), want: []Tree{idRow("Person", "kim", grouped(counts("oak", 1))[0])}},
		{name: "between a thing and its far thing they count the facts", ask: a.at("Person", "kim", over),
			want: []Tree{idRow("Person", "kim", Page{Rows: []Tree{idRow("Person", "pat", grouped(counts(ash, 1), counts(oak, 1))[0])}})}},
		{name: "the node of a group may hold groups again", ask: a.at("Place", "oak", &plan.Groups{From: plan.Follow{Link: a.link("Place", "lessons")}, By: []plan.GroupKey{deep}}),
			want: []Tree{idRow("Place", "oak", grouped(counts(idRow("Person", "pat", grouped(counts(nil, 1))[0]), 2))[0])}},
	}
}
