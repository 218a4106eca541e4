package tables

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// kinds is a vocabulary.
type kinds []kind

type kind struct {
	name    string
	weight  int
	pattern string // of the names of what is of this kind; {} stands for a place
}

func (k kinds) pattern(name string) string {
	return k[slices.IndexFunc(k, func(x kind) bool { return x.name == name })].pattern
}

// kind draws one by weight.
func (g *generator) kind(of kinds) string {
	total := 0
	for _, k := range of {
		total += k.weight
	}
	n := g.IntN(total)
	for _, k := range of {
		if n -= k.weight; n < 0 {
			return k.name
		}
	}
	panic("tables: weights do not add up")
}

// tail draws with a heavy tail: what comes first is drawn far more often.
func (g *generator) tail(of []string, power float64) string {
	return of[int(float64(len(of))*math.Pow(g.Float64(), power))]
}

func (g *generator) one(of []string) string { return of[g.IntN(len(of))] }

func (g *generator) chance(share float64) bool { return g.Float64() < share }

func (g *generator) between(low, high int) int { return low + g.IntN(high-low+1) }

func (g *generator) maybe(share float64, draw func() string) string {
	if g.chance(share) {
		return draw()
	}
	return ""
}

// cite names one source or more. Every source is cited sooner or later.
func (g *generator) cite(more float64) string {
	var found []string
	for {
		if s := g.source(); !slices.Contains(found, s) {
			found = append(found, s)
		}
		if !g.chance(more) || len(found) == min(8, len(g.sources)) {
			return strings.Join(found, ";")
		}
	}
}

func (g *generator) source() string {
	if g.cited < len(g.sources) && g.chance(0.25) {
		g.cited++
		return g.sources[g.cited-1]
	}
	return g.tail(g.sources, 2)
}

func (g *generator) text(most int) string {
	parts := make([]string, g.between(1, most))
	for i := range parts {
		parts[i] = g.one(sentences)
	}
	if g.chance(0.03) {
		parts = append(parts, g.one(awkward))
	}
	return strings.Join(parts, " ")
}

// year draws from a triangle with its peak in 2018.
func (g *generator) year() int {
	const low, high, peak = firstYear, lastYear + 0.999, 2018
	u, c := g.Float64(), (peak-low)/(high-low)
	if u <= c {
		return int(low + (high-low)*math.Sqrt(u*c))
	}
	return int(high - (high-low)*math.Sqrt((1-u)*(1-c)))
}

// date is a year, in some cases with the month or the day.
func (g *generator) date(year int, months, days float64) string {
	text, draw := strconv.Itoa(year), g.Float64()
	if draw < months+days {
		text += fmt.Sprintf("-%02d", g.between(1, 12))
	}
	if draw < days {
		text += fmt.Sprintf("-%02d", g.between(1, 28))
	}
	return text
}

// span is a beginning, where it is known, and in some cases an end.
func (g *generator) span(known, over float64) (string, string) {
	if !g.chance(known) {
		return "", ""
	}
	year := g.year()
	start, end := g.date(year, 0.35, 0.35), min(lastYear, year+g.between(1, 6))
	if end > year && g.chance(over) {
		return start, strconv.Itoa(end)
	}
	return start, ""
}

func (g *generator) place() string {
	if g.chance(0.04) {
		return g.one(oddPlaces)
	}
	return g.one(placeStarts) + g.one(placeEnds)
}

func (g *generator) region() (region, country string) {
	region, country = g.kind(regions), "US"
	if abroad, ok := countries[region]; ok {
		country = abroad
	}
	return region, country
}

func alias(g *generator, name string) string {
	capitals := strings.Map(func(r rune) rune {
		if r < 'A' || r > 'Z' {
			return -1
		}
		return r
	}, name)
	if capitals == "" {
		capitals = "X"
	}
	if g.chance(0.5) {
		return capitals
	}
	return capitals + ";the " + strings.Fields(name)[0]
}

var (
	unslugged = regexp.MustCompile(`[^a-z0-9]+`)
	plainer   = strings.NewReplacer("Ł", "L", "ø", "o", "'", "")
)

// slug makes an id of a name.
func slug(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r > 127 {
			return -1
		}
		return r
	}, norm.NFKD.String(plainer.Replace(name)))
	return strings.Trim(unslugged.ReplaceAllString(strings.ToLower(ascii), "-"), "-")
}
