package spreading

import (
	"context"
	"errors"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/spread"
)

// journey says along which ties something may travel, adoption aside.
type journey struct {
	nonStrict     bool
	first, last   int // periods
	wait, maxHops int // -1 and 0: any
}

// journey reads the arguments of temporalReach.
func (s *Spread) journey(args computed.Args) (journey, error) {
	j := journey{
		nonStrict: args.TextOr("timeOrder", "STRICT") == "NON_STRICT", first: args.Number("after", s.Panel.First),
		last: args.Number("before", s.Panel.Label(int32(s.Panel.Periods-1))), wait: args.Number("maxWait", -1), maxHops: args.Number("maxHops", 0),
	}
	switch {
	case args.Text("timeOrder") == "IGNORE":
		return j, fault.New(fault.Invalid, "IGNORE has no order in which ties could be used; ask with STRICT or NON_STRICT")
	case j.first > j.last:
		return j, fault.New(fault.Invalid, "no period is from %d on and until %d; give an after that is not later than before", j.first, j.last)
	case j.wait < -1 || j.wait == -1 && !args["maxWait"].IsNull():
		return j, fault.New(fault.Invalid, "maxWait is %d; give 0 periods or more", j.wait)
	case j.maxHops < 0 || j.maxHops == 0 && !args["maxHops"].IsNull():
		return j, fault.New(fault.Invalid, "maxHops is %d; give 1 step or more", j.maxHops)
	}
	return j, nil
}

func (j journey) options() spread.JourneyOptions {
	o := spread.JourneyOptions{NonStrict: j.nonStrict, MaxHops: j.maxHops, Within: &spread.Span{First: int64(j.first), Last: int64(j.last)}}
	if j.wait >= 0 {
		wait := int64(j.wait)
		o.MaxWait = &wait
	}
	return o
}

// contacts are the ties written out period by period.
func (s *Spread) contacts(ctx context.Context) (*spread.Contacts, error) {
	c, err := memo(ctx, s, contactsKey{}, func(context.Context) (*spread.Contacts, error) { return s.Panel.Contacts() })
	return c, contactFault(err)
}

type contactsKey struct{}

// temporalReach is whom anything that begins with a member can reach.
func (s *Spread) temporalReach(ctx context.Context, member int32, args computed.Args) (any, error) {
	j, err := s.journey(args)
	if err != nil {
		return nil, err
	}
	contacts, err := s.contacts(ctx)
	if err != nil {
		return nil, err
	}
	journeys, err := contacts.From(ctx, member, j.options())
	if err != nil {
		return nil, err
	}
	arrivals := journeys.Arrivals()
	return computed.Object{
		"count": len(arrivals), "meanArrival": meanArrival(arrivals),
		"members": computed.Records(arrivals, func(a spread.Arrival) computed.Record {
			return computed.Object{"party": s.party(a.Person), "period": int(a.Time), "hops": int(a.Hops), "via": s.party(a.Via)}
		}),
	}, nil
}

// meanArrival is the mean time of arrivals, NaN when there are none.
func meanArrival(arrivals []spread.Arrival) float64 {
	sum := 0.0
	for _, a := range arrivals {
		sum += float64(a.Time)
	}
	return sum / float64(len(arrivals))
}

// everybody is how many others each member can reach, and the mean of the arrivals.
type everybody struct {
	reached []int32
	arrival []float64
}

// temporalReaches is how many others each member can reach.
func (s *Spread) temporalReaches(ctx context.Context, args computed.Args) (any, error) {
	j, err := s.journey(args)
	if err != nil {
		return nil, err
	}
	contacts, err := s.contacts(ctx)
	if err != nil {
		return nil, err
	}
	all, err := memo(ctx, s, j, func(ctx context.Context) (*everybody, error) {
		reached, arrival, err := contacts.Reach(ctx, j.options())
		return &everybody{reached, arrival}, err
	})
	if err != nil {
		return nil, contactFault(err)
	}
	o := all.numbers()
	o["contacts"] = contacts.CountWithin(j.options())
	o["members"] = computed.Lazy(func(args computed.Args) (any, error) { return s.reachers(all, args) })
	return o, nil
}

func (e *everybody) numbers() computed.Object {
	sum, largest := 0, int32(0)
	for _, reached := range e.reached {
		sum += int(reached)
		largest = max(largest, reached)
	}
	return computed.Object{"meanReach": float64(sum) / float64(len(e.reached)), "largestReach": int(largest)}
}

// reachers are the members with their reach, by place.
func (s *Spread) reachers(all *everybody, args computed.Args) ([]computed.Record, error) {
	first, skip, err := args.Page()
	if err != nil {
		return nil, err
	}
	skip = min(skip, len(all.reached))
	page := make([]computed.Record, min(first, len(all.reached)-skip))
	for i := range page {
		page[i] = computed.Object{"party": s.party(int32(skip + i)), "count": int(all.reached[skip+i]), "meanArrival": all.arrival[skip+i]}
	}
	return page, nil
}

// contactFault gives too much work the sentence for the person who asked.
func contactFault(err error) error {
	if errors.Is(err, spread.ErrWork) {
		return fault.Wrap(fault.Limit, err, "there are more ties and members than this server follows from everybody; ask for the temporalReach of single members, or for fewer periods or groups")
	}
	return err
}
