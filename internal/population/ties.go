package population

import (
	"context"
	"math"
	"slices"

	"nicgraph/internal/computed"
	"nicgraph/internal/fault"
	"nicgraph/internal/lineage"
	"nicgraph/internal/natural"
	"nicgraph/internal/spread"
)

// Tying gathers the ties among the members of a population, and what they rest on.
type Tying struct {
	*Gathering
	Population *People
	Window     Window
	Ties       []spread.Tie
	Counts     TieCounts
	Evidence   Evidence
}

// TieCounts are how many facts make ties, and how many were left out and why.
type TieCounts struct {
	Facts, Undated, Self, ToNotAsked, Outside int
}

// Evidence are the facts behind ties.
type Evidence struct {
	study    *Study
	places   []int32               // per member, its place in the study
	kinds    []bool                // which kinds of the study's ties count; nil: all
	learned  map[[2]int32][]string // per learner and source, the ids of learnings
	networks stakes
	events   stakes
}

// Gather puts the ties into periods.
func (t *Tying) Gather(ctx context.Context) (*spread.Ties, error) {
	if err := t.Collect(ctx); err != nil {
		return nil, err
	}
	ties, self := spread.NewTies(len(t.Population.IDs), t.Window.Periods(), t.Ties)
	t.Counts.Self = self
	return ties, nil
}

