package compile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/proposal"
	"nicgraph/internal/value"
	"nicgraph/internal/withdraw"
)

// Mutation is an operation that writes: its steps, to be done one after the other, and how
// what came of them is told. The plan reads nothing by itself: it has a slot for the record of
// each step.
type Mutation struct {
	Plan  *plan.Plan
	Steps []Step
}

// Step is a write that an operation asks for, or something to be done with a proposal or with the
// record of a person.
type Step struct {
	change.Request
	Decision   *Decision         // nil unless with a proposal
	Withdrawal *withdraw.Request // nil unless with the record of a person
	Slot       int               // of the plan's root
	Path       []string          // the response key
}

// Decision is something to be done with a proposal.
type Decision struct {
	Action proposal.Action
	ID     string // of the proposal
	Text   string // what is said
}

// String is the decision in one line: APPROVE proposal 3.
func (d *Decision) String() string { return fmt.Sprintf("%s proposal %s", d.Action, d.ID) }

func (s *Step) String() string {
	switch {
	case s.Decision != nil:
		return s.Decision.String()
	case s.Withdrawal != nil:
		return s.Withdrawal.String()
	default:
		return s.Request.String()
	}
}

// decisions are the fields of Mutation that decide on proposals.
var decisions = map[string]proposal.Action{
	"approveProposal": proposal.Approve, "rejectProposal": proposal.Reject, "withdrawProposal": proposal.Withdraw,
	"askAboutProposal": proposal.Question, "answerProposal": proposal.Answer,
}

// withdrawals are the fields of Mutation that are about records of persons.
var withdrawals = map[string]withdraw.Action{"hidePerson": withdraw.Hide, "showPerson": withdraw.Show, "erasePerson": withdraw.Erase}

// Withdraws tells whether a step is about the record of a person.
func (m *Mutation) Withdraws() bool {
	return slices.ContainsFunc(m.Steps, func(s Step) bool { return s.Withdrawal != nil })
}

// String prints the steps, then the plan.
func (m *Mutation) String() string {
	var b strings.Builder
	for i := range m.Steps {
		b.WriteString(m.Steps[i].String())
		b.WriteByte('\n')
	}
	return b.String() + m.Plan.String()
}

// write is what a field of Mutation does.
type write struct {
	action change.Action
	typ    *catalog.Type
}

func writesOf(cat *catalog.Catalog) map[string]write {
	all := make(map[string]write, 4*len(cat.Types)+2)
	all[change.Revert.String()] = write{action: change.Revert}
	all[change.Merge.String()] = write{action: change.Merge}
	for _, t := range cat.Types {
		for _, action := range []change.Action{change.Create, change.Update, change.Upsert, change.Delete} {
			all[action.String()+t.Collective()] = write{action, t}
		}
	}
	return all
}

// Mutation makes the steps and the plan for variables that have passed Specialize.
func (o *Operation) Mutation(vars map[string]any) (*Mutation, error) {
	b := &builder{Compiler: o.compiler, vars: vars, open: o.openNames(vars)}
	m := &Mutation{Plan: &plan.Plan{Catalog: o.compiler.catalog}}
	s := newSlots(0)
	shape, err := b.shapeOf([]ast.SelectionSet{o.definition.SelectionSet}, func(g *group) (plan.Out, error) { return b.mutationField(m, s, g) })
	if err != nil {
		return nil, err
	}
	m.Plan.Query, m.Plan.Shape, m.Plan.Unread = s.row, shape, b.unread
	return m, nil
}

func (b *builder) mutationField(m *Mutation, s *slots, g *group) (plan.Out, error) {
	f := g.field()
	if f.Name == "__typename" {
		return typename(f), nil
	}
	step, err := b.step(f)
	if err != nil {
		return nil, err
	}
	row, shape, err := b.record(g.selections()...)
	if err != nil {
		return nil, err
	}
	count := plan.Args{"first": plan.Operand{Const: value.OfInt(step.most())}} // what the answer's lists may hold
	step.Slot = s.add(0, &plan.Computed{Field: f.Name, Args: count, ID: -1, Row: row, Path: step.Path})
	m.Steps = append(m.Steps, *step)
	return recordOut(step.Slot, f.Definition.Type, shape), nil
}

