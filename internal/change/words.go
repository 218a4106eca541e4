package change

import (
	"fmt"
	"regexp"
	"unicode"
	"unicode/utf8"
)

// MaxID bounds the characters of an id.
const MaxID = 200

var idText = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// CheckID tells why a text cannot be an id. The error completes a sentence that begins with
// the name of what holds it.
func CheckID(id string) error {
	if len(id) > MaxID {
		return fmt.Errorf("has %d characters; an id has at most %d", utf8.RuneCountInString(id), MaxID)
	}
	if !idText.MatchString(id) {
		return fmt.Errorf("%q is not an id: use small letters and digits, with single hyphens between them", id)
	}
	return nil
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
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return fmt.Errorf("holds the control character %U; remove it", r)
		}
	}
	return nil
}
