package cypher

import (
	"fmt"
	"slices"
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
	all = append(all, historySchema...)
	all = append(all, aliasSchema...)
	all = append(all, tokenSchema...)
	all = append(all, proposalSchema...)
	all = append(all, hiddenSchema...)
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
		if p.Kind == value.Strings || p.Managed {
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
	return !p.Required && !p.Managed && p.Kind != value.ID && p.Kind != value.Strings
}

// DateTexts reads all texts of stored dates, each once.
func DateTexts(c *catalog.Catalog) Statement {
	var names []string
	for _, t := range c.Types {
		for _, p := range t.Properties {
			if name := "n." + quote(p.Name); p.Kind == value.Date && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return Statement{Text: "MATCH (n:Node)\nUNWIND [" + strings.Join(names, ", ") + "] AS text\nRETURN collect(DISTINCT text) AS answer"}
}

// Dates writes the days of all stored dates, which have these texts. Each may be run
// again; what an older nicgraph has stored lacks some of them.
func Dates(c *catalog.Catalog, texts []string) []Statement {
	byEnd := map[string]any{}
	for _, suffix := range dateSuffixes {
		byText := make(map[string]any, len(texts))
		for _, text := range texts {
			byText[text] = days(text)[suffix]
		}
		byEnd[suffix] = byText
	}
	var all []Statement
	for _, t := range c.Types {
		var sets []string
		for _, p := range t.Properties {
			if p.Kind != value.Date {
				continue
			}
			for _, suffix := range dateSuffixes {
				sets = append(sets, fmt.Sprintf("n.%s = $days.%s[n.%s]", quote(p.Name+suffix), suffix, quote(p.Name)))
			}
		}
		if len(sets) > 0 {
			all = append(all, Statement{Text: "MATCH (n:" + quote(t.Name) + ")\nSET " + strings.Join(sets, ",\n  "), Params: map[string]any{"days": byEnd}})
		}
	}
	return all
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
