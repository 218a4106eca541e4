package spreading

import (
	"context"
	"fmt"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/population"
	"nicgraph/internal/spread"
)

// moranName is the key of Moran's I.
type moranName struct{ options spread.AutocorrelationOptions }

// mostSteps bounds how far autocorrelation looks.
const mostSteps = 20

// autocorrelation is whether adoption clusters, period by period.
func (s *Spread) autocorrelation(ctx context.Context, args computed.Args) (any, error) {
	o := spread.AutocorrelationOptions{MaxSteps: args.Number("maxSteps", 1), Compat: s.Settings.Compat}
	if o.MaxSteps < 1 || o.MaxSteps > mostSteps {
		return nil, fault.New(fault.Invalid, "maxSteps is %d; ask for 1 to %d steps", o.MaxSteps, mostSteps)
	}
	first, end, err := s.asked(args)
	if err != nil {
		return nil, err
	}
	o.First, o.End = first, end
	m, err := memo(ctx, s, moranName{o}, func(ctx context.Context) (*spread.Moran, error) { return s.Panel.Autocorrelation(ctx, o) })
	if err != nil {
		return nil, err
	}
	var all []computed.Record
	for t := first; t < end; t++ {
		all = append(all, computed.Object{
			"period": s.label(int32(t)), "moransI": m.Observed[t], "expected": m.Expected[t], "standardDeviation": m.SD[t], "pValue": m.P[t],
		})
	}
	return all, nil
}

// tieRecords are the ties, period by period.
func (s *Spread) tieRecords(ctx context.Context) (any, error) {
	counts, density, err := s.Panel.Density(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]computed.Record, len(counts))
	for t := range counts {
		all[t] = computed.Object{"period": s.label(int32(t)), "pairs": counts[t], "density": density[t]}
	}
	return all, nil
}

// bassName is the key of a fitted Bass curve.
type bassName struct{ ceiling spread.Ceiling }

// bass fits a Bass curve to the share of adopters.
func (s *Spread) bass(ctx context.Context, args computed.Args) (any, error) {
	ceiling := spread.CeilingOne
	if args.Text("ceiling") == "FREE" {
		ceiling = spread.CeilingFree
	}
	b, err := memo(ctx, s, bassName{ceiling}, func(ctx context.Context) (*spread.Bass, error) {
		return spread.FitBass(ctx, s.Panel.Curve(spread.CurveOptions{}).Share, ceiling)
	})
	if err != nil {
		return nil, err
	}
	fitted := make([]computed.Record, len(b.Cumulative))
	for t := range fitted {
		fitted[t] = computed.Object{"period": s.label(int32(t)), "share": b.Cumulative[t], "new": b.PerPeriod[t]}
	}
	return computed.Object{
		"ceiling": args.TextOr("ceiling", "ONE"), "converged": b.Refusal == "", "reason": computed.OrNull(b.Refusal),
		"p": b.P, "q": b.Q, "m": b.M, "pError": b.SEP, "qError": b.SEQ, "mError": b.SEM, "sigma": b.Sigma, "fitted": fitted,
	}, nil
}

// leaderTiming is whether the much-named adopt early.
func (s *Spread) leaderTiming(ctx context.Context) (any, error) {
	d, err := s.Degrees(ctx)
	if err != nil {
		return nil, err
	}
	t := s.Panel.Timing(d)
	return computed.Object{"count": t.Adopters, "names": t.Names, "namedBy": t.NamedBy}, nil
}

// maxOthers bounds the practices that one practice is compared with.
const maxOthers = 50

// coAdoption compares the practice with others in the same population.
func (s *Spread) coAdoption(ctx context.Context, args computed.Args) (any, error) {
	others := args.Texts("practices")
	if len(others) > maxOthers {
		return nil, fault.New(fault.Limit, "practices has %d practices and at most %d are compared at once; ask in parts", len(others), maxOthers)
	}
	all := make([]computed.Record, len(others))
	for i, id := range others {
		adopted, err := s.other(ctx, id)
		if err != nil {
			return nil, err
		}
		all[i] = s.coAdoptionRecord(id, adopted)
	}
	return all, nil
}

// otherName is the key of the adoptions of another practice by the same population.
type otherName struct{ practice string }

// other is when the members adopted another practice: places of periods, spread.Never, or
// unknown.
func (s *Spread) other(ctx context.Context, id string) ([]int32, error) {
	adopted, err := computed.Read(ctx, s.view, measureName{s.key, otherName{id}}, func(ctx context.Context) ([]int32, error) {
		g := population.Gathering{View: s.view, Settings: &s.Settings.Settings}
		return s.adoptedOther(ctx, &g, id)
	})
	return adopted, computed.JustChanged(err)
}

// unknown is the period of an adoption of which it is not known when it was.
const unknown = spread.Never - 1

