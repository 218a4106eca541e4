[.people.totalCount, .allPractices.totalCount, .allLearnings.totalCount,
 [.allParties.nodes[] | [.rowId, .learningsByLearnerId.totalCount, .learningsByTeacherId.totalCount]]]
