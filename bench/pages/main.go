// Command pages measures what the first, the tenth and the five hundredth page of a
// hundred rows cost, forward and backward, in several orders, over generated people and
// learnings: on the embedded store, and on the Neo4j that NEO4J_URI names, which must be
// empty. The answers go through everything but the socket. With Neo4j:
//
//	go run ./internal/neo4jtest/run -- go run ./bench/pages
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"time"

	"nicgraph/graph"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/neo4jstore"
	"nicgraph/internal/store/storetest"
)

// A page's size, and the longest page, by which the cursors are fetched.
const pageRows, longest = 100, 1000

// batchSize is how many nodes are written at once.
const batchSize = 5000

func main() {
	n := flag.Int("n", 50_000, "people, and as many learnings")
	rounds := flag.Int("rounds", 5, "times that each page is asked for, taking turns, after once for warming up")
	flag.Parse()
	if err := run(context.Background(), *n, *rounds); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, n, rounds int) error {
	domain, err := graph.Domain()
	if err != nil {
		return err
	}
	targets, err := open(ctx, domain.Catalog())
	if err != nil {
		return err
	}
	nodes, err := crowd(domain.Catalog(), n)
	if err != nil {
		return err
	}
	for _, t := range targets {
		begin := time.Now()
		if err := t.fill(ctx, nodes); err != nil {
			return fmt.Errorf("fill %s: %w", t.name, err)
		}
		fmt.Printf("%s: %d nodes written in %.1f s\n", t.name, len(nodes), time.Since(begin).Seconds())
	}
	pages, err := pagesOf(ctx, targets[0], n)
	if err != nil {
		return err
	}
	if err := measure(ctx, targets, pages, rounds); err != nil {
		return err
	}
	return report(ctx, targets, pages)
}

// open opens the embedded store in memory, and Neo4j where one is named.
func open(ctx context.Context, cat *catalog.Catalog) ([]*target, error) {
	first, err := newTarget("embedded", embedded.OpenMemory(cat, nil), cat)
	if err != nil {
		return nil, err
	}
	uri := os.Getenv("NEO4J_URI")
	if uri == "" {
		return []*target{first}, nil
	}
	config := neo4jstore.Config{URI: uri, User: os.Getenv("NEO4J_USER"), Password: os.Getenv("NEO4J_PASSWORD")}
	backend, err := neo4jstore.Open(ctx, config, cat)
	if err != nil {
		return nil, err
	}
	if empty, err := backend.Empty(ctx); err != nil || !empty {
		return nil, fmt.Errorf("the Neo4j at %s must be empty (%w)", uri, cmp.Or(err, fmt.Errorf("it holds nodes")))
	}
	second, err := newTarget("neo4j", backend, cat)
	if err != nil {
		return nil, err
	}
	second.driver, err = driver(config)
	return []*target{first, second}, err
}

// crowd makes n people and n learnings between them of one practice. Every third
// learning has no date; teachers differ in how many they taught.
func crowd(cat *catalog.Catalog, n int) ([]change.Node, error) {
	var nodes []change.Node
	add := func(typeName, id string, fields storetest.Fields) error {
		node, err := storetest.NewNode(cat, typeName, id, fields)
		nodes = append(nodes, node)
		return err
	}
	if err := add("Practice", "practice", storetest.Fields{"name": "A practice"}); err != nil {
		return nil, err
	}
	for i := range n {
		if err := add("Person", person(i), storetest.Fields{"name": fmt.Sprintf("Person %d", i*7919%n)}); err != nil {
			return nil, err
		}
	}
	for i := range n {
		fields := storetest.Fields{"learner": person(i), "teacher": person(i * i % 9973 % n), "practice": "practice"}
		if i%3 > 0 {
			fields["started"] = fmt.Sprintf("%04d-%02d", 1950+i*31%75, 1+i%12)
		}
		if err := add("Learning", fmt.Sprintf("learning-%06d", i*4001%n), fields); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

func person(i int) string { return "person-" + strconv.Itoa(i) }

// order is an order of a list.
type order struct{ name, field, by string }

var orders = []order{
	{"people by id", "people", "[{id: ASC}]"},
	{"people by name", "people", "[{name: ASC}]"},
	{"learnings by started", "learnings", "[{started: ASC}]"},
	{"people by learnings taught", "people", "[{learningsAsTeacher: {count: DESC}}]"},
}

// page is one page to ask for, and how long each target took to bring it.
type page struct {
	order    order
	backward bool
	number   int
	cursor   string // where it begins; empty: at the end of the list
	times    map[string][]time.Duration
}

func (p *page) query() string {
	size, cursor := "first", "after"
	if p.backward {
		size, cursor = "last", "before"
	}
	arguments := fmt.Sprintf("orderBy: %s, %s: %d", p.order.by, size, pageRows)
	if p.cursor != "" {
		arguments += fmt.Sprintf(", %s: %q", cursor, p.cursor)
	}
	return fmt.Sprintf("{ %s(%s) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }", p.order.field, arguments)
}

// pagesOf lists the first, the tenth and the last page of each order both ways; cursors
// are the same on every store.
func pagesOf(ctx context.Context, t *target, n int) ([]*page, error) {
	numbers := slices.Compact([]int{1, min(10, n/pageRows), n / pageRows})
	var pages []*page
	for _, o := range orders {
		cursors, err := t.cursors(ctx, o)
		if err != nil {
			return nil, err
		}
		for _, number := range numbers {
			pages = append(pages, newPage(o, false, number, cursors), newPage(o, true, number, cursors))
		}
	}
	return pages, nil
}

func newPage(o order, backward bool, number int, cursors []string) *page {
	p := &page{order: o, backward: backward, number: number, times: map[string][]time.Duration{}}
	switch passed := (number - 1) * pageRows; {
	case passed == 0:
	case backward:
		p.cursor = cursors[len(cursors)-passed]
	default:
		p.cursor = cursors[passed-1]
	}
	return p
}

// measure asks for all pages in turns: each store, each page, each round.
func measure(ctx context.Context, targets []*target, pages []*page, rounds int) error {
	for round := range rounds + 1 {
		for _, p := range pages {
			for _, t := range targets {
				begin := time.Now()
				if _, err := t.ask(ctx, p.query()); err != nil {
					return fmt.Errorf("%s, %s: %w", t.name, p.query(), err)
				}
				if round > 0 {
					p.times[t.name] = append(p.times[t.name], time.Since(begin))
				}
			}
		}
	}
	return nil
}

// report prints the medians and, for Neo4j, what a page touches.
func report(ctx context.Context, targets []*target, pages []*page) error {
	fmt.Printf("%-28s %-9s %5s", "order", "direction", "page")
	for _, t := range targets {
		fmt.Printf(" %12s", t.name+" ms")
	}
	fmt.Println("   db hits")
	for _, p := range pages {
		fmt.Printf("%-28s %-9s %5d", p.order.name, map[bool]string{true: "backward", false: "forward"}[p.backward], p.number)
		for _, t := range targets {
			fmt.Printf(" %12.2f", median(p.times[t.name]).Seconds()*1000)
		}
		for _, t := range targets {
			if t.driver == nil {
				continue
			}
			hits, err := t.hits(ctx, p.query())
			if err != nil {
				return err
			}
			fmt.Printf("   %7d", hits)
		}
		fmt.Println()
	}
	return nil
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
