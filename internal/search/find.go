package search

import (
	"math/bits"
	"slices"
	"sync"

	"nicgraph/internal/catalog"
)

// Ask is what is asked for: the first documents of some types behind a place, nil for the
// beginning.
type Ask struct {
	Query Query
	Types catalog.TypeSet
	After *Place
	First int
}

// Finding answers by indexes, as Query.Find does by looking at every document.
type Finding struct {
	ask   *Ask
	page  Page
	found []found
}

// found is a document in its place among those of all indexes.
type found struct {
	Place
	row      uint32
	document func(row uint32) *Document
}

// NewFinding begins to answer.
func NewFinding(ask *Ask) *Finding {
	return &Finding{ask: ask, page: Page{ByType: map[catalog.TypeID]int{}}}
}

// In looks into the index of a type. The documents of rows that come on the page are made when
// all indexes have been seen.
func (f *Finding) In(t *catalog.Type, x *Index, document func(row uint32) *Document) {
	s, _ := sheets.Get().(*sheet)
	defer sheets.Put(s)
	defer s.clean()
	for _, p := range x.parts {
		n := s.find(p, f.ask)
		if n == 0 {
			continue
		}
		f.page.Total += n
		f.page.ByType[t.ID] += n
		for rank, places := range s.tiers {
			for _, place := range places {
				d := &p.documents[place]
				f.found = append(f.found, found{Place{Rank: rank, Name: d.name, ID: d.id}, d.row, document})
			}
		}
	}
}

// Page is the answer.
func (f *Finding) Page() Page {
	slices.SortFunc(f.found, func(a, b found) int { return a.Compare(b.Place) })
	if f.page.Next = len(f.found) > f.ask.First; f.page.Next {
		f.found = f.found[:f.ask.First]
	}
	for i := range f.found {
		d := f.found[i].document(f.found[i].row)
		_, by := f.ask.Query.rank(d)
		f.page.Hits = append(f.page.Hits, Hit{Place: f.found[i].Place, document: d, by: by})
	}
	return f.page
}

// sheet is where the documents of a part are marked, and the memory of it.
type sheet struct {
	part *part
	ask  *Ask
	from int // the first place behind that of ask.After, in its rank

	exact, begun marks
	words        []marks // of the sought words that occur
	tiers        [][]int // by rank, the first places

	least [mostWords + 2]uint64 // of a block

	room []uint64 // of sets
	used int
}

// sheets are kept for the next search.
var sheets = sync.Pool{New: func() any { return new(sheet) }}

// find marks the documents of a part, and tells how many are found.
func (s *sheet) find(p *part, ask *Ask) (total int) {
	s.begin(p, ask)
	if !s.mark() {
		return 0
	}
	for i := range blocks(len(p.documents)) {
		total += s.block(i)
	}
	s.cut()
	return total
}

// begin makes a sheet ready for another part.
func (s *sheet) begin(p *part, ask *Ask) {
	s.clean()
	s.part, s.ask = p, ask
	for len(s.tiers) < SomeWords+mostWords {
		s.tiers = append(s.tiers, nil)
	}
	for rank := range s.tiers {
		s.tiers[rank] = s.tiers[rank][:0]
	}
	if ask.After != nil {
		place, there := p.find(&indexed{name: ask.After.Name, id: ask.After.ID})
		if s.from = place; there {
			s.from++
		}
	}
}

// clean keeps nothing but the memory.
func (s *sheet) clean() {
	clear(s.words)
	*s = sheet{words: s.words[:0], tiers: s.tiers, room: s.room}
}

// mark marks what the query looks for, and tells whether any of it is there.
func (s *sheet) mark() bool {
	q, p := &s.ask.Query, s.part
	if len(q.words) == 0 {
		return false
	}
	whole := q.String()
	s.exact.add(s, &p.texts, whole, false)
	if len(q.words) == 1 {
		s.exact.add(s, &p.initials, whole, false)
	}
	s.begun.add(s, &p.texts, whole, true)
	for i, word := range q.sought {
		var m marks
		begins := q.typing && i == len(q.sought)-1
		m.add(s, &p.initials, word, begins)
		if m.add(s, &p.words, word, begins); m.set != nil {
			s.words = append(s.words, m)
		}
	}
	return s.exact.set != nil || s.begun.set != nil || len(s.words) > 0
}

// block ranks the i-th 64 documents, and counts those that are found.
func (s *sheet) block(i int) (total int) {
	exact, begun, rest := s.exact.block(i), s.begun.block(i), ^s.part.gone.block(i)
	total += s.take(Exact, i, exact&rest)
	total += s.take(Prefix, i, begun&^exact&rest)
	rest &^= exact | begun
	least := s.least[:len(s.words)+2] // that have so many words or more
	clear(least)
	least[0] = rest
	n := 0
	for w := range s.words {
		block := s.words[w].block(i)
		if block == 0 {
			continue
		}
		for k := n; k >= 0; k-- {
			least[k+1] |= least[k] & block
		}
		n++
	}
	for ; n > 0; n-- {
		total += s.take(AllWords+len(s.ask.Query.sought)-n, i, least[n]&^least[n+1])
	}
	return total
}

// take notes the first documents of a rank, and counts all.
func (s *sheet) take(rank, i int, block uint64) int {
	tier := &s.tiers[rank]
	for rest := s.after(rank, i, block); rest != 0 && len(*tier) <= s.ask.First; rest &= rest - 1 {
		*tier = append(*tier, 64*i+bits.TrailingZeros64(rest))
	}
	return bits.OnesCount64(block)
}

// after is those of a block that come after what the page begins behind.
func (s *sheet) after(rank, i int, block uint64) uint64 {
	after := s.ask.After
	switch {
	case after == nil || rank > after.Rank || rank == after.Rank && s.from <= 64*i:
		return block
	case rank < after.Rank || s.from >= 64*(i+1):
		return 0
	default:
		return block >> (s.from % 64) << (s.from % 64)
	}
}

// cut drops what no page shows: it has room for the first of all ranks, and one tells that more follow.
func (s *sheet) cut() {
	room := s.ask.First + 1
	for rank, tier := range s.tiers {
		s.tiers[rank] = tier[:min(len(tier), room)]
		room -= len(s.tiers[rank])
	}
}

// marks are documents of a part. Their set may be one that postings keep.
type marks struct {
	set
	shared bool
}

// add marks the documents of a term, or of those that begin with it.
func (m *marks) add(s *sheet, p *postings, term string, begins bool) {
	from, end := p.find(term, begins)
	if from == end {
		return
	}
	at, all := p.commonFrom(from)
	if all && end == from+1 && m.set == nil {
		m.set, m.shared = p.common[at].places, true
		return
	}
	m.own(s)
	for ; at < len(p.common) && p.common[at].term < end; at++ {
		m.addAll(p.of(from, p.common[at].term))
		for i, block := range p.common[at].places {
			m.set[i] |= block
		}
		from = p.common[at].term + 1
	}
	m.addAll(p.of(from, end))
}

// own makes the set one that may be changed.
func (m *marks) own(s *sheet) {
	if m.set != nil && !m.shared {
		return
	}
	own := s.set()
	copy(own, m.set)
	m.set, m.shared = own, false
}

// set takes an empty set from the room of the sheet.
func (s *sheet) set() set {
	n := blocks(len(s.part.documents))
	if len(s.room) < s.used+n {
		s.room, s.used = make([]uint64, (2+len(s.ask.Query.sought))*n), 0
	}
	own := s.room[s.used : s.used+n : s.used+n]
	s.used += n
	clear(own)
	return own
}
