package lineage

import (
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/diffusion"
	"nicgraph/internal/fault"
)

// settings are the arguments that questions about lineage share.
type settings struct {
	practice, confidence        string
	timeOrder, certainty, dates string
	narrower                    bool
	maxHops                     int
	channels                    []string
	reach                       string
	question                    diffusion.Question
	learnings, undated, leftOut int
}

// maxMaxHops bounds the steps of a chain.
const maxMaxHops = 12

// settings reads the arguments; hops is the number of steps when none is given.
func (n *Network) settings(args computed.Args, hops int) (*settings, error) {
	s := &settings{
		practice: args.Text("practice"), confidence: args.Text("confidence"),
		timeOrder: args.TextOr("timeOrder", "NON_STRICT"), certainty: args.TextOr("certainty", "POSSIBLE"), dates: args.TextOr("dates", "WIDENED"),
		narrower: args["narrower"].Num == 1, maxHops: args.Number("maxHops", hops), channels: args.Texts("channelKinds"),
		reach: args.Text("reach"),
	}
	if s.maxHops < 1 || s.maxHops > maxMaxHops {
		return nil, fault.New(fault.Invalid, "maxHops is %d; ask for 1 to %d steps", s.maxHops, maxMaxHops)
	}
	if _, known := n.Practices[s.practice]; s.practice != "" && !known {
		return nil, fault.New(fault.Invalid, "practice: there is no practice with the id %q", s.practice)
	}
	practices := map[string]bool{s.practice: true}
	if s.narrower {
		practices = n.Narrower(s.practice)
	}
	if s.practice == "" {
		practices = nil
	}
	s.ask(n, practices)
	return s, nil
}

// ask makes the question of the settings, about some practices or, when nil, any, and
// counts the learnings that it is about.
func (s *settings) ask(n *Network, practices map[string]bool) {
	orders := map[string]diffusion.Order{"IGNORE": diffusion.Ignore, "NON_STRICT": diffusion.NonStrict, "STRICT": diffusion.Strict}
	s.question = diffusion.Question{
		Order: orders[s.timeOrder], Possible: s.certainty == "POSSIBLE", Written: s.dates == "WRITTEN", MaxHops: s.maxHops,
		Use: func(step *diffusion.Step) bool {
			return (practices == nil || practices[step.Practice]) &&
				(s.confidence == "" || s.confidence == step.Confidence) &&
				(len(s.channels) == 0 || slices.Contains(s.channels, step.Channel))
		},
	}
	s.learnings, s.undated, s.leftOut = 0, 0, 0
	for i := range n.steps.Steps {
		s.count(&n.steps.Steps[i])
	}
}

func (s *settings) count(step *diffusion.Step) {
	if !s.question.Use(step) {
		return
	}
	s.learnings++
	if !step.Dated {
		s.undated++
	}
	if !s.question.Usable(step) {
		s.leftOut++
	}
}

// datedOnly leaves all undated learnings out, whatever the settings.
func (s *settings) datedOnly() { s.leftOut = s.undated }

// over is a copy of the settings about other practices.
func (s *settings) over(n *Network, practices map[string]bool) *settings {
	other := *s
	other.ask(n, practices)
	return &other
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
func (s *settings) counted(o computed.Object) computed.Object {
	o["settings"], o["learningCount"], o["undated"], o["leftOut"] = s.record(), s.learnings, s.undated, s.leftOut
	return o
}
