package shape

import (
	"cmp"
	"context"
	"math"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/network"
)

// record is the answer to a question about a network, each part worked out when it is
// selected.
func (a *analysis) record(ctx context.Context) computed.Object {
	return computed.Object{
		"settings": a.settingsRecord(), "counts": a.countsRecord(),
		"memberCount": len(a.IDs), "tieCount": a.ties.Ties(),
		"density":             a.ties.Density(),
		"mutual":              computed.Lazy(func(computed.Args) (any, error) { return a.ties.Mutual(), nil }),
		"reciprocity":         computed.Lazy(func(computed.Args) (any, error) { return a.ties.Reciprocity(), nil }),
		"degreeAssortativity": computed.Lazy(func(computed.Args) (any, error) { return a.ties.DegreeAssortativity(), nil }),
		"weakComponents":      computed.Lazy(func(computed.Args) (any, error) { return a.parts(ctx, weakParts) }),
		"strongComponents":    computed.Lazy(func(computed.Args) (any, error) { return a.parts(ctx, strongParts) }),
		"communities":         computed.Lazy(func(args computed.Args) (any, error) { return a.communitiesRecord(ctx, args) }),
		"clustering":          computed.Lazy(func(computed.Args) (any, error) { return a.clusteringRecord(ctx) }),
		"homophily":           computed.Lazy(func(computed.Args) (any, error) { return a.homophily(), nil }),
		"brokerage":           computed.Lazy(func(computed.Args) (any, error) { return a.brokerage(ctx) }),
		"ties":                computed.Lazy(func(args computed.Args) (any, error) { return a.tieRecords(args) }),
		"members":             computed.Lazy(func(args computed.Args) (any, error) { return a.memberRecords(ctx, args) }),
		"member":              computed.Lazy(func(args computed.Args) (any, error) { return a.memberOf(ctx, args.Text("id")), nil }),
	}
}

func (a *analysis) settingsRecord() computed.Object {
	s := &a.settings
	weights := "NONE"
	if s.weighted {
		weights = "TIES"
	}
	o := computed.Object{
		"study": computed.Node(s.Study), "groups": computed.Texted(s.Groups), "cohort": computed.Node(s.Cohort), "reach": computed.OrNull(s.Reach),
		"network": computed.Node(s.Network), "where": s.Where != "",
		"tieSources": s.TieSources, "tieKinds": computed.Texted(s.TieKinds), "tieConfidence": computed.OrNull(s.TieConfidence),
		"periodUnit": a.unit, "groupBy": computed.OrNull(a.GroupBy), "weights": weights,
	}
	if s.Study != "" || s.First.Given {
		o["firstPeriod"] = a.window.First
	}
	if s.Study != "" || s.Last.Given {
		o["lastPeriod"] = a.window.Last
	}
	return o
}

func (a *analysis) countsRecord() computed.Object {
	c := &a.counts
	return computed.Object{
		"tieFacts": c.Facts, "selfTies": c.Self, "tiesToNotAsked": c.ToNotAsked, "tiesOutside": c.Outside,
		"undatedTies": c.Undated, "notAsked": c.notAsked,
	}
}

func (a *analysis) parts(ctx context.Context, name string) (any, error) {
	d, err := a.division(ctx, partsName{parts: name})
	if err != nil {
		return nil, err
	}
	return a.divisionRecord(d), nil
}

func (a *analysis) divisionRecord(d *division) computed.Object {
	largest := 0
	if len(d.Sizes) > 0 {
		largest = d.Sizes[0]
	}
	return computed.Object{
		"count": len(d.Sizes), "largest": largest,
		"parts": computed.Records(d.members, func(part []int32) computed.Record {
			return computed.Object{"size": len(part), "members": a.parties(part)}
		}),
	}
}

// parties are members to page through.
func (a *analysis) parties(people []int32) computed.Lazy {
	return func(args computed.Args) (any, error) {
		page, err := computed.Part(args, people)
		found := make([]computed.ID, len(page))
		for i, person := range page {
			found[i] = computed.ID(a.IDs[person])
		}
		return found, err
	}
}

func (a *analysis) communitiesRecord(ctx context.Context, args computed.Args) (any, error) {
	d, resolution, err := a.communities(ctx, args)
	if err != nil {
		return nil, err
	}
	o := a.divisionRecord(d)
	o["resolution"], o["modularity"] = resolution, d.modularity
	return o, nil
}

func (a *analysis) clusteringRecord(ctx context.Context) (any, error) {
	c, err := a.clustering(ctx)
	if err != nil {
		return nil, err
	}
	return computed.Object{"triangles": c.Triangles, "transitivity": c.Transitivity, "mean": c.Mean}, nil
}

// homophily is null where members are not grouped.
func (a *analysis) homophily() any {
	if a.In == nil {
		return nil
	}
	h := a.ties.Homophily(a.In)
	groups := make([]computed.Record, len(a.Groups))
	for i, name := range a.Groups {
		g := h.Groups[i]
		groups[i] = computed.Object{"name": name, "size": g.People, "internal": g.Internal, "names": g.Naming, "namedBy": g.Named, "eiIndex": g.EI()}
	}
	return computed.Object{
		"assortativity": h.Assortativity, "eiIndex": h.EI, "internal": h.Internal, "external": h.External,
		"ungrouped": h.LeftOut, "groups": groups,
	}
}

