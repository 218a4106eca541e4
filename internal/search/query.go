package search

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"nicgraph/internal/fault"
)

// Bounds of what is looked for at once.
const (
	longestQuery = 500 // runes
	mostWords    = 32
)

// Query is a text that somebody typed. It is immutable.
type Query struct {
	words  []string // in their order
	sought []string // the words that count: without small ones, unless there are no others
	typing bool     // the last word may go on: it is also the last of sought
}

// Parse reads what somebody typed. A text without a word finds nothing.
func Parse(text string) (Query, error) {
	if n := utf8.RuneCountInString(text); n > longestQuery {
		return Query{}, fault.New(fault.Limit, "text has %d characters; search for %d at most", n, longestQuery)
	}
	var q Query
	for _, w := range wordsOf(text) {
		q.words = append(q.words, w.text)
	}
	if len(q.words) > mostWords {
		return Query{}, fault.New(fault.Limit, "text has %d words; search for %d at most", len(q.words), mostWords)
	}
	q.sought = slices.DeleteFunc(slices.Clone(q.words), isSmall)
	if len(q.sought) == 0 {
		q.sought = slices.Clone(q.words)
	}
	if len(q.words) > 0 {
		q.typing = q.words[len(q.words)-1] == q.sought[len(q.sought)-1]
	}
	q.sought = lastOfEach(q.sought)
	return q, nil
}

// lastOfEach drops words that come again.
func lastOfEach(words []string) []string {
	var all []string
	for i, w := range words {
		if !slices.Contains(words[i+1:], w) {
			all = append(all, w)
		}
	}
	return all
}

// Terms are what a store looks up: a document can match only when one of its terms is
// in whole or begins with prefix, where that is not empty.
func (q Query) Terms() (whole []string, prefix string) {
	if !q.typing {
		return q.sought, ""
	}
	last := len(q.sought) - 1
	return q.sought[:last], q.sought[last]
}

// String is the query as it is compared: equal for texts that find the same.
func (q Query) String() string { return strings.Join(q.words, " ") }

// The ranks. From SomeWords on, each missing word adds one.
const (
	Exact     = 1 // it is the name, title or alias, or its initials
	Prefix    = 2 // the name, title or alias begins with it
	AllWords  = 3 // all words occur, in whichever order
	SomeWords = 4 // some words occur
)

// rank tells how well a document matches, 0 for not at all, and by which of its texts.
func (q Query) rank(d *Document) (rank, by int) {
	found, most := uint64(0), 0
	for i := range d.texts {
		t := &d.texts[i]
		if r := q.rankWhole(t); r != 0 && (rank == 0 || r < rank) {
			rank, by = r, i
		}
		has := q.foundIn(t)
		if n := bits.OnesCount64(has); n > most && rank == 0 {
			most, by = n, i
		}
		found |= has
	}
	switch n := bits.OnesCount64(found); {
	case rank != 0 || n == 0:
		return rank, by
	case n == len(q.sought):
		return AllWords, by
	default:
		return SomeWords + len(q.sought) - n - 1, by
	}
}

// rankWhole compares a text from its first word on.
func (q Query) rankWhole(t *text) int {
	last := len(q.words) - 1
	if last < 0 {
		return 0
	}
	if last == 0 && slices.ContainsFunc(t.acronyms, func(a acronym) bool { return a.text == q.words[0] }) {
		return Exact
	}
	if len(t.words) <= last || !strings.HasPrefix(t.words[last].text, q.words[last]) {
		return 0
	}
	for i := range last {
		if t.words[i].text != q.words[i] {
			return 0
		}
	}
	if len(t.words) == last+1 && t.words[last].text == q.words[last] {
		return Exact
	}
	return Prefix
}

// foundIn tells which of the sought words a text has, one bit each.
func (q Query) foundIn(t *text) (found uint64) {
	for i := range q.sought {
		has := slices.ContainsFunc(t.words, func(w word) bool { return q.meets(i, w.text) }) ||
			slices.ContainsFunc(t.acronyms, func(a acronym) bool { return q.meets(i, a.text) })
		if has {
			found |= 1 << i
		}
	}
	return found
}

// meets tells whether a term is the i-th sought word, or what it may go on to be.
func (q Query) meets(i int, term string) bool {
	if q.typing && i == len(q.sought)-1 {
		return strings.HasPrefix(term, q.sought[i])
	}
	return term == q.sought[i]
}
