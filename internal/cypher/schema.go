package cypher

import (
	"fmt"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// Schema writes the constraints and indexes that the statements rely on. Each may be
// run again.
func Schema(c *catalog.Catalog) []string {
	all := []string{
		"CREATE CONSTRAINT nicgraph_node IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE",
		"CREATE CONSTRAINT nicgraph_meta IF NOT EXISTS FOR (m:NicgraphMeta) REQUIRE m.id IS UNIQUE",
		searchIndex,
	}
	for _, t := range c.Types {
		all = append(all, indexes(t.Name, t.Properties)...)
	}
	for _, i := range c.Interfaces {
		if i.Name != "Node" { // its id has the constraint, and it has nothing else
			all = append(all, indexes(i.Name, i.Properties)...)
		}
	}
	return all
}

func indexes(label string, properties []*catalog.Property) []string {
	var all []string
	for _, p := range properties {
		if p.Kind == value.Strings {
			continue
		}
		on := indexColumns(p.Name, p.Kind)
		for i, c := range on {
			on[i] = "n." + quote(c)
		}
		all = append(all, fmt.Sprintf("CREATE INDEX %s IF NOT EXISTS FOR (n:%s) ON (%s)",
			quote("nicgraph_"+label+"_"+p.Name), quote(label), strings.Join(on, ", ")))
		if canMiss(p) {
			none := p.Name + noneSuffix
			all = append(all, fmt.Sprintf("CREATE INDEX %s IF NOT EXISTS FOR (n:%s) ON (n.%s)", quote("nicgraph_"+label+"_"+none), quote(label), quote(none)))
		}
	}
	return all
}

// indexColumns are the properties of a scalar's range index. The id at the end makes
// the order that paging follows whole.
func indexColumns(property string, kind value.Kind) []string {
	switch kind {
	case value.ID:
		return []string{property}
	case value.Text:
		return []string{property + keySuffix}
	case value.Date:
		return []string{property + fromSuffix, property + toSuffix, property, "id"}
	default:
		return []string{property, "id"}
	}
}

// canMiss tells whether nodes carry a mark where the property is missing.
func canMiss(p *catalog.Property) bool {
	return !p.Required && p.Kind != value.ID && p.Kind != value.Strings
}

// Marks writes the marks of missing values. Each may be run again; what is stored needs
// them when a property is new.
func Marks(c *catalog.Catalog) []string {
	var all []string
	for _, t := range c.Types {
		var marks []string
		for _, p := range t.Properties {
			if canMiss(p) {
				marks = append(marks, fmt.Sprintf("n.%s = CASE WHEN n.%s IS NULL THEN n.id END", quote(p.Name+noneSuffix), quote(p.Name)))
			}
		}
		if len(marks) > 0 {
			all = append(all, "MATCH (n:"+quote(t.Name)+")\nSET "+strings.Join(marks, ",\n  "))
		}
	}
	return all
}
