// Package analytics is all computed fields of the served schema together: those that need
// little work, such as the search, the viewer and the history, are its own. Lineage, spread and
// the shape of networks it leaves to packages of theirs, and what a computed field is to
// package computed.
package analytics

import (
	"maps"

	"nicgraph/internal/computed"
	"nicgraph/internal/lineage"
	"nicgraph/internal/shape"
	"nicgraph/internal/spreading"
)

// Fields are the computed fields of the served schema, by name.
func Fields() map[string]computed.Field {
	all := map[string]computed.Field{
		"search":     find,
		"viewer":     viewer,
		"change":     changeOf,
		"changes":    changesOf,
		"lastChange": lastChange,
		"history":    historyOf,
	}
	for _, some := range []map[string]computed.Field{lineage.Fields(), spreading.Fields(), shape.Fields()} {
		maps.Copy(all, some)
	}
	return all
}

// Checks are for the computed fields whose arguments are checked before anything is read.
func Checks() map[string]computed.Check {
	all := map[string]computed.Check{
		"search":  checkSearch,
		"changes": checkChanges,
		"history": checkHistory,
	}
	for _, some := range []map[string]computed.Check{spreading.Checks(), shape.Checks()} {
		maps.Copy(all, some)
	}
	return all
}
