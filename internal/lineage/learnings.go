package lineage

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"nicgraph/internal/computed"
	"nicgraph/internal/diffusion"
	"nicgraph/internal/natural"
	"nicgraph/internal/value"
)

// Learning is that somebody learned a practice from somebody.
type Learning struct {
	ID, Learner, Teacher, Practice, Stage, Confidence string
	Year                                              int // the one that the written date names first; 0: no date
}

// learningsName is the key of learnings.
type learningsName struct{ about string }

// LearningsAt are the learnings of some practices, ascending, at a revision, by id in natural
// order; nil: those of all. They are shared by requests.
func LearningsAt(ctx context.Context, v computed.View, practices []string) ([]Learning, error) {
	return computed.ReadOf(ctx, v, readFrom, learningsName{joined(practices)}, func(ctx context.Context) ([]Learning, error) {
		var all []Learning
		properties, links := []string{"started", "confidence", "stage"}, []string{"learner", "teacher", "practice"}
		err := v.Engine.Each(ctx, "Learning", v.Engine.LinkedTo("Learning", "practice", practices), properties, links, func(l computed.Line) error {
			all = append(all, Learning{
				ID: l.Text(0), Year: YearOf(l.Text(1)), Confidence: l.Text(2), Stage: l.Text(3),
				Learner: l.Link(4), Teacher: l.Link(5), Practice: l.Link(6),
			})
			return nil
		})
		slices.SortFunc(all, func(a, b Learning) int { return natural.Compare(a.ID, b.ID) })
		return all, err
	})
}

// readFrom are the types of the nodes that learnings are read from: a learning names the others by
// their ids alone, which never change.
var readFrom = []string{"Learning", "Practice"}

// joined makes a key of practices.
func joined(practices []string) string { return strings.Join(practices, " ") }

// Steps are the learnings of some practices as steps from party to party. They are immutable
// and shared by requests.
type Steps struct {
	*diffusion.Network
	sources lists // per step, the ids of its sources
	kinds   []kind
}

// lists are many short lists of ids.
type lists struct {
	all  []string
	ends []uint32
}

func (l *lists) of(i int32) []string {
	first := uint32(0)
	if i > 0 {
		first = l.ends[i-1]
	}
	return l.all[first:l.ends[i]]
}

// kind is how many steps are alike in all that questions choose by, but for the practice and dates.
type kind struct {
	like  diffusion.Step
	count int
}

// stepsName is the key of steps.
type stepsName struct{ about string }

// stepsAt are the learnings of some practices, ascending, at a revision; nil: those of all.
func stepsAt(ctx context.Context, v computed.View, practices []string) (*Steps, error) {
	return computed.ReadOf(ctx, v, readFrom, stepsName{joined(practices)}, func(ctx context.Context) (*Steps, error) {
		r := stepReader{parties: map[string]int{}, kinds: map[diffusion.Step]int{}, dates: map[dated]days{}}
		properties, links := []string{"started", "datePrecision", "confidence", "channelKind"}, []string{"learner", "teacher", "practice", "sources"}
		err := v.Engine.Each(ctx, "Learning", v.Engine.LinkedTo("Learning", "practice", practices), properties, links, r.read)
		if err != nil {
			return nil, err
		}
		return r.done(), nil
	})
}

// stepsOf are the steps about some practices that all computed fields of a request use.
func stepsOf(ctx context.Context, e *computed.Engine, practices []string) (*Steps, error) {
	return computed.Once(ctx, e, stepsName{joined(practices)}, func(ctx context.Context, v computed.View) (*Steps, error) {
		return stepsAt(ctx, v, practices)
	})
}

// stepReader makes steps of learnings as they are read, which is by id.
type stepReader struct {
	steps   []diffusion.Step
	sources lists
	parties map[string]int // in the order in which they are met
	kinds   map[diffusion.Step]int
	dates   map[dated]days // there are few of many learnings
}

// dated is how a learning is dated, and days what that may mean.
type (
	dated struct{ date, precision string }
	days  struct {
		known            bool
		widened, written diffusion.Span
	}
)

func (r *stepReader) read(l computed.Line) error {
	s := diffusion.Step{
		ID: l.Text(0), Confidence: l.Text(3), Channel: l.Text(4),
		To: r.party(l.Link(5)), From: r.party(l.Link(6)), Practice: l.Link(7),
	}
	days := r.days(dated{l.Text(1), l.Text(2)})
	s.Dated, s.Widened, s.Written = days.known, days.widened, days.written
	r.steps = append(r.steps, s)
	r.sources.all = l.AppendLinks(r.sources.all, 8)
	r.sources.ends = append(r.sources.ends, uint32(len(r.sources.all)))
	r.kinds[diffusion.Step{Confidence: s.Confidence, Channel: s.Channel, Dated: s.Dated}]++
	return nil
}

func (r *stepReader) party(id string) int {
	at, met := r.parties[id]
	if !met {
		at = len(r.parties)
		r.parties[id] = at
	}
	return at
}

func (r *stepReader) days(of dated) days {
	known, met := r.dates[of]
	if !met {
		widened, is := interval(of.date)
		written, _ := interval(asWritten(of.date, of.precision))
		known = days{is, diffusion.Span{First: widened.From, Last: widened.To}, diffusion.Span{First: written.From, Last: written.To}}
		r.dates[of] = known
	}
	return known
}

// done puts the parties in order.
func (r *stepReader) done() *Steps {
	parties := computed.SortedKeys(r.parties)
	places := make([]int, len(parties))
	for at, id := range parties {
		places[r.parties[id]] = at
	}
	for i := range r.steps {
		s := &r.steps[i]
		s.From, s.To = places[s.From], places[s.To]
	}
	all := &Steps{Network: diffusion.NewNetwork(parties, r.steps), sources: r.sources}
	for like, count := range r.kinds {
		all.kinds = append(all.kinds, kind{like, count})
	}
	return all
}

// YearOf is the year that a date names first, 0 when there is none.
func YearOf(date string) int {
	if len(date) < 4 {
		return 0
	}
	year, _ := strconv.Atoi(date[:4])
	return year
}

// LastYearOf is the last year that a date may mean as it is written.
func LastYearOf(date string) int {
	days, err := value.ParseWritten(date)
	if err != nil {
		return YearOf(date)
	}
	return YearOf(value.FormatDay(days.To))
}

// interval is what a stored date may mean; ok is false when there is none.
func interval(date string) (span value.Interval, ok bool) {
	if date == "" {
		return span, false
	}
	span, err := value.ParseDate(date)
	return span, err == nil
}

// asWritten is the text of the table for a date that is kept wider than it was written.
func asWritten(date, precision string) string {
	switch precision {
	case "APPROXIMATE":
		return strings.TrimSuffix(date, "~")
	case "SCHOOL_YEAR":
		year, _, _ := strings.Cut(date, "-")
		return year
	default:
		return date
	}
}
