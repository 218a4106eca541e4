package spreading

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/population"
	"nicgraph/internal/spread"
)

// members are the members of a group and categories.
func (s *Spread) members(ctx context.Context, args computed.Args) (any, error) {
	only, err := s.only(args)
	if err != nil {
		return nil, err
	}
	of, err := s.of(ctx, args)
	if err != nil {
		return nil, err
	}
	first, skip, err := args.Page()
	if err != nil {
		return nil, err
	}
	page := []computed.Record{}
	for i := range int32(len(s.IDs)) {
		if !among(only, int(i)) || !of(i) {
			continue
		}
		if skip--; skip >= 0 {
			continue
		}
		if len(page) == first {
			break
		}
		page = append(page, s.memberRecord(ctx, i))
	}
	return page, nil
}

// of reads the arguments category and thresholdCategory: who is in them.
func (s *Spread) of(ctx context.Context, args computed.Args) (func(person int32) bool, error) {
	time, err := s.categories(ctx)
	if err != nil {
		return nil, err
	}
	exposure := &thresholds{}
	if args.Text("thresholdCategory") != "" {
		exposure, err = s.thresholds(ctx, s.Settings.Lag)
	}
	is := func(asked string, names []string, c *spread.Categories, person int32) bool {
		return asked == "" || s.categoryIn(names, c, person) == asked
	}
	return func(person int32) bool {
		return is(args.Text("category"), adopterCategories[:], time, person) &&
			is(args.Text("thresholdCategory"), thresholdCategories[:], exposure.categories, person)
	}, err
}

// member is a member by its id, or null.
func (s *Spread) member(ctx context.Context, id string) (any, error) {
	person, ok := s.Place(id)
	if !ok {
		return nil, nil
	}
	return s.memberRecord(ctx, person), nil
}

// memberRecord is a member and its part in the spread, worked out as far as it is selected.
func (s *Spread) memberRecord(ctx context.Context, person int32) computed.Object {
	o := computed.Object{
		"party": computed.ID(s.IDs[person]), "group": s.GroupOf(person), "leftCensored": s.Panel.LeftCensored[person],
		"spells":            computed.Lazy(func(computed.Args) (any, error) { return s.spellRecords(person), nil }),
		"category":          computed.Lazy(func(computed.Args) (any, error) { return s.category(ctx, person) }),
		"thresholdCategory": computed.Lazy(func(computed.Args) (any, error) { return s.thresholdCategory(ctx, person) }),
		"exposure":          computed.Lazy(func(args computed.Args) (any, error) { return s.exposures(ctx, person, args) }),
		"threshold":         computed.Lazy(func(args computed.Args) (any, error) { return s.threshold(ctx, person, args) }),
		"degrees":           computed.Lazy(func(args computed.Args) (any, error) { return s.degreeRecords(person, args) }),
		"infectiousness":    computed.Lazy(func(args computed.Args) (any, error) { return s.contagion(ctx, person, args, false) }),
		"susceptibility":    computed.Lazy(func(args computed.Args) (any, error) { return s.contagion(ctx, person, args, true) }),
		"equivalents":       computed.Lazy(func(args computed.Args) (any, error) { return s.equivalents(ctx, person, args) }),
	}
	if a := s.Panel.Adopted[person]; a != spread.Never {
		o["adoptedAt"] = s.label(a)
	}
	maps.Copy(o, memberLearningFields(ctx, s, person))
	return o
}

func (p *panel) spellRecords(person int32) []computed.Record {
	all := make([]computed.Record, len(p.spells[person]))
	for i, spell := range p.spells[person] {
		o := computed.Object{"firstPeriod": p.label(spell.First), "leftCensored": spell.LeftCensored, "fact": computed.ID(spell.Fact)}
		if spell.Last != spread.Never {
			o["lastPeriod"] = p.label(spell.Last)
		}
		all[i] = o
	}
	return all
}

// asked are the places of the periods that are asked for: the one in the argument period,
// else all.
func (p *panel) asked(args computed.Args) (first, end int, err error) {
	b := population.BoundOf(args, "period")
	if !b.Given {
		return 0, p.Panel.Periods, nil
	}
	at, err := p.period("period", b.Period)
	return int(at), int(at) + 1, err
}

// exposures are how exposed a member was, period by period.
func (s *Spread) exposures(ctx context.Context, person int32, args computed.Args) (any, error) {
	first, end, err := s.asked(args)
	if err != nil {
		return nil, err
	}
	lag := args.Number("lag", s.Settings.Lag)
	if err := checkLag("lag", lag, s.Panel.Periods); err != nil {
		return nil, err
	}
	o, err := s.exposureOptions(ctx, lag)
	if err != nil {
		return nil, err
	}
	x, err := s.Panel.ExposureOf(int(person), o)
	if err != nil {
		return nil, err
	}
	var all []computed.Record
	for t := first; t < end; t++ {
		o := computed.Object{"period": s.label(int32(t)), "named": x.Named[t]}
		if !s.unobserved() {
			o["value"], o["adopters"] = x.Value(0, t), x.Adopters[t]
		}
		all = append(all, o)
	}
	return all, nil
}

// degreeRecords are a member's ties, period by period.
func (s *Spread) degreeRecords(person int32, args computed.Args) (any, error) {
	first, end, err := s.asked(args)
	if err != nil {
		return nil, err
	}
	plain, weighed := s.Panel.DegreesOf(int(person), false), s.Panel.DegreesOf(int(person), true)
	var all []computed.Record
	for t := first; t < end; t++ {
		names, namedBy := plain.At(0, t)
		namesWeight, namedByWeight := weighed.At(0, t)
		all = append(all, computed.Object{
			"period": s.label(int32(t)), "names": int(names), "namedBy": int(namedBy),
			"namesWeight": namesWeight, "namedByWeight": namedByWeight,
		})
	}
	return all, nil
}

// equivalenceName is the key of structural equivalence.
type equivalenceName struct{}

// equivalenceSteps is how far people look when they are compared, as netdiffuseR takes it.
const equivalenceSteps = 6

// equivalence is how alike the places of members are in the first period.
func (s *Spread) equivalence(ctx context.Context) (*spread.Equivalence, error) {
	found, err := memo(ctx, s, equivalenceName{}, func(ctx context.Context) (*spread.Equivalence, error) {
		return s.Panel.StructuralEquivalence(ctx, spread.EquivalenceOptions{MaxSteps: equivalenceSteps})
	})
	if fault.KindOf(err) == fault.Limit {
		return nil, fault.Wrap(fault.Limit, err, "structural equivalence compares everybody with everybody of the same group, which this server does for groups of some two thousand; ask about a smaller population, or group it")
	}
	return found, err
}

// equivalent is a member whose ties are more or less alike.
type equivalent struct {
	person          int32
	value, distance float64
}

// equivalents are those whose ties are most like a member's own.
func (s *Spread) equivalents(ctx context.Context, person int32, args computed.Args) (any, error) {
	x, err := s.equivalence(ctx)
	if err != nil {
		return nil, err
	}
	members, values, distances := x.Row(int(person))
	var all []equivalent
	for i, other := range members {
		if other != person {
			all = append(all, equivalent{other, values[i], distances[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b equivalent) int { return cmp.Compare(a.distance, b.distance) })
	return computed.Records(all, func(e equivalent) computed.Record {
		return computed.Object{"party": computed.ID(s.IDs[e.person]), "distance": e.distance, "value": e.value}
	})(args)
}
