package answer

import (
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// text writes a string as JSON.stringify does: only quotes, backslashes and control
// characters are escaped. Texts that have none of them, which are most, are copied.
func (w *writer) text(s string) {
	if plain(s) {
		w.name(s)
		return
	}
	quoted, err := jsontext.AppendQuote(w.dst, s)
	if err != nil { // invalid UTF-8 never gets past import; what is left is quoted with marks
		quoted = strconv.AppendQuote(w.dst, s)
	}
	w.dst = quoted
}

// name writes what has nothing to escape, such as the names of GraphQL.
func (w *writer) name(s string) {
	dst := w.dst
	dst = append(dst, '"')
	dst = append(dst, s...)
	dst = append(dst, '"')
	w.dst = dst
}

// key writes a response key behind what parts it from the one before.
func (w *writer) key(separator byte, key string) {
	dst := w.dst
	dst = append(dst, separator, '"')
	dst = append(dst, key...)
	dst = append(dst, '"', ':')
	w.dst = dst
}

// The same byte eight times.
const (
	ones        = 0x0101010101010101
	tops        = 0x80 * ones
	blanks      = ' ' * ones
	quotes      = '"' * ones
	backslashes = '\\' * ones
)

// plain tells whether a text has nothing to escape. It looks at eight bytes at once.
func plain(s string) bool {
	rest, above := s, uint64(0)
	for ; len(rest) >= 8; rest = rest[8:] {
		eight := uint64(rest[0]) | uint64(rest[1])<<8 | uint64(rest[2])<<16 | uint64(rest[3])<<24 |
			uint64(rest[4])<<32 | uint64(rest[5])<<40 | uint64(rest[6])<<48 | uint64(rest[7])<<56
		quote, backslash := eight^quotes, eight^backslashes
		// A byte below n is one that subtracting n takes below 0, and that was not above 127 before.
		if ((eight-blanks)&^eight|(quote-ones)&^quote|(backslash-ones)&^backslash)&tops != 0 {
			return false
		}
		above |= eight
	}
	for i := range len(rest) {
		c := rest[i]
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
		above |= uint64(c)
	}
	return above&tops == 0 || utf8.ValidString(s)
}
