// Package effort is what an operation took: its executor notes it, and the log of requests
// tells it. What costs how much it leaves to the plan.
package effort

import "github.com/99designs/gqlgen/graphql"

// Spent is what an operation took. What is 0 was not noted.
type Spent struct {
	Cost int // as the limit counts it
	Rows int // that were read, the root among them
}

// key is the name under which the statistics of an operation keep it.
const key = "nicgraph.spent"

// Note notes what an operation took.
func Note(oc *graphql.OperationContext, spent Spent) { oc.Stats.SetExtension(key, spent) }

// Of is what an operation took.
func Of(oc *graphql.OperationContext) Spent {
	spent, _ := oc.Stats.GetExtension(key).(Spent)
	return spent
}
