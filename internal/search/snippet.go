package search

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// Part is a piece of a text, and whether it is what was looked for.
type Part struct {
	Text  string
	Match bool
}

// Field is the property whose text matches.
func (h Hit) Field() string { return h.document.texts[h.by].field }

// Text is the name, title or alias that matches.
func (h Hit) Text() string { return h.document.texts[h.by].raw }

// Snippet parts the text that matches; the parts together are the text. Of initials the
// letters are marked, else the words.
func (q Query) Snippet(h Hit) []Part {
	t := &h.document.texts[h.by]
	var spans []span
	for _, w := range t.words {
		if slices.ContainsFunc(q.lookedFor(h.Rank), func(m meeting) bool { return m(w.text) }) {
			spans = append(spans, span{w.start, w.end})
		}
	}
	for _, a := range t.acronyms {
		if len(spans) == 0 && slices.ContainsFunc(q.lookedFor(h.Rank), func(m meeting) bool { return m(a.text) }) {
			spans = letters(t, a)
		}
	}
	return parts(t.raw, spans)
}

// span is a part of a text, in bytes.
type span struct{ start, end int }

type meeting func(term string) bool

// lookedFor are the conditions on words to mark: of a text that matches from its start
// on, small words are marked too.
func (q Query) lookedFor(rank int) []meeting {
	var all []meeting
	for i := range q.sought {
		all = append(all, func(term string) bool { return q.meets(i, term) })
	}
	if rank <= Prefix {
		all = append(all, func(term string) bool { return isSmall(term) && slices.Contains(q.words, term) })
	}
	return all
}

// letters are the places of initials: a letter with its accents.
func letters(t *text, a acronym) []span {
	var spans []span
	for _, w := range t.words {
		if !a.has(w) {
			continue
		}
		_, size := utf8.DecodeRuneInString(t.raw[w.start:])
		end := w.start + size
		for r, size := utf8.DecodeRuneInString(t.raw[end:]); unicode.IsMark(r); r, size = utf8.DecodeRuneInString(t.raw[end:]) {
			end += size
		}
		spans = append(spans, span{w.start, end})
	}
	return spans
}

// parts cuts a text at spans, which stand in order and apart.
func parts(raw string, spans []span) []Part {
	var all []Part
	add := func(start, end int, match bool) {
		if start < end {
			all = append(all, Part{Text: raw[start:end], Match: match})
		}
	}
	at := 0
	for _, s := range spans {
		add(at, s.start, false)
		add(s.start, s.end, true)
		at = s.end
	}
	add(at, len(raw), false)
	return all
}
