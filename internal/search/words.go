package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"nicgraph/internal/value"
)

// word is a word of a text in the form in which words are compared, and where it stands
// in the text, in bytes.
type word struct {
	text       string
	start, end int
}

// longestWord bounds the runes of a word; what is longer is compared by its beginning.
const longestWord = 60

// apostrophes stand inside words and do not count: Children's is found as childrens.
const apostrophes = "'’ʼ‘"

// wordsOf splits a text at everything that is neither letter nor digit. Single letters
// with full stops between them are one word: P.D.S.A. is PDSA.
func wordsOf(text string) []word {
	var c cutter
	c.cut(text)
	return c.words
}

// cutter cuts texts into words, one after the other.
type cutter struct {
	text  string
	lower string // the whole text folded, where that keeps each letter in its place; else empty
	words []word
}

// cut cuts the next text.
func (c *cutter) cut(text string) {
	*c = cutter{text: text, words: c.words[:0]}
	if value.IsASCII(text) {
		c.lower = strings.ToLower(text)
	}
	start := -1
	for at, r := range text {
		switch {
		case isPart(r):
			if start < 0 {
				start = at
			}
		case start >= 0 && !isInside(r):
			c.add(start, at)
			start = -1
		}
	}
	if start >= 0 {
		c.add(start, len(text))
	}
}

// folded is the whole text folded.
func (c *cutter) folded() string {
	if c.lower != "" {
		return c.lower
	}
	return value.Fold(c.text)
}

// isPart tells whether a rune is part of words.
func isPart(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.In(r, unicode.L, unicode.N)
}

// isInside tells whether a word goes on behind a rune that is no part of it.
func isInside(r rune) bool {
	return r == '\'' || r >= utf8.RuneSelf && (unicode.IsMark(r) || strings.ContainsRune(apostrophes, r))
}

func (c *cutter) add(start, end int) {
	end = start + len(strings.TrimRight(c.text[start:end], apostrophes))
	w := word{text: c.plain(start, end), start: start, end: end}
	if w.text == "" {
		return
	}
	if last := len(c.words) - 1; last >= 0 && spelled(c.words[last], w, c.text) {
		c.words[last].text = shorten(c.words[last].text + w.text)
		c.words[last].end = w.end
		return
	}
	c.words = append(c.words, w)
}

// plain is a word as it is compared: folded, and without what folding has brought into it that
// is no part of one, such as the slash of ½, and without apostrophes.
func (c *cutter) plain(start, end int) string {
	if c.lower == "" {
		return plain(value.Fold(c.text[start:end]))
	}
	return shorten(strings.ReplaceAll(c.lower[start:end], "'", ""))
}

// spelled tells whether a letter goes on with an abbreviation that is written with full
// stops.
func spelled(before, letter word, text string) bool {
	return isLetter(letter.text) && text[before.end:letter.start] == "." &&
		(isLetter(before.text) || strings.Contains(text[before.start:before.end], "."))
}

func isLetter(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size == len(s) && unicode.IsLetter(r)
}

func plain(folded string) string {
	return shorten(strings.Map(func(r rune) rune {
		if strings.ContainsRune(apostrophes, r) || !unicode.In(r, unicode.L, unicode.N, unicode.M) {
			return -1
		}
		return r
	}, folded))
}

func shorten(s string) string {
	if len(s) <= longestWord {
		return s
	}
	runes := 0
	for at := range s {
		if runes == longestWord {
			return s[:at]
		}
		runes++
	}
	return s
}

// small are the words that initials may leave out, and that find nothing by themselves
// beside others.
var small = map[string]bool{
	"a": true, "an": true, "and": true, "at": true, "by": true, "for": true, "from": true, "in": true,
	"into": true, "of": true, "on": true, "or": true, "the": true, "to": true, "with": true,
}

// isSmall tells whether a word is a small one, mostly by its length.
func isSmall(word string) bool { return len(word) <= len("from") && small[word] }

// acronym is the first letters of the words of a text: of every word, or without the small
// ones (CORE, California Office to Reform Education).
type acronym struct {
	text  string
	every bool
}

// mostInitials bounds the words of a text that has initials: nobody knows a whole
// sentence by them.
const mostInitials = 12

// has tells whether the first letter of a word is among the initials.
func (a acronym) has(w word) bool { return a.every || !isSmall(w.text) }

// appendTo appends the initials of words, and nothing where they have none.
func (a acronym) appendTo(room []byte, words []word) []byte {
	from, n := len(room), 0
	for _, w := range words {
		if a.has(w) {
			_, size := utf8.DecodeRuneInString(w.text)
			room = append(room, w.text[:size]...)
			n++
		}
	}
	if n < 2 || n > mostInitials {
		return room[:from]
	}
	return room
}

// acronymsOf gives the initials of a text: those without the small words, and those of all
// words where these are others.
func acronymsOf(words []word) []acronym {
	var all []acronym
	for _, a := range []acronym{{every: false}, {every: true}} {
		a.text = string(a.appendTo(nil, words))
		if a.text != "" && (len(all) == 0 || all[0].text != a.text) {
			all = append(all, a)
		}
	}
	return all
}
