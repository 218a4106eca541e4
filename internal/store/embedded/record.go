package embedded

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// names gives the names in records their numbers in one file, both ways.
type names struct {
	list  []string // by number
	types []codes  // by TypeID
}

// codes are the numbers of the names of one type.
type codes struct {
	typ        uint64
	properties []uint64 // by Property.Index
	links      []uint64 // by Link.Index
	propertyOf []int16  // by number: the Property.Index, or none
	linkOf     []int16  // by number: the Link.Index, or none
}

const none = -1

// newNames numbers what the catalog names and the file does not know yet at its end.
func newNames(cat *catalog.Catalog, stored []string) *names {
	n := &names{list: stored}
	number := make(map[string]uint64)
	for i, name := range stored {
		number[name] = uint64(i)
	}
	code := func(name string) uint64 {
		c, known := number[name]
		if !known {
			c = uint64(len(n.list))
			number[name] = c
			n.list = append(n.list, name)
		}
		return c
	}
	for _, t := range cat.Types {
		c := codes{typ: code(t.Name)}
		for _, p := range t.Properties {
			c.properties = append(c.properties, code(p.Name))
		}
		for _, l := range t.Out {
			c.links = append(c.links, code(l.Name))
		}
		n.types = append(n.types, c)
	}
	for i := range n.types {
		n.types[i].invert(len(n.list))
	}
	return n
}

func (c *codes) invert(size int) {
	c.propertyOf = slices.Repeat([]int16{none}, size)
	c.linkOf = slices.Repeat([]int16{none}, size)
	for i, code := range c.properties {
		c.propertyOf[code] = int16(i)
	}
	for i, code := range c.links {
		c.linkOf[code] = int16(i)
	}
}

// typeOf finds the type that a number names.
func (n *names) typeOf(code uint64) (catalog.TypeID, bool) {
	i := slices.IndexFunc(n.types, func(c codes) bool { return c.typ == code })
	return catalog.TypeID(max(i, 0)), i >= 0
}

func recordKey(num uint32) []byte { return binary.BigEndian.AppendUint32(nil, num) }

// record appends a live node as doc.go says.
func (n *names) record(raw []byte, s *snapshot, at node) []byte {
	codes, t, start := &n.types[at.typ], at.table, len(raw)
	raw = append(raw, 0, 0, 0, 0)
	raw = binary.AppendUvarint(raw, codes.typ)
	raw = appendText(raw, s.ids.at(at.num))
	raw = appendCount(raw, len(t.columns), func(i int) bool { return t.written(i, at.row) })
	for i := range t.columns {
		if c := t.columns[i].at(at.row); t.written(i, at.row) {
			raw = append(binary.AppendUvarint(raw, codes.properties[i]), byte(t.columns[i].kind))
			raw = appendCell(raw, t.columns[i].kind, c)
		}
	}
	raw = appendCount(raw, len(t.out), func(i int) bool { return len(t.out[i].list(at.row)) > 0 })
	for i := range t.out {
		if ends := t.out[i].list(at.row); len(ends) > 0 {
			raw = appendEnds(binary.AppendUvarint(raw, codes.links[i]), ends)
		}
	}
	own := raw[start:]
	binary.LittleEndian.PutUint32(own, checksum(recordKey(at.num), own[4:]))
	return raw
}

// written tells whether the record of a row has a property. A version of 0 is not written: it is
// of a node that was there before there were versions.
func (t *table) written(property int, row uint32) bool {
	c := t.columns[property].at(row)
	return !c.empty() && (!t.typ.Properties[property].Managed || c.num.n != 0)
}

func checksum(key, rest []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, rest)
}

func appendCount(raw []byte, n int, present func(i int) bool) []byte {
	count := uint64(0)
	for i := range n {
		if present(i) {
			count++
		}
	}
	return binary.AppendUvarint(raw, count)
}

func appendText(raw []byte, s string) []byte {
	return append(binary.AppendUvarint(raw, uint64(len(s))), s...)
}

func appendCell(raw []byte, kind value.Kind, c cell) []byte {
	switch kind {
	case value.Text, value.Enum:
		return appendText(raw, c.text.raw)
	case value.Int, value.Float, value.Bool:
		return binary.AppendVarint(raw, c.num.n)
	case value.Date:
		raw = binary.AppendVarint(appendText(raw, c.date.raw), c.date.days.From)
		return binary.AppendVarint(raw, c.date.days.To)
	case value.Strings:
		raw = binary.AppendUvarint(raw, uint64(len(c.list)))
		for i := range c.list {
			raw = appendText(raw, c.list[i].raw)
		}
		return raw
	default:
		panic(kind)
	}
}

