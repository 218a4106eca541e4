package embedded_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// liked is a page of those whom the hub likes, in an order.
func liked(cat *catalog.Catalog, first int64, order ...plan.Key) *plan.Find {
	people := typeOf(cat, "Person")
	many := &plan.Many{
		From: plan.Follow{Link: linkOf(cat, "Person", "likes")}, Order: append(order, byID()...),
		First: number(first), Rows: true, Row: scalars(people, "id", "name"),
	}
	row := plan.Row{Types: setOf(cat, "Person"), Slots: []plan.Slot{{Types: setOf(cat, "Person"), Read: many}}}
	return &plan.Find{Types: row.Types, ID: id("hub"), Row: row}
}

func manyOf(find *plan.Find) *plan.Many { return find.Row.Slots[0].Read.(*plan.Many) }

// hub likes each step-th of a crowd, and some more.
func hub(t testing.TB, cat *catalog.Catalog, size, step int, likes ...string) change.Node {
	for i := 0; i < size; i += step {
		likes = append(likes, fmt.Sprintf("person-%07d", i))
	}
	return person(t, cat, "hub", storetest.Fields{"name": "Hub", "likes": likes})
}

// Orders of all sorts, from both ends, from the middle and of all, are asked for until positions are kept, and then
// beside writes.
func TestPagesAreChosenByPositions(t *testing.T) {
	cat := storetest.Catalog()
	name := plan.Key{Property: "name", Kind: value.Text}
	nameDesc := plan.Key{Property: "name", Kind: value.Text, Desc: true}
	score := plan.Key{Property: "score", Kind: value.Int, NullsFirst: true}
	nick := plan.Key{Property: "nick", Kind: value.Text}
	nickDesc := plan.Key{Property: "nick", Kind: value.Text, Desc: true, NullsFirst: true}
	for _, row := range []struct {
		name string
		keys []plan.Key
	}{
		{"id", nil},
		{"id, the last first", []plan.Key{{Property: "id", Kind: value.ID, Desc: true}}},
		{"name", []plan.Key{name}},
		{"name, the last first", []plan.Key{nameDesc}},
		{"name, the last first, then id, the last first", []plan.Key{nameDesc, {Property: "id", Kind: value.ID, Desc: true}}},
		{"score, the missing first", []plan.Key{score}},
		{"nick, which many share or miss", []plan.Key{nick}},
		{"nick, the last first", []plan.Key{nickDesc}},
		{"nick, then name, the last first", []plan.Key{nick, nameDesc}},
		{"nick, the last first, then score", []plan.Key{nickDesc, score}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, random := memory(t, cat), rand.New(rand.NewPCG(3, 4))
			nodes := []change.Node{hub(t, cat, 200, 2)}
			for i := range 200 {
				nodes = append(nodes, anyone(t, cat, random, fmt.Sprintf("person-%07d", i)))
			}
			apply(t, s, nodes...)
			reads := []*plan.Find{liked(cat, 1000, row.keys...)}
			for _, after := range []int{0, 70} {
				front, back := liked(cat, 7, row.keys...), liked(cat, 7, row.keys...)
				manyOf(back).First, manyOf(back).Last = plan.Operand{}, number(7)
				if after > 0 {
					cursor := cursors(t, cat, scan(cat, "Person", nil, row.keys...), s)[after]
					manyOf(front).After, manyOf(back).Before = cursor, cursor
				}
				reads = append(reads, front, back)
			}
			for range 3 {
				for _, read := range reads {
					answer(t, prepare(t, s, query(cat, read)))
				}
			}
			if embedded.Lineups(s) != 1 {
				t.Errorf("positions of %d orders are kept, want those of 1", embedded.Lineups(s))
			}
			for round := range 30 {
				changed := stir(t, cat, random, round)
				apply(t, s, changed...)
				nodes = append(nodes, changed...)
				for _, read := range reads {
					sameAsAnew(t, cat, prepare(t, s, query(cat, read)), nodes, read)
				}
			}
		})
	}
}

