package cypher

import (
	"strings"

	"nicgraph/internal/proposal"
)

// Labels of the proposals beside the graph.
//
//	NicgraphProposal  number, subject, key (missing: none), status, proposal (JSON)
var proposalSchema = []string{
	"CREATE CONSTRAINT nicgraph_proposal IF NOT EXISTS FOR (p:NicgraphProposal) REQUIRE p.number IS UNIQUE",
	"CREATE CONSTRAINT nicgraph_proposal_key IF NOT EXISTS FOR (p:NicgraphProposal) REQUIRE (p.subject, p.key) IS UNIQUE",
	"CREATE INDEX nicgraph_proposal_subject IF NOT EXISTS FOR (p:NicgraphProposal) ON (p.subject, p.number)",
	"CREATE INDEX nicgraph_proposal_status IF NOT EXISTS FOR (p:NicgraphProposal) ON (p.status, p.number)",
}

// LastProposal asks for the highest number that a proposal has, or had that was taken away; 0
// when there was none.
var LastProposal = Statement{Text: `MATCH (m:NicgraphMeta {id: 'nicgraph'})
OPTIONAL MATCH (p:NicgraphProposal)
WHERE p.number > coalesce(m.proposals, 0)
WITH m, max(p.number) AS newest
RETURN coalesce(newest, m.proposals, 0) AS answer`}

// KeyedProposal asks for the text of the proposal with a proposer's key.
func KeyedProposal(subject, key string) Statement {
	return Statement{
		Text:   "MATCH (p:NicgraphProposal {subject: $subject, key: $key})\nRETURN p.proposal AS answer",
		Params: map[string]any{"subject": subject, "key": key},
	}
}

// AddProposal writes a proposal whose number is new; text is all of it.
func AddProposal(p *proposal.Proposal, text string) Statement {
	return Statement{
		Text: "CREATE (p:NicgraphProposal)\nSET p = $proposal",
		Params: map[string]any{"proposal": map[string]any{
			"number": p.Number, "subject": p.Subject, "key": orNull(p.Key), "status": string(p.Status), "proposal": text,
		}},
	}
}

// LockProposal asks for the text of a proposal, and locks it against other writers.
func LockProposal(number int) Statement {
	return Statement{Text: "MATCH (p:NicgraphProposal {number: $number})\nSET p.number = p.number\nRETURN p.proposal AS answer", Params: map[string]any{"number": number}}
}

// SetProposal replaces what can change of a proposal.
func SetProposal(p *proposal.Proposal, text string) Statement {
	return Statement{
		Text:   "MATCH (p:NicgraphProposal {number: $number})\nSET p.status = $status, p.proposal = $proposal",
		Params: map[string]any{"number": p.Number, "status": string(p.Status), "proposal": text},
	}
}

// Proposals asks for proposals, the newest first: their texts.
func Proposals(ask *proposal.Ask) Statement {
	conditions, params := []string{"p.number > 0"}, map[string]any{"first": ask.First}
	given := func(condition, name string, v any, is bool) {
		if is {
			conditions, params[name] = append(conditions, condition), v
		}
	}
	given("p.number = $number", "number", ask.Number, ask.Number > 0)
	given("p.number < $before", "before", ask.Before, ask.Before > 0)
	given("p.subject = $subject", "subject", ask.Subject, ask.Subject != "")
	given("p.status = $status", "status", string(ask.Status), ask.Status != "")
	return Statement{
		Text:   "MATCH (p:NicgraphProposal)\nWHERE " + strings.Join(conditions, " AND ") + "\nWITH p ORDER BY p.number DESC LIMIT $first\nRETURN collect(p.proposal) AS answer",
		Params: params,
	}
}
