package analytics

import (
	"context"
	"errors"
	"fmt"

	"nicgraph/internal/fault"
	shape "nicgraph/internal/network"
	"nicgraph/internal/plan"
	"nicgraph/internal/value"
)

// analysis is the shape of a network: the network, the settings it is asked with, and the
// facts behind it. What is worked out is kept and shared by requests.
type analysis struct {
	*web
	settings analysisSettings
	view     view
}

// web is a population and the ties among its members. It is immutable and shared by
// requests.
type web struct {
	members
	ties     *shape.Network
	counted  *shape.Network // as weights count for measures
	counts   webCounts
	unit     string // of periods
	window   window
	evidence evidence
	key      webName
}

// webCounts are how many facts make ties, and what was left out and why.
type webCounts struct {
	tieCounts
	notAsked int
}

// analysisSettings are the settings of a question about a network. It has no practice.
type analysisSettings struct {
	PanelSettings
	weighted bool
}

// webName is the key of a web.
type webName struct{ settings string }

func (s *analysisSettings) name() webName { return webName{fmt.Sprintf("%#v", *s)} }

func (c Call) analysisSettings() analysisSettings {
	return analysisSettings{PanelSettings: c.panelSettings(), weighted: c.Args.text("input.weights") == "TIES"}
}

// checkAnalysis tells what is wrong with a question about a network before anything is
// read.
func checkAnalysis(call Call) error {
	s := call.analysisSettings()
	return s.check(call.Args)
}

// analysisOf works out Query.analysis.
func analysisOf(ctx context.Context, call Call) (any, error) {
	if err := checkAnalysis(call); err != nil {
		return nil, err
	}
	settings := call.analysisSettings()
	a, err := steady(ctx, call.Engine, func(v view) (*analysis, error) {
		w, err := v.web(ctx, settings, call.Filters[whereName])
		return &analysis{web: w, settings: settings, view: v}, err
	})
	if err != nil {
		return nil, err
	}
	return a.record(ctx), nil
}

func (v view) web(ctx context.Context, settings analysisSettings, where plan.Condition) (*web, error) {
	key := settings.name()
	return read(ctx, v, key, func(ctx context.Context) (*web, error) {
		g := gathering{view: v, PanelSettings: &settings.PanelSettings, where: where}
		w, err := g.web(ctx, settings.weighted)
		if err == nil {
			w.key = key
		}
		return w, err
	})
}

// web brings population and ties together.
func (g *gathering) web(ctx context.Context, weighted bool) (*web, error) {
	people, err := g.population(ctx)
	if err != nil {
		return nil, err
	}
	t := tying{gathering: g, population: people}
	if t.window, err = g.tieWindow(people.study); err != nil {
		return nil, err
	}
	if err := t.collect(ctx); err != nil {
		return nil, err
	}
	w := &web{counts: webCounts{t.counts, people.notAsked}, unit: people.unit(), window: t.window, evidence: t.evidence}
	if w.members, err = g.members(ctx, people); err != nil {
		return nil, err
	}
	return w, w.tie(&t, weighted)
}

func (w *web) tie(t *tying, weighted bool) (err error) {
	ties := make([]shape.Tie, len(t.ties))
	for i, tie := range t.ties {
		ties[i] = shape.Tie{Learner: tie.Learner, Source: tie.Source, Weight: tie.Weight}
	}
	w.ties, w.counts.self, err = shape.New(len(w.IDs), ties)
	if err != nil {
		return err
	}
	w.counted = w.ties
	if !weighted {
		w.counted = w.ties.Plain()
	}
	return nil
}

// lastYear is the last year that a date can have.
const lastYear = 9999

// tieWindow is the periods in which ties are looked at: without a study, any year where
// none was given.
func (g *gathering) tieWindow(s *study) (window, error) {
	if s != nil {
		return g.studyWindow(s)
	}
	return window{first: g.First.orElse(0), last: g.Last.orElse(lastYear)}, nil
}

// webMeasure is the key of what is worked out from a web.
type webMeasure struct {
	web     webName
	measure any
}

