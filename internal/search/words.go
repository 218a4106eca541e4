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
	var all []word
	start := -1
	for at, r := range text {
		switch {
		case unicode.In(r, unicode.L, unicode.N):
			if start < 0 {
				start = at
			}
		case start >= 0 && !unicode.IsMark(r) && !strings.ContainsRune(apostrophes, r):
			all = addWord(all, text, start, at)
			start = -1
		}
	}
	if start >= 0 {
		all = addWord(all, text, start, len(text))
	}
	return all
}

func addWord(all []word, text string, start, end int) []word {
	raw := strings.TrimRight(text[start:end], apostrophes)
	w := word{text: plain(value.Fold(raw)), start: start, end: start + len(raw)}
	if w.text == "" {
		return all
	}
	if last := len(all) - 1; last >= 0 && spelled(all[last], w, text) {
		all[last].text = shorten(all[last].text + w.text)
		all[last].end = w.end
		return all
	}
	return append(all, w)
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

// plain drops what folding has brought into a word that is no part of one, such as the
// slash of ½, and apostrophes.
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

// acronym is the first letters of the words of a text.
type acronym struct {
	text  string
	words []int
}

// mostInitials bounds the words of a text that has initials: nobody knows a whole
// sentence by them.
const mostInitials = 12

// acronymsOf gives the initials of a text: those of all words, and those without the
// small words where there are some (CORE, California Office to Reform Education).
func acronymsOf(words []word) []acronym {
	var every, main acronym
	for i, w := range words {
		r, _ := utf8.DecodeRuneInString(w.text)
		every.text += string(r)
		every.words = append(every.words, i)
		if !small[w.text] {
			main.text += string(r)
			main.words = append(main.words, i)
		}
	}
	var all []acronym
	for _, a := range []acronym{main, every} {
		enough := len(a.words) >= 2 && len(a.words) <= mostInitials
		if enough && (len(all) == 0 || all[0].text != a.text) {
			all = append(all, a)
		}
	}
	return all
}
