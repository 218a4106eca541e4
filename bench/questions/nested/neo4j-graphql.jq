[.organizations[] | [.id, .name, [.learningsAsLearner[] | [.id, .started, .practice[0].id, .practice[0].name, .teacher[0].id, .teacher[0].name]]]]
