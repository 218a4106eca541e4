.person | [.id, .name, .summary]
