package analytics

import (
	"context"
	"math"
	"slices"

	"nicgraph/internal/fault"
	"nicgraph/internal/spread"
)

// tying gathers the ties among the members of a population, and what they rest on.
type tying struct {
	*gathering
	population *population
	window     window
	ties       []spread.Tie
	counts     tieCounts
	evidence   evidence
}

// tieCounts are how many facts make ties, and how many were left out and why.
type tieCounts struct {
	facts, undated, self, toNotAsked, outside int
}

// evidence are the facts behind ties.
type evidence struct {
	study    *study
	places   []int32               // per member, its place in the study
	kinds    []bool                // which kinds of the study's ties count; nil: all
	learned  map[[2]int32][]string // per learner and source, the ids of learnings
	networks stakes
	events   stakes
}

// gather puts the ties into periods.
func (t *tying) gather(ctx context.Context) (*spread.Ties, error) {
	if err := t.collect(ctx); err != nil {
		return nil, err
	}
	ties, self := spread.NewTies(len(t.population.ids), t.window.periods(), t.ties)
	t.counts.self = self
	return ties, nil
}

// collect brings the ties as the facts have them.
func (t *tying) collect(ctx context.Context) error {
	for _, source := range []struct {
		name string
		add  func(context.Context) error
	}{
		{studyTies, t.addStudyTies},
		{learnings, t.addLearnings},
		{sharedNetworks, t.addNetworks},
		{sharedEvents, t.addEvents},
	} {
		if !t.has(source.name) {
			continue
		}
		if err := source.add(ctx); err != nil {
			return err
		}
	}
	return nil
}

// has tells whether ties of a kind are asked for.
func (s *PanelSettings) has(source string) bool { return slices.Contains(s.TieSources, source) }

// add notes a tie that holds from a period to another, and tells whether the window shows
// it. A weight of zero is no tie.
func (t *tying) add(learner, source int32, weight float64, first, last int) bool {
	if weight == 0 || first > last || first > t.window.last || last < t.window.first {
		return false
	}
	place := func(period int) int32 { return int32(min(max(period, t.window.first), t.window.last) - t.window.first) }
	t.ties = append(t.ties, spread.Tie{Learner: learner, Source: source, Weight: weight, From: place(first), Until: place(last)})
	return true
}

// fact counts a fact that makes ties.
func (t *tying) fact(dated bool) {
	t.counts.facts++
	if !dated {
		t.counts.undated++
	}
}

func (t *tying) addStudyTies(ctx context.Context) error {
	s := t.population.study
	kinds, err := s.kinds(t.TieKinds)
	if err != nil {
		return err
	}
	t.evidence.study, t.evidence.kinds = s, kinds
	members := make([]int32, len(s.ids)) // per participant, its place among members
	for i, id := range s.ids {
		members[i] = outside
		if at, ok := t.population.place(id); ok {
			members[i] = at
			t.evidence.places = append(t.evidence.places, int32(i))
		}
	}
	t.counts.outside += s.named.strays
	t.ties = slices.Grow(t.ties, len(s.named.source))
	for learner := range int32(len(s.ids)) {
		if learner&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i := s.named.start[learner]; i < s.named.start[learner+1]; i++ {
			if kinds != nil && !kinds[s.named.kind[i]] {
				continue
			}
			if s.named.weight[i] < 0 { // written by hand: the rules of studies refuse it
				return fault.New(fault.Invalid, "the tie %s has a weight below zero, which means nothing here; correct the study, or leave such kinds of ties out", s.named.facts.at(int(i)))
			}
			t.addNaming(s, members, learner, i)
		}
	}
	return nil
}

// outside is the place of whoever is no member.
const outside = -1

func (t *tying) addNaming(s *study, members []int32, learner int32, i int64) {
	n, source := &s.named, s.named.source[i]
	switch l, j := members[learner], members[source]; {
	case l == outside && j == outside:
	case l == outside || j == outside:
		t.leaveOut(s.asked[learner] && s.asked[source])
	default:
		if t.add(l, j, n.weight[i], int(n.first[i]), int(n.last[i])) && l != j {
			t.fact(true)
		}
	}
}

// leaveOut counts a tie with somebody who is no member.
func (t *tying) leaveOut(asked bool) {
	if asked {
		t.counts.outside++
	} else {
		t.counts.toNotAsked++
	}
}

// kinds tells which kinds of ties are asked for; nil: all.
func (s *study) kinds(asked []string) ([]bool, error) {
	if asked == nil {
		return nil, nil
	}
	kinds := make([]bool, len(s.named.kinds))
	for _, kind := range asked {
		at := slices.Index(s.named.kinds, kind)
		if at < 0 {
			all := slices.DeleteFunc(slices.Sorted(slices.Values(s.named.kinds)), func(k string) bool { return k == "" })
			return nil, fault.New(fault.Invalid, "input.ties.kinds: the study %s has no ties of the kind %q%s", s.id, kind, these("; its kinds are ", all))
		}
		kinds[at] = true
	}
	return kinds, nil
}

func (t *tying) addLearnings(ctx context.Context) error {
	n, err := t.network(ctx)
	if err != nil {
		return err
	}
	t.evidence.learned = map[[2]int32][]string{}
	for i := range n.learnings {
		l := &n.learnings[i]
		if t.TieConfidence != "" && t.TieConfidence != l.confidence {
			continue
		}
		learner, in := t.population.place(l.learner)
		source, inToo := t.population.place(l.teacher)
		switch {
		case in && inToo:
			t.addLearning(l, learner, source)
		case in:
			t.leaveOut(t.population.asked(l.teacher))
		case inToo:
			t.leaveOut(t.population.asked(l.learner))
		}
	}
	return nil
}

