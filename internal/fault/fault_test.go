package fault_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"nicgraph/internal/fault"
)

func TestKindOf(t *testing.T) {
	limit := fault.New(fault.Limit, "%d is too many", 3)
	for _, test := range []struct {
		name string
		err  error
		want fault.Kind
	}{
		{"a fault has its kind", limit, fault.Limit},
		{"a fault keeps its kind under other words", fmt.Errorf("ask: %w", limit), fault.Limit},
		{"the outermost fault counts", fault.Wrap(fault.Timeout, limit, "too late"), fault.Timeout},
		{"any other error is internal", io.EOF, fault.Internal},
		{"no error is internal too", nil, fault.Internal},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := fault.KindOf(test.err); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}

func TestAFaultTellsItsSentenceAndItsCause(t *testing.T) {
	err := fault.Wrap(fault.Unavailable, io.EOF, "the store %s is gone", "x")
	if got, want := err.Error(), "the store x is gone: EOF"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is not found")
	}
	if got, want := fault.New(fault.Invalid, "no").Error(), "no"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAtGivesAFaultAPlaceOnce(t *testing.T) {
	bare := fault.New(fault.Invalid, "no")
	placed := fault.At(fault.At(bare, []string{"a", "b"}), []string{"c"})
	f, ok := errors.AsType[*fault.Error](placed)
	if !ok || !slices.Equal(f.Path, []string{"a", "b"}) {
		t.Errorf("got %+v", placed)
	}
	if original, _ := errors.AsType[*fault.Error](bare); original.Path != nil {
		t.Error("the fault itself was changed")
	}
	if err := fault.At(io.EOF, []string{"a"}); !errors.Is(err, io.EOF) {
		t.Errorf("another error became %v", err)
	}
}

func TestAListTellsAllItsFaultsAndIsOfTheKindOfTheFirst(t *testing.T) {
	list := fault.List{fault.In(fault.NotFound, []any{"input", 0, "hub"}, "no hub"), fault.New(fault.Invalid, "no name")}
	err := fmt.Errorf("write: %w", list)
	if got, want := list.Error(), "no hub; no name"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := fault.KindOf(err); got != fault.NotFound {
		t.Errorf("the kind is %d", got)
	}
	if got := len(fault.Each(err)); got != 2 {
		t.Errorf("%d faults", got)
	}
	if got := fault.Each(io.EOF); len(got) != 1 || !errors.Is(got[0], io.EOF) {
		t.Errorf("one error became %v", got)
	}
}
