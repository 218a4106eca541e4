[.practices.nodes[] | [.id, .name, .adopters.totalCount]]
