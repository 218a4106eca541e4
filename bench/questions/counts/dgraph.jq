[.aggregatePerson.count, .aggregatePractice.count, .aggregateLearning.count,
 [.queryOrganization[] | [.id, .learningsAsLearnerAggregate.count, .learningsAsTeacherAggregate.count]]]
