[.learnings.facets[] | [.values[] | select(.value != null) | [.value, .count]] | sort]
