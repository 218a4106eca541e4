package spreading

import (
	"context"
	"errors"
	"testing"

	"nicgraph/internal/computed"
	"nicgraph/internal/computed/computedtest"
	"nicgraph/internal/fault"
	"nicgraph/internal/spread"
	"nicgraph/internal/value"
)

func TestTreesAreWorkedOutOnceForEachRuleAndOrderOfTime(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	computedtest.Write(t, backend, village(t, cat, 60, 4)...)
	trees := func(args map[string]value.Value, rule string) *forest {
		f, err := spreadOver(t, e, args).forest(t.Context(), rule)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	nonStrict := map[string]value.Value{"input.timeOrder": value.OfEnum("NON_STRICT")}
	first := trees(nil, "EARLIEST")
	if again := trees(map[string]value.Value{"input.lag": value.OfInt(1)}, "EARLIEST"); again != first {
		t.Error("trees are worked out again for another lag")
	}
	for name, other := range map[string]*forest{"rule": trees(nil, "LATEST"), "order of time": trees(nonStrict, "EARLIEST")} {
		if other == first {
			t.Errorf("another %s has the same trees", name)
		}
	}
}

func TestWorkThatNobodyWaitsForIsNotDone(t *testing.T) {
	e, backend, cat := computedtest.Open(t)
	computedtest.Write(t, backend, village(t, cat, 60, 4)...)
	s := spreadOver(t, e, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, work := range map[string]func() (any, error){
		"cascades":      func() (any, error) { return s.cascades(ctx, computed.Args{}) },
		"learningEdges": func() (any, error) { return s.learningEdges(ctx)(computed.Args{}) },
		"reproduction":  func() (any, error) { return s.reproduction(ctx, computed.Args{}) },
		"temporalReach": func() (any, error) { return s.temporalReaches(ctx, computed.Args{}) },
	} {
		if _, err := work(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want that it was cancelled", name, err)
		}
	}
}

func TestTooMuchToFollowIsALimitThatSaysWhatToDo(t *testing.T) {
	for name, err := range map[string]error{
		"chains":        chainFault(bounded(spread.ErrWork)),
		"temporalReach": contactFault(bounded(spread.ErrWork)),
	} {
		if fault.KindOf(err) != fault.Limit {
			t.Errorf("%s: %v is of kind %v", name, err, fault.KindOf(err))
		}
	}
	if err := chainFault(spread.ErrNonStrict); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%v is of kind %v", err, fault.KindOf(err))
	}
}
