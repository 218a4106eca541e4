// Package fault names the few kinds of failure that a caller can act on.
// How a kind looks on the wire is decided once, at the GraphQL and HTTP edges.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of failure happened, and so what a caller can do.
type Kind uint8

// The kinds, in the order in which the GraphQL error codes list them.
const (
	Internal    Kind = iota // a bug or an unknown cause; details are logged, never sent
	Invalid                 // the input is wrong; the message says what to change
	NotFound                // a thing that the input names does not exist
	Conflict                // somebody else changed it first
	Limit                   // the request is larger than this server allows
	Timeout                 // the time allowed ran out
	Unavailable             // a store or a port cannot be reached now
)

// Error carries a kind and a sentence for the person who asked; Cause is for operators.
type Error struct {
	Kind    Kind
	Message string
	Cause   error
	Path    []string // where in the request, as the response keys from the root; may be empty
}

func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.Cause.Error()
}

func (e *Error) Unwrap() error { return e.Cause }

// New makes an error of a kind with a sentence for the person who asked.
func New(kind Kind, format string, args ...any) error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Wrap gives cause a kind and a sentence; the sentence must be safe to send.
func Wrap(kind Kind, cause error, format string, args ...any) error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// At adds the place in the request to a fault that has none yet.
func At(err error, path []string) error {
	if e, ok := errors.AsType[*Error](err); ok && e.Path == nil {
		placed := *e
		placed.Path = path
		return &placed
	}
	return err
}

// KindOf tells the kind of the outermost fault in err's chain, Internal when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
