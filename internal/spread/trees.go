package spread

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// Forest is the trees that an attribution to one source per learner makes. Its members are
// the adopters and whoever else was recorded as a learner or a source.
type Forest struct {
	Parent   []int32 // per person, None: a root, or no member
	Root     []int32 // per person; None: no member
	Depth    []int32 // per person, edges from the root; None: no member
	Learners []int32 // per person, direct learners; None: no member
	Trees    []Tree  // the largest first, then by root
}

// Tree is everybody who goes back to one root.
type Tree struct {
	Root        int32
	RootPeriod  int32 // Never: not known
	LastPeriod  int32 // the latest in which a member adopted; Never: not known
	Size        int
	Depth       int   // of the deepest member
	MaxWidth    int   // the people of the largest generation
	WienerIndex int64 // sum of distances over unordered pairs of members; exact up to three million members
}

// StructuralVirality is the mean distance between two members (Goel, Anderson, Hofman and
// Watts 2016, doi:10.1287/mnsc.2015.2158):
//
//	2 W / (m (m-1))    W the Wiener index, m the size
//
// A star has 2 - 2/m, a chain (m+1)/3, a single person none.
func (t Tree) StructuralVirality() float64 {
	m := float64(t.Size)
	return quotient(2*float64(t.WienerIndex), m*(m-1), 0, false)
}

// ErrNoTree says that a rule which credits several sources makes no trees.
var ErrNoTree = errors.New("trees need a rule that credits one source per learner")

// Forest puts people into trees, in time linear in their number. ErrNoTree when the rule
// credits several sources.
func (a *Attribution) Forest(ctx context.Context) (*Forest, error) {
	if a.Parent == nil {
		return nil, ErrNoTree
	}
	b := forester{panel: a.panel, forest: &Forest{Parent: a.Parent}}
	for _, step := range []func(){b.countLearners, b.descend, b.addUp, b.sortTrees} {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("build trees: %w", err)
		}
		step()
	}
	return b.forest, nil
}

type forester struct {
	panel  *Panel
	forest *Forest
	people []int32 // the members, parents before their children
	below  []int64 // per person, the members from there downwards
	tree   []int32 // per person, the place of the tree
}

func (b *forester) countLearners() {
	f := b.forest
	f.Learners = slices.Repeat([]int32{None}, len(f.Parent))
	for i, parent := range f.Parent {
		if b.panel.Adopted[i] != Never || parent != None {
			f.Learners[i] = max(f.Learners[i], 0)
		}
		if parent != None {
			f.Learners[parent] = max(f.Learners[parent], 0) + 1
		}
	}
}

// descend finds depths and roots: up from each member to the first one that is known, then
// down the same way.
func (b *forester) descend() {
	f := b.forest
	f.Depth = slices.Repeat([]int32{None}, len(f.Parent))
	f.Root = slices.Clone(f.Depth)
	var way, members []int32
	for i := range int32(len(f.Parent)) {
		if f.Learners[i] == None {
			continue
		}
		members = append(members, i)
		for j := i; j != None && f.Depth[j] == None; j = f.Parent[j] {
			way = append(way, j)
		}
		for ; len(way) > 0; way = way[:len(way)-1] {
			b.place(way[len(way)-1])
		}
	}
	b.people = sortedBy(members, f.Depth, len(f.Parent)+1)
}

func (b *forester) place(i int32) {
	f := b.forest
	if parent := f.Parent[i]; parent != None {
		f.Root[i], f.Depth[i] = f.Root[parent], f.Depth[parent]+1
		return
	}
	f.Root[i], f.Depth[i] = i, 0
}

// addUp makes the trees: widths and last periods from the roots down, sizes and distances
// from the leaves up. An edge with s members below it lies between s (m-s) pairs.
func (b *forester) addUp() {
	b.below, b.tree = make([]int64, len(b.forest.Parent)), make([]int32, len(b.forest.Parent))
	b.down()
	for _, i := range slices.Backward(b.people) {
		b.below[i]++
		if parent := b.forest.Parent[i]; parent != None {
			b.below[parent] += b.below[i]
			t := &b.forest.Trees[b.tree[i]]
			t.WienerIndex += b.below[i] * (int64(t.Size) - b.below[i])
		}
	}
}

// down visits one generation after the other, so that a generation of a tree is over when
// a deeper member turns up.
func (b *forester) down() {
	f := b.forest
	var width []int // per tree, of the generation at hand
	for _, i := range b.people {
		if f.Parent[i] == None {
			b.tree[i] = int32(len(f.Trees))
			f.Trees = append(f.Trees, Tree{Root: i, RootPeriod: b.panel.Adopted[i], LastPeriod: Never})
			width = append(width, 0)
		}
		at := b.tree[f.Root[i]]
		t := &f.Trees[at]
		if depth := int(f.Depth[i]); depth > t.Depth {
			t.Depth, width[at] = depth, 0
		}
		width[at]++
		b.tree[i] = at
		t.Size++
		t.MaxWidth = max(t.MaxWidth, width[at])
		t.LastPeriod = max(t.LastPeriod, b.panel.Adopted[i])
	}
}

func (b *forester) sortTrees() {
	slices.SortFunc(b.forest.Trees, func(a, b Tree) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), cmp.Compare(a.Root, b.Root))
	})
}

// ForestSummary is the numbers of a whole forest; missing is NaN.
type ForestSummary struct {
	Trees           int
	Singletons      int // trees of one person
	Largest         int
	MaxDepth        int
	MeanSize        float64
	MeanDepth       float64   // over the members
	MeanVirality    float64   // over the trees of two or more
	GenerationSizes []int     // people at depth 0, 1, …
	R               []float64 // the size of each generation but the first over that of the one before
}

// Summary sums a forest up.
func (f *Forest) Summary() ForestSummary {
	s := ForestSummary{Trees: len(f.Trees)}
	virality := 0.0
	for _, t := range f.Trees {
		s.Largest, s.MaxDepth = max(s.Largest, t.Size), max(s.MaxDepth, t.Depth)
		if t.Size == 1 {
			s.Singletons++
			continue
		}
		virality += t.StructuralVirality()
	}
	members, depths := s.countGenerations(f)
	s.MeanSize = quotient(members, float64(s.Trees), 0, false)
	s.MeanDepth = quotient(depths, members, 0, false)
	s.MeanVirality = quotient(virality, float64(s.Trees-s.Singletons), 0, false)
	return s
}

func (s *ForestSummary) countGenerations(f *Forest) (members, depths float64) {
	if s.Trees == 0 {
		return 0, 0
	}
	s.GenerationSizes = make([]int, s.MaxDepth+1)
	for _, depth := range f.Depth {
		if depth != None {
			s.GenerationSizes[depth]++
			members++
			depths += float64(depth)
		}
	}
	s.R = make([]float64, s.MaxDepth)
	for g := range s.R {
		s.R[g] = float64(s.GenerationSizes[g+1]) / float64(s.GenerationSizes[g])
	}
	return members, depths
}
