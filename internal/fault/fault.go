// Package fault names the few kinds of failure that a caller can act on.
// How a kind looks on the wire is decided once, at the GraphQL and HTTP edges.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure happened, and so what a caller can do.
type Kind uint8

// The kinds, in the order in which the GraphQL error codes list them.
const (
	Internal        Kind = iota // a bug or an unknown cause; details are logged, never sent
	Invalid                     // the input is wrong; the message says what to change
	NotFound                    // a thing that the input names does not exist
	Conflict                    // somebody else changed it first
	Limit                       // the request is larger than this server allows
	Timeout                     // the time allowed ran out
	Unavailable                 // a store or a port cannot be reached now
	Overloaded                  // there is more to do than can be done now
	Unauthenticated             // nobody has said who asks, and somebody must
	Forbidden                   // who asks may not do this
)

// Error carries a kind and a sentence for the person who asked; Cause is for operators.
type Error struct {
	Kind    Kind
	Message string
	Cause   error
	Path    []string // where in the request, as the response keys from the root; may be empty
	Input   []any    // where in the arguments of that field: names and places in lists; may be empty
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

// In makes an error about a part of an argument.
func In(kind Kind, input []any, format string, args ...any) error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...), Input: input}
}

// List is several errors that were found together. It is of the kind of the first.
type List []error

// Error tells all of them.
func (l List) Error() string {
	texts := make([]string, len(l))
	for i, err := range l {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap gives the errors.
func (l List) Unwrap() []error { return l }

// Each lists the errors of a List, or the one that err is.
func Each(err error) []error {
	if list, ok := errors.AsType[List](err); ok {
		return list
	}
	return []error{err}
}

// KindOf tells the kind of the outermost fault in err's chain, Internal when there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
