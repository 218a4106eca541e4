package tables

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

type adder = func(cells ...string)

func (g *generator) writeOrganizations(add adder) {
	for _, x := range g.organizations {
		region, country := g.region()
		add(x.id, x.name, g.aliases(0.2, x), x.kind, g.maybe(0.5, g.place), region, country,
			g.maybe(0.2, func() string { return "https://www." + x.id + ".example.org/" }),
			g.maybe(0.15, func() string { return number(g.between(1880, 2015)) }), g.text(3), g.cite(0.45))
	}
}

func (g *generator) aliases(share float64, x entity) string {
	return g.maybe(share, func() string { return alias(g, x.name) })
}

func (g *generator) writeNetworks(add adder) {
	for _, x := range g.networks {
		started, ended := g.span(0.5, 0.15)
		aim := g.maybe(0.8, func() string {
			return "More students succeed in " + strings.ToLower(g.one(focuses)) + ", school by school"
		})
		hub := g.maybe(0.85, func() string { return g.tail(g.ranked["organizations"], 2) })
		add(x.id, x.name, g.aliases(0.2, x), x.kind, aim, hub, started, ended, "", g.text(3), g.cite(0.45))
	}
}

func (g *generator) writePeople(add adder) {
	for _, x := range g.people {
		add(x.id, x.name, g.aliases(0.15, x), g.text(2), g.cite(0.45))
	}
}

func (g *generator) writeRoles(add adder) {
	draw := func() [3]string {
		return [3]string{g.tail(g.ranked["people"], 1.5), g.body(2), g.one(titles)}
	}
	distinct(g.linear(500), draw, func(i int, key [3]string) {
		started, ended := g.span(0.2, 0.4)
		seen := ""
		if started == "" {
			seen = g.maybe(0.4, func() string { return number(g.between(2005, lastYear)) })
		}
		add(fmt.Sprintf("r-%06d", i), key[0], key[1], key[2], started, ended, seen, g.cite(0.2), g.maybe(0.02, func() string { return "former" }))
	})
}

func (g *generator) writeMemberships(add adder) {
	draw := func() [3]string {
		for {
			member, network := g.party(0.82, 0.08, 2), g.tail(g.ranked["networks"], 2)
			if member != network {
				return [3]string{member, network}
			}
		}
	}
	distinct(g.linear(800), draw, func(i int, key [3]string) {
		started, ended := g.span(0.5, 0.05)
		add(fmt.Sprintf("m-%06d", i), key[0], key[1], g.kind(memberRoles), started, ended, g.cite(0.3), g.awkward(0.05))
	})
}

// awkward is in some cases a text of the kind that programs stumble over.
func (g *generator) awkward(share float64) string {
	return g.maybe(share, func() string { return g.one(awkward) })
}

func (g *generator) writePrograms(add adder) {
	for _, x := range g.programs {
		started, ended := g.span(0.4, 0.15)
		add(x.id, x.name, "", x.kind, g.maybe(0.9, func() string { return g.body(2) }), started, ended, "", g.text(3), "", g.cite(0.45))
	}
}

func (g *generator) writeEvents(add adder) {
	for _, x := range g.events {
		starts, ends := g.days()
		region, country := g.region()
		organizer := g.maybe(0.85, func() string { return g.body(2) })
		program := g.maybe(0.35, func() string { return g.tail(g.ranked["programs"], 2) })
		add(x.id, x.name, x.kind, starts, ends, g.maybe(0.7, g.place), region, country, organizer, program, g.cite(0.45), g.awkward(0.05))
	}
}

// days are the first and, where the first is known to the day, in some cases the last.
func (g *generator) days() (starts, ends string) {
	if !g.chance(0.92) {
		return "", ""
	}
	starts = g.date(g.year(), 0.3, 0.5)
	if len(starts) == len("2001-01-01") && g.chance(0.5) {
		var day int
		_, _ = fmt.Sscanf(starts[8:], "%d", &day)
		ends = fmt.Sprintf("%s%02d", starts[:8], min(28, day+g.between(0, 3)))
	}
	return starts, ends
}

func (g *generator) writeCohorts(add adder) {
	for i, x := range g.cohorts {
		year := firstYear + i%(lastYear-firstYear+1)
		announced := g.maybe(0.5, func() string { return g.date(year, 0.1, 0.8) })
		event := g.maybe(0.5, func() string { return g.tail(g.ranked["events"], 1) })
		theme := g.maybe(0.5, func() string { return g.one(focuses) })
		add(x.id, x.kind, number(year), x.name, announced, event, theme, g.cite(0.45))
	}
}

