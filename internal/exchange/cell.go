package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/slab"
	"nicgraph/internal/suggest"
	"nicgraph/internal/value"
)

// parse reads the text of a cell as a property; an empty cell is the missing value.
// The error completes a sentence that begins with the name of the column.
func parse(p *catalog.Property, cell string, room *slab.Slab[string]) (value.Value, error) {
	if p.Kind == value.Strings {
		texts, err := parseList(cell, room)
		return value.OfStrings(texts), err
	}
	if cell == "" {
		return value.Value{}, nil
	}
	switch p.Kind {
	case value.ID:
		return value.OfID(cell), change.CheckID(cell)
	case value.Text:
		return value.OfText(cell), nil
	case value.Enum:
		return value.OfEnum(cell), checkEnum(p.Enum, cell)
	case value.Int:
		n, err := strconv.ParseInt(cell, 10, 32)
		return value.OfInt(n), as(err, "%q is not a whole number between -2147483648 and 2147483647", cell)
	case value.Float:
		f, ok := value.ParseFloat(cell)
		return f, unless(ok, "%q is not a number such as 2, 0.25 or 1e-3", cell)
	case value.Bool:
		return value.OfBool(cell == "true"), unless(cell == "true" || cell == "false", "%q is neither true nor false", cell)
	case value.Date:
		_, err := value.ParseDate(cell)
		return value.OfDate(cell), err
	default:
		panic(p.Kind)
	}
}

// as replaces an error by a sentence.
func as(err error, format string, args ...any) error { return unless(err == nil, format, args...) }

func unless(ok bool, format string, args ...any) error {
	if ok {
		return nil
	}
	return fmt.Errorf(format, args...)
}

// parseList splits a cell; spaces around an element do not count.
func parseList(cell string, room *slab.Slab[string]) ([]string, error) {
	if cell == "" {
		return nil, nil
	}
	texts := room.Take(strings.Count(cell, listMark) + 1)
	var seen map[string]bool
	if len(texts) > fewTexts {
		seen = make(map[string]bool, len(texts))
	}
	for i := range texts {
		text, rest, _ := strings.Cut(cell, listMark)
		texts[i], cell = strings.TrimSpace(text), rest
		if texts[i] == "" {
			return nil, fmt.Errorf("has an empty element; write the elements with one %s between them", listMark)
		}
		if stoodBefore(seen, texts, i) {
			return nil, fmt.Errorf("names %q twice", texts[i])
		}
	}
	return texts, nil
}

// fewTexts are compared one by one, which needs no memory.
const fewTexts = 8

// stoodBefore tells whether a text stands further to the front as well; seen is nil for few.
func stoodBefore(seen map[string]bool, texts []string, i int) bool {
	if seen == nil {
		return slices.Contains(texts[:i], texts[i])
	}
	before := seen[texts[i]]
	seen[texts[i]] = true
	return before
}

func checkEnum(e *catalog.Enum, name string) error {
	if e.Has(name) {
		return nil
	}
	names := make([]string, len(e.Values))
	for i, v := range e.Values {
		names[i] = v.Name
	}
	hint := suggest.DidYouMean(name, slices.Values(names))
	if hint == "" {
		hint = ", which has " + strings.Join(names, ", ")
	}
	return fmt.Errorf("%q is not in the vocabulary%s", name, hint)
}

// format is the inverse of parse.
func format(v value.Value) string {
	switch v.Kind {
	case value.Null:
		return ""
	case value.Int:
		return strconv.FormatInt(v.Num, 10)
	case value.Float:
		return value.FormatFloat(v.Num)
	case value.Bool:
		return strconv.FormatBool(v.Num == 1)
	case value.Strings:
		return strings.Join(v.Strs(), listMark)
	default:
		return v.Str
	}
}
