[.allParties.nodes[] | [.type, .rowId, .name, (.aliases // "" | if . == "" then [] else split(";") end), .summary // ""]]