// Collect brings the ties as the facts have them.
func (t *Tying) Collect(ctx context.Context) error {
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
func (s *Settings) has(source string) bool { return slices.Contains(s.TieSources, source) }

// add notes a tie that holds from a period to another, and tells whether the window shows
// it. A weight of zero is no tie.
func (t *Tying) add(learner, source int32, weight float64, first, last int) bool {
	if weight == 0 || first > last || first > t.Window.Last || last < t.Window.First {
		return false
	}
	place := func(period int) int32 { return int32(min(max(period, t.Window.First), t.Window.Last) - t.Window.First) }
	t.Ties = append(t.Ties, spread.Tie{Learner: learner, Source: source, Weight: weight, From: place(first), Until: place(last)})
	return true
}

// fact counts a fact that makes ties.
func (t *Tying) fact(dated bool) {
	t.Counts.Facts++
	if !dated {
		t.Counts.Undated++
	}
}

func (t *Tying) addStudyTies(ctx context.Context) error {
	s := t.Population.Study
	kinds, err := s.kinds(t.TieKinds)
	if err != nil {
		return err
	}
	t.Evidence.study, t.Evidence.kinds = s, kinds
	members := make([]int32, len(s.ids)) // per participant, its place among members
	for i, id := range s.ids {
		members[i] = Outside
		if at, ok := t.Population.place(id); ok {
			members[i] = at
			t.Evidence.places = append(t.Evidence.places, int32(i))
		}
	}
	t.Counts.Outside += s.named.strays
	t.Ties = slices.Grow(t.Ties, len(s.named.source))
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

// Outside is the place of whoever is no member.
const Outside = -1

func (t *Tying) addNaming(s *Study, members []int32, learner int32, i int64) {
	n, source := &s.named, s.named.source[i]
	switch l, j := members[learner], members[source]; {
	case l == Outside && j == Outside:
	case l == Outside || j == Outside:
		t.leaveOut(s.asked[learner] && s.asked[source])
	default:
		if t.add(l, j, n.weight[i], int(n.first[i]), int(n.last[i])) && l != j {
			t.fact(true)
		}
	}
}

// leaveOut counts a tie with somebody who is no member.
func (t *Tying) leaveOut(asked bool) {
	if asked {
		t.Counts.Outside++
	} else {
		t.Counts.ToNotAsked++
	}
}

// kinds tells which kinds of ties are asked for; nil: all.
func (s *Study) kinds(asked []string) ([]bool, error) {
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

func (t *Tying) addLearnings(ctx context.Context) error {
	all, err := lineage.LearningsAt(ctx, t.View, nil)
	if err != nil {
		return err
	}
	t.Evidence.learned = map[[2]int32][]string{}
	for i := range all {
		l := &all[i]
		if t.TieConfidence != "" && t.TieConfidence != l.Confidence {
			continue
		}
		learner, in := t.Population.place(l.Learner)
		source, inToo := t.Population.place(l.Teacher)
		switch {
		case in && inToo:
			t.addLearning(l, learner, source)
		case in:
			t.leaveOut(t.Population.asked(l.Teacher))
		case inToo:
			t.leaveOut(t.Population.asked(l.Learner))
		}
	}
	return nil
}

func (t *Tying) addLearning(l *lineage.Learning, learner, source int32) {
	first := l.Year
	if l.Year == 0 {
		first = t.Window.First
	}
	if t.add(learner, source, 1, first, t.Window.Last) && learner != source {
		t.fact(l.Year != 0)
		pair := [2]int32{learner, source}
		t.Evidence.learned[pair] = append(t.Evidence.learned[pair], l.ID)
	}
}

// asked tells whether a party is one that the study asked, or that it has nothing to do with.
func (p *People) asked(id string) bool {
	if p.Study == nil {
		return true
	}
	at, enrolled := p.Study.place(id)
	return !enrolled || p.Study.asked[at]
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

func (t *Tying) addNetworks(ctx context.Context) error {
	b, err := lineage.BodiesAt(ctx, t.View)
	if err != nil {
		return err
	}
	all := t.newStakes()
	for _, network := range computed.SortedKeys(b.Rosters) {
		all.open()
		for _, s := range b.Rosters[network] {
			if at, ok := t.Population.place(s.Who); ok {
				first, last := ever, forever
				if s.Started != "" {
					first = lineage.YearOf(s.Started)
				}
				if s.Ended != "" {
					last = lineage.LastYearOf(s.Ended)
				}
				all.add(stake{member: at, first: first, last: last, dated: s.Started != "", fact: s.ID})
			}
		}
	}
	t.Evidence.networks = all
	return t.share(ctx, all, "SHARED_NETWORKS")
}

func (t *Tying) addEvents(ctx context.Context) error {
	years := map[string]int{}
	err := t.Engine.Each(ctx, "Event", nil, []string{"startsOn"}, nil, func(l computed.Line) error {
		years[l.Text(0)] = lineage.YearOf(l.Text(1))
		return nil
	})
	if err != nil {
		return err
	}
	parts := map[string][]stake{}
	err = t.Engine.Each(ctx, "Participation", nil, nil, []string{"participant", "event"}, func(l computed.Line) error {
		if at, ok := t.Population.place(l.Link(1)); ok {
			event := l.Link(2)
			s := stake{member: at, first: years[event], last: forever, dated: years[event] != 0, fact: l.Text(0)}
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
	for _, event := range computed.SortedKeys(parts) {
		all.open()
		for _, s := range parts[event] {
			all.add(s)
		}
	}
	t.Evidence.events = all
	return t.share(ctx, all, "SHARED_EVENTS")
}

func (t *Tying) newStakes() stakes { return stakes{of: make([][]stake, len(t.Population.IDs))} }

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
func (t *Tying) share(ctx context.Context, all stakes, source string) error {
	for _, in := range all.in {
		if len(t.Ties)+len(in)*(len(in)-1) > maxShared {
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
func (t *Tying) shareOne(in []stake, i int) (tied bool) {
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

// Facts are the ids of what ties a learner to a source, in natural order.
func (e *Evidence) Facts(learner, source int32) []string {
	facts := slices.Concat(e.learned[[2]int32{learner, source}], e.networks.between(learner, source), e.events.between(learner, source))
	if e.study != nil {
		facts = append(facts, e.answers(e.places[learner], e.places[source])...)
	}
	return slices.Compact(natural.Sort(facts))
}

// answers are the ids of the study's ties between two participants.
func (e *Evidence) answers(learner, source int32) []string {
	var facts []string
	n := &e.study.named
	for i, end := n.between(learner, source); i < end; i++ {
		if e.kinds == nil || e.kinds[n.kind[i]] {
			facts = append(facts, n.facts.at(int(i)))
		}
	}
	return facts
}
