// Package compile turns a GraphQL operation into a plan. It alone knows GraphQL's
// syntax tree; it expects documents that have passed validation against the schema.
package compile

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// Compiler compiles operations of one schema over one catalog. It may be used by many
// goroutines at once.
type Compiler struct {
	schema  *ast.Schema
	catalog *catalog.Catalog
	writes  map[string]write // by the field of Mutation
}

// New makes a compiler for the served schema that was derived with the catalog.
func New(schema *ast.Schema, cat *catalog.Catalog) *Compiler {
	return &Compiler{schema: schema, catalog: cat, writes: writesOf(cat)}
}

// Operation is an operation of a validated document, with the part that its variables
// play: those that only stand for values stay open in the plan, those that decide its
// structure (conditions, inputs of filters and orders) are put into it.
type Operation struct {
	compiler   *Compiler
	definition *ast.OperationDefinition
	variables  []variable
}

// Operation studies an operation once, so that its plans are made quickly.
func (c *Compiler) Operation(definition *ast.OperationDefinition) *Operation {
	return &Operation{compiler: c, definition: definition, variables: c.study(definition)}
}

// Plan makes the plan for variables of the given shape: see Specialize.
func (o *Operation) Plan(vars map[string]any) (*plan.Plan, error) {
	if o.definition.Operation != ast.Query {
		return nil, fault.New(fault.Invalid, "this is a %s, not a question; ask a mutation with dryRun: true what it would do", o.definition.Operation)
	}
	b := &builder{Compiler: o.compiler, vars: vars, open: o.openNames(vars)}
	p := &plan.Plan{Catalog: o.compiler.catalog}
	var err error
	p.Query, p.Shape, err = b.root(o.definition.SelectionSet)
	if err != nil {
		return nil, err
	}
	p.Unread = b.unread
	return p, nil
}

// builder makes one plan.
type builder struct {
	*Compiler
	vars map[string]any  // coerced variables
	open map[string]bool // the variables that stay open
	path []string        // response keys down to the field being compiled
	day  *day            // inside asOf: when what is shown must hold

	unread     []*plan.Many
	conditions int // of all filters so far
	described  int // bytes of introspection so far
}

// maxConditions bounds the conditions of all filters of an operation, each entry of an
// input object counting as one. A filter may still go to any depth.
const maxConditions = 500

// condition counts a condition and refuses one too many.
func (b *builder) condition() error {
	if b.conditions++; b.conditions > maxConditions {
		return fault.New(fault.Limit, "the question has more than %d conditions in its filters, this server's limit; use in with a list, or ask in several requests", maxConditions)
	}
	return nil
}

// at runs do with a response key added to the path, which its fault then tells.
func (b *builder) at(key string, do func() error) error {
	b.path = append(b.path, key)
	defer func() { b.path = b.path[:len(b.path)-1] }()
	if err := do(); err != nil {
		return fault.At(err, slices.Clone(b.path))
	}
	return nil
}
