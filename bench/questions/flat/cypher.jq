[.rows[] | [.__typename, .id, .name, .aliases, .summary]]
