package change

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// MaxID bounds the characters of an id.
const MaxID = 200

// CheckID tells why a text cannot be an id. The error completes a sentence that begins with
// the name of what holds it.
func CheckID(id string) error {
	if len(id) > MaxID {
		return fmt.Errorf("has %d characters; an id has at most %d", utf8.RuneCountInString(id), MaxID)
	}
	if !isID(id) {
		return fmt.Errorf("%q is not an id: use small letters and digits, with single hyphens between them", id)
	}
	return nil
}

// isID tells whether a text is made of small letters and digits with single hyphens between them.
// It stands for a regular expression, which takes ten times as long: an import asks a million times.
func isID(text string) bool {
	hyphen := true // as if one stood before
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			hyphen = false
		case c == '-' && !hyphen:
			hyphen = true
		default:
			return false
		}
	}
	return !hyphen
}

// misleading are characters that nobody sees and that make what follows look otherwise: those
// that turn the direction of writing (Boucher and Anderson 2021, Trojan Source), further ends of
// lines, the byte order mark, and tags. Joiners and the marks of right-to-left scripts, which
// their texts need, are not among them.
var misleading = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x2028, Hi: 0x202e, Stride: 1}, {Lo: 0x2066, Hi: 0x206f, Stride: 1}, {Lo: 0xfeff, Hi: 0xfeff, Stride: 1}, {Lo: 0xfff9, Hi: 0xfffb, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0xe0001, Hi: 0xe0001, Stride: 1}},
}

// CheckText tells what no text may hold, whatever it says, and when it has more than longest
// characters. The error completes a sentence as that of CheckID does.
func CheckText(text string, longest int) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("is not valid UTF-8; save the file in that encoding")
	}
	if n := utf8.RuneCountInString(text); n > longest {
		return fmt.Errorf("has %d characters; at most %d may stand here", n, longest)
	}
	for _, r := range text {
		switch {
		case ' ' <= r && r <= '~': // as most are
		case unicode.IsControl(r) && r != '\n' && r != '\t':
			return fmt.Errorf("holds the control character %U; remove it", r)
		case unicode.Is(misleading, r):
			return fmt.Errorf("holds the invisible character %U, which makes a text look like another; remove it", r)
		}
	}
	return nil
}
