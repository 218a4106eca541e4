package embedded_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

func TestOrdersByCountsAndByLinks(t *testing.T) {
	cat := storetest.Catalog()
	s := school(t, cat)
	lessons := plan.Key{Kind: value.Int, Desc: true, Count: &plan.Count{Link: linkOf(cat, "Person", "learned")}}
	inHall := plan.Key{Kind: value.Int, Desc: true, Count: &plan.Count{
		Link:  linkOf(cat, "Person", "teachers"),
		Facts: plan.Linked{Link: linkOf(cat, "Lesson", "at"), Where: idIs("hall")},
		Where: is("name", value.Text, value.OfText("choir")),
	}}
	friend := plan.Key{Path: []*catalog.Link{linkOf(cat, "Person", "friend")}, Property: "name", Kind: value.Text}
	friendsFriend := friend
	friendsFriend.Path = append(friendsFriend.Path, linkOf(cat, "Person", "friend"))
	friendID := plan.Key{Path: friend.Path, Property: "id", Kind: value.ID, Desc: true, NullsFirst: true}
	for _, row := range []struct {
		name string
		keys []plan.Key
		want []storetest.Tree
	}{
		{"the most lessons first", []plan.Key{lessons}, []storetest.Tree{"ann", "bob", "cid"}},
		{"the choir in the hall first", []plan.Key{inHall}, []storetest.Tree{"bob", "ann", "cid"}},
		{"by the name of the friend, who may be missing", []plan.Key{friend}, []storetest.Tree{"bob", "ann", "cid"}},
		{"by the friend's friend", []plan.Key{friendsFriend}, []storetest.Tree{"bob", "ann", "cid"}},
		{"by the friend's id, nobody first", []plan.Key{friendID}, []storetest.Tree{"cid", "ann", "bob"}},
		{"by the choir, then by lessons", []plan.Key{{Property: "score", Kind: value.Int}, inHall, lessons}, []storetest.Tree{"bob", "ann", "cid"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := gocmp.Diff(row.want, firsts(read(t, s, cat, scan(cat, "Person", nil, row.keys...)))); diff != "" {
				t.Errorf("people (-want +got):\n%s", diff)
			}
		})
	}
}

func TestKeysOfSlotsBringWhatOrdersCompare(t *testing.T) {
	cat := storetest.Catalog()
	s := school(t, cat)
	types := setOf(cat, "Person")
	many := scan(cat, "Person", nil)
	for _, k := range []plan.Key{
		{Kind: value.Int, Count: &plan.Count{Link: linkOf(cat, "Person", "learned")}},
		{Path: []*catalog.Link{linkOf(cat, "Person", "friend")}, Property: "name", Kind: value.Text},
	} {
		many.Row.Slots = append(many.Row.Slots, plan.Slot{Types: types, Read: plan.KeyOf{Key: k}})
	}
	result := answer(t, prepare(t, s, query(cat, many)))
	ann := plan.RowAt(int(result.Cells[1].Num), 0, 3)
	want := []plan.Cell{{Kind: plan.CellNumber, Num: 3}, {Kind: plan.CellText, Str: "Cid"}}
	if diff := gocmp.Diff(want, result.Cells[ann+2:ann+4]); diff != "" {
		t.Errorf("keys of ann (-want +got):\n%s", diff)
	}
}

// Names are long enough and alike enough that their first bytes, and the next ones, do not decide; ids are in no order.
func TestSortingManyThatAreAlike(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	random := rand.New(rand.NewPCG(1, 2))
	var nodes []change.Node
	for i := range 5000 {
		name := strings.Repeat("alike ", random.IntN(12)) + []string{"", "a", "A", "ä", "longer than eight", "last"}[random.IntN(6)]
		nodes = append(nodes, person(t, cat, fmt.Sprintf("person-%05d", i*7919%5000), storetest.Fields{"name": name, "born": strconv.Itoa(1900 + random.IntN(30))}))
	}
	apply(t, s, nodes...)
	people := typeOf(cat, "Person")
	for _, name := range []string{"id", "name", "born"} {
		p, _ := people.Property(name)
		for _, idDesc := range []bool{false, true} {
			slices.SortFunc(nodes, func(a, b change.Node) int {
				x, y := a.Values[p.Index].Str, b.Values[p.Index].Str
				byID := strings.Compare(a.ID, b.ID)
				if idDesc {
					byID = -byID
				}
				if name == "id" {
					return byID
				}
				return cmp.Or(strings.Compare(value.Fold(x), value.Fold(y)), strings.Compare(x, y), byID)
			})
			var want []string
			for _, n := range nodes {
				want = append(want, n.ID)
			}
			if !slices.Equal(want, embedded.Sorted(s, people.ID, p, idDesc)) {
				t.Errorf("people by %s, ids backward %v, are in another order", name, idDesc)
			}
		}
	}
}