// brokerage is null where members are not grouped.
func (a *analysis) brokerage(ctx context.Context) (any, error) {
	if a.In == nil {
		return nil, nil
	}
	roles, err := a.roles(ctx)
	if err != nil {
		return nil, err
	}
	order := a.everybody()
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(roles[y].Total(), roles[x].Total()) })
	return computed.Object{
		"total":   rolesRecord(network.TotalRoles(roles)),
		"brokers": computed.Records(order, func(person int32) computed.Record { return a.memberRecord(ctx, person) }),
	}, nil
}

func rolesRecord(r network.Roles) computed.Object {
	return computed.Object{
		"total": r.Total(), "coordinator": r.Coordinator, "itinerant": r.Itinerant, "gatekeeper": r.Gatekeeper,
		"representative": r.Representative, "liaison": r.Liaison, "ungrouped": r.LeftOut,
	}
}

// everybody are the places of all members.
func (a *analysis) everybody() []int32 {
	all := make([]int32, len(a.IDs))
	for i := range all {
		all[i] = int32(i)
	}
	return all
}

func (a *analysis) tieRecords(args computed.Args) (any, error) {
	first, skip, err := args.Page()
	if err != nil {
		return nil, err
	}
	var page []computed.Record
	for at := skip; at < min(skip+first, a.ties.Ties()); at++ {
		page = append(page, a.tieRecord(a.ties.Tie(at)))
	}
	return page, nil
}

func (a *analysis) tieRecord(t network.Tie) computed.Object {
	return computed.Object{
		"learner": computed.ID(a.IDs[t.Learner]), "source": computed.ID(a.IDs[t.Source]), "weight": t.Weight,
		"facts": computed.Lazy(func(args computed.Args) (any, error) {
			return computed.Nodes(a.evidence.Facts(t.Learner, t.Source))(args)
		}),
	}
}

func (a *analysis) memberRecords(ctx context.Context, args computed.Args) (any, error) {
	people, err := a.ordered(ctx, args.Text("orderBy"))
	if err != nil {
		return nil, err
	}
	if group, given, err := a.GroupAsked(args); given {
		if err != nil {
			return nil, err
		}
		people = slices.DeleteFunc(people, func(person int32) bool { return a.In[person] != group })
	}
	return computed.Records(people, func(person int32) computed.Record { return a.memberRecord(ctx, person) })(args)
}

// ordered are all members: by id, or by a value from high to low, missing ones last, then
// by id.
func (a *analysis) ordered(ctx context.Context, by string) ([]int32, error) {
	people := a.everybody()
	if by == "ID" {
		return people, nil
	}
	values, err := a.standing(ctx, standing(by))
	slices.SortStableFunc(people, func(x, y int32) int {
		return cmp.Or(compareMissing(values[x], values[y]), cmp.Compare(values[y], values[x]))
	})
	return people, err
}

func compareMissing(x, y float64) int {
	switch {
	case math.IsNaN(x) == math.IsNaN(y):
		return 0
	case math.IsNaN(x):
		return 1
	default:
		return -1
	}
}

// memberOf is a member by its id, or null.
func (a *analysis) memberOf(ctx context.Context, id string) any {
	person, ok := a.Place(id)
	if !ok {
		return nil
	}
	return a.memberRecord(ctx, person)
}

func (a *analysis) memberRecord(ctx context.Context, person int32) computed.Record {
	o := computed.Object{
		"party": computed.ID(a.IDs[person]), "group": a.GroupOf(person),
		"names": len(a.ties.Sources(person)), "namedBy": len(a.ties.Learners(person)),
		"sources": a.parties(a.ties.Sources(person)), "learners": a.parties(a.ties.Learners(person)),
		"namesWeight":   a.weight(ctx, func(d network.Degrees) float64 { return d.OutWeight[person] }),
		"namedByWeight": a.weight(ctx, func(d network.Degrees) float64 { return d.InWeight[person] }),
		"clustering":    computed.Lazy(func(computed.Args) (any, error) { return a.clusteringOf(ctx, person) }),
		"roles":         computed.Lazy(func(computed.Args) (any, error) { return a.rolesOf(ctx, person) }),
	}
	for name, by := range map[string]standing{"betweenness": byBetweenness, "closeness": byCloseness, "pageRank": byPageRank, "eigenvector": byEigenvector} {
		o[name] = computed.Lazy(func(computed.Args) (any, error) {
			values, err := a.standing(ctx, by)
			if err != nil {
				return nil, err
			}
			return values[person], nil
		})
	}
	return o
}

func (a *analysis) weight(ctx context.Context, of func(network.Degrees) float64) computed.Lazy {
	return func(computed.Args) (any, error) {
		d, err := a.degrees(ctx)
		if err != nil {
			return nil, err
		}
		return of(d), nil
	}
}

func (a *analysis) clusteringOf(ctx context.Context, person int32) (any, error) {
	c, err := a.clustering(ctx)
	if err != nil {
		return nil, err
	}
	return c.Of[person], nil
}

// rolesOf are null where members are not grouped.
func (a *analysis) rolesOf(ctx context.Context, person int32) (any, error) {
	if a.In == nil {
		return nil, nil
	}
	roles, err := a.roles(ctx)
	if err != nil {
		return nil, err
	}
	return rolesRecord(roles[person]), nil
}
