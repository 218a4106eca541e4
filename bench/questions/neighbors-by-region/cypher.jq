.rows[0] | [.total, [.people[] | [.id, .name]]]
