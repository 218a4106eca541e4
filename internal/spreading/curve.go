package spreading

import (
	"context"
	"math"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/spread"
)

// curve is the curve of adoption of everybody, or of a group.
func (s *Spread) curve(ctx context.Context, args computed.Args) (any, error) {
	o := spread.CurveOptions{Compat: s.Settings.Compat}
	only, err := s.observedOf(args)
	if err != nil {
		return nil, err
	}
	o.Only = only
	curve, using, group := s.Panel.Curve(o), s.using(only), args.Text("group")
	periods := make([]computed.Record, s.Panel.Periods)
	for t := range periods {
		periods[t] = computed.Object{
			"period": s.label(int32(t)), "new": curve.New[t], "cumulative": curve.Cumulative[t], "atRisk": curve.AtRisk[t],
			"share": curve.Share[t], "rate": curve.Rate[t], "hazard": curve.Hazard[t], "inUse": using[t],
			"meanExposure": computed.Lazy(func(args computed.Args) (any, error) {
				means, err := s.meanExposures(ctx, group, only, args.Number("lag", s.Settings.Lag))
				if err != nil {
					return nil, err
				}
				return means[t], nil
			}),
			"adopters": computed.Lazy(func(args computed.Args) (any, error) { return s.adoptersOf(ctx, args, only, t) }),
		}
	}
	return periods, nil
}

// only reads the argument group: who is in it; nil: everybody.
func (s *Spread) only(args computed.Args) (func(person int) bool, error) {
	group, given, err := s.GroupAsked(args)
	if !given {
		return nil, err
	}
	return func(person int) bool { return s.Panel.Group[person] == group }, err
}

// observedOf reads the argument group: whose adoption is known, of those in it; nil:
// everybody's.
func (s *Spread) observedOf(args computed.Args) (func(person int) bool, error) {
	only, err := s.only(args)
	if s.unobserved() {
		return func(int) bool { return false }, err
	}
	return only, err
}

// among tells whether somebody is meant; nil means everybody.
func among(only func(int) bool, person int) bool { return only == nil || only(person) }

// using counts who uses the practice, period by period.
func (p *panel) using(only func(int) bool) []int {
	changes := make([]int, p.Panel.Periods+1)
	for person, spells := range p.spells {
		if !among(only, person) {
			continue
		}
		next := int32(0) // spells of several practices may overlap
		for _, s := range spells {
			end := int32(p.Panel.Periods)
			if s.Last != spread.Never {
				end = s.Last + 1
			}
			if begin := max(s.First, next); begin < end {
				changes[begin]++
				changes[end]--
				next = end
			}
		}
	}
	count := 0
	for t := range changes {
		count += changes[t]
		changes[t] = count
	}
	return changes[:p.Panel.Periods]
}

// rosterName is the key of the adopters by period.
type rosterName struct{}

// adoptersOf are those who adopted in a period.
func (s *Spread) adoptersOf(ctx context.Context, args computed.Args, only func(int) bool, period int) (any, error) {
	all, err := memo(ctx, s, rosterName{}, func(context.Context) ([][]int32, error) {
		all := make([][]int32, s.Panel.Periods)
		for i, a := range s.Panel.Adopted {
			if a != spread.Never {
				all[a] = append(all[a], int32(i))
			}
		}
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	meant := all[period]
	if only != nil {
		meant = slices.DeleteFunc(slices.Clone(meant), func(i int32) bool { return !only(int(i)) })
	}
	page, err := computed.Part(args, meant)
	return s.named(page), err
}

// named are the parties at some places.
func (p *panel) named(places []int32) []computed.ID {
	ids := make([]computed.ID, len(places))
	for i, at := range places {
		ids[i] = computed.ID(p.IDs[at])
	}
	return ids
}

// meanExposuresName is the key of the mean exposures of a group, or of everybody.
type meanExposuresName struct {
	exposure exposureName
	group    string
}

// meanExposures are the mean exposures of a group in each period, of all for whom it is
// defined. They are kept on their own, since the exposures of several lags may be too large
// to be kept together, and each period would bring them anew.
func (s *Spread) meanExposures(ctx context.Context, group string, only func(int) bool, lag int) ([]float64, error) {
	return memo(ctx, s, meanExposuresName{s.exposureName(lag), group}, func(ctx context.Context) ([]float64, error) {
		x, err := s.Exposure(ctx, lag)
		if err != nil {
			return nil, err
		}
		sums, counts := make([]float64, x.Periods), make([]float64, x.Periods)
		for person := range s.Panel.People() {
			if !among(only, person) {
				continue
			}
			for t := range sums {
				if v := x.Value(person, t); !math.IsNaN(v) {
					sums[t] += v
					counts[t]++
				}
			}
		}
		for t, count := range counts {
			sums[t] /= count // missing where nobody has one
		}
		return sums, nil
	})
}

// groups are the groups, with how far each came.
func (s *Spread) groups() []computed.Record {
	curves := s.Panel.GroupCurves(len(s.Groups), s.Settings.Compat)
	all := make([]computed.Record, len(s.Groups))
	for i, name := range s.Groups {
		c := curves[i]
		adopters := c.People - c.Never
		o := computed.Object{"name": name, "size": c.People, "adopters": adopters}
		if !s.unobserved() {
			o["share"] = float64(adopters) / float64(c.People)
		}
		if at := slices.IndexFunc(c.New, func(n int) bool { return n > 0 }); at >= 0 {
			o["firstAdoption"] = s.label(int32(at))
		}
		all[i] = o
	}
	return all
}
