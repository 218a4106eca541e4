.learnings | {rows: [.nodes[] | [.id, .started, .stage]], more: .pageInfo.hasNextPage, end: .pageInfo.endCursor}