func appendEnds(raw []byte, ends []uint32) []byte {
	raw = binary.AppendUvarint(raw, uint64(len(ends)))
	for _, end := range ends {
		raw = binary.AppendUvarint(raw, uint64(end))
	}
	return raw
}

// stored is a node as a record tells it.
type stored struct {
	content
	num uint32
}

var errDamaged = errors.New("the record is damaged")

// parse reads a record back into the memory of another. Texts share one copy of the record.
func (n *names) parse(cat *catalog.Catalog, s *supply, key, raw []byte, out *stored) error {
	if len(key) != 4 || len(raw) < 4 || binary.LittleEndian.Uint32(raw) != checksum(key, raw[4:]) {
		return errDamaged
	}
	r := reader{rest: string(raw[4:]), supply: s}
	out.num = binary.BigEndian.Uint32(key)
	code := r.number()
	typ, known := n.typeOf(code)
	if !known {
		return n.unknownType(code)
	}
	out.typ, out.id = typ, r.text()
	t := cat.Types[typ]
	out.clear(t)
	for range r.count() {
		if err := n.property(&r, t, out.cells); err != nil {
			return err
		}
	}
	for range r.count() {
		code := r.number()
		if i := n.types[typ].link(code); i != none {
			out.ends[i] = r.ends(out.ends[i][:0])
		} else {
			r.ends(nil)
		}
	}
	if r.failed || r.rest != "" || out.num == 0 || out.id == "" {
		return errDamaged
	}
	if p, ok := t.Property(catalog.Version); ok && out.cells[p.Index].empty() {
		out.cells[p.Index] = cell{num: whole{has: true}}
	}
	return nil
}

// clear makes the memory that of a node of a type, without values and links.
func (s *stored) clear(t *catalog.Type) {
	s.cells = slices.Grow(s.cells[:0], len(t.Properties))[:len(t.Properties)]
	clear(s.cells)
	s.ends = slices.Grow(s.ends[:0], len(t.Out))[:len(t.Out)]
	for i := range s.ends {
		s.ends[i] = s.ends[i][:0]
	}
}

func (n *names) unknownType(code uint64) error {
	if code >= uint64(len(n.list)) {
		return errDamaged
	}
	return fmt.Errorf("it is %s, a type that this version does not have", catalog.WithArticle(n.list[code]))
}

// property reads one property into its cell, or past it when the type has it no more.
func (n *names) property(r *reader, t *catalog.Type, cells []cell) error {
	code, kind := r.number(), value.Kind(r.byte())
	c := r.cell(kind)
	if r.failed {
		return errDamaged
	}
	i := n.types[t.ID].property(code)
	if i == none {
		return nil
	}
	if p := t.Properties[i]; asKept(kind) != asKept(p.Kind) {
		return fmt.Errorf("its %s is a %s where this version wants a %s", p.Name, kind, p.Kind)
	}
	cells[i] = c
	return nil
}

func (c *codes) property(code uint64) int16 {
	if code >= uint64(len(c.propertyOf)) {
		return none
	}
	return c.propertyOf[code]
}

func (c *codes) link(code uint64) int16 {
	if code >= uint64(len(c.linkOf)) {
		return none
	}
	return c.linkOf[code]
}

// asKept maps the kinds that are kept alike to one.
func asKept(kind value.Kind) value.Kind {
	if kind == value.Enum {
		return value.Text
	}
	return kind
}

// reader takes a record apart. After a failure it reads zeros.
type reader struct {
	rest   string
	supply *supply // of the cells; nil where none are read
	failed bool
}

func (r *reader) fail() {
	r.rest, r.failed = "", true
}

func (r *reader) byte() byte {
	if r.rest == "" {
		r.fail()
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *reader) number() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		b := r.byte()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	r.fail()
	return 0
}

// signed undoes the zigzag of binary.AppendVarint.
func (r *reader) signed() int64 {
	n := r.number()
	return int64(n>>1) ^ -int64(n&1)
}

// count reads a number of things that take a byte each at least.
func (r *reader) count() int {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) text() string {
	n := r.count()
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) cell(kind value.Kind) cell {
	switch kind {
	case value.Text, value.Enum:
		return cell{text: r.supply.text(kind, r.text())}
	case value.Int, value.Float, value.Bool:
		return cell{num: whole{n: r.signed(), has: true}}
	case value.Date:
		raw := r.text()
		return cell{date: r.supply.date(raw, value.Interval{From: r.signed(), To: r.signed()})}
	case value.Strings:
		list := make([]text, r.count())
		for i := range list {
			list[i].raw = r.text()
		}
		return cell{list: list}
	default:
		r.fail()
		return cell{}
	}
}

// ends appends the ends of a link.
func (r *reader) ends(ends []uint32) []uint32 {
	for range r.count() {
		ends = append(ends, uint32(r.number()))
	}
	return ends
}
