package spread

import (
	"context"
	"fmt"
	"math"
)

// maxEquivalenceWork is how many comparisons of two people by way of a third one answer may
// make: enough for a group of some two thousand people.
const maxEquivalenceWork = 1 << 33

// EquivalenceOptions say which ties count, and how far people look along them.
type EquivalenceOptions struct {
	Period   int
	MaxSteps int // farther apart than so many steps counts as out of reach; 1 or more, netdiffuseR takes 6
}

// Equivalence is how alike the places of people in the network are, within their groups.
type Equivalence struct {
	people int
	groups []equivalentGroup
	at     []struct{ group, row int } // per person; group -1: none
}

// equivalentGroup has a matrix, row after row, over its members.
type equivalentGroup struct {
	members  []int32
	distance []float64
	value    []float64
}

// StructuralEquivalence compares whom people reach and who reaches them
// (Burt 1987, Social contagion and innovation: cohesion versus structural equivalence).
// g_ij are directed numbers of steps within the group, divided by the largest, with 0 for
// those out of reach:
//
//	d_ij = sqrt((g_ij-g_ji)^2 + sum_{k != i,j} [(g_ik-g_jk)^2 + (g_ki-g_kj)^2])
//	SE_ij = (max_i d - d_ij) / sum_{k != i} (max_i d - d_ik)
//
// People are compared within their group, or all of them when there are no groups; people
// without a group are compared with nobody. Time grows with the cube of a group, and it
// stops with ErrWork beyond some two thousand people.
func (p *Panel) StructuralEquivalence(ctx context.Context, o EquivalenceOptions) (*Equivalence, error) {
	if o.MaxSteps < 1 {
		return nil, fmt.Errorf("measure structural equivalence: %d steps reach nobody", o.MaxSteps)
	}
	groups := p.members()
	if cubes(groups) > maxEquivalenceWork {
		return nil, ErrWork
	}
	x := newEquivalence(p.People(), groups)
	place := make([]int32, p.People())
	for k := range x.groups {
		if err := x.groups[k].compare(ctx, p, o, place); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func cubes(groups [][]int32) (work float64) {
	for _, members := range groups {
		n := float64(len(members))
		work += n * n * n
	}
	return work
}

func newEquivalence(people int, groups [][]int32) *Equivalence {
	x := &Equivalence{people: people, at: make([]struct{ group, row int }, people)}
	for i := range x.at {
		x.at[i].group = -1
	}
	for k, members := range groups {
		n := len(members)
		x.groups = append(x.groups, equivalentGroup{members, make([]float64, n*n), make([]float64, n*n)})
		for row, person := range members {
			x.at[person].group, x.at[person].row = k, row
		}
	}
	return x
}

// members are the people of each group, or all people when there are no groups.
func (p *Panel) members() (groups [][]int32) {
	if p.Group == nil {
		groups = make([][]int32, 1)
	}
	for i := range int32(p.People()) {
		g := int32(0)
		if p.Group != nil {
			g = p.Group[i]
		}
		if g < 0 {
			continue
		}
		for int(g) >= len(groups) {
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}

func (g *equivalentGroup) compare(ctx context.Context, p *Panel, o EquivalenceOptions, place []int32) error {
	n := len(g.members)
	steps := p.stepsWithin(g.members, o, place)
	back := transposed(steps, n)
	for i := range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		for j := range i {
			d := placeDistance(steps, back, n, i, j)
			g.distance[i*n+j], g.distance[j*n+i] = d, d
		}
	}
	for i := range n {
		likenesses(g.value[i*n:][:n], g.distance[i*n:][:n], i)
	}
	return nil
}

// stepsWithin are the numbers of steps between members along ties between members, divided
// by the largest; 0 where there is no way. It notes the places of members in room for one
// per person, which is all 0 before and after.
func (p *Panel) stepsWithin(members []int32, o EquivalenceOptions, place []int32) []float64 {
	n := len(members)
	steps := make([]float64, n*n)
	for k, person := range members {
		place[person] = int32(k) + 1 // 0: not a member
	}
	largest := 0.0
	for i, person := range members {
		largest = max(largest, p.walk(person, o, place, steps[i*n:(i+1)*n]))
	}
	for _, person := range members {
		place[person] = 0
	}
	for k := range steps {
		if largest > 0 {
			steps[k] /= largest
		}
	}
	return steps
}

// walk goes out breadth first and writes the steps to each member, by place less one.
func (p *Panel) walk(from int32, o EquivalenceOptions, place []int32, steps []float64) (farthest float64) {
	ties := p.tiesOr(nil)
	for queue := []int32{from}; len(queue) > 0; queue = queue[1:] {
		near := steps[place[queue[0]]-1]
		if near == float64(o.MaxSteps) {
			break
		}
		for e, end := ties.Row(int(queue[0])); e < end; e++ {
			j := ties.Other[e]
			if j == from || place[j] == 0 || steps[place[j]-1] > 0 || !ties.Holds(e, int32(o.Period)) {
				continue
			}
			farthest = near + 1
			steps[place[j]-1] = farthest
			queue = append(queue, j)
		}
	}
	return farthest
}

func transposed(matrix []float64, n int) []float64 {
	turned := make([]float64, len(matrix))
	for i := range n {
		for j := range n {
			turned[j*n+i] = matrix[i*n+j]
		}
	}
	return turned
}

// placeDistance is d_ij. The way from somebody to themselves is 0, so that i and j are
// taken out of the sum over everybody.
func placeDistance(steps, back []float64, n, i, j int) float64 {
	row, other, column, otherColumn := steps[i*n:][:n], steps[j*n:][:n], back[i*n:][:n], back[j*n:][:n]
	total := 0.0
	for k := range n {
		if k == i || k == j {
			continue
		}
		out, in := row[k]-other[k], column[k]-otherColumn[k]
		total += out*out + in*in
	}
	apart := row[j] - column[j]
	return math.Sqrt(apart*apart + total)
}

// likenesses turns a row of distances into SE.
func likenesses(values, distances []float64, own int) {
	farthest, total := 0.0, 0.0
	for _, d := range distances {
		farthest = max(farthest, d)
	}
	for k, d := range distances {
		if k != own {
			values[k] = farthest - d
			total += farthest - d
		}
	}
	for k := range values {
		values[k] /= total + epsilon
	}
}

// Ties are ties of everybody to those alike, in every period, to work out exposure with
// (ExposureOptions.Ties, weighted): weights are SE, or 1/SE as netdiffuseR takes them.
// Pairs with SE 0 have no tie.
func (x *Equivalence) Ties(inverse bool) *Ties {
	t := &Ties{Start: make([]int64, x.people+1)}
	for i := range x.people {
		members, values, _ := x.Row(i)
		for k, value := range values {
			if value == 0 {
				continue
			}
			if inverse {
				value = 1 / value
			}
			t.Other, t.Weight = append(t.Other, members[k]), append(t.Weight, value)
		}
		t.Start[i+1] = int64(len(t.Other))
	}
	return t
}

// Row is how alike the others of the group are to a person, and how far their places lie
// apart; both are in the order of members.
func (x *Equivalence) Row(person int) (members []int32, value, distance []float64) {
	at := x.at[person]
	if at.group < 0 {
		return nil, nil, nil
	}
	g := &x.groups[at.group]
	n := len(g.members)
	return g.members, g.value[at.row*n:][:n], g.distance[at.row*n:][:n]
}
