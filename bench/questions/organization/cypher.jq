def learned: [.[] | [.id, .started[:4], .practice, .teacher, .practices]];
.rows[0] | [.id, .name, ([.networks[] | [.id, .name, .kind]] | sort), (.recent | learned), (.earlier | learned)]
