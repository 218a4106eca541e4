package edit

import "nicgraph/internal/fault"

// maxFaults bounds how many faults are told at once.
const maxFaults = 100

// faults gathers what is wrong with a request.
type faults struct {
	list fault.List
	more int
}

func (f *faults) add(kind fault.Kind, at []any, format string, args ...any) {
	if len(f.list) == maxFaults {
		f.more++
		return
	}
	f.list = append(f.list, fault.In(kind, at, format, args...))
}

// err is all of them, nil when there are none.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	if f.more > 0 {
		return append(f.list, fault.New(fault.Invalid, "and %d more faults", f.more))
	}
	return f.list
}

// in is a place in the inputs: the field of the i-th, and perhaps a place in its list.
func in(i int, field string, place ...any) []any {
	return append([]any{"input", i, field}, place...)
}
