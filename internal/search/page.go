package search

import (
	"cmp"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
)

// Place is a place in the order of what is found: by rank, then by name, then by id.
type Place struct {
	Rank int
	Name string // folded
	ID   string
}

// Compare tells which place comes first.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.Rank, q.Rank), strings.Compare(p.Name, q.Name), strings.Compare(p.ID, q.ID))
}

// Hit is a document that was found.
type Hit struct {
	Place
	document *Document
	by       int // the text of the document that matches
}

// Page is a part of what is found.
type Page struct {
	Hits   []Hit
	Next   bool                   // whether more follow
	Total  int                    // how many there are on all pages
	ByType map[catalog.TypeID]int // the same by type
}

// Find ranks documents and brings the first ones behind a place, nil for the beginning.
func (q Query) Find(documents []*Document, after *Place, first int) Page {
	page := Page{ByType: map[catalog.TypeID]int{}}
	best := best{size: first + 1}
	for _, d := range documents {
		rank, by := q.rank(d)
		if rank == 0 {
			continue
		}
		page.Total++
		page.ByType[d.Type]++
		hit := Hit{Place: Place{Rank: rank, Name: d.name, ID: d.ID}, document: d, by: by}
		if after == nil || hit.Compare(*after) > 0 {
			best.add(hit)
		}
	}
	page.Hits = best.sorted()
	if page.Next = len(page.Hits) > first; page.Next {
		page.Hits = page.Hits[:first]
	}
	return page
}

// best keeps the first few of many hits: it sorts them whenever it holds twice as many.
type best struct {
	size int
	hits []Hit
}

func (b *best) add(h Hit) {
	b.hits = append(b.hits, h)
	if len(b.hits) >= 2*b.size+16 {
		b.hits = b.sorted()
	}
}

func (b *best) sorted() []Hit {
	slices.SortFunc(b.hits, func(x, y Hit) int { return x.Compare(y.Place) })
	return b.hits[:min(len(b.hits), b.size)]
}
