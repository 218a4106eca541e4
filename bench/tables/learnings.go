package tables

import (
	"fmt"
	"slices"
)

// taught is a learning as those that follow from it need it.
type taught struct {
	learner, teacher, practice string
	year                       int // 0 when it is not known
}

// lineage draws learnings: some at random, and some that follow from earlier ones.
type lineage struct {
	*generator
	planned []taught
	done    []taught
}

func (g *generator) writeLearnings(add adder) {
	type fact struct {
		taught
		channel, started string
	}
	l := &lineage{generator: g, planned: g.longChain()}
	seen := map[fact]bool{}
	for total := g.linear(5100); len(l.done) < total; {
		next := l.draw()
		kind := g.kind(channelKinds)
		precision, started := g.precision(next.year)
		f := fact{taught{next.learner, next.teacher, next.practice, 0}, g.channel(kind), started}
		if next.learner == next.teacher || seen[f] {
			continue
		}
		seen[f] = true
		l.done = append(l.done, next)
		confidence := "INFERRED"
		if g.chance(0.73) {
			confidence = "STATED"
		}
		add(fmt.Sprintf("l-%06d", len(l.done)), f.learner, f.teacher, f.practice, kind, f.channel, started, precision, g.kind(stages), g.text(3), confidence, g.cite(0.62))
	}
}

// longChain hands one practice from party to party; dates do not go back.
func (g *generator) longChain() []taught {
	var parties []string
	for range 12 + 4*len(number(g.linear(5100))) {
		if p := g.party(0.6, 0.1, 1); !slices.Contains(parties, p) {
			parties = append(parties, p)
		}
	}
	practice := g.ranked["practices"][len(g.practices)/2]
	chain := make([]taught, len(parties)-1)
	for i := range chain {
		chain[i] = taught{parties[i+1], parties[i], practice, firstYear + i*(lastYear-firstYear)/len(parties)}
	}
	return chain
}

func (l *lineage) draw() taught {
	if len(l.planned) > 0 {
		next := l.planned[0]
		l.planned = l.planned[1:]
		return next
	}
	year := 0
	if l.chance(0.65) {
		year = l.year()
	}
	switch how := l.Float64(); {
	case len(l.done) > 0 && how < 0.40: // passed on
		x := l.earlier()
		if year > 0 && x.year > 0 {
			year = min(lastYear, x.year+l.between(0, 4))
		}
		return taught{l.party(0.55, 0.1, 1.3), x.learner, x.practice, year}
	case len(l.done) > 0 && how < 0.42: // taught back
		x := l.earlier()
		if year > 0 {
			year = max(year, x.year)
		}
		return taught{x.teacher, x.learner, x.practice, year}
	case len(l.done) > 0 && how < 0.43: // in larger circles
		x, y := l.earlier(), l.earlier()
		return taught{x.teacher, y.learner, x.practice, year}
	default:
		return taught{l.party(0.55, 0.1, 1.3), l.party(0.75, 0.13, 3), l.tail(l.ranked["practices"], 2.5), year}
	}
}

// earlier draws one of the learnings so far.
func (l *lineage) earlier() taught {
	return l.done[int(float64(len(l.done))*l.Float64())]
}

// precision says how well a year is known, and the date as it is.
func (g *generator) precision(year int) (precision, started string) {
	if year == 0 {
		return "UNKNOWN", ""
	}
	for precision = "UNKNOWN"; precision == "UNKNOWN"; {
		precision = g.kind(precisions)
	}
	if precision == "MONTH" {
		return precision, fmt.Sprintf("%d-%02d", year, g.between(1, 12))
	}
	return precision, number(year)
}

func (g *generator) channel(kind string) string {
	c, ok := channels[kind]
	if !ok || !g.chance(c.named) {
		return ""
	}
	return g.tail(g.ranked[c.table], 2)
}
