package analytics

// Fields are the computed fields of the served schema, by name.
func Fields() map[string]Field {
	return map[string]Field{
		"search":          find,
		"upstream":        upstream,
		"downstream":      downstream,
		"learningPaths":   learningPaths,
		"origins":         origins,
		"learnedFrom":     learnedFrom,
		"cohortFlow":      cohortFlow,
		"sharedPractices": sharedPractices,
		"connectors":      connectors,
		"contacts":        contacts,
		"spread":          spreadOf,
		"analysis":        analysisOf,
		"viewer":          viewer,
		"change":          changeOf,
		"changes":         changesOf,
		"lastChange":      lastChange,
		"history":         historyOf,
	}
}

// Checks are the computed fields whose arguments are checked before anything is read.
func Checks() map[string]Check {
	return map[string]Check{
		"search":   checkSearch,
		"spread":   checkSpread,
		"analysis": checkAnalysis,
		"changes":  checkChanges,
		"history":  checkHistory,
	}
}
