.peopleConnection | [.totalCount, [.edges[].node | [.id, .name]]]
