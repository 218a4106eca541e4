[.rows[] | [.id, .name, [.learnings[] | [.id, .started, .practice.id, .practice.name, .teacher.id, .teacher.name]]]]
