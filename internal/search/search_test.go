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

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

var thing = catalog.New([]*catalog.Type{{
	Name: "Thing", Properties: []*catalog.Property{
		{Name: "id", Kind: value.ID, Index: 0},
		{Name: "aliases", Kind: value.Strings, Index: 1},
		{Name: "name", Kind: value.Text, Index: 2},
		{Name: "title", Kind: value.Date, Index: 3},
	},
}}, nil, nil).Types[0]

// document makes a document of a name and its aliases, separated by bars.
func document(id, text string) *Document {
	names := strings.Split(text, "|")
	return NewDocument(thing, id, func(p *catalog.Property) value.Value {
		if p.Name == "name" {
			return value.OfText(names[0])
		}
		return value.OfStrings(names[1:])
	})
}

func TestPropertiesAreNamesFirstAndOnlyTexts(t *testing.T) {
	var names []string
	for _, p := range Properties(thing) {
		names = append(names, p.Name)
	}
	if diff := cmp.Diff([]string{"name", "aliases"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestWordsAndInitials(t *testing.T) {
	for text, want := range map[string]string{
		"Plan-Do-Study-Act":                     "plan do study act: pdsa",
		"P.D.S.A. cycle":                        "pdsa cycle: pc",
		"Children's & Teachers’ College":        "childrens teachers college: ctc",
		"California Office to Reform Education": "california office to reform education: core cotre",
		"Fundación Luksic—Ñuñoa":                "fundacion luksic nunoa: fln",
		"Anthony S. Bryk":                       "anthony s bryk: asb",
		"½ day":                                 "12 day: 1d",
		"3.5 2.0":                               "3 5 2 0: 3520",
		"'' … ’":                                "",
		"\xff\xfe":                              "",
		"NIC":                                   "nic",
		"Of the":                                "of the: ot",
	} {
		d := document("a", text)
		var words, initials []string
		for _, w := range d.texts[0].words {
			words = append(words, w.text)
		}
		for _, a := range d.texts[0].acronyms {
			initials = append(initials, a.text)
		}
		got := strings.Join(words, " ")
		if len(initials) > 0 {
			got += ": " + strings.Join(initials, " ")
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

var shelf = []*Document{
	document("pdsa", "Plan-Do-Study-Act|PDSA cycle"),
	document("core", "CORE Districts|California Office to Reform Education"),
	document("nic", "Networked improvement community|NIC"),
	document("cnic", "Central Valley Networked Improvement Community"),
	document("carnegie", "Carnegie Foundation for the Advancement of Teaching"),
	document("cari", "Carnegie"),
	document("luksic", "Fundación Luksic"),
	document("study", "A study of networked teaching"),
	document("carn2", "Carnegie"),
}

func TestWhatIsFoundAndInWhichOrder(t *testing.T) {
	for text, want := range map[string]string{
		"pdsa":                      "pdsa/1",
		"P.D.S.A":                   "pdsa/1",
		"plan do study act":         "pdsa/1 study/6",
		"act plan":                  "pdsa/3",
		"core":                      "core/1",
		"NIC":                       "nic/1",
		"CFAT":                      "carnegie/1",
		"carnegie":                  "cari/1 carn2/1 carnegie/2",
		"carn":                      "cari/2 carn2/2 carnegie/2",
		"foundation carnegie":       "carnegie/3 cari/4 carn2/4",
		"fundacion":                 "luksic/2",
		"FUNDACIÓN LÜKSIC":          "luksic/1",
		"networked improv":          "nic/2 cnic/3 study/4",
		"districts education":       "core/3",
		"the teaching":              "study/3 carnegie/3",
		"teaching of the":           "study/3 carnegie/3",
		"networked act teaching do": "study/5 pdsa/5 carnegie/6 cnic/6 nic/6",
		"of":                        "study/3 carnegie/3 core/3",
		"zzz":                       "",
		"… ":                        "",
		"":                          "",
	} {
		q, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range q.Find(shelf, nil, 100).Hits {
			got = append(got, fmt.Sprintf("%s/%d", h.ID, h.Rank))
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", text, diff)
		}
	}
}

func TestTheSnippetMarksWhatMatches(t *testing.T) {
	for _, test := range []struct{ text, id, field, want string }{
		{"carn", "carnegie", "name", "[Carnegie] Foundation for the Advancement of Teaching"},
		{"carnegie foundation for the", "carnegie", "name", "[Carnegie] [Foundation] [for] [the] Advancement of Teaching"},
		{"cfat", "carnegie", "name", "[C]arnegie [F]oundation for the [A]dvancement of [T]eaching"},
		{"reform", "core", "aliases", "California Office to [Reform] Education"},
		{"pdsa", "pdsa", "name", "[P]lan-[D]o-[S]tudy-[A]ct"},
		{"cycle", "pdsa", "aliases", "PDSA [cycle]"},
		{"luksic fundacion", "luksic", "name", "[Fundación] [Luksic]"},
	} {
		q, err := Parse(test.text)
		if err != nil {
			t.Fatal(err)
		}
		hits := q.Find(shelf, nil, 100).Hits
		h := hits[slices.IndexFunc(hits, func(h Hit) bool { return h.ID == test.id })]
		got := ""
		for _, p := range q.Snippet(h) {
			if p.Match {
				p.Text = "[" + p.Text + "]"
			}
			got += p.Text
		}
		if got != test.want || h.Field() != test.field {
			t.Errorf("%q: got %s %q, want %s %q", test.text, h.Field(), got, test.field, test.want)
		}
	}
}

func TestTooMuchTextIsRefused(t *testing.T) {
	for _, text := range []string{strings.Repeat("a", 501), strings.Repeat("a ", 33)} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%d bytes are taken", len(text))
		}
	}
}

// letters are few, so that random texts meet; some fold, some part words.
var alphabet = []rune("abAB éÉ1.-'’½ßİ\u0301\u0345漢")

func drawText(t *rapid.T, label string) string {
	runes := rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, 12)
	if rapid.IntRange(0, 4).Draw(t, label+" small") == 0 {
		return rapid.SampledFrom([]string{"of the a", "to", "in a", "the ab of"}).Draw(t, label)
	}
	return string(runes.Draw(t, label))
}

func TestWhateverMatchesHasATermOfTheQuery(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := document("d", drawText(t, "name")+"|"+drawText(t, "alias"))
		q, err := Parse(drawText(t, "query"))
		if err != nil {
			t.Fatal(err)
		}
		rank, _ := q.rank(d)
		if got := proposed(q, d.Terms()); got != (rank > 0) {
			t.Fatalf("%q on %+v: rank %d, proposed %v", q, d, rank, got)
		}
	})
}

// proposed tells whether a store must propose a document with these terms.
func proposed(q Query, terms []string) bool {
	whole, prefix := q.Terms()
	return slices.ContainsFunc(terms, func(term string) bool {
		return slices.Contains(whole, term) || prefix != "" && strings.HasPrefix(term, prefix)
	})
}

func TestPagesJoinToTheWholeAndSnippetsToTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []*Document
		for i := range rapid.IntRange(0, 40).Draw(t, "documents") {
			all = append(all, document(strconv.Itoa(i), drawText(t, "name")+"|"+drawText(t, "alias")))
		}
		q, err := Parse(drawText(t, "query"))
		if err != nil {
			t.Fatal(err)
		}
		whole := q.Find(all, nil, 1000)
		first := rapid.IntRange(1, 5).Draw(t, "first")
		var joined []Place
		var after *Place
		for {
			page := q.Find(all, after, first)
			for _, h := range page.Hits {
				joined = append(joined, h.Place)
				checkSnippet(t, q, h)
			}
			if page.Total != whole.Total || !page.Next {
				break
			}
			after = &joined[len(joined)-1]
		}
		var want []Place
		for _, h := range whole.Hits {
			want = append(want, h.Place)
		}
		if diff := cmp.Diff(want, joined); diff != "" || len(want) != whole.Total {
			t.Fatalf("total %d (-whole +pages)\n%s", whole.Total, diff)
		}
	})
}

func checkSnippet(t *rapid.T, q Query, h Hit) {
	text, marked := "", false
	for _, p := range q.Snippet(h) {
		text += p.Text
		marked = marked || p.Match
	}
	if text != h.Text() || !marked {
		t.Fatalf("%q on %q: parts %+v", q, h.Text(), q.Snippet(h))
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Plan-Do P.D.S.A. é½")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, w := range wordsOf(text) {
			if w.text == "" || w.start < end || w.end <= w.start || w.end > len(text) {
				t.Fatalf("%q: %+v", text, w)
			}
			end = w.end
		}
	})
}

func BenchmarkFind(b *testing.B) {
	words := strings.Fields("improvement network school district of education center for learning institute national teaching science community office")
	r := rand.New(rand.NewPCG(1, 2))
	var all []*Document
	for i := range 10_000 {
		var name []string
		for range 5 {
			name = append(name, words[r.IntN(len(words))])
		}
		all = append(all, document(strconv.Itoa(i), strings.Join(name, " ")))
	}
	q, err := Parse("national center for impro")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		q.Find(all, nil, 25)
	}
}

func BenchmarkNewDocument(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		document("a", "Carnegie Foundation for the Advancement of Teaching|CFAT")
	}
}
