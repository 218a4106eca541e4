[.allParties.nodes[] | [.rowId, .name, [.learningsByLearnerId.nodes[] | [.rowId, .started, .practiceByPracticeId.rowId, .practiceByPracticeId.name, .partyByTeacherId.rowId, .partyByTeacherId.name]]]]