// adoptedOther reads when the members adopted another practice.
func (p *panel) adoptedOther(ctx context.Context, g *population.Gathering, id string) ([]int32, error) {
	practices, err := g.Practices(ctx, id, "practices")
	if err != nil {
		return nil, err
	}
	people := &population.People{IDs: p.IDs}
	if g.Study != "" {
		if people.Study, err = population.StudyAt(ctx, g.View, g.Study); err != nil {
			return nil, err
		}
	}
	all, undated, err := g.Adoptions(ctx, people, practices, "practices")
	if err != nil {
		return nil, err
	}
	other := panel{Members: population.Members{IDs: p.IDs}, Panel: &spread.Panel{}}
	other.adopt(p.window(), all, people.Study)
	for i, id := range p.IDs {
		if undated[id] {
			other.Panel.Adopted[i] = unknown
		}
	}
	return other.Panel.Adopted, nil
}

// window is the periods of a panel.
func (p *panel) window() population.Window {
	return population.Window{First: p.Panel.First, Last: p.Panel.First + p.Panel.Periods - 1}
}

func (s *Spread) coAdoptionRecord(id string, adopted []int32) computed.Record {
	var this, other []int32
	undated, of := 0, map[string][]int32{}
	for i, a := range adopted {
		switch {
		case a == unknown:
			undated++
		case !s.unobserved():
			this, other = append(this, s.Panel.Adopted[i]), append(other, a)
			which := tookUp(s.Panel.Adopted[i] != spread.Never, a != spread.Never)
			of[which] = append(of[which], int32(i))
		}
	}
	t := spread.CoAdoption(this, other)
	return computed.Object{
		"practice": computed.ID(id), "both": t.Both, "onlyThis": t.OnlyA, "onlyOther": t.OnlyB, "neither": t.Neither, "undated": undated,
		"medianLag": t.MedianLag, "meanLag": t.MeanLag, "thisFirst": t.AFirst, "otherFirst": t.BFirst, "together": t.SamePeriod,
		"parties": computed.Lazy(func(args computed.Args) (any, error) {
			page, err := computed.Part(args, of[args.TextOr("which", bothPractices)])
			return s.named(page), err
		}),
	}
}

const bothPractices = "BOTH"

// tookUp is which of two practices somebody took up; empty: neither.
func tookUp(this, other bool) string {
	switch {
	case this && other:
		return bothPractices
	case this:
		return "ONLY_THIS"
	case other:
		return "ONLY_OTHER"
	default:
		return ""
	}
}

// survival is the share that has not adopted yet, or still uses the practice.
func (s *Spread) survival(args computed.Args) (any, error) {
	only, err := s.observedOf(args)
	if err != nil {
		return nil, err
	}
	switch of := args.TextOr("of", "NOT_ADOPTED"); of {
	case "NOT_ADOPTED":
		return survivalRecords(s.waits(only)), nil
	case "IN_USE":
		return survivalRecords(s.uses(only)), nil
	default:
		return nil, fmt.Errorf("survival of %s", of)
	}
}

// waits are how long members waited until they adopted. Of those who are left-censored
// nobody knows.
func (p *panel) waits(only func(int) bool) []spread.Spell {
	var all []spread.Spell
	for i, a := range p.Panel.Adopted {
		switch {
		case !among(only, i) || p.Panel.LeftCensored[i]:
		case a == spread.Never:
			all = append(all, spread.Spell{Exit: p.observed[i] + 1})
		default:
			all = append(all, spread.Spell{Exit: a + 1, Ended: true})
		}
	}
	return all
}

// uses are how long members kept to the practice, over all spells of which it is known when
// they began.
func (p *panel) uses(only func(int) bool) []spread.Spell {
	var all []spread.Spell
	for i, spells := range p.spells {
		if !among(only, i) {
			continue
		}
		for _, s := range spells {
			switch {
			case s.LeftCensored:
			case s.Last == spread.Never:
				all = append(all, spread.Spell{Exit: max(p.observed[i]-s.First, 0)})
			default:
				all = append(all, spread.Spell{Exit: s.Last + 1 - s.First, Ended: true})
			}
		}
	}
	return all
}

// survivalRecords are the periods of a survival curve, up to the last in which somebody is
// watched; none where nobody is.
func survivalRecords(spells []spread.Spell) []computed.Record {
	if len(spells) == 0 {
		return nil
	}
	last := int32(0)
	for _, s := range spells {
		last = max(last, s.Exit)
	}
	ended, left := make([]int, last+1), make([]int, last+1)
	for _, s := range spells {
		if left[s.Exit]++; s.Ended {
			ended[s.Exit]++
		}
	}
	steps := spread.KaplanMeier(spells)
	atRisk, share, deviation := len(spells), 1.0, 0.0
	var all []computed.Record
	for t := range last + 1 {
		if len(steps) > 0 && steps[0].Time == t {
			share, deviation, steps = steps[0].Share, steps[0].SE, steps[1:]
		}
		all = append(all, computed.Object{
			"elapsed": int(t), "atRisk": atRisk, "events": ended[t], "censored": left[t] - ended[t], "survival": share, "standardError": deviation,
		})
		atRisk -= left[t]
	}
	return all
}
