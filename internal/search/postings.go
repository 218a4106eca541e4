package search

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"nicgraph/internal/cores"
)

// postings leads from terms to the places of the documents that have them.
type postings struct {
	terms  []string // sorted
	ends   []uint32 // where the places of each term end
	places []uint32 // term by term, in ascending order
	common []common // by term
}

// common is a term that so many documents have that a set of them takes no more room than the
// list of their places. It is looked up in the set, whatever their number.
type common struct {
	term   int
	places set
}

// entry says that the document at a place has a text.
type entry struct {
	text  string
	place uint32
}

// newPostings makes postings of entries, in no order, of so many documents.
func newPostings(all []entry, documents int) postings {
	order := sorted(len(all),
		func(at int) string { return all[at].text },
		func(a, b uint32) int {
			return cmp.Or(strings.Compare(all[a].text, all[b].text), cmp.Compare(all[a].place, all[b].place))
		})
	var p postings
	for _, at := range order {
		e := &all[at]
		if last := len(p.terms) - 1; last < 0 || p.terms[last] != e.text {
			p.terms, p.ends = append(p.terms, e.text), append(p.ends, p.end(last))
		}
		p.places = append(p.places, e.place)
		p.ends[len(p.ends)-1] = uint32(len(p.places))
	}
	p.findCommon(documents)
	return p
}

// end is where the places of a term end, those of the term before the first at 0.
func (p *postings) end(term int) uint32 {
	if term < 0 {
		return 0
	}
	return p.ends[term]
}

// of is the places of the terms of a range.
func (p *postings) of(from, to int) []uint32 { return p.places[p.end(from-1):p.end(to-1)] }

func (p *postings) findCommon(documents int) {
	for term := range p.terms {
		if places := p.of(term, term+1); len(places) > documents/32+fewest {
			c := common{term: term, places: newSet(documents)}
			c.places.addAll(places)
			p.common = append(p.common, c)
		}
	}
}

// find is the range of a term, or of those that begin with it.
func (p *postings) find(term string, begins bool) (from, to int) {
	from, found := slices.BinarySearch(p.terms, term)
	switch {
	case begins:
		return from, from + sort.Search(len(p.terms)-from, func(i int) bool { return !strings.HasPrefix(p.terms[from+i], term) })
	case found:
		return from, from + 1
	default:
		return from, from
	}
}

// commonFrom is the first common term of a range, and whether it is the first of the range.
func (p *postings) commonFrom(from int) (at int, first bool) {
	return slices.BinarySearchFunc(p.common, from, func(c common, term int) int { return cmp.Compare(c.term, term) })
}

// terms are those of many documents: the numbers of their texts, document by document.
type terms struct {
	numbers map[string]uint32
	texts   []string // by number
	of      []uint32
	ends    []uint32 // by document
}

// add gives the document that is being read a term.
func (t *terms) add(term []byte) {
	number, known := t.numbers[string(term)]
	if !known {
		number = t.learn(string(term))
	}
	t.has(number)
}

// addText is add for a text that may be kept.
func (t *terms) addText(term string) {
	number, known := t.numbers[term]
	if !known {
		number = t.learn(term)
	}
	t.has(number)
}

func (t *terms) learn(term string) (number uint32) {
	if t.numbers == nil {
		t.numbers = make(map[string]uint32)
	}
	number = uint32(len(t.texts))
	t.numbers[term] = number
	t.texts = append(t.texts, term)
	return number
}

func (t *terms) has(number uint32) {
	if !slices.Contains(t.of[t.begin(len(t.ends)):], number) {
		t.of = append(t.of, number)
	}
}

// begin is where the terms of a document begin.
func (t *terms) begin(document int) uint32 {
	if document == 0 {
		return 0
	}
	return t.ends[document-1]
}

// end ends the document that is being read.
func (t *terms) end() { t.ends = append(t.ends, uint32(len(t.of))) }

// gather makes postings of the terms of documents that come in an order. The places of a term
// are in theirs since documents give theirs one after the other.
func gather(all []terms, order []uint32) postings {
	p, one := together(all)
	for i := range one.of {
		p.ends[one.of[i]]++
	}
	next, sum := make([]uint32, len(p.terms)), uint32(0)
	for term := range p.terms {
		next[term] = sum
		sum += p.ends[term]
		p.ends[term] = sum
	}
	p.places = make([]uint32, sum)
	for place, at := range order {
		for _, term := range one.of[one.begin(int(at)):one.ends[at]] {
			p.places[next[term]] = uint32(place)
			next[term]++
		}
	}
	p.findCommon(len(order))
	return p
}

// together sorts the texts of all terms and gives all documents the numbers of theirs in the order.
func together(all []terms) (p postings, one terms) {
	type text struct {
		text        string
		of, numbers int
	}
	var texts []text
	for i := range all {
		for number := range all[i].texts {
			texts = append(texts, text{all[i].texts[number], i, number})
		}
	}
	cores.Sort(texts, func(a, b text) int { return strings.Compare(a.text, b.text) })
	numbers := make([][]uint32, len(all))
	for i := range all {
		numbers[i] = make([]uint32, len(all[i].texts))
	}
	for _, t := range texts {
		if last := len(p.terms) - 1; last < 0 || p.terms[last] != t.text {
			p.terms = append(p.terms, t.text)
		}
		numbers[t.of][t.numbers] = uint32(len(p.terms) - 1)
	}
	p.ends = make([]uint32, len(p.terms))
	for i := range all {
		before := uint32(len(one.of))
		for _, number := range all[i].of {
			one.of = append(one.of, numbers[i][number])
		}
		for _, end := range all[i].ends {
			one.ends = append(one.ends, before+end)
		}
	}
	return p, one
}
