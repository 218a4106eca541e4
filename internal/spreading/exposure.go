package spreading

import (
	"cmp"
	"context"

	"nicgraph/internal/fault"
	"nicgraph/internal/spread"
)

// exposureName is the key of exposures.
type exposureName struct {
	lag                          int
	weighted, normalized, compat bool
	direction                    string
	equivalence                  bool
}

// maxExposures bounds the people times periods of an exposure.
const maxExposures = 12_000_000

// Exposure is how exposed everybody was in every period, at a lag.
func (s *Spread) Exposure(ctx context.Context, lag int) (*spread.Exposure, error) {
	if err := cmp.Or(checkLag("lag", lag, s.Panel.Periods), s.checkSize()); err != nil {
		return nil, err
	}
	o, err := s.exposureOptions(ctx, lag)
	if err != nil {
		return nil, err
	}
	return memo(ctx, s, s.exposureName(lag), func(ctx context.Context) (*spread.Exposure, error) { return s.Panel.Exposure(ctx, o) })
}

// checkSize tells whether there are too many people times periods to work something out
// for each of them.
func (s *Spread) checkSize() error {
	if people, periods := s.Panel.People(), s.Panel.Periods; people*periods > maxExposures {
		return fault.New(fault.Limit, "%d people in %d periods are more than the %d that this server works out at once, each in each; ask about a smaller population or fewer periods", people, periods, maxExposures)
	}
	return nil
}

func (s *Spread) exposureName(lag int) exposureName {
	return exposureName{
		lag: lag, weighted: s.weighted(), normalized: s.Settings.Normalized, compat: s.Settings.Compat,
		direction: s.Settings.Direction, equivalence: s.Settings.Weights == equivalenceWeights,
	}
}

const (
	equivalenceWeights = "STRUCTURAL_EQUIVALENCE"
	namedBy            = "NAMED_BY"
)

// weighted tells whether the weights of ties count.
func (s *Spread) weighted() bool { return s.Settings.Weights != "NONE" }

func (s *Spread) exposureOptions(ctx context.Context, lag int) (spread.ExposureOptions, error) {
	ties, err := s.exposureTies(ctx)
	return spread.ExposureOptions{Lag: lag, Weighted: s.weighted(), Normalized: s.Settings.Normalized, Ties: ties, Compat: s.Settings.Compat}, err
}

// exposureTies are those along which exposure comes.
func (s *Spread) exposureTies(ctx context.Context) (*spread.Ties, error) {
	switch {
	case s.Settings.Weights == equivalenceWeights:
		return s.equivalenceTies(ctx)
	case s.Settings.Direction == namedBy:
		return s.Panel.Ties.Reversed(), nil
	default:
		return s.Panel.Ties, nil
	}
}

// equivalenceTiesName is the key of ties to those who are alike.
type equivalenceTiesName struct{}

func (s *Spread) equivalenceTies(ctx context.Context) (*spread.Ties, error) {
	x, err := s.equivalence(ctx)
	if err != nil {
		return nil, err
	}
	return memo(ctx, s, equivalenceTiesName{}, func(context.Context) (*spread.Ties, error) { return x.Ties(true), nil })
}
