package plan

import (
	"strings"

	"nicgraph/internal/catalog"
)

// Name tells what a store may keep from all else of its kind. What a plan calls its variables
// is not in it: their values are added when they are known.
type Name struct {
	text   string
	params []string // the variables, in the order in which they stand
}

// NameOfNodes names the nodes of some types that meet a condition.
func NameOfNodes(types catalog.TypeSet, where Filter) Name {
	return named(func(p *printer) string { return p.types(types) + p.where(where) })
}

// NameOfCount names what is counted at each node.
func NameOfCount(c *Count) Name {
	return named(func(p *printer) string { return p.count(c) })
}

// NameOfGroups names groups, whichever of them are shown.
func NameOfGroups(g *Groups) Name {
	return named(func(p *printer) string {
		text := p.from(g.From) + p.where(g.Where) + " by "
		for i := range g.By {
			text += g.By[i].String() + ", "
		}
		for _, link := range g.Distinct {
			text += "distinct " + link.Name + ", "
		}
		return text
	})
}

func named(write func(*printer) string) (n Name) {
	n.text = write(&printer{name: &n})
	return n
}

// With is the name under the given variables.
func (n Name) With(params Params) string {
	if len(n.params) == 0 {
		return n.text
	}
	var b strings.Builder
	b.WriteString(n.text)
	for _, param := range n.params {
		b.WriteString("; " + valueString(params[param]))
	}
	return b.String()
}
