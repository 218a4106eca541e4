def learned: [.[] | [.id, .started[:4], .practice[0].name, .teacher[0].name, [.teacher[0].learningsAsLearner[].practice[0].name]]];
.organizations[0] | [.id, .name, ([.memberships[].network[0] | [.id, .name, .kind]] | sort), (.recent | learned), (.earlier | learned)]
