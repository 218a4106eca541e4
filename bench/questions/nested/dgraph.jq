[.queryOrganization[] | [.id, .name, [.learningsAsLearner[] | [.id, .started, .practice.id, .practice.name, .teacher.id, .teacher.name]]]]
