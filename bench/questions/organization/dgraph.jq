def learned: [.[] | [.id, .started[:4], .practice.name, .teacher.name, [.teacher.learningsAsLearner[].practice.name]]];
.getParty | [.id, .name, ([.memberships[].network | [.id, .name, .kind]] | sort), (.recent | learned), (.earlier | learned)]
