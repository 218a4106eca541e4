.people | [.totalCount, [.nodes[] | [.id, .name]]]
