[.organizations.nodes[] | [.id, .name, [.learningsAsLearner.nodes[] | [.id, .started, .practice.id, .practice.name, .teacher.id, .teacher.name]]]]
