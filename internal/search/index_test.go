package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// rows are the texts of documents by row, without one where there is none. The id of a row is
// its number.
type rows [][]string

func (r rows) source(row uint32, room []string) (id string, texts []string) {
	return strconv.Itoa(int(row)), append(room, r[row]...)
}

func (r rows) document(row uint32) *Document {
	return document(strconv.Itoa(int(row)), strings.Join(r[row], "|"))
}

func (r rows) all() (all []uint32) {
	for row := range r {
		if r[row] != nil {
			all = append(all, uint32(row))
		}
	}
	return all
}

func drawRow(t *rapid.T) []string {
	if rapid.IntRange(0, 3).Draw(t, "none") == 0 {
		return nil
	}
	return strings.Split(drawText(t, "name")+"|"+drawText(t, "alias"), "|")
}

// change changes some rows and tells which.
func (r rows) change(t *rapid.T) (changed rows, gone, come []uint32) {
	changed = slices.Clone(r)
	for _, row := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(r)-1), 0, 60, rapid.ID[int]).Draw(t, "rows") {
		if r[row] != nil {
			gone = append(gone, uint32(row))
		}
		if changed[row] = drawRow(t); changed[row] != nil {
			come = append(come, uint32(row))
		}
	}
	return changed, gone, come
}

// By an index that has gone through changes, a page is what looking at every document finds, and
// the index of every state before is as it was.
func TestAnIndexFindsWhatLookingAtEveryDocumentFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := make(rows, rapid.IntRange(1, 150).Draw(t, "size"))
		x := NewIndex(nil, r.source)
		for range rapid.IntRange(1, 8).Draw(t, "changes") {
			changed, gone, come := r.change(t)
			next := x.With(gone, r.source, come, changed.source)
			compareFinds(t, x, r)
			compareFinds(t, next, changed)
			x, r = next, changed
		}
	})
}

func compareFinds(t *rapid.T, x *Index, r rows) {
	text := drawText(t, "query")
	if some := r.all(); len(some) > 0 && rapid.Bool().Draw(t, "a name that is there") {
		text = r[rapid.SampledFrom(some).Draw(t, "row")][0]
	}
	q, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	ask := Ask{Query: q, First: rapid.IntRange(0, 6).Draw(t, "first")}
	var documents []*Document
	for _, row := range r.all() {
		documents = append(documents, r.document(row))
	}
	for {
		want := q.Find(documents, ask.After, ask.First)
		got := find(x, r, &ask)
		if diff := cmp.Diff(shown(want), shown(got)); diff != "" {
			t.Fatalf("%q after %+v (-want +got):\n%s", text, ask.After, diff)
		}
		if !want.Next || ask.First == 0 {
			return
		}
		ask.After = &want.Hits[ask.First-1].Place
	}
}

func find(x *Index, r rows, ask *Ask) Page {
	f := NewFinding(ask)
	f.In(thing, x, r.document)
	return f.Page()
}

// shown is a page as far as somebody sees it.
func shown(p Page) []string {
	all := []string{fmt.Sprint(p.Next, p.Total, p.ByType)}
	for _, h := range p.Hits {
		all = append(all, fmt.Sprintf("%+v %s %q", h.Place, h.Field(), h.Text()))
	}
	return all
}

func TestSmallChangesLeaveFewParts(t *testing.T) {
	r := make(rows, 5000)
	for i := range r {
		r[i] = []string{fmt.Sprint("name ", i)}
	}
	x := NewIndex(r.all(), r.source)
	for i := range 2000 {
		row := []uint32{uint32(i * 7 % len(r))}
		x = x.With(row, r.source, row, r.source)
		live := 0
		for _, p := range x.parts {
			live += p.live
		}
		if len(x.parts) > 9 || live != len(r) {
			t.Fatalf("after %d changes: %d parts of %d documents", i, len(x.parts), live)
		}
	}
}

// crowd is names of a few common words and a rare one.
func crowd(size int) rows {
	words := strings.Fields("improvement network school district of education center for learning institute national teaching science community office")
	random := rand.New(rand.NewPCG(1, 2))
	r := make(rows, size)
	for i := range r {
		name := fmt.Sprintf("Rare%d", random.IntN(size))
		for range 4 {
			name += " " + words[random.IntN(len(words))]
		}
		r[i] = []string{name}
	}
	return r
}

func BenchmarkNewIndex(b *testing.B) {
	r := crowd(100_000)
	all := r.all()
	b.ReportAllocs()
	for b.Loop() {
		NewIndex(all, r.source)
	}
}

func BenchmarkIndexAfterAChange(b *testing.B) {
	r := crowd(100_000)
	x := NewIndex(r.all(), r.source)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		row := []uint32{uint32(i % len(r))}
		x = x.With(row, r.source, row, r.source)
	}
}

// questions are searches that find one, many, and nearly all of a crowd.
var questions = map[string]string{
	"rare": "rare77", "common": "improvement comunity", "all words": "learning national for impro", "one letter": "s", "a name": "rare77 school of",
}

func BenchmarkFindByIndex(b *testing.B) {
	r := crowd(100_000)
	x := NewIndex(r.all(), r.source)
	for name, text := range questions {
		b.Run(name, func(b *testing.B) {
			q, err := Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				find(x, r, &Ask{Query: q, First: 10})
			}
		})
	}
}

func TestAnIndexTakesFewAllocations(t *testing.T) {
	r := crowd(10_000)
	all := r.all()
	got := testing.AllocsPerRun(1, func() { NewIndex(all, r.source) })
	if most := 2.8 * float64(len(all)); got > most { // the id of the test, the folded name, and initials that are rare
		t.Errorf("%v allocations, at most %v wanted", got, most)
	}
	x := NewIndex(all, r.source)
	for name, text := range questions {
		q, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		ask := &Ask{Query: q, First: 0}
		if got := testing.AllocsPerRun(20, func() { find(x, r, ask) }); got > 10 {
			t.Errorf("%s: %v allocations", name, got)
		}
	}
}
