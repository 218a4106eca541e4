package search

import (
	"cmp"
	"slices"
	"strings"

	"nicgraph/internal/cores"
	"nicgraph/internal/value"
)

// Index leads from what somebody types to the nodes of a type. It is immutable: a change makes
// another one, which shares most with it. It is made of parts, the large ones first, each
// about twice as large as the next or more, so that a change makes little anew and there are few.
type Index struct{ parts []*part }

// Source tells the id of the node in a row and appends the texts by which it is found, the
// values of its Properties. Several goroutines ask at once.
type Source func(row uint32, room []string) (id string, texts []string)

// NewIndex makes the index of the nodes in some rows.
func NewIndex(rows []uint32, of Source) *Index {
	return (&Index{}).With(nil, nil, rows, of)
}

// fewest is the size up to which parts are always made into one.
const fewest = 32

// With is the index after a change: of the rows that go, whose nodes were as was tells, and of
// those that come. A row whose node has another text goes and comes.
func (x *Index) With(gone []uint32, was Source, come []uint32, is Source) *Index {
	next := &Index{}
	rows := slices.Clone(come)
	for _, p := range x.without(gone, was) {
		if p.live < len(p.documents)/2 {
			rows = p.rows(rows)
		} else {
			next.parts = append(next.parts, p)
		}
	}
	for i := len(next.parts) - 1; i >= 0 && len(rows) > 0 && next.parts[i].live < max(fewest, 2*len(rows)); i-- {
		rows = next.parts[i].rows(rows)
		next.parts = next.parts[:i]
	}
	if p := newPart(rows, is); p.live > 0 {
		next.parts = append(next.parts, p)
	}
	return next
}

// without is the parts in which the nodes of some rows count as gone.
func (x *Index) without(rows []uint32, was Source) []*part {
	parts, own := slices.Clone(x.parts), make([]bool, len(x.parts))
	for _, row := range rows {
		d := documentIn(row, was)
		for i := range parts {
			place, there := parts[i].place(&d)
			if !there {
				continue
			}
			if !own[i] {
				parts[i], own[i] = parts[i].copy(), true
			}
			parts[i].gone.add(place)
			parts[i].live--
		}
	}
	return parts
}

// part is an index that never changes but for what is gone from it. A document is meant by its
// place in the order of names and ids, in which those of a rank are shown.
type part struct {
	documents []indexed
	live      int
	gone      set // nil: none

	words    postings
	initials postings
	texts    postings // whole texts, word by word with a space between
}

// indexed is a document in an index.
type indexed struct {
	name, id string // the name is folded
	row      uint32
}

func compareIndexed(a, b *indexed) int {
	return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.id, b.id))
}

func documentIn(row uint32, of Source) indexed {
	id, texts := of(row, nil)
	d := indexed{id: id, row: row}
	if len(texts) > 0 {
		d.name = value.Fold(texts[0])
	}
	return d
}

func (p *part) copy() *part {
	own := *p
	own.gone = newSet(len(p.documents))
	copy(own.gone, p.gone)
	return &own
}

// place finds a document that is not gone.
func (p *part) place(d *indexed) (place int, there bool) {
	place, there = p.find(d)
	return place, there && !p.gone.has(place)
}

// find tells where a document stands or would stand, gone or not.
func (p *part) find(d *indexed) (place int, there bool) {
	return slices.BinarySearchFunc(p.documents, d, func(a indexed, b *indexed) int { return compareIndexed(&a, b) })
}

// rows appends the rows of what is not gone.
func (p *part) rows(rows []uint32) []uint32 {
	for place := range p.documents {
		if !p.gone.has(place) {
			rows = append(rows, p.documents[place].row)
		}
	}
	return rows
}

// newPart makes the part of the nodes in some rows. The stretches of rows are read at the same
// time, and what is found in them comes together when their documents are in order.
func newPart(rows []uint32, of Source) *part {
	readings := make([]reading, cores.Count(len(rows)))
	cores.Stretches(len(rows), func(i, from, to int) { readings[i].read(rows[from:to], of) })
	var documents []indexed
	var texts []entry
	var words, initials []terms
	for i := range readings {
		r := &readings[i]
		for _, t := range r.texts {
			texts = append(texts, entry{text: t.text, place: t.place + uint32(len(documents))})
		}
		documents = append(documents, r.documents...)
		words, initials = append(words, r.words), append(initials, r.initials)
	}
	order := inOrder(documents)
	p := &part{documents: make([]indexed, len(order)), live: len(order)}
	places := make([]uint32, len(order))
	for place, at := range order {
		p.documents[place] = documents[at]
		places[at] = uint32(place)
	}
	for i := range texts {
		texts[i].place = places[texts[i].place]
	}
	p.words, p.initials, p.texts = gather(words, order), gather(initials, order), newPostings(texts, len(order))
	return p
}

// inOrder sorts documents by name, then by id, and tells which comes at each place.
func inOrder(documents []indexed) []uint32 {
	return sorted(len(documents),
		func(at int) string { return documents[at].name },
		func(a, b uint32) int { return compareIndexed(&documents[a], &documents[b]) })
}

// sorted sorts things by a text of theirs, and tells which comes at each place. compare is asked where the
// heads of the texts do not decide, which they mostly do.
func sorted(things int, text func(at int) string, compare func(a, b uint32) int) []uint32 {
	type headed struct {
		head uint64
		at   uint32
	}
	all := make([]headed, things)
	for i := range all {
		all[i] = headed{head: value.Head(text(i)), at: uint32(i)}
	}
	cores.Sort(all, func(a, b headed) int {
		if c := cmp.Compare(a.head, b.head); c != 0 {
			return c
		}
		return compare(a.at, b.at)
	})
	order := make([]uint32, things)
	for i := range all {
		order[i] = all[i].at
	}
	return order
}

// set is a set of places, a bit for each. A nil one is empty.
type set []uint64

func newSet(places int) set { return make(set, blocks(places)) }

// blocks is the number of blocks of 64 places.
func blocks(places int) int { return (places + 63) / 64 }

func (s set) add(place int) { s[place/64] |= 1 << (place % 64) }

func (s set) has(place int) bool { return s != nil && s[place/64]>>(place%64)&1 == 1 }

// block is the i-th 64 places.
func (s set) block(i int) uint64 {
	if s == nil {
		return 0
	}
	return s[i]
}

func (s set) addAll(places []uint32) {
	for _, place := range places {
		s[place/64] |= 1 << (place % 64)
	}
}