func (t *tying) addLearning(l *learning, learner, source int32) {
	first := l.year
	if l.year == 0 {
		first = t.window.first
	}
	if t.add(learner, source, 1, first, t.window.last) && learner != source {
		t.fact(l.year != 0)
		pair := [2]int32{learner, source}
		t.evidence.learned[pair] = append(t.evidence.learned[pair], l.id)
	}
}

// asked tells whether a party is one that the study asked, or that it has nothing to do with.
func (p *population) asked(id string) bool {
	if p.study == nil {
		return true
	}
	at, enrolled := p.study.place(id)
	return !enrolled || p.study.asked[at]
}

// stake is that a member belongs to a network, or took part in an event.
type stake struct {
	member, what int32
	first, last  int // years
	dated        bool
	fact         string
}

// stakes are those of a population, by what they are in, and by member.
type stakes struct {
	in [][]stake // by what
	of [][]stake // by member; by what, then by fact
}

// ever and forever are years for what has no beginning or no end.
const (
	ever    = math.MinInt32
	forever = math.MaxInt32
)

func (t *tying) addNetworks(ctx context.Context) error {
	n, err := t.network(ctx)
	if err != nil {
		return err
	}
	all := t.newStakes()
	for _, network := range sortedKeys(n.rosters) {
		all.open()
		for _, s := range n.rosters[network] {
			if at, ok := t.population.place(s.who); ok {
				first, last := ever, forever
				if s.started != "" {
					first = yearOf(s.started)
				}
				if s.ended != "" {
					last = lastYearOf(s.ended)
				}
				all.add(stake{member: at, first: first, last: last, dated: s.started != "", fact: s.id})
			}
		}
	}
	t.evidence.networks = all
	return t.share(ctx, all, "SHARED_NETWORKS")
}

func (t *tying) addEvents(ctx context.Context) error {
	years := map[string]int{}
	err := t.engine.each(ctx, "Event", nil, []string{"startsOn"}, nil, func(l line) error {
		years[l.text(0)] = yearOf(l.text(1))
		return nil
	})
	if err != nil {
		return err
	}
	parts := map[string][]stake{}
	err = t.engine.each(ctx, "Participation", nil, nil, []string{"participant", "event"}, func(l line) error {
		if at, ok := t.population.place(l.link(1)); ok {
			event := l.link(2)
			s := stake{member: at, first: years[event], last: forever, dated: years[event] != 0, fact: l.text(0)}
			if !s.dated {
				s.first = ever
			}
			parts[event] = append(parts[event], s)
		}
		return nil
	})
	if err != nil {
		return err
	}
	all := t.newStakes()
	for _, event := range sortedKeys(parts) {
		all.open()
		for _, s := range parts[event] {
			all.add(s)
		}
	}
	t.evidence.events = all
	return t.share(ctx, all, "SHARED_EVENTS")
}

func (t *tying) newStakes() stakes { return stakes{of: make([][]stake, len(t.population.ids))} }

// open begins another network or event.
func (s *stakes) open() { s.in = append(s.in, nil) }

func (s *stakes) add(one stake) {
	at := len(s.in) - 1
	one.what = int32(at)
	s.in[at] = append(s.in[at], one)
	s.of[one.member] = append(s.of[one.member], one)
}

// maxShared bounds the ties that come from what members share.
const maxShared = 2_000_000

// share ties all who are in the same network or event at a time, both ways.
func (t *tying) share(ctx context.Context, all stakes, source string) error {
	for _, in := range all.in {
		if len(t.ties)+len(in)*(len(in)-1) > maxShared {
			return fault.New(fault.Limit, "%s makes more than %d ties; ask about a smaller population, or take other ties", source, maxShared)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range in {
			if t.shareOne(in, i) {
				t.fact(in[i].dated)
			}
		}
	}
	return nil
}

// shareOne ties one member to all others in the same, and tells whether that made a tie.
func (t *tying) shareOne(in []stake, i int) (tied bool) {
	for k := range in {
		if in[k].member != in[i].member && t.add(in[i].member, in[k].member, 1, max(in[i].first, in[k].first), min(in[i].last, in[k].last)) {
			tied = true
		}
	}
	return tied
}

// between are the facts of two members about what they shared at a time.
func (s *stakes) between(a, b int32) []string {
	var facts []string
	if s.of == nil {
		return nil
	}
	for _, x := range s.of[a] {
		for _, y := range s.of[b] {
			if x.what == y.what && max(x.first, y.first) <= min(x.last, y.last) {
				facts = append(facts, x.fact, y.fact)
			}
		}
	}
	return facts
}

// facts are the ids of what ties a learner to a source, in natural order.
func (e *evidence) facts(learner, source int32) []string {
	facts := slices.Concat(e.learned[[2]int32{learner, source}], e.networks.between(learner, source), e.events.between(learner, source))
	if e.study != nil {
		facts = append(facts, e.answers(e.places[learner], e.places[source])...)
	}
	return slices.Compact(inOrder(facts))
}

// answers are the ids of the study's ties between two participants.
func (e *evidence) answers(learner, source int32) []string {
	var facts []string
	n := &e.study.named
	for i, end := n.between(learner, source); i < end; i++ {
		if e.kinds == nil || e.kinds[n.kind[i]] {
			facts = append(facts, n.facts.at(int(i)))
		}
	}
	return facts
}
