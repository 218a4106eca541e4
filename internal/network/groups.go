package network

import (
	"context"
	"math"

	"gonum.org/v1/gonum/stat"
)

// Homophily is how much the ties keep within groups. People without a group (-1), and
// the ties that they have, are left out.
type Homophily struct {
	Assortativity      float64 // Newman 2003, equation 2: 1 when all ties stay within groups, 0 when ties do not heed groups
	EI                 float64 // Krackhardt and Stern 1988: (external - internal) / (external + internal)
	Internal, External int     // ties within a group, and between two
	LeftOut            int     // ties of people without a group
	Groups             []Group
}

// Group is what a group's people have in ties.
type Group struct {
	People   int
	Internal int // ties between its people
	Naming   int // ties from its people to people of other groups
	Named    int // ties from people of other groups to its people
}

// EI is the index of the ties with an end in the group: (external - internal) / (external
// + internal), from -1, all within, to 1, all to others.
func (g Group) EI() float64 { return ei(g.Naming+g.Named, g.Internal) }

func ei(external, internal int) float64 {
	return ratio(float64(external-internal), float64(external+internal))
}

// Homophily counts the ties within and between groups: per person the place of a group,
// or -1.
//
//	assortativity = (sum of e_gg - sum of a_g b_g) / (1 - sum of a_g b_g)
//
// where e_gg is the share of ties within g, a_g of ties whose learner is in g, b_g of
// ties whose source is. It is NaN when all ties begin, and all end, in one group.
func (n *Network) Homophily(groups []int32) Homophily {
	h := Homophily{Groups: groupSizes(groups)}
	for learner := range n.people() {
		for _, source := range n.out.of(learner) {
			h.count(groups[learner], groups[source])
		}
	}
	h.EI = ei(h.External, h.Internal)
	h.Assortativity = h.assortativity()
	return h
}

func groupSizes(groups []int32) []Group {
	var all []Group
	for _, group := range groups {
		for int(group) >= len(all) {
			all = append(all, Group{})
		}
		if group >= 0 {
			all[group].People++
		}
	}
	return all
}

func (h *Homophily) count(learner, source int32) {
	switch {
	case learner < 0 || source < 0:
		h.LeftOut++
	case learner == source:
		h.Internal++
		h.Groups[learner].Internal++
	default:
		h.External++
		h.Groups[learner].Naming++
		h.Groups[source].Named++
	}
}

func (h *Homophily) assortativity() float64 {
	ties := h.Internal + h.External
	var byChance int // out of ties squared
	for _, g := range h.Groups {
		byChance += (g.Internal + g.Naming) * (g.Internal + g.Named)
	}
	return ratio(float64(h.Internal*ties-byChance), float64(ties*ties-byChance))
}

// DegreeAssortativity tells whether those who name many name those whom many name: the
// correlation over ties between the learner's ties as learner and the source's ties as
// source (Newman 2003, equation 25; networkx's degree_assortativity_coefficient). It is
// NaN when one of the two is the same for all ties.
func (n *Network) DegreeAssortativity() float64 {
	d := n.Degrees()
	x, y := make([]float64, 0, n.Ties()), make([]float64, 0, n.Ties())
	for learner := range n.people() {
		for _, source := range n.out.of(learner) {
			x, y = append(x, float64(d.Out[learner])), append(y, float64(d.In[source]))
		}
	}
	if constant(x) || constant(y) {
		return math.NaN()
	}
	return stat.Correlation(x, y, nil)
}

func constant(values []float64) bool {
	for _, v := range values {
		if v != values[0] {
			return false
		}
	}
	return true
}

// Roles counts how often somebody stands between two who have no tie: the learner names
// the broker, the broker names the source, and the learner does not name the source. The
// groups of the three say which role it is (Gould and Fernandez 1989, figure 1), in the
// direction in which knowledge flows, from the source to the learner.
type Roles struct {
	Coordinator    int // all three in one group
	Itinerant      int // source and learner in one group, the broker in another; also called consultant
	Gatekeeper     int // broker and learner in one group: brings in from outside
	Representative int // source and broker in one group: carries out of the group
	Liaison        int // all three in different groups
	LeftOut        int // one of the three has no group
}

// Total is how often in all roles, those of unknown groups aside.
func (r Roles) Total() int {
	return r.Coordinator + r.Itinerant + r.Gatekeeper + r.Representative + r.Liaison
}

// TotalRoles adds the roles of all people up.
func TotalRoles(all []Roles) (sum Roles) {
	for _, r := range all {
		sum.Coordinator += r.Coordinator
		sum.Itinerant += r.Itinerant
		sum.Gatekeeper += r.Gatekeeper
		sum.Representative += r.Representative
		sum.Liaison += r.Liaison
		sum.LeftOut += r.LeftOut
	}
	return sum
}

// Brokerage counts the roles of each person: per person the place of a group, or -1.
func (n *Network) Brokerage(ctx context.Context, groups []int32) ([]Roles, error) {
	roles := make([]Roles, n.People())
	m := meter{ctx: ctx}
	for broker := range n.people() {
		sources := n.out.of(broker)
		for _, learner := range n.in.of(broker) {
			known := n.out.of(learner)
			if err := m.add(len(sources) + len(known)); err != nil {
				return nil, err
			}
			for source := range without(sources, known) {
				if source != learner {
					roles[broker].add(groups[source], groups[broker], groups[learner])
				}
			}
		}
	}
	return roles, nil
}

func (r *Roles) add(source, broker, learner int32) {
	switch {
	case source < 0 || broker < 0 || learner < 0:
		r.LeftOut++
	case source == broker && broker == learner:
		r.Coordinator++
	case source == learner:
		r.Itinerant++
	case broker == learner:
		r.Gatekeeper++
	case source == broker:
		r.Representative++
	default:
		r.Liaison++
	}
}