// Pages of all sizes from both ends, between all pairs of bounds, under an order that
// has an index and one that has none, are the parts of the whole list.
func TestPagesFromBothEndsBetweenBounds(t *testing.T) {
	cat := storetest.Catalog()
	s := memory(t, cat)
	apply(t, s, crowd(t, cat, 12)...)
	score := plan.Key{Property: "score", Kind: value.Int, Desc: true}
	nick := plan.Key{Property: "nick", Kind: value.Text}
	likes := plan.Key{Kind: value.Int, Count: &plan.Count{Link: linkOf(cat, "Person", "likedBy")}}
	for name, keys := range map[string][]plan.Key{
		"id": nil, "score": {score}, "nick and likes": {nick, likes}, "likes and score": {likes, score}, "likes": {likes},
	} {
		t.Run(name, func(t *testing.T) {
			many := scan(cat, "Person", nil, keys...)
			all := firsts(read(t, s, cat, many))
			bounds := cursors(t, cat, many, s)
			for first := range bounds {
				for last := range bounds {
					for _, size := range []int{0, 1, 3, 20} {
						checkBothEnds(t, cat, s, *many, all, bounds, first, last, size)
					}
				}
			}
		})
	}
}

// cursors is, for each row of a connection, the cursor of the row; at 0 it is none.
func cursors(t *testing.T, cat *catalog.Catalog, many *plan.Many, s store.Backend) []plan.Operand {
	keyed := *many
	keyed.Row.Slots = nil
	for _, k := range many.Order {
		keyed.Row.Slots = append(keyed.Row.Slots, plan.Slot{Types: keyed.Row.Types, Read: plan.KeyOf{Key: k}})
	}
	bounds := []plan.Operand{{}}
	for _, row := range read(t, s, cat, &keyed).(storetest.Page).Rows {
		var keys []value.Value
		for i, slot := range row.(storetest.Row).Slots {
			v := value.Value{Kind: many.Order[i].Kind}
			switch slot := slot.(type) {
			case string:
				v.Str = slot
			case int64:
				v.Num = slot
			}
			keys = append(keys, v)
		}
		bounds = append(bounds, plan.Operand{Const: value.OfText(string(plan.AppendCursor(nil, many.Order, keys)))})
	}
	return bounds
}

// checkBothEnds compares pages after the first-th and before the last-th row (counted
// from 1, 0 for no bound) with the list of all.
func checkBothEnds(t *testing.T, cat *catalog.Catalog, s store.Backend, many plan.Many, all []storetest.Tree, bounds []plan.Operand, first, last, size int) {
	t.Helper()
	end := last - 1
	if last == 0 {
		end = len(all)
	}
	within := all[first:max(first, end)]
	some := min(size, len(within))
	many.After, many.Before = bounds[first], bounds[last]
	many.First = number(int64(size))
	checkPage(t, fmt.Sprintf("first %d", size), read(t, s, cat, &many), within[:some], size < len(within))
	many.First, many.Last = plan.Operand{}, number(int64(size))
	checkPage(t, fmt.Sprintf("last %d", size), read(t, s, cat, &many), within[len(within)-some:], size < len(within))
}

func checkPage(t *testing.T, what string, tree storetest.Tree, want []storetest.Tree, next bool) {
	t.Helper()
	if got := firsts(tree); !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
	if got := tree.(storetest.Page).Next; got != next {
		t.Errorf("%s: next is %v, want %v", what, got, next)
	}
}