// anyone has what they are ordered by at random: some share it with many, some with few, and some miss it.
func anyone(t *testing.T, cat *catalog.Catalog, random *rand.Rand, id string) change.Node {
	fields := storetest.Fields{"name": fmt.Sprint("Person ", random.IntN(300))}
	if random.IntN(3) > 0 {
		fields["score"], fields["nick"] = random.IntN(300), fmt.Sprint("nick ", random.IntN(3))
	}
	return person(t, cat, id, fields)
}

// stir is some written anew, and some whom the hub likes since then: their ids come before all others, behind them,
// and between them.
func stir(t *testing.T, cat *catalog.Catalog, random *rand.Rand, round int) (nodes []change.Node) {
	for _, i := range random.Perm(200)[:1+random.IntN(3)] {
		nodes = append(nodes, anyone(t, cat, random, fmt.Sprintf("person-%07d", i)))
	}
	var come []string
	for i := range round + 1 {
		come = append(come, fmt.Sprintf("a-%02d", 99-i), fmt.Sprintf("z-%02d", i), fmt.Sprintf("person-%07d-new", 5*i))
	}
	for _, id := range come[3*round:] {
		nodes = append(nodes, anyone(t, cat, random, id))
	}
	return append(nodes, hub(t, cat, 200, 2, come...))
}

func TestAPageOfMembersIsChosenByPositions(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	nodes := crowd(t, cat, 4000)
	apply(t, s, nodes...)
	page := scan(cat, "Person", is("nick", value.Text, value.OfText("nick 7")), plan.Key{Property: "name", Kind: value.Text, Desc: true})
	page.First, page.Total = number(5), true
	q := prepare(t, s, query(cat, page))
	for range 50 {
		answer(t, q)
	}
	if embedded.Lineups(s) != 1 {
		t.Error("positions by name are not kept")
	}
	for i := range 3 {
		changed := person(t, cat, fmt.Sprintf("person-%07d", 1007+100*i), storetest.Fields{"name": "Person 99", "nick": "nick 7"})
		apply(t, s, changed)
		nodes = append(nodes, changed)
		sameAsAnew(t, cat, q, nodes, page)
	}
}

func TestPositionsTooLargeToKeepAreMadeOnce(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	nodes := append(crowd(t, cat, 1000), hub(t, cat, 1000, 2))
	apply(t, s, nodes...)
	embedded.LimitKept(s, 4*4*1000)
	read := liked(cat, 20, plan.Key{Property: "name", Kind: value.Text})
	q := prepare(t, s, query(cat, read))
	for range 20 {
		answer(t, q)
	}
	sameAsAnew(t, cat, q, nodes, read)
	if made := embedded.Made(s); made != 1 {
		t.Errorf("positions were made %d times, want once", made)
	}
	if embedded.Lineups(s) != 0 {
		t.Error("positions are kept, though they are too large")
	}
}

func TestAPageOfManyLinkedTakesFewAllocations(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	apply(t, s, append(crowd(t, cat, 1000), hub(t, cat, 1000, 2))...)
	q := prepare(t, s, query(cat, liked(cat, 20, plan.Key{Property: "name", Kind: value.Text})))
	for range 3 {
		answer(t, q)
	}
	if embedded.Lineups(s) != 1 {
		t.Error("positions by name are not kept")
	}
	if got := fewest(func() { answer(t, q) }); got > 4 {
		t.Errorf("%v allocations, at most 4 wanted", got)
	}
}

// BenchmarkPageOfLinked asks for twenty of many, by name.
func BenchmarkPageOfLinked(b *testing.B) {
	const size = 100_000
	cat := storetest.Catalog()
	s := memory(b, cat)
	apply(b, s, crowd(b, cat, size)...)
	for _, many := range []int{64, 640, 6400} {
		apply(b, s, hub(b, cat, size, size/many))
		q := prepare(b, s, query(cat, liked(cat, 20, plan.Key{Property: "name", Kind: value.Text})))
		for range 1000 {
			answer(b, q).Release()
		}
		b.Run(strconv.Itoa(many), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				answer(b, q).Release()
			}
		})
	}
}