// step reads the arguments of a field of Mutation.
func (b *builder) step(f *ast.Field) (*Step, error) {
	step := &Step{Path: slices.Clone(b.path)}
	w, writes := b.writes[f.Name]
	action, decides := decisions[f.Name]
	withdrawal, withdraws := withdrawals[f.Name]
	switch {
	case writes:
		step.Request = change.Request{Action: w.action, Type: w.typ}
	case decides:
		step.Decision = &Decision{Action: action}
	case withdraws:
		step.Withdrawal = &withdraw.Request{Action: withdrawal}
	default:
		return nil, fault.New(fault.Internal, "nobody writes %s", f.Name)
	}
	for _, def := range f.Definition.Arguments {
		v, err := b.argument(f, def.Name)
		if err != nil {
			return nil, err
		}
		switch {
		case decides:
			step.Decision.take(def.Name, v)
		case withdraws:
			takeWithdrawal(step.Withdrawal, def.Name, v)
		default:
			step.take(def.Name, plain(v))
		}
	}
	return step, nil
}

// most is how many nodes the answer may hold.
func (s *Step) most() int64 {
	switch {
	case s.Decision != nil, s.Withdrawal != nil:
		return 1
	case s.Action == change.Revert:
		return plan.MaxPage
	case s.Action == change.Merge:
		return plan.DefaultPage // as many fields as a type may have
	default:
		return int64(len(s.Input))
	}
}

// take puts an argument into the decision: the proposal, or what is said.
func (d *Decision) take(name string, v any) {
	text, _ := v.(string)
	if name == "id" {
		d.ID = text
		return
	}
	d.Text = text
}

// takeWithdrawal puts an argument into a request about the record of a person.
func takeWithdrawal(r *withdraw.Request, name string, v any) {
	switch name {
	case "id":
		r.ID, _ = v.(string)
	case "number":
		number, _ := v.(int64)
		r.Number = int(number)
	case "why":
		r.Note.Why, _ = v.(string)
	case "dryRun":
		r.DryRun, _ = v.(bool)
	default:
		panic(name)
	}
}

// take puts an argument into the request; one that is missing stays as it is.
func (s *Step) take(name string, v any) {
	switch name {
	case "change":
		number, _ := v.(int64)
		s.Change = int(number)
	case "keep":
		s.Keep, _ = v.(string)
	case "remove":
		s.Remove, _ = v.(string)
	case "why":
		s.Why, _ = v.(string)
	case "key":
		s.Key, _ = v.(string)
	case "dryRun":
		s.DryRun, _ = v.(bool)
	case "mode":
		s.WithFacts = v == "WITH_FACTS"
	case "input":
		list, _ := v.([]any)
		s.Input = make([]change.Input, len(list))
		for i, input := range list {
			s.Input[i], _ = input.(map[string]any)
		}
	default:
		panic(name)
	}
}

// plain makes maps of the objects in a resolved value.
func plain(v any) any {
	switch v := v.(type) {
	case *object:
		fields := make(map[string]any, len(v.names))
		for i, name := range v.names {
			fields[name] = plain(v.values[i])
		}
		return fields
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		return v
	default:
		return v
	}
}

// inputType is the type as which a field of an input object is coerced. A date to be written
// is taken as any text: package edit tells all that is wrong with an input at once.
func (c *Compiler) inputType(def *ast.Definition, f *ast.FieldDefinition) *ast.Type {
	if f.Type.NamedType == "Date" && isWritten(def.Name) {
		return ast.NamedType("String", f.Type.Position)
	}
	return f.Type
}

// isWritten tells whether an input type is that of a node to be written.
func isWritten(name string) bool {
	return strings.HasSuffix(name, "Create") || strings.HasSuffix(name, "Update")
}
