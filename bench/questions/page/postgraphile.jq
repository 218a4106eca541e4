.allLearnings | {rows: [.nodes[] | [.rowId, .started, .stage]], more: .pageInfo.hasNextPage, end: .pageInfo.endCursor}
