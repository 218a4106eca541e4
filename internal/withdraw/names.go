package withdraw

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nicgraph/internal/change"
	"nicgraph/internal/proposal"
	"nicgraph/internal/search"
	"nicgraph/internal/value"
)

// Traces finds what tells of a person in texts: the person's names, folded, and the ids of all
// that goes along.
type Traces struct {
	IDs   []string // of the person, then those that stand for it
	Names []string
	gone  map[string]bool
}

// Gone are the ids of all that goes along, in ascending order.
func (t *Traces) Gone() []string { return slices.Sorted(maps.Keys(t.gone)) }

// learn adds the names of a life.
func (t *Traces) learn(l Life) {
	for _, s := range l.States {
		if s.Node == nil {
			continue
		}
		for _, p := range search.Properties(s.Node.Type) {
			v := s.Node.Values[p.Index]
			for _, name := range append(slices.Clone(v.Strs()), v.Str) {
				if name = value.Fold(strings.TrimSpace(name)); name != "" && !slices.Contains(t.Names, name) {
					t.Names = append(t.Names, name)
				}
			}
		}
	}
}

// outOf is a state without the names in its lists of names.
func (t *Traces) outOf(n *change.Node) *change.Node {
	left := *n
	left.Values = slices.Clone(n.Values)
	for _, p := range search.Properties(n.Type) {
		if p.Kind == value.Strings {
			texts := slices.Clone(n.Values[p.Index].Strs())
			texts = slices.DeleteFunc(texts, func(text string) bool { return slices.Contains(t.Names, value.Fold(strings.TrimSpace(text))) })
			left.Values[p.Index] = value.OfStrings(texts)
		}
	}
	return &left
}

// In tells whether a text holds one of the names, or an id of the person, as words of their own.
func (t *Traces) In(text string) bool {
	if text == "" {
		return false
	}
	folded := value.Fold(text)
	return slices.ContainsFunc(t.IDs, func(id string) bool { return holds(folded, id, partOfID) }) ||
		slices.ContainsFunc(t.Names, func(name string) bool { return holds(folded, name, partOfWord) })
}

func partOfWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func partOfID(r rune) bool { return r == '-' || partOfWord(r) }

// holds tells whether a word stands in a text with no part of a word on either side.
func holds(text, word string, part func(rune) bool) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(word):])
		if !part(before) && !part(after) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		from = i + size
	}
}

// InProposal tells whether a proposal names something that goes, or holds one of the names.
func (t *Traces) InProposal(p *proposal.Proposal) bool {
	var request any
	if err := json.Unmarshal(p.Request, &request); err != nil {
		return t.In(string(p.Request))
	}
	return t.in(request) || t.In(p.Key) || slices.ContainsFunc(p.Events, func(e proposal.Event) bool { return t.In(e.Text) })
}

func (t *Traces) in(v any) bool {
	switch v := v.(type) {
	case string:
		return t.gone[v] || t.In(v)
	case []any:
		return slices.ContainsFunc(v, t.in)
	case map[string]any:
		for name, field := range v {
			if t.gone[name] || t.in(field) {
				return true
			}
		}
	}
	return false
}
