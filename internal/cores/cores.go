// Package cores divides long work among the cores of the machine. Which work it is, others
// decide.
package cores

import (
	"runtime"
	"slices"
	"sync"
)

// Stretches cuts so many things into stretches, one for each core and none of less than a
// thousand, and works on all at the same time.
func Stretches(things int, work func(stretch, from, to int)) {
	n := Count(things)
	var all sync.WaitGroup
	for i := range n - 1 {
		all.Go(func() { work(i, things*i/n, things*(i+1)/n) })
	}
	work(n-1, things*(n-1)/n, things)
	all.Wait()
}

// Count is the number of stretches into which so many things are cut.
func Count(things int) int {
	const fewest = 1000
	return max(1, min(runtime.GOMAXPROCS(0), things/fewest))
}

// Sort sorts as slices.SortFunc does: the stretches at the same time, then two and two
// together.
func Sort[T any](all []T, compare func(a, b T) int) {
	ends := make([]int, 1, 1+Count(len(all)))
	ends = ends[:cap(ends)]
	Stretches(len(all), func(i, from, to int) {
		slices.SortFunc(all[from:to], compare)
		ends[i+1] = to
	})
	for len(ends) > 2 {
		ends = pairs(all, ends, compare)
	}
}

// pairs merges every two sorted stretches that lie side by side, and tells where those that
// are left end.
func pairs[T any](all []T, ends []int, compare func(a, b T) int) []int {
	fewer := ends[:1:1]
	var merges sync.WaitGroup
	for i := 2; i < len(ends); i += 2 {
		from, mid, to := ends[i-2], ends[i-1], ends[i]
		merges.Go(func() { merge(all[from:to], mid-from, compare) })
		fewer = append(fewer, to)
	}
	if len(ends)%2 == 0 {
		fewer = append(fewer, ends[len(ends)-1])
	}
	merges.Wait()
	return fewer
}

// merge merges the sorted first elements with the sorted rest.
func merge[T any](all []T, mid int, compare func(a, b T) int) {
	if compare(all[mid-1], all[mid]) <= 0 {
		return
	}
	left, right := slices.Clone(all[:mid]), all[mid:]
	for at := range all {
		switch {
		case len(left) == 0:
			return
		case len(right) > 0 && compare(right[0], left[0]) < 0:
			all[at], right = right[0], right[1:]
		default:
			all[at], left = left[0], left[1:]
		}
	}
}
