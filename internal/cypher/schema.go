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
