package spreading

import (
	"context"

	"nicgraph/internal/computed"
	"nicgraph/internal/plan"
	"nicgraph/internal/spread"
)

// Of brings what the first field spread of a plan is about.
func Of(ctx context.Context, e *computed.Engine, p *plan.Plan, params plan.Params) (*Spread, error) {
	for _, c := range plan.AllComputed(p) {
		if c.Field == "spread" {
			call, err := e.Standing(ctx, c, params)
			if err != nil {
				return nil, err
			}
			return about(ctx, call)
		}
	}
	panic("the plan has no field spread")
}

// Observed are the places of the last period in which each member was observed.
func (p *panel) Observed() []int32 { return p.observed }

// degreesName is the key of degrees.
type degreesName struct{}

// Degrees are how many everybody names and is named by.
func (s *Spread) Degrees(ctx context.Context) (*spread.Degrees, error) {
	if err := s.checkSize(); err != nil {
		return nil, err
	}
	return memo(ctx, s, degreesName{}, func(ctx context.Context) (*spread.Degrees, error) { return s.Panel.Degrees(ctx, false) })
}
