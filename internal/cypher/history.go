package cypher

import (
	"time"

	"nicgraph/internal/change"
)

// Labels of what the history is made of. None of them is Node, so no question about the
// graph meets them.
//
//	NicgraphChange   a change: number, at (microseconds), by, why, key and its counts
//	NicgraphCreated  ids of nodes that a change created, a thousand at a time
//	NicgraphState    a state that a change replaced: change, node, was (the change that made
//	                 it), gone (the change deleted the node), state (missing: there was nothing)
var historySchema = []string{
	"CREATE CONSTRAINT nicgraph_change IF NOT EXISTS FOR (c:NicgraphChange) REQUIRE c.number IS UNIQUE",
	"CREATE CONSTRAINT nicgraph_change_key IF NOT EXISTS FOR (c:NicgraphChange) REQUIRE c.key IS UNIQUE",
	"CREATE INDEX nicgraph_change_by IF NOT EXISTS FOR (c:NicgraphChange) ON (c.by, c.number)",
	"CREATE INDEX nicgraph_change_at IF NOT EXISTS FOR (c:NicgraphChange) ON (c.at)",
	"CREATE CONSTRAINT nicgraph_created IF NOT EXISTS FOR (c:NicgraphCreated) REQUIRE (c.change, c.place) IS UNIQUE",
	"CREATE CONSTRAINT nicgraph_state IF NOT EXISTS FOR (s:NicgraphState) REQUIRE (s.change, s.node) IS UNIQUE",
	"CREATE INDEX nicgraph_state_node IF NOT EXISTS FOR (s:NicgraphState) ON (s.node, s.was)",
}

// Lock makes other writers wait until the transaction has ended. A statement of its own: what
// one statement both reads and locks may have been read before the lock was had.
var Lock = Statement{Text: "MATCH (m:NicgraphMeta {id: 'nicgraph'})\nSET m.writer = randomUUID()"}

// Last asks for the number and the time of the newest change.
var Last = Statement{Text: "MATCH (m:NicgraphMeta {id: 'nicgraph'})\nRETURN [m.revision, m.at] AS answer"}

// Versions asks for the versions of nodes: pairs of id and version, of those that exist.
func Versions(ids []string) Statement {
	return Statement{
		Text:   "MATCH (n:Node)\nWHERE n.id IN $ids\nRETURN collect([n.id, n.version]) AS answer",
		Params: map[string]any{"ids": ids},
	}
}

// FirstVersions gives a version to nodes that were written before there were any.
var FirstVersions = Statement{Text: "MATCH (n:Node)\nWHERE n.version IS NULL\nSET n.version = 0"}

// Replaced is a state that a change replaces, as it is written.
type Replaced struct {
	ID    string
	Was   int
	Gone  bool
	State any // JSON text; nil: there was nothing
}

// Record writes a change into the history.
func Record(r *change.Recorded, created []string, replaced []Replaced) []Statement {
	all := []Statement{header(r)}
	all = append(all, chunks(putCreated, createdRows(r.Number, created))...)
	rows := make([]any, len(replaced))
	for i, old := range replaced {
		rows[i] = stateRow(r.Number, &old)
	}
	return append(all, chunks(putStates, rows)...)
}

const (
	putCreated = "UNWIND $rows AS row\nCREATE (:NicgraphCreated {change: row[0], place: row[1], ids: row[2]})"
	putStates  = "UNWIND $rows AS row\nCREATE (s:NicgraphState)\nSET s = row"
)

func stateRow(number int, old *Replaced) map[string]any {
	return map[string]any{"change": number, "node": old.ID, "was": old.Was, "gone": old.Gone, "state": old.State}
}

func header(r *change.Recorded) Statement {
	return Statement{
		Text:   "MATCH (m:NicgraphMeta {id: 'nicgraph'})\nSET m.revision = $change.number, m.at = $change.at\nCREATE (c:NicgraphChange)\nSET c = $change",
		Params: map[string]any{"change": headerRow(r)},
	}
}

