// Package shape answers what the network of a population looks like: the computed field
// analysis, each part worked out when it is selected. It leaves bringing population and ties
// together to package population, and the formulas to package network.
package shape

import (
	"context"
	"errors"
	"fmt"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/network"
	"nicgraph/internal/plan"
	"nicgraph/internal/population"
	"nicgraph/internal/value"
)

// analysis is the shape of a network: the network, the settings it is asked with, and the
// facts behind it. What is worked out is kept and shared by requests.
type analysis struct {
	*web
	settings analysisSettings
	view     computed.View
}

// web is a population and the ties among its members. It is immutable and shared by
// requests.
type web struct {
	population.Members
	ties     *network.Network
	counted  *network.Network // as weights count for measures
	counts   webCounts
	unit     string // of periods
	window   population.Window
	evidence population.Evidence
	key      webName
}

// webCounts are how many facts make ties, and what was left out and why.
type webCounts struct {
	population.TieCounts
	notAsked int
}

// Fields are the computed fields about the shape of networks, by name.
func Fields() map[string]computed.Field { return map[string]computed.Field{"analysis": analysisOf} }

// Checks are for those whose arguments are checked before anything is read.
func Checks() map[string]computed.Check { return map[string]computed.Check{"analysis": checkAnalysis} }

// analysisSettings are the settings of a question about a network. It has no practice.
type analysisSettings struct {
	population.Settings
	weighted bool
}

// webName is the key of a web.
type webName struct{ settings string }

func (s *analysisSettings) name() webName { return webName{fmt.Sprintf("%#v", *s)} }

func analysisSettingsOf(c computed.Call) analysisSettings {
	return analysisSettings{Settings: population.SettingsOf(c), weighted: c.Args.Text("input.weights") == "TIES"}
}

// checkAnalysis tells what is wrong with a question about a network before anything is
// read.
func checkAnalysis(call computed.Call) error {
	s := analysisSettingsOf(call)
	return s.Check(call.Args)
}

// analysisOf works out Query.analysis.
func analysisOf(ctx context.Context, call computed.Call) (any, error) {
	if err := checkAnalysis(call); err != nil {
		return nil, err
	}
	settings := analysisSettingsOf(call)
	a, err := computed.Steady(ctx, call.Engine, func(v computed.View) (*analysis, error) {
		w, err := webAt(ctx, v, settings, call.Filters[population.WhereName])
		return &analysis{web: w, settings: settings, view: v}, err
	})
	if err != nil {
		return nil, err
	}
	return a.record(ctx), nil
}

func webAt(ctx context.Context, v computed.View, settings analysisSettings, where plan.Condition) (*web, error) {
	key := settings.name()
	return computed.Read(ctx, v, key, func(ctx context.Context) (*web, error) {
		g := population.Gathering{View: v, Settings: &settings.Settings, Filter: where}
		w, err := gatherWeb(ctx, &g, settings.weighted)
		if err == nil {
			w.key = key
		}
		return w, err
	})
}

// gatherWeb brings population and ties together.
func gatherWeb(ctx context.Context, g *population.Gathering, weighted bool) (*web, error) {
	people, err := g.Population(ctx)
	if err != nil {
		return nil, err
	}
	t := population.Tying{Gathering: g, Population: people}
	if t.Window, err = g.TieWindow(people.Study); err != nil {
		return nil, err
	}
	if err := t.Collect(ctx); err != nil {
		return nil, err
	}
	w := &web{counts: webCounts{t.Counts, people.NotAsked}, unit: people.Unit(), window: t.Window, evidence: t.Evidence}
	if w.Members, err = g.Members(ctx, people); err != nil {
		return nil, err
	}
	return w, w.tie(&t, weighted)
}

func (w *web) tie(t *population.Tying, weighted bool) (err error) {
	ties := make([]network.Tie, len(t.Ties))
	for i, tie := range t.Ties {
		ties[i] = network.Tie{Learner: tie.Learner, Source: tie.Source, Weight: tie.Weight}
	}
	w.ties, w.counts.Self, err = network.New(len(w.IDs), ties)
	if err != nil {
		return err
	}
	w.counted = w.ties
	if !weighted {
		w.counted = w.ties.Plain()
	}
	return nil
}

// webMeasure is the key of what is worked out from a web.
type webMeasure struct {
	web     webName
	measure any
}

// weigh brings what is worked out from a web, kept and shared by requests. Each kind of
// value has a comparable type of its own for name.
func weigh[T any](ctx context.Context, a *analysis, name any, work func(context.Context) (T, error)) (T, error) {
	found, err := computed.Cached(ctx, a.view, webMeasure{a.key, name}, work)
	if errors.Is(err, network.ErrWork) {
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
			return a.counted.PageRank(ctx, network.Damping)
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
	network.Parts
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

func (a *analysis) divide(ctx context.Context, name partsName) (network.Parts, error) {
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
func (a *analysis) communities(ctx context.Context, args computed.Args) (*division, float64, error) {
	resolution := value.NumFloat(args["resolution"].Num)
	if resolution <= 0 {
		return nil, 0, fault.New(fault.Invalid, "resolution is %v; give a number above 0", resolution)
	}
	d, err := a.division(ctx, partsName{communityParts, resolution})
	return d, resolution, err
}

// webPart is the key of what depends on nothing else.
type webPart string

func (a *analysis) clustering(ctx context.Context) (*network.Clustering, error) {
	return weigh(ctx, a, webPart("clustering"), a.ties.Clustering)
}

// roles are how often each member is a broker; there must be groups.
func (a *analysis) roles(ctx context.Context) ([]network.Roles, error) {
	return weigh(ctx, a, webPart("roles"), func(ctx context.Context) ([]network.Roles, error) { return a.ties.Brokerage(ctx, a.In) })
}

func (a *analysis) degrees(ctx context.Context) (network.Degrees, error) {
	return weigh(ctx, a, webPart("degrees"), func(context.Context) (network.Degrees, error) { return a.ties.Degrees(), nil })
}
