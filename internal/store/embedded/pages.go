package embedded

import "reflect"

const (
	pageBits = 7
	pageSize = 1 << pageBits
	pageMask = pageSize - 1
	dirBits  = 2 * pageBits
)

// pages is a growing array in two levels of pages. A copy of it is cheap and stays as
// it is while the original is changed under another generation.
type pages[T any] struct {
	dirs []*dir[T]
	gen  uint64 // the generation that may change dirs
}

type dir[T any] struct {
	pages [pageSize]*page[T]
	gen   uint64
}

type page[T any] struct {
	cells [pageSize]T
	gen   uint64
}

// at reads an element; what was never set is zero.
func (p *pages[T]) at(i uint32) (v T) {
	if ref := p.ref(i); ref != nil {
		return *ref
	}
	return v
}

// ref is the place of an element, nil when its page does not exist.
func (p *pages[T]) ref(i uint32) *T {
	if int(i>>dirBits) >= len(p.dirs) {
		return nil
	}
	page := p.dirs[i>>dirBits].pages[i>>pageBits&pageMask]
	if page == nil {
		return nil
	}
	return &page.cells[i&pageMask]
}

// set changes an element, copying what an earlier generation may still be reading.
func (p *pages[T]) set(gen uint64, i uint32, v T) {
	p.page(gen, i).cells[i&pageMask] = v
}

func (p *pages[T]) page(gen uint64, i uint32) *page[T] {
	d := p.dir(gen, i)
	slot := &d.pages[i>>pageBits&pageMask]
	switch {
	case *slot == nil:
		*slot = &page[T]{gen: gen}
	case (*slot).gen != gen:
		copied := **slot
		copied.gen = gen
		*slot = &copied
	}
	return *slot
}

func (p *pages[T]) dir(gen uint64, i uint32) *dir[T] {
	at := int(i >> dirBits)
	if p.gen != gen {
		p.dirs, p.gen = append(make([]*dir[T], 0, at+1), p.dirs...), gen
	}
	for len(p.dirs) <= at {
		p.dirs = append(p.dirs, &dir[T]{gen: gen})
	}
	if p.dirs[at].gen != gen {
		copied := *p.dirs[at]
		copied.gen = gen
		p.dirs[at] = &copied
	}
	return p.dirs[at]
}

// size is how many bytes of memory the array takes.
func (p *pages[T]) size() (bytes int) {
	for _, d := range p.dirs {
		bytes += pageSize * 8
		for _, page := range d.pages {
			if page != nil {
				bytes += pageSize * int(reflect.TypeFor[T]().Size())
			}
		}
	}
	return bytes
}

// differ calls changed for every index of every page that a and b do not share.
func differ[T any](a, b *pages[T], changed func(i uint32)) {
	for at := range max(len(a.dirs), len(b.dirs)) {
		x, y := a.dirAt(at), b.dirAt(at)
		if x == y {
			continue
		}
		for slot := range pageSize {
			if x.pageAt(slot) == y.pageAt(slot) {
				continue
			}
			first := uint32(at<<dirBits | slot<<pageBits)
			for i := range uint32(pageSize) {
				changed(first + i)
			}
		}
	}
}

func (p *pages[T]) dirAt(at int) *dir[T] {
	if at >= len(p.dirs) {
		return nil
	}
	return p.dirs[at]
}

func (d *dir[T]) pageAt(slot int) *page[T] {
	if d == nil {
		return nil
	}
	return d.pages[slot]
}
