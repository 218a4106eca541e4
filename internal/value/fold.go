package value

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold returns s without accents and in folded case: the form in which texts are
// compared and searched. It is idempotent.
func Fold(s string) string {
	if IsASCII(s) {
		return strings.ToLower(s)
	}
	// Invalid bytes go first: without the marks between them they could form a letter.
	s = strings.ToValidUTF8(s, "\uFFFD")
	f, _ := folders.Get().(transform.Transformer)
	defer folders.Put(f)
	folded, _, err := transform.String(f, s) // which begins with a reset
	if err != nil {                          // not reached: the transformers never fail on valid UTF-8
		return s
	}
	return folded
}

// folders are kept for the next text: each has 28 KB of buffers, which cost more than the work.
var folders = sync.Pool{New: func() any { return folder() }}

// folder decomposes, drops combining marks, folds case and composes again. Folding
// case can bring marks back ("İ" to "i̇"), so marks are dropped after it as well.
// Letters are lowered before, since folding swaps the two cases of Cherokee ones.
func folder() transform.Transformer {
	marks := runes.Remove(runes.In(unicode.Mn))
	return transform.Chain(norm.NFKD, marks, runes.Map(unicode.ToLower), cases.Fold(), norm.NFKD, marks, norm.NFC)
}

// IsASCII tells whether folding a text means lower case and nothing else.
func IsASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Head is the first eight bytes of a text as a number: where it is less than that of another
// text, the text comes first. Comparing texts means looking at them all over memory.
func Head(text string) (head uint64) {
	for i := range 8 {
		head <<= 8
		if i < len(text) {
			head |= uint64(text[i])
		}
	}
	return head
}
