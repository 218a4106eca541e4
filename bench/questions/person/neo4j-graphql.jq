.people[0] | [.id, .name, .summary]
