package spreading

import (
	"context"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/spread"
)

// contagionName is the key of infectiousness and susceptibility.
type contagionName struct {
	susceptibility, reversed, compat bool
	window                           int
	discount                         spread.Discount
	rate                             float64
	normalized                       bool
}

// contagion is how much a member infected others, or was infected.
func (s *Spread) contagion(ctx context.Context, person int32, args computed.Args, susceptibility bool) (any, error) {
	name, err := s.contagionName(args)
	if err != nil {
		return nil, err
	}
	name.susceptibility = susceptibility
	all, err := memo(ctx, s, name, func(ctx context.Context) (*spread.Contagion, error) {
		ties, work := s.Panel.Ties, s.Panel.Infectiousness
		if name.reversed {
			ties = ties.Reversed()
		}
		if susceptibility {
			work = s.Panel.Susceptibility
		}
		return work(ctx, spread.ContagionOptions{Window: name.window, Discount: name.discount, Rate: name.rate, Normalized: name.normalized, Ties: ties, Compat: name.compat})
	})
	if err != nil {
		return nil, err
	}
	return all.Value[person], nil
}

func (s *Spread) contagionName(args computed.Args) (contagionName, error) {
	name := contagionName{
		window: args.Number("window", 1), discount: spread.Linear, rate: args.Float("rate"), normalized: args.Truth("normalized"),
		compat: s.Settings.Compat, reversed: s.Settings.Direction == namedBy,
	}
	if args.Text("discount") == "EXPONENTIAL" {
		name.discount = spread.Exponential
	}
	switch {
	case name.window < 1:
		return name, fault.New(fault.Invalid, "window is %d; it has one period at least", name.window)
	case name.rate < 0:
		return name, fault.New(fault.Invalid, "rate is %v; it cannot be negative", name.rate)
	}
	return name, nil
}
