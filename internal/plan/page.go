package plan

import (
	"encoding/base64"
	"encoding/binary"

	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// DefaultPage and MaxPage bound the number of rows of a page.
const (
	DefaultPage = 25
	MaxPage     = 1000
)

// Page is where a page begins and how many rows it may have. After holds the values
// of the order's keys of the row before it, nil at the start.
type Page struct {
	First int
	After []value.Value
}

// Page reads a connection's paging arguments under the given variables.
func (m *Many) Page(params Params) (Page, error) {
	page := Page{First: DefaultPage}
	if v := m.First.Value(params); !v.IsNull() {
		page.First = int(v.Num)
	}
	if page.First < 0 {
		return page, fault.New(fault.Invalid, "first is %d; ask for 0 to %d", page.First, MaxPage)
	}
	if page.First > MaxPage {
		return page, fault.New(fault.Limit, "first is %d and a page has at most %d; ask for less and continue with after", page.First, MaxPage)
	}
	if v := m.After.Value(params); !v.IsNull() {
		after, err := DecodeCursor(m.Order, v.Str)
		if err != nil {
			return page, err
		}
		page.After = after
	}
	return page, nil
}

// A cursor is the base64 of: a version byte, a hash of the order, and for each key a
// presence byte followed by the value (texts with their length, numbers as varints).
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
	default:
		raw = binary.AppendUvarint(append(raw, 1), uint64(len(key.Str)))
		return append(raw, key.Str...)
	}
}

// orderHash tells the orders of two connections apart (FNV-1a).
func orderHash(order []Key) uint32 {
	h := uint32(2166136261)
	add := func(b byte) { h = (h ^ uint32(b)) * 16777619 }
	for _, k := range order {
		for i := range len(k.Property) {
			add(k.Property[i])
		}
		add(0)
		add(byte(k.Kind))
		if k.Desc {
			add(1)
		}
		if k.NullsFirst {
			add(2)
		}
	}
	return h
}

// DecodeCursor reads a cursor made for the same order.
func DecodeCursor(order []Key, cursor string) ([]value.Value, error) {
	raw, err := cursorText.DecodeString(cursor)
	if err != nil || len(raw) < 5 {
		return nil, fault.New(fault.Invalid, "%q is not a cursor of this server; take endCursor or an edge's cursor of an earlier answer", cursor)
	}
	if raw[0] != cursorVersion {
		return nil, fault.New(fault.Invalid, "the cursor is of another version of this server; start again without after")
	}
	if binary.LittleEndian.Uint32(raw[1:]) != orderHash(order) {
		return nil, fault.New(fault.Invalid, "the cursor belongs to another order; use it with the orderBy it was made under, or start again without after")
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
