package analytics

import (
	"cmp"
	"context"
	"math"
	"slices"

	shape "nicgraph/internal/network"
)

// record is the answer to a question about a network, each part worked out when it is
// selected.
func (a *analysis) record(ctx context.Context) object {
	return object{
		"settings": a.settingsRecord(), "counts": a.countsRecord(),
		"memberCount": len(a.IDs), "tieCount": a.ties.Ties(),
		"density":             a.ties.Density(),
		"mutual":              lazy(func(Args) (any, error) { return a.ties.Mutual(), nil }),
		"reciprocity":         lazy(func(Args) (any, error) { return a.ties.Reciprocity(), nil }),
		"degreeAssortativity": lazy(func(Args) (any, error) { return a.ties.DegreeAssortativity(), nil }),
		"weakComponents":      lazy(func(Args) (any, error) { return a.parts(ctx, weakParts) }),
		"strongComponents":    lazy(func(Args) (any, error) { return a.parts(ctx, strongParts) }),
		"communities":         lazy(func(args Args) (any, error) { return a.communitiesRecord(ctx, args) }),
		"clustering":          lazy(func(Args) (any, error) { return a.clusteringRecord(ctx) }),
		"homophily":           lazy(func(Args) (any, error) { return a.homophily(), nil }),
		"brokerage":           lazy(func(Args) (any, error) { return a.brokerage(ctx) }),
		"ties":                lazy(func(args Args) (any, error) { return a.tieRecords(args) }),
		"members":             lazy(func(args Args) (any, error) { return a.memberRecords(ctx, args) }),
		"member":              lazy(func(args Args) (any, error) { return a.memberOf(ctx, args.text("id")), nil }),
	}
}

func (a *analysis) settingsRecord() object {
	s := &a.settings
	weights := "NONE"
	if s.weighted {
		weights = "TIES"
	}
	o := object{
		"study": node(s.Study), "groups": texted(s.Groups), "cohort": node(s.Cohort), "reach": orNull(s.Reach),
		"network": node(s.Network), "where": s.Where != "",
		"tieSources": s.TieSources, "tieKinds": texted(s.TieKinds), "tieConfidence": orNull(s.TieConfidence),
		"periodUnit": a.unit, "groupBy": orNull(a.GroupBy), "weights": weights,
	}
	if s.Study != "" || s.First.Given {
		o["firstPeriod"] = a.window.first
	}
	if s.Study != "" || s.Last.Given {
		o["lastPeriod"] = a.window.last
	}
	return o
}

func (a *analysis) countsRecord() object {
	c := &a.counts
	return object{
		"tieFacts": c.facts, "selfTies": c.self, "tiesToNotAsked": c.toNotAsked, "tiesOutside": c.outside,
		"undatedTies": c.undated, "notAsked": c.notAsked,
	}
}

func (a *analysis) parts(ctx context.Context, name string) (any, error) {
	d, err := a.division(ctx, partsName{parts: name})
	if err != nil {
		return nil, err
	}
	return a.divisionRecord(d), nil
}

func (a *analysis) divisionRecord(d *division) object {
	largest := 0
	if len(d.Sizes) > 0 {
		largest = d.Sizes[0]
	}
	return object{
		"count": len(d.Sizes), "largest": largest,
		"parts": records(d.members, func(part []int32) Record {
			return object{"size": len(part), "members": a.parties(part)}
		}),
	}
}

// parties are members to page through.
func (m *members) parties(people []int32) lazy {
	return func(args Args) (any, error) {
		page, err := part(args, people)
		found := make([]ID, len(page))
		for i, person := range page {
			found[i] = ID(m.IDs[person])
		}
		return found, err
	}
}

func (a *analysis) communitiesRecord(ctx context.Context, args Args) (any, error) {
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
	return object{"triangles": c.Triangles, "transitivity": c.Transitivity, "mean": c.Mean}, nil
}