func headerRow(r *change.Recorded) map[string]any {
	return map[string]any{
		"number": r.Number, "at": r.Note.At.UnixMicro(), "by": r.Note.By, "why": r.Note.Why, "key": orNull(r.Note.Key),
		"created": r.Summary.Created, "updated": r.Summary.Updated, "unchanged": r.Summary.Unchanged, "deleted": r.Summary.Deleted,
	}
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// createdRows puts a thousand ids into a row, ten rows at most into a statement's thousand.
func createdRows(number int, ids []string) []any {
	var rows []any
	for len(ids) > 0 {
		n := min(batchRows, len(ids))
		rows = append(rows, []any{number, len(rows), ids[:n]})
		ids = ids[n:]
	}
	return rows
}

const recorded = "[c.number, c.at, c.by, c.why, c.key, c.created, c.updated, c.unchanged, c.deleted]"

// Keyed asks for the change with a writer's key.
func Keyed(key string) Statement {
	return Statement{Text: "MATCH (c:NicgraphChange {key: $key})\nRETURN " + recorded + " AS answer", Params: map[string]any{"key": key}}
}

// Changes asks for changes: rows as recorded names them.
func Changes(ask *change.Ask) Statement {
	text := "MATCH (c:NicgraphChange)\nWHERE c.number > $after"
	params := map[string]any{"after": ask.After, "first": ask.First}
	if ask.Before > 0 {
		text, params["before"] = text+" AND c.number < $before", ask.Before
	}
	if ask.By != nil {
		text, params["by"] = text+" AND c.by = $by", *ask.By
	}
	if !ask.Since.IsZero() {
		text, params["since"] = text+" AND c.at >= $since", ask.Since.UnixMicro()
	}
	if !ask.Until.IsZero() {
		text, params["until"] = text+" AND c.at <= $until", ask.Until.UnixMicro()
	}
	order := "\nWITH c ORDER BY c.number"
	if ask.Backward {
		order += " DESC"
	}
	return Statement{Text: text + order + " LIMIT $first\nRETURN collect(" + recorded + ") AS answer", Params: params}
}

// ReadRecorded reads a row of Changes or Keyed.
func ReadRecorded(row []any) change.Recorded {
	number := func(i int) int { n, _ := row[i].(int64); return int(n) }
	text := func(i int) string { s, _ := row[i].(string); return s }
	at, _ := row[1].(int64)
	return change.Recorded{
		Number:  number(0),
		Note:    change.Note{At: time.UnixMicro(at).UTC(), By: text(2), Why: text(3), Key: text(4)},
		Summary: change.Summary{Created: number(5), Updated: number(6), Unchanged: number(7), Deleted: number(8)},
	}
}

// Deletions asks which nodes were deleted before: pairs of id and the number of the last
// change that did it.
func Deletions(ids []string) Statement {
	return Statement{
		Text:   "UNWIND $ids AS id\nMATCH (s:NicgraphState {node: id})\nWHERE s.was >= 0 AND s.gone\nWITH id, max(s.change) AS gone\nRETURN collect([id, gone]) AS answer",
		Params: map[string]any{"ids": ids},
	}
}

// Touched asks what a change found of each node that it wrote or deleted: pairs of id and state,
// null for none, by id from the one after an id on.
func Touched(number int, after string, first int) Statement {
	return Statement{
		Text: `CALL () {
  MATCH (c:NicgraphCreated {change: $number})
  UNWIND c.ids AS node
  RETURN node, null AS state
  UNION
  MATCH (s:NicgraphState {change: $number})
  RETURN s.node AS node, s.state AS state
}
WITH node, state
WHERE node > $after
WITH node, state ORDER BY node LIMIT $first
RETURN collect([node, state]) AS answer`,
		Params: map[string]any{"number": number, "after": after, "first": first},
	}
}

// Written asks for what changes found of one node, the newest first: pairs of number and state,
// null for none. The change that made the node first is not among them.
func Written(id string, before, first int) Statement {
	text, params := "MATCH (s:NicgraphState {node: $id})\nWHERE s.was >= 0", map[string]any{"id": id, "first": first}
	if before > 0 {
		text, params["before"] = text+" AND s.change < $before", before
	}
	return Statement{Text: text + "\nWITH s ORDER BY s.change DESC LIMIT $first\nRETURN collect([s.change, s.state]) AS answer", Params: params}
}

// Beginning asks which change made a node that was written since: its number, or null.
func Beginning(id string) Statement {
	return Statement{
		Text:   "MATCH (s:NicgraphState {node: $id})\nWHERE s.was >= 0\nWITH s ORDER BY s.change LIMIT 1\nRETURN s.was AS answer",
		Params: map[string]any{"id": id},
	}
}

// Nexts asks what the next change of a node found, given pairs of the number of a change and
// the id of a node that it wrote: triples of number, id and state, of those that have a next.
func Nexts(pairs []any) Statement {
	return Statement{
		Text:   "UNWIND $pairs AS pair\nMATCH (s:NicgraphState {node: pair[1], was: pair[0]})\nRETURN collect([s.was, s.node, s.state]) AS answer",
		Params: map[string]any{"pairs": pairs},
	}
}

// HowMuch asks how many nodes there are and how many states changes after one have replaced.
func HowMuch(number int) Statement {
	return Statement{
		Text:   "RETURN [COUNT { MATCH (:Node) }, COUNT { MATCH (s:NicgraphState) WHERE s.change > $number }] AS answer",
		Params: map[string]any{"number": number},
	}
}

// CreatedAfter asks for the nodes that changes created, from the row after one on: triples of
// number, place and ids.
func CreatedAfter(number, place int) Statement {
	return Statement{
		Text:   "MATCH (c:NicgraphCreated)\nWHERE c.change > $number OR c.change = $number AND c.place > $place\nWITH c ORDER BY c.change, c.place LIMIT 10\nRETURN collect([c.change, c.place, c.ids]) AS answer",
		Params: map[string]any{"number": number, "place": place},
	}
}

// ReplacedAfter asks for the states that changes replaced, from the one after a node of a change
// on: triples of number, id and state, null for none.
func ReplacedAfter(number int, node string) Statement {
	return Statement{
		Text:   "MATCH (s:NicgraphState)\nWHERE s.change >= $number AND s.node >= '' AND (s.change > $number OR s.node > $node)\nWITH s ORDER BY s.change, s.node LIMIT $first\nRETURN collect([s.change, s.node, s.state]) AS answer",
		Params: map[string]any{"number": number, "node": node, "first": batchRows},
	}
}
