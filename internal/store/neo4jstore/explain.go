package neo4jstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/internal/cypher"
	"nicgraph/internal/plan"
)

// Explain tells the operators that Neo4j chooses for each statement, the last to work
// first, with the rows that it expects of each. Nothing is executed.
func (q *query) Explain(ctx context.Context, params plan.Params) ([]string, error) {
	statements, err := cypher.Query(q.plan, params)
	if err != nil {
		return nil, err
	}
	var lines []string
	for i, st := range statements {
		root, err := q.store.operatorsOf(ctx, st)
		if err != nil {
			return nil, q.store.fault(ctx, err)
		}
		lines = operators(append(lines, fmt.Sprintf("statement %d", i+1)), root, 1)
	}
	return lines, nil
}

// operatorsOf asks how a statement would be executed.
func (s *Store) operatorsOf(ctx context.Context, st cypher.Statement) (neo4j.Plan, error) {
	session := s.session(ctx, neo4j.AccessModeRead)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	result, err := session.Run(ctx, "EXPLAIN "+st.Text, st.Params, timeLeft(ctx)...)
	if err != nil {
		return nil, err
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		return nil, err
	}
	return summary.Plan(), nil
}

// operators appends an operator and what feeds it, one line each. An operator with
// several inputs has all but the last further in, so that long chains stay at the margin.
func operators(lines []string, p neo4j.Plan, depth int) []string {
	name, _, _ := strings.Cut(p.Operator(), "@") // the database's name stands behind
	line := strings.Repeat("  ", depth) + name
	if details, ok := p.Arguments()["Details"].(string); ok && details != "" {
		line += " " + shortened(details)
	}
	if rows, ok := p.Arguments()["EstimatedRows"].(float64); ok {
		line += fmt.Sprintf(" (about %.0f rows)", rows)
	}
	lines = append(lines, line)
	inputs := p.Children()
	for i, input := range inputs {
		inner := depth
		if i < len(inputs)-1 {
			inner++
		}
		lines = operators(lines, input, inner)
	}
	return lines
}

// mostDetails bounds what is shown of an operator's details: those of projections hold
// the whole answer.
const mostDetails = 100

func shortened(details string) string {
	runes := []rune(strings.Join(strings.Fields(details), " "))
	if len(runes) > mostDetails {
		return string(runes[:mostDetails]) + "…"
	}
	return string(runes)
}
