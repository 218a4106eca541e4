[.rows[] | [.id, .name, .learners]]
