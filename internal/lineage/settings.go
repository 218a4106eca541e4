package lineage

import (
	"context"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/diffusion"
	"nicgraph/internal/fault"
)

// inquiry is a question about lineage: its settings, and the steps that these choose.
type inquiry struct {
	settings
	practices                   Practices
	steps                       *Steps
	learnings, undated, leftOut int // of the steps
}

// settings are the arguments that questions about lineage share.
type settings struct {
	practice, confidence        string
	timeOrder, certainty, dates string
	narrower                    bool
	maxHops                     int
	channels                    []string
	reach                       string
	question                    diffusion.Question
}

// maxMaxHops bounds the steps of a chain.
const maxMaxHops = 12

// inquire begins to answer a use of a field about the learnings that its arguments choose; hops is
// the number of steps of a chain when none is given.
func inquire(ctx context.Context, call computed.Call, hops int) (*inquiry, error) {
	q, err := ask(ctx, call, hops)
	if err != nil {
		return nil, err
	}
	about, err := q.about()
	if err != nil {
		return nil, err
	}
	return q, q.read(ctx, call.Engine, about)
}

// ask reads the arguments.
func ask(ctx context.Context, call computed.Call, hops int) (*inquiry, error) {
	practices, err := computed.Once(ctx, call.Engine, practicesName{}, PracticesAt)
	if err != nil {
		return nil, err
	}
	q := &inquiry{practices: practices, settings: settingsOf(call.Args, hops)}
	if q.maxHops < 1 || q.maxHops > maxMaxHops {
		return nil, fault.New(fault.Invalid, "maxHops is %d; ask for 1 to %d steps", q.maxHops, maxMaxHops)
	}
	return q, nil
}

// about are the practices that the arguments choose, ascending; nil: any.
func (q *inquiry) about() ([]string, error) {
	switch _, known := q.practices[q.practice]; {
	case q.practice == "":
		return nil, nil
	case !known:
		return nil, fault.New(fault.Invalid, "practice: there is no practice with the id %q", q.practice)
	case q.narrower:
		return q.practices.Narrower(q.practice), nil
	default:
		return []string{q.practice}, nil
	}
}

func settingsOf(args computed.Args, hops int) settings {
	s := settings{
		practice: args.Text("practice"), confidence: args.Text("confidence"),
		timeOrder: args.TextOr("timeOrder", "NON_STRICT"), certainty: args.TextOr("certainty", "POSSIBLE"), dates: args.TextOr("dates", "WIDENED"),
		narrower: args["narrower"].Num == 1, maxHops: args.Number("maxHops", hops), channels: args.Texts("channelKinds"),
		reach: args.Text("reach"),
	}
	orders := map[string]diffusion.Order{"IGNORE": diffusion.Ignore, "NON_STRICT": diffusion.NonStrict, "STRICT": diffusion.Strict}
	s.question = diffusion.Question{Order: orders[s.timeOrder], Possible: s.certainty == "POSSIBLE", Written: s.dates == "WRITTEN", MaxHops: s.maxHops}
	if s.confidence != "" || len(s.channels) > 0 {
		s.question.Use = s.uses
	}
	return s
}

// uses tells whether a learning meets the settings, whatever its practice.
func (s *settings) uses(step *diffusion.Step) bool {
	return (s.confidence == "" || s.confidence == step.Confidence) &&
		(len(s.channels) == 0 || slices.Contains(s.channels, step.Channel))
}

// read brings the steps about some practices or, when nil, any, and counts the learnings that
// the question is about.
func (q *inquiry) read(ctx context.Context, e *computed.Engine, practices []string) (err error) {
	q.steps, err = stepsOf(ctx, e, practices)
	if err != nil {
		return err
	}
	q.learnings, q.undated, q.leftOut = 0, 0, 0
	for i := range q.steps.kinds {
		q.count(&q.steps.kinds[i])
	}
	return nil
}

func (q *inquiry) count(k *kind) {
	if !q.question.Uses(&k.like) {
		return
	}
	q.learnings += k.count
	if !k.like.Dated {
		q.undated += k.count
	}
	if !q.question.Usable(&k.like) {
		q.leftOut += k.count
	}
}

// datedOnly leaves all undated learnings out, whatever the settings.
func (q *inquiry) datedOnly() { q.leftOut = q.undated }

// over is the same question about other practices.
func (q *inquiry) over(ctx context.Context, e *computed.Engine, practices []string) (*inquiry, error) {
	other := *q
	return &other, other.read(ctx, e, practices)
}

// record is the echo of the settings.
func (s *settings) record() computed.Record {
	o := computed.Object{
		"practice": computed.Node(s.practice), "narrower": s.narrower, "maxHops": s.maxHops, "timeOrder": s.timeOrder,
		"certainty": s.certainty, "dates": s.dates, "confidence": computed.OrNull(s.confidence), "reach": computed.OrNull(s.reach),
	}
	if s.channels != nil {
		o["channelKinds"] = s.channels
	}
	return o
}

// counted is an object with the settings and what was counted under them.
func (q *inquiry) counted(o computed.Object) computed.Object {
	o["settings"] = computed.Lazy(func(computed.Args) (any, error) { return q.record(), nil })
	o["learningCount"], o["undated"], o["leftOut"] = q.learnings, q.undated, q.leftOut
	return o
}
