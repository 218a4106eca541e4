package prepared

import "sync"

// Room is memory for an answer, with space for what stands around its data. It is used again once the
// answer has been sent: long answers would otherwise be most of what the collector has to do.
type Room struct{ bytes []byte }

// What stands around data alone.
const dataOpens, dataCloses = `{"data":`, `}`

// mostKept bounds the memory that is kept for the next answer.
const mostKept = 1 << 20

var rooms = sync.Pool{New: func() any { return new(Room) }}

// NewRoom is room for an answer of some bytes, or more.
func NewRoom(size int) *Room {
	r := rooms.Get().(*Room)
	if size += len(dataOpens) + len(dataCloses); cap(r.bytes) < size {
		r.bytes = make([]byte, 0, size)
	}
	r.bytes = append(r.bytes[:0], dataOpens...)
	return r
}

// Begin is where the data is appended, by whatever appends to bytes. It can be begun again.
func (r *Room) Begin() []byte { return r.bytes[:len(dataOpens)] }

// Answer is that of the data that was appended to what Begin gave.
func (r *Room) Answer(appended []byte) Answer {
	r.bytes = appended
	return Answer{Data: appended[len(dataOpens):], room: r}
}

// Release gives the room back.
func (r *Room) Release() {
	if cap(r.bytes) <= mostKept {
		rooms.Put(r)
	}
}

// Body is a response of nothing but the data. It is written in place.
func (a *Answer) Body() []byte {
	if a.room == nil {
		return append(append([]byte(dataOpens), a.Data...), dataCloses...)
	}
	a.room.bytes = append(a.room.bytes[:len(dataOpens)+len(a.Data)], dataCloses...)
	return a.room.bytes
}

// Release gives the memory back that the data stands in. Nothing of it may be used from then on.
func (a *Answer) Release() {
	if a.room != nil {
		a.room.Release()
		a.room, a.Data = nil, nil
	}
}
