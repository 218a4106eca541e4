package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// How contestants are called in budgets.
const (
	ours       = "nicgraph"
	oursOnNeo  = "nicgraph on Neo4j"
	byHand     = "hand-written Cypher"
	library    = "@neo4j/graphql"
	postgres   = "PostGraphile"
	dgraphName = "Dgraph"
	floor      = "bare handler"
)

// Budget is what nicgraph is held to.
type Budget struct {
	Says  string
	Found string
	Met   bool
	Known bool // whether this run can tell
}

// judge works out what the run says of each budget.
func (r *Result) judge() {
	r.Budgets = []Budget{
		r.compared("On Neo4j: an answer over one connection takes at most 1.15 times that of hand-written Cypher, on every question", oursOnNeo, byHand, slower, atMost(1.15)),
		r.compared("On Neo4j: at least 3 times the answers per second of @neo4j/graphql at 16 connections, on every question that both answer", oursOnNeo, library, more, atLeast(3)),
		r.compared("On Neo4j: an answer over one connection takes at most half as long as that of @neo4j/graphql", oursOnNeo, library, slower, atMost(0.5)),
		r.compared("Embedded: at least 30 times the answers per second of @neo4j/graphql at 16 connections, on every question but the trivial one, which is held to the bare handler", ours, library, more, atLeast(30)),
		r.compared("Embedded: more answers per second than PostGraphile, on every question", ours, postgres, more, above(1)),
		r.compared("Embedded: more answers per second than Dgraph, on every question", ours, dgraphName, more, above(1)),
		r.compared("Embedded: the trivial query at 16 connections at least 0.75 times as often as a bare handler", ours, floor, more, atLeast(0.75)),
		r.compared("Embedded: the trivial query over one connection at most 1/0.75 times as long as a bare handler", ours, floor, slower, atMost(1/0.75)),
		r.paged("Embedded: a deep page as fast as page 1 (within a quarter)", ours),
		r.paged("On Neo4j: a deep page as fast as page 1 (within a quarter)", oursOnNeo),
		r.handled("Embedded: 1,000 people with five fields within 0.5 ms in the handler", "flat", 500*time.Microsecond),
		r.handled("Embedded: three levels within 50 µs and 0.3 µs for each object in the handler", "nested", 50*time.Microsecond+300*time.Duration(r.Handler["nested"].Objects)),
		limited("Cold start with the curated data within 100 ms", r.SeedStart, 100*time.Millisecond),
	}
}

// A measure compares two contestants on a question: how many times the other's the one's is.
type measure func(one, other *Measured) float64

func slower(one, other *Measured) float64 { return float64(one.p50()) / float64(other.p50()) }

func more(one, other *Measured) float64 { return one.perSecond() / other.perSecond() }

// A bound says whether a ratio is good enough, and how ratios are put in order, the worst first.
type bound struct {
	holds func(ratio float64) bool
	sign  float64
}

func atMost(most float64) bound { return bound{func(x float64) bool { return x <= most }, -1} }

func atLeast(least float64) bound { return bound{func(x float64) bool { return x >= least }, 1} }

func above(least float64) bound { return bound{func(x float64) bool { return x > least }, 1} }

// ratio is that of one question.
type ratio struct {
	question string
	times    float64
}

// compared holds one contestant to another on every question that both answer.
func (r *Result) compared(says, one, other string, by measure, must bound) Budget {
	var all []ratio
	missed := 0
	for _, q := range r.Questions {
		a, b := q.of(one), q.of(other)
		if !a.timed() || !b.timed() || (q.Name == "trivial") != (other == floor) {
			continue // what a trivial query costs is the business of the bare handler
		}
		all = append(all, ratio{q.Name, by(a, b)})
		if !must.holds(all[len(all)-1].times) {
			missed++
		}
	}
	if len(all) == 0 {
		return Budget{Says: says, Found: "not measured"}
	}
	slices.SortStableFunc(all, func(a, b ratio) int { return cmp.Compare(must.sign*a.times, must.sign*b.times) })
	return Budget{Says: says, Found: worst(all, missed), Met: missed == 0, Known: true}
}

// worst tells the ratios that are farthest from what is wanted.
func worst(all []ratio, missed int) string {
	var said []string
	for _, x := range all[:min(max(missed, 1), len(all))] {
		said = append(said, fmt.Sprintf("%s %s", x.question, short(x.times)))
	}
	if missed == 0 {
		return fmt.Sprintf("the least good of %d: %s", len(all), said[0])
	}
	return fmt.Sprintf("missed on %d of %d: %s", missed, len(all), strings.Join(said, ", "))
}

// paged compares a deep page with the first one.
func (r *Result) paged(says, who string) Budget {
	first, deep := r.question("page-1").of(who), r.question("page-500").of(who)
	if !first.timed() || !deep.timed() {
		return Budget{Says: says, Found: "not measured"}
	}
	times := slower(deep, first)
	return Budget{Says: says, Found: "times page 1: " + short(times), Met: times <= 1.25, Known: true}
}

func (r *Result) question(name string) *Asked {
	for _, q := range r.Questions {
		if q.Name == name {
			return q
		}
	}
	return &Asked{}
}

func (r *Result) handled(says, question string, within time.Duration) Budget {
	return limited(says, r.Handler[question].Took, within)
}

func limited(says string, took, within time.Duration) Budget {
	if took == 0 {
		return Budget{Says: says, Found: "not measured"}
	}
	return Budget{Says: says, Found: fmt.Sprintf("%s of %s ms", milliseconds(took), milliseconds(within)), Met: took <= within, Known: true}
}
