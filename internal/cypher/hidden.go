package cypher

import (
	"nicgraph/internal/change"
	"nicgraph/internal/proposal"
	"nicgraph/internal/withdraw"
)

// Labels of what is hidden beside the graph.
//
//	NicgraphHidden  number, hidden (JSON)
//
// In the meta node stand withdrawn, the number of the change that hid, showed or erased something
// last, and proposals, the highest number of a proposal that was taken away.
var hiddenSchema = []string{
	"CREATE CONSTRAINT nicgraph_hidden IF NOT EXISTS FOR (h:NicgraphHidden) REQUIRE h.number IS UNIQUE",
}

// Withdrawn asks for the number of the newest change, and that of the last one that hid, showed
// or erased something.
var Withdrawn = Statement{Text: "MATCH (m:NicgraphMeta {id: 'nicgraph'})\nRETURN [m.revision, coalesce(m.withdrawn, 0)] AS answer"}

// SetWithdrawn notes that a change hid, showed or erased something, and the highest number of
// the proposals that went.
func SetWithdrawn(number, proposal int) Statement {
	return Statement{
		Text: `MATCH (m:NicgraphMeta {id: 'nicgraph'})
SET m.withdrawn = $number, m.proposals = CASE WHEN coalesce(m.proposals, 0) < $proposal THEN $proposal ELSE coalesce(m.proposals, 0) END`,
		Params: map[string]any{"number": number, "proposal": proposal},
	}
}

// LedOnce asks which nodes led to some nodes in a state that the history keeps; others that
// name them in a text may be among them.
func LedOnce(ids []string) Statement {
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = `"` + id + `"`
	}
	return Statement{
		Text:   "MATCH (s:NicgraphState)\nWHERE any(id IN $ids WHERE s.state CONTAINS id)\nRETURN collect(DISTINCT s.node) AS answer",
		Params: map[string]any{"ids": quoted},
	}
}

// StatesOf asks for the states of nodes that the history keeps, those of each node in the order
// of the changes: rows of node, change, was, gone and state, as Replaced has them.
func StatesOf(ids []string) Statement {
	return Statement{
		Text:   "MATCH (s:NicgraphState)\nWHERE s.node IN $ids AND s.was >= 0\nWITH s ORDER BY s.node, s.change\nRETURN collect([s.node, s.change, s.was, s.gone, s.state]) AS answer",
		Params: map[string]any{"ids": ids},
	}
}

// ForgetStates takes the states of nodes out of the history.
func ForgetStates(ids []string) []Statement {
	return chunks("UNWIND $rows AS id\nMATCH (s:NicgraphState {node: id})\nWHERE s.was >= 0\nDELETE s", anyOf(ids))
}

// PutStates writes states into the history, as changes found them.
func PutStates(changes []int, replaced []Replaced) []Statement {
	rows := make([]any, len(replaced))
	for i, old := range replaced {
		rows[i] = stateRow(changes[i], &old)
	}
	return chunks(putStates, rows)
}

// CreatedBy asks for the ids of the nodes that a change created: lists of them.
func CreatedBy(number int) Statement {
	return Statement{
		Text:   "MATCH (c:NicgraphCreated {change: $number})\nWITH c ORDER BY c.place\nRETURN collect(c.ids) AS answer",
		Params: map[string]any{"number": number},
	}
}

// SetCreated replaces the ids of the nodes that a change created.
func SetCreated(number int, ids []string) []Statement {
	clear := Statement{Text: "MATCH (c:NicgraphCreated {change: $number})\nDELETE c", Params: map[string]any{"number": number}}
	return append([]Statement{clear}, chunks(putCreated, createdRows(number, ids))...)
}

// SetHeaders replaces what changes say of themselves.
func SetHeaders(changes []change.Recorded) []Statement {
	rows := make([]any, len(changes))
	for i := range changes {
		rows[i] = headerRow(&changes[i])
	}
	return chunks("UNWIND $rows AS row\nMATCH (c:NicgraphChange {number: row.number})\nSET c = row", rows)
}

// DropProposals takes proposals away.
func DropProposals(all []proposal.Proposal) []Statement {
	rows := make([]any, len(all))
	for i := range all {
		rows[i] = all[i].Number
	}
	return chunks("UNWIND $rows AS number\nMATCH (p:NicgraphProposal {number: number})\nDELETE p", rows)
}

// AllAliased asks for all that changes did to aliases: rows as Aliases has them, then the number
// of the change.
var AllAliased = Statement{Text: "MATCH (a:NicgraphAliased)\nRETURN collect([a.id, a.into, a.since, a.change]) AS answer"}

// Unalias takes back what is told of aliases.
func Unalias(all []withdraw.Aliased) []Statement {
	return chunks("UNWIND $rows AS row\nMATCH (a:NicgraphAliased {change: row.change, id: row.id})\nDELETE a", aliasedRows(all))
}

// Realias tells of aliases again.
func Realias(all []withdraw.Aliased) []Statement { return chunks(putAliased, aliasedRows(all)) }

func aliasedRows(all []withdraw.Aliased) []any {
	rows := make([]any, len(all))
	for i, a := range all {
		rows[i] = map[string]any{"change": a.Change, "id": a.ID, "into": a.Into, "since": a.Since}
	}
	return rows
}

// SetAliases replaces the aliases that stand.
func SetAliases(all change.Aliases) []Statement {
	return append([]Statement{{Text: "MATCH (a:NicgraphAlias)\nDELETE a"}}, putAliases(all)...)
}

// Hidden asks for what is hidden before a number, the newest first: the texts.
func Hidden(before, first int) Statement {
	return Statement{
		Text:   "MATCH (h:NicgraphHidden)\nWHERE h.number < $before\nWITH h ORDER BY h.number DESC LIMIT $first\nRETURN collect(h.hidden) AS answer",
		Params: map[string]any{"before": before, "first": first},
	}
}

// PutHidden writes what is hidden under a number.
func PutHidden(number int, text string) Statement {
	return Statement{Text: "MERGE (h:NicgraphHidden {number: $number})\nSET h.hidden = $hidden", Params: map[string]any{"number": number, "hidden": text}}
}

// DropHidden forgets what is hidden under some numbers.
func DropHidden(numbers []int) Statement {
	return Statement{Text: "MATCH (h:NicgraphHidden)\nWHERE h.number IN $numbers\nDELETE h", Params: map[string]any{"numbers": numbers}}
}

func anyOf[E any](all []E) []any {
	rows := make([]any, len(all))
	for i, one := range all {
		rows[i] = one
	}
	return rows
}
