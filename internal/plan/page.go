package plan

import (
	"encoding/base64"
	"encoding/binary"
	"math"

	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// DefaultPage and MaxPage bound the number of rows of a page.
const (
	DefaultPage = 25
	MaxPage     = 1000
)

// Page is a part of an ordered list: at most First rows that come after the row with the
// key values After and before the one with Before (nil: no bound), counted from the
// front, or from the back when Backward. The rows keep the list's order either way.
type Page struct {
	First    int
	Backward bool
	After    []value.Value
	Before   []value.Value
}

// Page reads a connection's paging arguments under the given variables.
func (m *Many) Page(params Params) (page Page, err error) {
	first, last := m.First.Value(params), m.Last.Value(params)
	if !first.IsNull() && !last.IsNull() {
		return page, fault.New(fault.Invalid, "first and last are both given; ask from one end")
	}
	name, size := "first", first
	if !last.IsNull() {
		name, size, page.Backward = "last", last, true
	}
	if page.First, err = pageSize(name, size); err != nil {
		return page, err
	}
	if page.After, err = m.bound(m.After.Value(params)); err != nil {
		return page, err
	}
	page.Before, err = m.bound(m.Before.Value(params))
	return page, err
}

// pageSize checks how many rows are asked for.
func pageSize(name string, v value.Value) (int, error) {
	if v.IsNull() {
		return DefaultPage, nil
	}
	if v.Num < 0 {
		return 0, fault.New(fault.Invalid, "%s is %d; ask for 0 to %d", name, v.Num, MaxPage)
	}
	if v.Num > MaxPage {
		return 0, fault.New(fault.Limit, "%s is %d and a page has at most %d; ask for less and continue with the cursor", name, v.Num, MaxPage)
	}
	return int(v.Num), nil
}

func (m *Many) bound(cursor value.Value) ([]value.Value, error) {
	if cursor.IsNull() {
		return nil, nil
	}
	return DecodeCursor(m.Order, cursor.Str)
}

// Range reads how many groups are asked for, and how many are left out before them.
func (g *Groups) Range(params Params) (first, skip int, err error) {
	if first, err = pageSize("first", g.First.Value(params)); err != nil {
		return 0, 0, err
	}
	v := g.Skip.Value(params)
	if v.Num < 0 {
		return 0, 0, fault.New(fault.Invalid, "skip is %d; leave out 0 or more", v.Num)
	}
	return first, int(v.Num), nil
}

// Reverse is the order in which the last row comes first.
func Reverse(order []Key) []Key {
	back := make([]Key, len(order))
	for i, k := range order {
		k.Desc, k.NullsFirst = !k.Desc, !k.NullsFirst
		back[i] = k
	}
	return back
}

// A cursor is the base64 of: a version byte, a hash of the order, and for each key a
// presence byte followed by the value (texts with their length, whole numbers as varints, others as the 8 bytes of a float64).
const cursorVersion = 1

var cursorText = base64.RawURLEncoding

// AppendCursor appends the cursor of a row with the given key values.
func AppendCursor(dst []byte, order []Key, keys []value.Value) []byte {
	var buffer [128]byte
	raw := append(buffer[:0], cursorVersion)
	raw = binary.LittleEndian.AppendUint32(raw, orderHash(order))
	for _, key := range keys {
		raw = appendKey(raw, key)
	}
	return cursorText.AppendEncode(dst, raw)
}

func appendKey(raw []byte, key value.Value) []byte {
	switch key.Kind {
	case value.Null:
		return append(raw, 0)
	case value.Int, value.Bool:
		return binary.AppendVarint(append(raw, 1), key.Num)
	case value.Float:
		return binary.LittleEndian.AppendUint64(append(raw, 1), math.Float64bits(value.NumFloat(key.Num)))
	default:
		raw = binary.AppendUvarint(append(raw, 1), uint64(len(key.Str)))
		return append(raw, key.Str...)
	}
}

// orderHash tells the orders of two connections apart (FNV-1a).
func orderHash(order []Key) uint32 {
	h := uint32(2166136261)
	add := func(text string) {
		for i := range len(text) {
			h = (h ^ uint32(text[i])) * 16777619
		}
		h *= 16777619 // the end of the text
	}
	for _, k := range order {
		for _, l := range k.Path {
			add(l.Name)
		}
		if k.Count != nil {
			add((&printer{}).key(k))
		}
		add(k.Property)
		add(marks[k.Desc][k.NullsFirst])
	}
	return h
}

// marks are what orderHash notes of a key's direction and place of nulls.
var marks = map[bool]map[bool]string{false: {false: "a", true: "an"}, true: {false: "d", true: "dn"}}

// DecodeCursor reads a cursor made for the same order.
func DecodeCursor(order []Key, cursor string) ([]value.Value, error) {
	raw, err := cursorText.DecodeString(cursor)
	if err != nil || len(raw) < 5 {
		return nil, fault.New(fault.Invalid, "%q is not a cursor of this server; take endCursor or an edge's cursor of an earlier answer", value.Clip(cursor))
	}
	if raw[0] != cursorVersion {
		return nil, fault.New(fault.Invalid, "the cursor is of another version of this server; start again without after")
	}
	if binary.LittleEndian.Uint32(raw[1:]) != orderHash(order) {
		return nil, fault.New(fault.Invalid, "the cursor belongs to another order; use it with the orderBy it was made under, or start again without it")
	}
	keys, ok := decodeKeys(order, raw[5:])
	if !ok {
		return nil, fault.New(fault.Invalid, "the cursor is damaged; start again without after")
	}
	return keys, nil
}

func decodeKeys(order []Key, raw []byte) ([]value.Value, bool) {
	keys := make([]value.Value, len(order))
	for i, k := range order {
		if len(raw) == 0 || raw[0] > 1 {
			return nil, false
		}
		present := raw[0] == 1
		raw = raw[1:]
		if !present {
			continue
		}
		var ok bool
		if keys[i], raw, ok = decodeKey(k.Kind, raw); !ok {
			return nil, false
		}
	}
	return keys, len(raw) == 0 && !keys[len(keys)-1].IsNull()
}

func decodeKey(kind value.Kind, raw []byte) (value.Value, []byte, bool) {
	if kind == value.Int || kind == value.Bool {
		n, size := binary.Varint(raw)
		return value.Value{Kind: kind, Num: n}, raw[max(size, 0):], size > 0
	}
	if kind == value.Float {
		return decodeFloat(raw)
	}
	length, size := binary.Uvarint(raw)
	if size <= 0 || length > uint64(len(raw)-size) {
		return value.Value{}, nil, false
	}
	text, rest := string(raw[size:size+int(length)]), raw[size+int(length):]
	if kind == value.Date {
		if _, err := value.ParseDate(text); err != nil {
			return value.Value{}, nil, false
		}
	}
	return value.Value{Kind: kind, Str: text}, rest, true
}

func decodeFloat(raw []byte) (value.Value, []byte, bool) {
	if len(raw) < 8 {
		return value.Value{}, nil, false
	}
	f := math.Float64frombits(binary.LittleEndian.Uint64(raw))
	return value.OfFloat(f), raw[8:], !math.IsInf(f, 0) && !math.IsNaN(f)
}
