.rows[0] | [.people, .practices, .learnings, .organizations]
