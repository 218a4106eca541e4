.getParty | [.id, .name, .summary // ""]
