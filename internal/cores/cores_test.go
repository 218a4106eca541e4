package cores_test

import (
	"cmp"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"nicgraph/internal/cores"
)

// on runs a test as on machines of several sizes.
func on(t *testing.T, test func(t *testing.T, things int)) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 2, 3, 7, 8} {
		runtime.GOMAXPROCS(n)
		for _, things := range []int{0, 1, 999, 2000, 2001, 7003, 20_000} {
			test(t, things)
		}
	}
}

func TestStretchesAreEveryThingOnce(t *testing.T) {
	on(t, func(t *testing.T, things int) {
		seen := make([]int, things)
		worked := make([]int, cores.Count(things))
		cores.Stretches(things, func(i, from, to int) {
			worked[i]++
			for at := from; at < to; at++ {
				seen[at]++
			}
		})
		if slices.ContainsFunc(seen, func(n int) bool { return n != 1 }) || slices.ContainsFunc(worked, func(n int) bool { return n != 1 }) {
			t.Errorf("%d things are not worked on once each: stretches %v", things, worked)
		}
	})
}

func TestSortingOnManyCoresIsSorting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	on(t, func(t *testing.T, things int) {
		all := make([]int, things)
		for i := range all {
			all[i] = r.IntN(1 + things/2)
		}
		want := slices.Sorted(slices.Values(all))
		if cores.Sort(all, cmp.Compare[int]); !slices.Equal(want, all) {
			t.Errorf("%d things are not sorted", things)
		}
	})
}