// weigh brings what is worked out from a web, kept and shared by requests. Each kind of
// value has a comparable type of its own for name.
func weigh[T any](ctx context.Context, a *analysis, name any, work func(context.Context) (T, error)) (T, error) {
	found, err := cached(ctx, a.view, webMeasure{a.key, name}, work)
	if errors.Is(err, shape.ErrWork) {
		err = fault.Wrap(fault.Limit, err, "a network of %d members and %d ties is more than this server works out for this measure; ask about a smaller population, or fewer ties", len(a.IDs), a.ties.Ties())
	}
	return found, err
}

// standing is the key of a value for each member, by the name of its order in the schema.
type standing string

const (
	byNames       standing = "NAMES"
	byNamed       standing = "NAMED_BY"
	byBetweenness standing = "BETWEENNESS"
	byCloseness   standing = "CLOSENESS"
	byPageRank    standing = "PAGE_RANK"
	byEigenvector standing = "EIGENVECTOR"
)

// standing is a value for each member, NaN where it is missing.
func (a *analysis) standing(ctx context.Context, by standing) ([]float64, error) {
	return weigh(ctx, a, by, func(ctx context.Context) ([]float64, error) {
		switch by {
		case byNames:
			return floats(a.ties.Degrees().Out), nil
		case byNamed:
			return floats(a.ties.Degrees().In), nil
		case byBetweenness:
			return a.ties.Betweenness(ctx)
		case byCloseness:
			return a.ties.Closeness(ctx)
		case byPageRank:
			return a.counted.PageRank(ctx, shape.Damping)
		case byEigenvector:
			return a.counted.Eigenvector(ctx)
		default:
			panic(by)
		}
	})
}

func floats(counts []int) []float64 {
	all := make([]float64, len(counts))
	for i, n := range counts {
		all[i] = float64(n)
	}
	return all
}

// partsName is the key of a division of the members into parts.
type partsName struct {
	parts      string // WEAK, STRONG or COMMUNITIES
	resolution float64
}

// division is a division of the members into parts.
type division struct {
	shape.Parts
	members    [][]int32 // per part, ascending
	modularity float64
}

func (a *analysis) division(ctx context.Context, name partsName) (*division, error) {
	return weigh(ctx, a, name, func(ctx context.Context) (*division, error) {
		parts, err := a.divide(ctx, name)
		if err != nil {
			return nil, err
		}
		d := &division{Parts: parts, members: make([][]int32, len(parts.Sizes)), modularity: a.counted.Modularity(parts.Of, name.resolution)}
		for person, part := range parts.Of {
			d.members[part] = append(d.members[part], int32(person))
		}
		return d, nil
	})
}

func (a *analysis) divide(ctx context.Context, name partsName) (shape.Parts, error) {
	switch name.parts {
	case weakParts:
		return a.ties.WeakComponents(), nil
	case strongParts:
		return a.ties.StrongComponents(), nil
	case communityParts:
		return a.counted.Communities(ctx, name.resolution)
	default:
		panic(name)
	}
}

const (
	weakParts      = "WEAK"
	strongParts    = "STRONG"
	communityParts = "COMMUNITIES"
)

// communities divides the members as the arguments say.
func (a *analysis) communities(ctx context.Context, args Args) (*division, float64, error) {
	resolution := value.NumFloat(args["resolution"].Num)
	if resolution <= 0 {
		return nil, 0, fault.New(fault.Invalid, "resolution is %v; give a number above 0", resolution)
	}
	d, err := a.division(ctx, partsName{communityParts, resolution})
	return d, resolution, err
}

// webPart is the key of what depends on nothing else.
type webPart string

func (a *analysis) clustering(ctx context.Context) (*shape.Clustering, error) {
	return weigh(ctx, a, webPart("clustering"), a.ties.Clustering)
}

// roles are how often each member is a broker; there must be groups.
func (a *analysis) roles(ctx context.Context) ([]shape.Roles, error) {
	return weigh(ctx, a, webPart("roles"), func(ctx context.Context) ([]shape.Roles, error) { return a.ties.Brokerage(ctx, a.in) })
}

func (a *analysis) degrees(ctx context.Context) (shape.Degrees, error) {
	return weigh(ctx, a, webPart("degrees"), func(context.Context) (shape.Degrees, error) { return a.ties.Degrees(), nil })
}
