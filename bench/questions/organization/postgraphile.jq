def learned: [.nodes[] | [.rowId, .started[:4], .practiceByPracticeId.name, .partyByTeacherId.name, [.partyByTeacherId.learningsByLearnerId.nodes[].practiceByPracticeId.name]]];
.partyByRowId | [.rowId, .name, ([.membershipsByMemberId.nodes[].partyByNetworkId | [.rowId, .name, .kind]] | sort), (.recent | learned), (.earlier | learned)]
