[.learnings.groups.groups[] | [.keys[0].value, .keys[1].value, .count]] | sort