func (g *generator) writeRecognitions(add adder) {
	draw := func() [3]string { return [3]string{g.cohorts[g.IntN(len(g.cohorts))].id, g.body(2)} }
	distinct(g.linear(160), draw, func(_ int, key [3]string) {
		joint := g.maybe(0.15, func() string { return g.jointWith(key[1]) })
		add(key[0]+"-"+key[1], key[0], key[1], joint, "", g.text(2), g.maybe(0.4, func() string { return g.text(3) }), g.cite(0.45))
	})
}

func (g *generator) jointWith(honoree string) string {
	var others []string
	for range g.between(1, 3) {
		if other := g.body(2); other != honoree && !slices.Contains(others, other) {
			others = append(others, other)
		}
	}
	return strings.Join(others, ";")
}

func (g *generator) writeParticipations(add adder) {
	draw := func() [3]string { return [3]string{g.party(0.4, 0.1, 2), g.tail(g.ranked["events"], 1.5)} }
	distinct(g.linear(400), draw, func(i int, key [3]string) {
		add(fmt.Sprintf("p-%06d", i), key[0], key[1], g.kind(participantRoles), g.cite(0.2), g.awkward(0.02))
	})
}

// writePractices hangs the first ten of every forty under the one before: there are chains, and not only
// a flat tree.
func (g *generator) writePractices(add adder) {
	for i, x := range g.practices {
		broader := ""
		switch {
		case i > 0 && i%40 < 10:
			broader = g.practices[i-1].id
		case i > 0 && g.chance(0.55):
			broader = g.practices[int(float64(i)*math.Pow(g.Float64(), 2))].id
		}
		origin := g.maybe(0.3, func() string { return g.party(0.5, 0.1, 3) })
		add(x.id, x.name, g.aliases(0.3, x), x.kind, g.text(2), broader, origin, g.cite(0.45))
	}
}

func (g *generator) writeResources(add adder) {
	for _, x := range g.resources {
		add(x.id, x.name, x.kind, g.maybe(0.85, func() string { return number(g.year()) }),
			g.maybe(0.7, func() string { return "https://library.example.org/" + x.id }),
			g.maybe(0.2, func() string { return fmt.Sprintf("doi:10.5555/%d", g.between(100_000, 999_999)) }),
			g.maybe(0.7, func() string { return g.body(3) }), g.text(2), g.cite(0.45))
	}
}

func (g *generator) writeAuthors(add adder) {
	g.joins(add, func() string { return g.party(0.15, 0.02, 2) })
}

func (g *generator) writeTaught(add adder) {
	g.joins(add, func() string { return g.tail(g.ranked["practices"], 2) })
}

// joins links resources with others, 1.4 to each.
func (g *generator) joins(add adder, other func() string) {
	draw := func() [3]string { return [3]string{g.one(g.ranked["resources"]), other()} }
	distinct(len(g.resources)*7/5, draw, func(_ int, key [3]string) { add(key[0], key[1]) })
}

func (g *generator) writeFrameworks(add adder) {
	for _, x := range g.frameworks {
		publisher := g.maybe(0.9, func() string { return g.body(3) })
		add(x.id, x.name, publisher, g.tail(g.ranked["resources"], 1), g.text(3), g.cite(0.45))
	}
}

func (g *generator) writeStandards(add adder) {
	for _, x := range g.standards {
		add(x.id, x.kind, g.one(dimensions), x.name, g.text(2), g.cite(0.45))
	}
}

func (g *generator) writeLevels(add adder) {
	for _, x := range g.standards {
		for i, level := range levels {
			add(fmt.Sprintf("%s-%d", x.id, i+1), x.id, number(i+1), level, g.maybe(0.55, func() string { return g.text(3) }), g.cite(0.45))
		}
	}
}

// writeSources comes last: only sources that were cited are told.
func (g *generator) writeSources(add adder) {
	for i, id := range g.sources[:g.cited] {
		published := g.maybe(0.45, func() string { return g.date(g.year(), 0.35, 0.35) })
		add(id, fmt.Sprintf("Page %d on %s", i+1, strings.ToLower(g.one(focuses))), "https://pages.example.org/"+id, g.place()+" Press",
			published, g.maybe(0.1, func() string { return g.text(3) }))
	}
}
