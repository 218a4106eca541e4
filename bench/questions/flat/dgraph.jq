[.queryPerson[] | [.__typename, .id, .name, (.aliases // "" | if . == "" then [] else split(";") end), .summary // ""]]
