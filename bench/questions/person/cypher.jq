.rows[0] | [.id, .name, .summary]
