// Package guard reads a GraphQL document under limits, so that a hostile one is refused
// after little work: before validation, which takes time with the square of some sizes.
package guard

import (
	"errors"
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"nicgraph/internal/fault"
)

// Limits bound a document. Fragments count wherever they are spread.
type Limits struct {
	Bytes      int // of the text
	Tokens     int // words and signs of the text
	Depth      int // levels of fields inside each other
	Fields     int // fields of all operations
	Aliases    int // fields under another name
	Directives int // directives on fields and fragments
	Fragments  int // fragments put in, named and inline
}

// Default are the limits of a server that says nothing else. The introspection query
// of GraphiQL needs 14 levels and some 300 fields. Validation compares fields and
// fragments in pairs and looks for names like a wrong one: these limits keep it to some
// ten milliseconds.
var Default = Limits{Bytes: 32 << 10, Tokens: 8000, Depth: 25, Fields: 500, Aliases: 200, Directives: 100, Fragments: 300}

// Parse reads a document and refuses it when it is over a limit (fault.Limit). A text
// that is no GraphQL gives the parser's own error.
func Parse(query string, limits Limits) (*ast.QueryDocument, error) {
	if limits.Bytes > 0 && len(query) > limits.Bytes {
		return nil, fault.New(fault.Limit, "the question is %d bytes long and this server allows %d; put long values into variables, or ask in several requests", len(query), limits.Bytes)
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, limits.Tokens)
	if err != nil {
		if tooManyTokens(err) {
			return nil, fault.New(fault.Limit, "the question has more than %d words and signs, this server's limit; ask for less, or in several requests", limits.Tokens)
		}
		return nil, err
	}
	return doc, Check(doc, limits)
}

// tooManyTokens recognises the parser's one error that is not about syntax.
func tooManyTokens(err error) bool {
	var e *gqlerror.Error
	return errors.As(err, &e) && len(e.Message) >= 15 && e.Message[:15] == "exceeded token "
}

// Check refuses a document that is over a limit.
func Check(doc *ast.QueryDocument, limits Limits) error {
	m := meter{doc: doc, fragments: make(map[string]*size, len(doc.Fragments))}
	var total size
	for _, op := range doc.Operations {
		total.beside(m.selections(op.SelectionSet))
		total.directives = add(total.directives, len(op.Directives))
	}
	for _, f := range doc.Fragments { // also those that nothing spreads: validation reads them
		total.depth = max(total.depth, m.fragment(f.Name).depth)
	}
	total.fields = max(total.fields, m.written.fields)
	total.aliases = max(total.aliases, m.written.aliases)
	total.directives = max(total.directives, m.written.directives)
	total.fragments = max(total.fragments, m.written.fragments)
	return total.over(limits)
}

// size is what a selection amounts to once its fragments are put in.
type size struct{ depth, fields, aliases, directives, fragments int }

// beside adds what stands next to it.
func (s *size) beside(o size) {
	s.depth = max(s.depth, o.depth)
	s.fields = add(s.fields, o.fields)
	s.aliases = add(s.aliases, o.aliases)
	s.directives = add(s.directives, o.directives)
	s.fragments = add(s.fragments, o.fragments)
}

// add is a sum that stays at the largest number: doubling fragments reach it soon.
func add(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}

func (s size) over(l Limits) error {
	for _, c := range []struct {
		name       string
		got, limit int
	}{
		{"levels of fields", s.depth, l.Depth},
		{"fields", s.fields, l.Fields},
		{"aliases", s.aliases, l.Aliases},
		{"directives", s.directives, l.Directives},
		{"fragments", s.fragments, l.Fragments},
	} {
		if c.limit > 0 && c.got > c.limit {
			return fault.New(fault.Limit, "the question has %s %s and this server allows %d; ask for less, or in several requests", count(c.got), c.name, c.limit)
		}
	}
	return nil
}

// meter measures selections; each fragment is measured once.
type meter struct {
	doc       *ast.QueryDocument
	fragments map[string]*size
	written   size // of the text as it stands, each fragment once
}

func (m *meter) selections(set ast.SelectionSet) size {
	var total size
	for _, selection := range set {
		total.beside(m.selection(selection))
	}
	return total
}

func (m *meter) selection(selection ast.Selection) size {
	var own, inner size
	switch sel := selection.(type) {
	case *ast.Field:
		inner = m.selections(sel.SelectionSet)
		inner.depth++
		own = size{fields: 1, directives: len(sel.Directives)}
		if sel.Alias != sel.Name {
			own.aliases = 1
		}
	case *ast.InlineFragment:
		inner = m.selections(sel.SelectionSet)
		own = size{directives: len(sel.Directives), fragments: 1}
	case *ast.FragmentSpread:
		inner = m.fragment(sel.Name)
		own = size{directives: len(sel.Directives), fragments: 1}
	default:
		panic(sel)
	}
	m.written.beside(own)
	inner.beside(own)
	return inner
}

// fragment measures a fragment. One that is missing or spreads itself counts as empty
// here; validation says what is wrong with it.
func (m *meter) fragment(name string) size {
	if known, ok := m.fragments[name]; ok {
		return *known
	}
	m.fragments[name] = &size{}
	definition := m.doc.Fragments.ForName(name)
	if definition == nil {
		return size{}
	}
	s := m.selections(definition.SelectionSet)
	m.fragments[name] = &s
	return s
}

// count prints a number, or that it is beyond counting.
func count(n int) string {
	if n > 1e9 {
		return "more than a billion"
	}
	return strconv.Itoa(n)
}
