def learned: [.nodes[] | [.id, .started[:4], .practice.name, .teacher.name, [.teacher.learningsAsLearner.nodes[].practice.name]]];
.organization | [.id, .name, ([.memberships.nodes[].network | [.id, .name, .kind]] | sort), (.recent | learned), (.earlier | learned)]
