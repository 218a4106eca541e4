package cypher

import (
	"strings"
	"unicode/utf8"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// What nicgraph writes beside a node's own properties. The comparison keys are
// stored because Neo4j can neither fold texts nor read partial dates by itself.
const (
	typeProperty  = "nodeType" // the name of the node's type
	foldSuffix    = "_fold"    // of a text or a list of texts: value.Fold
	keySuffix     = "_key"     // of a text: the beginning of its folded form
	fromSuffix    = "_from"    // of a date: its first day
	toSuffix      = "_to"      // of a date: its last day
	writtenSuffix = "_written" // of a date, before one of the two: that day as it is written, where it is another
	noneSuffix    = "_none"    // of a missing scalar: the node's id, so that an index finds what is missing
	idsSuffix     = "_ids"     // of a link to many: the targets in their order
)

// dateSuffixes are those of a date.
var dateSuffixes = []string{fromSuffix, toSuffix, writtenSuffix + fromSuffix, writtenSuffix + toSuffix}

// keyBytes bounds a text's key: a range index refuses values of about 8,000 bytes,
// and a few dozen bytes tell almost all texts apart.
const keyBytes = 120

// key is the beginning of a folded text. Keys are ordered as the texts are, but for
// ties, so an index on them serves an order by the text.
func key(fold string) string {
	if len(fold) <= keyBytes {
		return fold
	}
	end := keyBytes
	for !utf8.RuneStart(fold[end]) {
		end--
	}
	return fold[:end]
}

// quote writes a name of the catalog so that it can only be read as a name.
func quote(name string) string {
	if isPlain(name) {
		return name
	}
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}

func isPlain(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case c == '_' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
		case i > 0 && c >= '0' && c <= '9':
		default:
			return false
		}
	}
	return name != ""
}

// labels writes the label expression that exactly the nodes of a set of types match.
func labels(c *catalog.Catalog, set catalog.TypeSet) string {
	if set == c.All() {
		return "Node"
	}
	for _, i := range c.Interfaces {
		if i.Types == set && set.Len() > 1 {
			return quote(i.Name)
		}
	}
	var names []string
	for t := range c.In(set) {
		names = append(names, quote(t.Name))
	}
	return strings.Join(names, "|")
}

// has tells whether every type of a set has the property.
func has(c *catalog.Catalog, set catalog.TypeSet, property string) bool {
	for t := range c.In(set) {
		if _, ok := t.Property(property); !ok {
			return false
		}
	}
	return true
}

// required tells whether every type of a set always has the property.
func required(c *catalog.Catalog, set catalog.TypeSet, property string) bool {
	for t := range c.In(set) {
		p, ok := t.Property(property)
		if !ok || !p.Required && p.Kind != value.ID {
			return false
		}
	}
	return true
}

// startsOf are the types from which relationships of a type lead.
func startsOf(c *catalog.Catalog, relationship string) (set catalog.TypeSet) {
	for _, t := range c.Types {
		for _, l := range t.Out {
			if l.Relationship == relationship {
				set |= catalog.SetOf(t.ID)
			}
		}
	}
	return set
}

// endsOf are the types to which relationships of a type lead.
func endsOf(c *catalog.Catalog, relationship string) (set catalog.TypeSet) {
	for _, t := range c.Types {
		for _, l := range t.Out {
			if l.Relationship == relationship {
				set |= l.Targets
			}
		}
	}
	return set
}

// arrow writes a relationship as it is read from its left.
func arrow(l *catalog.Link) string {
	if l.Direction == catalog.In {
		return "<-[:" + quote(l.Relationship) + "]-"
	}
	return "-[:" + quote(l.Relationship) + "]->"
}

// indent moves a text that stands inside another to the right.
func indent(text string) string {
	return "    " + strings.ReplaceAll(text, "\n", "\n    ")
}

// block writes a subquery: on one line when it is short.
func block(word string, clauses []string) string {
	if fits(clauses, len(word+" {  }"), 1, 100) {
		return word + " { " + strings.Join(clauses, " ") + " }"
	}
	return word + " {\n" + indent(strings.Join(clauses, "\n")) + "\n}"
}

// list writes a list: on one line when it is short.
func list(items []string) string {
	if fits(items, len("[]"), len(", "), 80) {
		return "[" + strings.Join(items, ", ") + "]"
	}
	return "[\n" + indent(strings.Join(items, ",\n")) + "\n]"
}

// fits tells whether texts make one line of at most so many bytes, with others around and between them.
func fits(texts []string, around, between, most int) bool {
	length := around + between*max(len(texts)-1, 0)
	for _, text := range texts {
		if length += len(text); length > most || strings.Contains(text, "\n") {
			return false
		}
	}
	return length <= most
}
