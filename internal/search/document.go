// Package search decides what a text that somebody types finds, in which order, and how
// it is shown: words, initials, ranks, snippets, and an index for stores that have none.
// Keeping it in step with the nodes is left to them, the answer to package analytics.
package search

import (
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// Fields names the properties by which things are found, the weightiest first.
func Fields() []string { return []string{"name", "title", "aliases"} }

// Properties are those of a type by which its nodes are found, the weightiest first.
func Properties(t *catalog.Type) []*catalog.Property {
	var all []*catalog.Property
	for _, name := range Fields() {
		if p, ok := t.Property(name); ok && (p.Kind == value.Text || p.Kind == value.Strings) {
			all = append(all, p)
		}
	}
	return all
}

// Types are the types whose nodes can be found.
func Types(c *catalog.Catalog) catalog.TypeSet {
	var set catalog.TypeSet
	for _, t := range c.Types {
		if len(Properties(t)) > 0 {
			set |= catalog.SetOf(t.ID)
		}
	}
	return set
}

// Document is a node as it is searched. It is immutable.
type Document struct {
	Type catalog.TypeID
	ID   string

	name  string // folded, by which documents of the same rank are ordered
	texts []text
}

// text is one name, title or alias.
type text struct {
	field    string
	raw      string
	words    []word
	acronyms []acronym
}

// NewDocument makes the document of a node, given the values of its Properties.
func NewDocument(t *catalog.Type, id string, of func(*catalog.Property) value.Value) *Document {
	d := &Document{Type: t.ID, ID: id}
	for _, p := range Properties(t) {
		switch v := of(p); v.Kind {
		case value.Text:
			d.add(p.Name, v.Str)
		case value.Strings:
			for _, s := range v.Strs() {
				d.add(p.Name, s)
			}
		}
	}
	if len(d.texts) > 0 {
		d.name = value.Fold(d.texts[0].raw)
	}
	return d
}

func (d *Document) add(field, raw string) {
	words := wordsOf(raw)
	d.texts = append(d.texts, text{field: field, raw: raw, words: words, acronyms: acronymsOf(words)})
}

// Terms are the words and initials by which a store must propose the document, sorted.
func (d *Document) Terms() []string {
	var terms []string
	for i := range d.texts {
		for _, w := range d.texts[i].words {
			terms = append(terms, w.text)
		}
		for _, a := range d.texts[i].acronyms {
			terms = append(terms, a.text)
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}
