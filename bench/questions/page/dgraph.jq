# It has no cursors.
.queryLearning | {rows: [.[:$asked.first][] | [.id, .started, .stage]], more: (length > $asked.first)}
