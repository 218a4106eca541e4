// Package effort is what an operation took: its executor notes it, and the log of requests
// tells it. What costs how much it leaves to the plan.
package effort

import "github.com/99designs/gqlgen/graphql"

// Kind is what is counted.
type Kind string

// What is counted, by the names under which the operation's statistics keep it.
const (
	Cost Kind = "nicgraph.cost" // as the limit counts it
	Rows Kind = "nicgraph.rows" // that were read
)

// Note notes what an operation took.
func Note(oc *graphql.OperationContext, kind Kind, n int) {
	oc.Stats.SetExtension(string(kind), n)
}

// Of is what an operation took; ok is false where nothing was noted.
func Of(oc *graphql.OperationContext, kind Kind) (n int, ok bool) {
	n, ok = oc.Stats.GetExtension(string(kind)).(int)
	return n, ok
}
