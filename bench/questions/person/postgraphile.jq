.partyByRowId | [.rowId, .name, .summary // ""]
