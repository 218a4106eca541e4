package schema

import (
	"strings"
	"unicode"
)

// lowerFirst makes a field's name of a type's: StandardLevel to standardLevel.
func lowerFirst(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// upperFirst begins a name or a sentence with a capital.
func upperFirst(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// snake writes a camel-case name as tables do: seenIn to seen_in.
func snake(name string) string { return split(name, '_') }

// words writes a camel-case name as people do: standardLevels to standard levels.
func words(name string) string { return split(name, ' ') }

func split(name string, separator rune) string {
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 {
			b.WriteRune(separator)
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// or is the first text, or the second where the first is empty.
func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
