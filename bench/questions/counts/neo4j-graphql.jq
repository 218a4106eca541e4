def count: .aggregate.count.nodes;
[(.peopleConnection | count), (.practicesConnection | count), (.learningsConnection | count),
 [.organizations[] | [.id, .learningsAsLearnerConnection.totalCount, .learningsAsTeacherConnection.totalCount]]]
