package network

import (
	"cmp"
	"context"
)

// Clustering is how often two who have a tie with the same person have one themselves, in
// either direction.
type Clustering struct {
	Transitivity float64   // 3 triangles / pairs of ties that meet in a person
	Of           []float64 // per person, the share of pairs among those they have ties with who have one (Watts and Strogatz 1998)
	Mean         float64   // of the people for whom it is defined: who have ties with two or more
	Triangles    int
}

// Clustering counts triangles, each from the one of its three who has the fewest ties
// (Schank and Wagner 2005), which takes ties^1.5 steps at most.
func (n *Network) Clustering(ctx context.Context) (*Clustering, error) {
	degree := n.joined()
	upward := n.upward(degree)
	triangles := make([]int, n.People())
	m := meter{ctx: ctx}
	for a := range n.people() {
		for _, b := range upward.of(a) {
			if err := m.add(len(upward.of(a)) + len(upward.of(b))); err != nil {
				return nil, err
			}
			for c := range shared(upward.of(a), upward.of(b)) {
				triangles[a]++
				triangles[b]++
				triangles[c]++
			}
		}
	}
	return clusteringOf(degree, triangles), nil
}

func clusteringOf(degree, triangles []int) *Clustering {
	c := &Clustering{Of: make([]float64, len(degree))}
	var closed, pairs, defined int
	var sum float64
	for person, d := range degree {
		c.Of[person] = ratio(float64(triangles[person]), float64(d*(d-1)/2))
		if d > 1 {
			defined++
			sum += c.Of[person]
		}
		closed, pairs = closed+triangles[person], pairs+d*(d-1)/2
	}
	c.Transitivity, c.Mean, c.Triangles = ratio(float64(closed), float64(pairs)), ratio(sum, float64(defined)), closed/3
	return c
}

// joined is, per person, with how many they have a tie in either direction.
func (n *Network) joined() []int {
	degree := make([]int, n.People())
	for person := range n.people() {
		out, in := n.out.of(person), n.in.of(person)
		degree[person] = len(out) + len(in)
		for range shared(out, in) {
			degree[person]--
		}
	}
	return degree
}

// upward are, per person, those with whom they have a tie in either direction and who
// have more, among equals the later ones.
func (n *Network) upward(degree []int) rows {
	up := rows{start: make([]int, 1, n.People()+1), other: make([]int32, 0, n.Ties())}
	for person := range n.people() {
		for other := range either(n.out.of(person), n.in.of(person)) {
			if cmp.Or(cmp.Compare(degree[person], degree[other]), cmp.Compare(person, other)) < 0 {
				up.other = append(up.other, other)
			}
		}
		up.start = append(up.start, len(up.other))
	}
	return up
}
