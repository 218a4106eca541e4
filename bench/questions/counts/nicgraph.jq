[.people.totalCount, .practices.totalCount, .learnings.totalCount, [.organizations.nodes[] | [.id, .learningsAsLearner.totalCount, .learningsAsTeacher.totalCount]]]