// homophily is null where members are not grouped.
func (a *analysis) homophily() any {
	if a.in == nil {
		return nil
	}
	h := a.ties.Homophily(a.in)
	groups := make([]Record, len(a.Groups))
	for i, name := range a.Groups {
		g := h.Groups[i]
		groups[i] = object{"name": name, "size": g.People, "internal": g.Internal, "names": g.Naming, "namedBy": g.Named, "eiIndex": g.EI()}
	}
	return object{
		"assortativity": h.Assortativity, "eiIndex": h.EI, "internal": h.Internal, "external": h.External,
		"ungrouped": h.LeftOut, "groups": groups,
	}
}

// brokerage is null where members are not grouped.
func (a *analysis) brokerage(ctx context.Context) (any, error) {
	if a.in == nil {
		return nil, nil
	}
	roles, err := a.roles(ctx)
	if err != nil {
		return nil, err
	}
	order := a.everybody()
	slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(roles[y].Total(), roles[x].Total()) })
	return object{
		"total":   rolesRecord(shape.TotalRoles(roles)),
		"brokers": records(order, func(person int32) Record { return a.memberRecord(ctx, person) }),
	}, nil
}

func rolesRecord(r shape.Roles) object {
	return object{
		"total": r.Total(), "coordinator": r.Coordinator, "itinerant": r.Itinerant, "gatekeeper": r.Gatekeeper,
		"representative": r.Representative, "liaison": r.Liaison, "ungrouped": r.LeftOut,
	}
}

// everybody are the places of all members.
func (m *members) everybody() []int32 {
	all := make([]int32, len(m.IDs))
	for i := range all {
		all[i] = int32(i)
	}
	return all
}

func (a *analysis) tieRecords(args Args) (any, error) {
	first, skip, err := args.page()
	if err != nil {
		return nil, err
	}
	var page []Record
	for at := skip; at < min(skip+first, a.ties.Ties()); at++ {
		page = append(page, a.tieRecord(a.ties.Tie(at)))
	}
	return page, nil
}

func (a *analysis) tieRecord(t shape.Tie) object {
	return object{
		"learner": ID(a.IDs[t.Learner]), "source": ID(a.IDs[t.Source]), "weight": t.Weight,
		"facts": lazy(func(args Args) (any, error) { return nodes(a.evidence.facts(t.Learner, t.Source))(args) }),
	}
}

func (a *analysis) memberRecords(ctx context.Context, args Args) (any, error) {
	people, err := a.ordered(ctx, args.text("orderBy"))
	if err != nil {
		return nil, err
	}
	if group, given, err := a.groupAsked(args); given {
		if err != nil {
			return nil, err
		}
		people = slices.DeleteFunc(people, func(person int32) bool { return a.in[person] != group })
	}
	return records(people, func(person int32) Record { return a.memberRecord(ctx, person) })(args)
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

func (a *analysis) memberRecord(ctx context.Context, person int32) Record {
	o := object{
		"party": ID(a.IDs[person]), "group": a.groupOf(person),
		"names": len(a.ties.Sources(person)), "namedBy": len(a.ties.Learners(person)),
		"sources": a.parties(a.ties.Sources(person)), "learners": a.parties(a.ties.Learners(person)),
		"namesWeight":   a.weight(ctx, func(d shape.Degrees) float64 { return d.OutWeight[person] }),
		"namedByWeight": a.weight(ctx, func(d shape.Degrees) float64 { return d.InWeight[person] }),
		"clustering":    lazy(func(Args) (any, error) { return a.clusteringOf(ctx, person) }),
		"roles":         lazy(func(Args) (any, error) { return a.rolesOf(ctx, person) }),
	}
	for name, by := range map[string]standing{"betweenness": byBetweenness, "closeness": byCloseness, "pageRank": byPageRank, "eigenvector": byEigenvector} {
		o[name] = lazy(func(Args) (any, error) {
			values, err := a.standing(ctx, by)
			if err != nil {
				return nil, err
			}
			return values[person], nil
		})
	}
	return o
}

func (a *analysis) weight(ctx context.Context, of func(shape.Degrees) float64) lazy {
	return func(Args) (any, error) {
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
	if a.in == nil {
		return nil, nil
	}
	roles, err := a.roles(ctx)
	if err != nil {
		return nil, err
	}
	return rolesRecord(roles[person]), nil
}
