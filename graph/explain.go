package graph

import (
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"nicgraph/internal/compile"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/wording"
)

// Explain compiles one operation of a document without any store. operation may be
// empty when the document has only one.
func Explain(query, operation string, vars map[string]any) (*plan.Plan, plan.Params, error) {
	schema, err := loadSchema()
	if err != nil {
		return nil, nil, err
	}
	domain, err := Domain()
	if err != nil {
		return nil, nil, err
	}
	doc, faults := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
	for i, f := range faults {
		faults[i] = wording.Of(schema, nil, f)
	}
	if len(faults) > 0 {
		return nil, nil, fault.New(fault.Invalid, "the question is not valid: %s", strings.TrimSpace(faults.Error()))
	}
	definition := doc.Operations.ForName(operation)
	if definition == nil {
		return nil, nil, fault.New(fault.Invalid, "the document has no operation %q, or several and none was chosen", operation)
	}
	coerced, err := validator.VariableValues(schema, definition, vars)
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "the variables do not fit: %s", inOurWords(schema, definition, err))
	}
	op := compile.New(schema, domain.Catalog()).Operation(definition)
	_, params, err := op.Specialize(coerced)
	if err != nil {
		return nil, nil, err
	}
	p, err := op.Plan(coerced)
	return p, params, err
}
