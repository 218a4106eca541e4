package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"nicgraph/internal/fault"
	"nicgraph/internal/population"
	"nicgraph/internal/spreading"
	"nicgraph/internal/tabular"
)

// spreadQuestion takes a SpreadInput through the compiler, so that it means what it means
// in every other question.
const spreadQuestion = `query($input: SpreadInput!) { spread(input: $input) { memberCount } }`

func parseSpread(schema *ast.Schema) (*ast.QueryDocument, error) {
	doc, faults := gqlparser.LoadQueryWithRules(schema, spreadQuestion, nil)
	if len(faults) > 0 {
		return nil, fmt.Errorf("read the question about spread: %w", faults)
	}
	return doc, nil
}

// Spread brings what a question about spread is about. The input is a SpreadInput as the
// variable of a question holds it: JSON, with json.Number for numbers.
func (e *Edge) Spread(ctx context.Context, input map[string]any) (*spreading.Spread, error) {
	operation := e.spread.Operations[0]
	variables, err := validator.VariableValues(e.schema, operation, map[string]any{"input": input})
	if err != nil {
		told := inOurWords(e.schema, operation, err)
		return nil, fault.New(fault.Invalid, "%s", strings.TrimPrefix(told, "$")) // an input is no variable to who gives it
	}
	ready, err := e.prepare(&graphql.OperationContext{RawQuery: spreadQuestion, Doc: e.spread, Operation: operation, Variables: variables})
	if err != nil {
		return nil, err
	}
	return spreading.Of(ctx, e.computed, ready.prepared.Plan, ready.params)
}

// Tables of spread, for statistics programs.
const (
	PersonPeriod = "person-period"
	Edges        = "edges"
)

// TableOptions say what a person-period table holds. A list of ties takes none.
type TableOptions struct {
	Covariates   []string // columns that tell people apart: type, kind, region, country
	LeftCensored bool     // also the rows of left-censored adopters
}

// SpreadTable makes the table with a name. The input is that of Spread.
func (e *Edge) SpreadTable(ctx context.Context, name string, input map[string]any, o TableOptions) (t *tabular.Table, err error) {
	if name != PersonPeriod && name != Edges {
		return nil, fault.New(fault.Invalid, "there is no table %q of spread; there are %s and %s", name, PersonPeriod, Edges)
	}
	leave, err := e.reads.Enter(ctx, dearest)
	if err != nil {
		return nil, err
	}
	defer leave()
	s, err := e.Spread(ctx, input)
	if err != nil {
		return nil, err
	}
	if name == Edges {
		t = (&tabular.Edges{Panel: s.Panel, IDs: s.IDs}).Table()
	} else if t, err = personPeriod(ctx, s, o); err != nil {
		return nil, err
	}
	asked, err := json.Marshal(input)
	if err != nil {
		return nil, fmt.Errorf("note the input in the table: %w", err)
	}
	t.About("spread_input", string(asked))
	return t, nil
}

func personPeriod(ctx context.Context, s *spreading.Spread, o TableOptions) (*tabular.Table, error) {
	if s.Counts.Unobserved > 0 {
		return nil, fault.New(fault.Invalid, "the study %s holds no adoptions, so that nobody knows who adopted and when; ask for %s", s.Settings.Study, Edges)
	}
	covariates, err := covariatesOf(ctx, s, o.Covariates)
	if err != nil {
		return nil, err
	}
	exposure, err := s.Exposure(ctx, s.Settings.Lag)
	if err != nil {
		return nil, err
	}
	degrees, err := s.Degrees(ctx)
	if err != nil {
		return nil, err
	}
	rows := tabular.PersonPeriod{
		Panel: s.Panel, IDs: s.IDs, Groups: s.Groups, Exposure: exposure, Degrees: degrees,
		Observed: s.Observed(), Covariates: covariates, LeftCensored: o.LeftCensored,
	}
	return rows.Table(), nil
}

// covariateNames are the covariates that can be asked for.
var covariateNames = []string{"type", "kind", "region", "country"}

// covariatesOf makes the columns that are asked for by name.
func covariatesOf(ctx context.Context, s *spreading.Spread, names []string) ([]tabular.Covariate, error) {
	columns := make([]tabular.Covariate, len(names))
	for k, name := range names {
		if !slices.Contains(covariateNames, name) || slices.Contains(names[:k], name) {
			return nil, fault.New(fault.Invalid, "covariates: %q is not one of %s, each asked for once", name, strings.Join(covariateNames, ", "))
		}
		columns[k] = tabular.Covariate{Name: name, Value: make([]string, len(s.IDs))}
	}
	if len(names) == 0 {
		return nil, nil
	}
	all, err := s.Covariates(ctx)
	if err != nil {
		return nil, err
	}
	for k, name := range names {
		for i, c := range all {
			columns[k].Value[i] = valueOf(c, name)
		}
	}
	return columns, nil
}

func valueOf(c population.Covariate, name string) string {
	switch name {
	case "type":
		return c.Type
	case "kind":
		return c.Kind
	case "region":
		return c.Region
	case "country":
		return c.Country
	default:
		panic(name)
	}
}
