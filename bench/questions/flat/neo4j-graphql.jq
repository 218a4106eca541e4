[.people[] | [.__typename, .id, .name, .aliases, .summary]]
