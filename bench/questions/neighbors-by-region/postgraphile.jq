.allParties | [.totalCount, [.nodes[] | [.rowId, .name]]]
