[.people.nodes[] | [.__typename, .id, .name, .aliases, .summary]]
