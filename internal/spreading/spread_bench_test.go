package spreading

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/computed"
	"nicgraph/internal/computed/computedtest"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// village is a made-up study: everybody names so many others, and half of them adopt.
func village(t testing.TB, cat *catalog.Catalog, people, ties int) []change.Node {
	t.Helper()
	node := func(typeName, id string, fields storetest.Fields) change.Node {
		n, err := storetest.NewNode(cat, typeName, id, fields)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	random := rand.New(rand.NewPCG(1, 2))
	nodes := []change.Node{
		node("Source", "s", storetest.Fields{"title": "A report", "publisher": "P"}),
		node("Practice", "p", storetest.Fields{"sources": []string{"s"}}),
		node("Study", "v", storetest.Fields{"periodUnit": "WAVE", "firstPeriod": 1, "lastPeriod": 10, "sources": []string{"s"}}),
	}
	for i := range people {
		id := strconv.Itoa(i)
		nodes = append(nodes,
			node("Person", "p"+id, storetest.Fields{"sources": []string{"s"}}),
			node("Enrollment", "e"+id, storetest.Fields{"study": "v", "participant": "p" + id, "asked": true}))
		if i%2 == 0 {
			nodes = append(nodes, node("Adoption", "a"+id, storetest.Fields{"study": "v", "adopter": "p" + id, "practice": "p", "firstPeriod": 1 + random.IntN(10), "censoring": "EXACT"}))
		}
		for k := range ties {
			nodes = append(nodes, node("Tie", fmt.Sprintf("t%d-%d", i, k), storetest.Fields{"study": "v", "learner": "p" + id, "source": fmt.Sprintf("p%d", random.IntN(people))}))
		}
	}
	return nodes
}

// askedOf is a call of spread with these arguments, by their paths.
func askedOf(e *computed.Engine, args map[string]value.Value) computed.Call {
	all := computed.Args{
		"input": value.OfBool(true), "input.practice": value.OfID("p"), "input.population": value.OfBool(true), "input.population.study": value.OfID("v"),
		"input.lag": value.OfInt(0), "input.timeOrder": value.OfEnum("STRICT"), "input.tieTime": value.OfEnum("AT_LEARNER"),
		"input.direction": value.OfEnum("NAMES"), "input.weights": value.OfEnum("NONE"), "input.normalized": value.OfBool(true),
		"input.compat": value.OfEnum("NONE"), "input.nonAdopters": value.OfEnum("CENSORED"),
	}
	for name, v := range args {
		all[name] = v
	}
	return computed.Call{Engine: e, Args: all}
}

func BenchmarkReadingAStudy(b *testing.B) {
	for _, people := range []int{1_000, 10_000, 100_000} {
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			if people > 10_000 && testing.Short() {
				b.Skip("takes a minute")
			}
			_, backend, cat := computedtest.Open(b)
			var e *computed.Engine
			computedtest.Write(b, backend, village(b, cat, people, 10)...)
			b.ReportAllocs()
			for b.Loop() {
				e = computedtest.NewEngine(backend, cat)
				if _, err := about(context.Background(), askedOf(e, nil)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(e.Kept())/(1<<20), "MiB-kept")
		})
	}
}
