{rows: [.rows[:$asked.first][] | [.id, .started, .stage]], more: (.rows | length > $asked.first), end: (.rows[:$asked.first] | last.id)}
