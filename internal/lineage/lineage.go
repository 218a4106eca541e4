// Package lineage answers who learned from whom, over how many steps, and what flowed between
// cohorts: computed fields over the learning network, which it reads once for each revision.
// Following chains it leaves to package diffusion.
package lineage

import "nicgraph/internal/computed"

// Fields are the computed fields about lineage and cohorts, by name.
func Fields() map[string]computed.Field {
	return map[string]computed.Field{
		"upstream":        upstream,
		"downstream":      downstream,
		"learningPaths":   learningPaths,
		"origins":         origins,
		"learnedFrom":     learnedFrom,
		"cohortFlow":      cohortFlow,
		"sharedPractices": sharedPractices,
		"connectors":      connectors,
		"contacts":        contacts,
	}
}
