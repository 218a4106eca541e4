package analytics

import (
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
	if n := s.Panel.People() * s.Panel.Periods; n > maxExposures {
		return nil, fault.New(fault.Limit, "%d people in %d periods are more than the %d exposures that this server works out at once; ask about a smaller population or fewer periods", s.Panel.People(), s.Panel.Periods, maxExposures)
	}
	o, err := s.exposureOptions(ctx, lag)
	if err != nil {
		return nil, err
	}
	return memo(ctx, s, s.exposureName(lag), func(ctx context.Context) (*spread.Exposure, error) { return s.Panel.Exposure(ctx, o) })
}

func (s *Spread) exposureName(lag int) exposureName {
	return exposureName{
		lag: lag, weighted: s.weighted(), normalized: s.Settings.Normalized, compat: s.Settings.Compat,
		direction: s.Settings.Direction, equivalence: s.Settings.Weights == equivalenceWeights,
	}
}

const equivalenceWeights = "STRUCTURAL_EQUIVALENCE"

// weighted tells whether the weights of ties count.
func (s *Spread) weighted() bool { return s.Settings.Weights != "NONE" }

func (s *Spread) exposureOptions(ctx context.Context, lag int) (spread.ExposureOptions, error) {
	ties, err := s.exposureTies(ctx)
	return spread.ExposureOptions{Lag: lag, Weighted: s.weighted(), Normalized: s.Settings.Normalized, Ties: ties, Compat: s.Settings.Compat}, err
}

// exposureTies are those along which exposure comes.
func (s *Spread) exposureTies(context.Context) (*spread.Ties, error) {
	if s.Settings.Direction == "NAMED_BY" {
		return s.Panel.Ties.Reversed(), nil
	}
	return s.Panel.Ties, nil
}
