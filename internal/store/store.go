// Package store is the graph's store as the rest of the program sees it: what every
// backend would do alike is done here once. How nodes are kept is left to a Backend.
package store

import (
	"context"
	"errors"
	"io"
	"time"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/search"
	"nicgraph/internal/value"
)

// Backend keeps the graph. Its methods may be called at any time from any goroutine.
// It returns faults (package fault) where it knows the kind, plain errors elsewhere.
type Backend interface {
	// Prepare makes a plan ready to run on this backend.
	Prepare(*plan.Plan) (Query, error)

	// Apply writes a batch as a whole or not at all: when it returns without an error
	// the change survives a crash, and every later Run sees it. It checks the batch
	// (change.Batch.Check) against the state that it changes, refuses to delete what
	// is still linked to, and writes only what differs. Repeating it changes nothing.
	// progress, when not nil, is told how many nodes are done, of how many.
	Apply(ctx context.Context, batch *change.Batch, progress func(done, total int)) (change.Outcome, error)

	// Preview does what Apply would do, shows what the graph would be, and keeps nothing. The
	// backend that look is shown is for reading, and for as long as look takes; a passing
	// failure may have it called again. Its error is returned with the outcome.
	Preview(ctx context.Context, batch *change.Batch, look func(Backend) error) (change.Outcome, error)

	// At is the graph as a change left it, for reading; 0 is before the first change. It
	// takes about as long as going back over the changes since. A change that is not there is
	// fault.NotFound, one that is too far back fault.Limit.
	At(ctx context.Context, number int) (Backend, error)

	// Changes lists the changes of the history that are asked for.
	Changes(ctx context.Context, ask *change.Ask) ([]change.Recorded, error)

	// Entries lists what a change did to each node, in ascending order of their ids, from the
	// one after an id on; first of them at most. There are none of a change that is not there.
	Entries(ctx context.Context, number int, after string, first int) ([]change.Entry, error)

	// NodeHistory lists what was done to a node, the newest first: before the change with a
	// number, 0 for all; first of them at most. A node that is gone, or that came back, has one too.
	NodeHistory(ctx context.Context, id string, before, first int) ([]change.Entry, error)

	// Aliases are the ids that stand for nodes into which theirs were merged. They are not to be changed.
	Aliases(ctx context.Context) (change.Aliases, error)

	// Aliased lists the aliases that a change made, and those that ended by it, by id.
	Aliased(ctx context.Context, number int) ([]change.Alias, error)

	// Search brings what search.Query.Find would of the documents of all nodes of the types.
	Search(ctx context.Context, ask *search.Ask) (search.Page, error)

	// Ready tells whether the backend can answer now.
	Ready(ctx context.Context) error

	// Empty tells whether no node is stored.
	Empty(ctx context.Context) (bool, error)

	// Revision is the number of the newest change, and costs next to nothing to ask for. A
	// state that passes, such as Preview shows, has one from Passing on.
	Revision(ctx context.Context) (uint64, error)

	Close() error
}

// Passing is the first revision of states that nobody meets again.
const Passing = 1 << 63

// Query is a plan that a backend has made ready. It may be run by many goroutines at
// once; one Run sees one state of the graph where the backend can (see the backends).
type Query interface {
	// Run brings the rows. Paging arguments have been checked before. The caller owns
	// the result.
	Run(ctx context.Context, params plan.Params) (*plan.Result, error)
}

// Binder is a Query that can do once, for all runs with the same variables, what depends on nothing
// else. Implement it where that is much.
type Binder interface {
	// Bind is the query with these variables, which are not to be changed; it is run with the same.
	Bind(params plan.Params) (Query, error)
}

// Explainer is a Query that can tell how it would be run, and why so. Implement it where
// the backend has a choice.
type Explainer interface {
	// Explain tells it in lines for a person. It reads no more than what decides.
	Explain(ctx context.Context, params plan.Params) ([]string, error)
}

// Inspector is a Backend that can check how it keeps things. Implement it where there is
// something that reads do not see.
type Inspector interface {
	// Inspect tells every fault that it finds in a sentence. The error is one of reading.
	Inspect(ctx context.Context, tell func(fault string)) error
}

// Archiver is a Backend that can write all that it holds, as it is at one moment.
type Archiver interface {
	// Backup writes a backup (package archive) while others read and write.
	Backup(ctx context.Context, w io.Writer) error
}

// Steadier is a Backend whose reads can be of one state together. Implement it where each read
// sees one state and the next may see another.
type Steadier interface {
	// Steady is a context whose reads are all of the state that is the present one now.
	Steady(ctx context.Context) context.Context
}

// Dater is a Backend that knows when the nodes of a type were last written. Implement it where
// that costs nothing.
type Dater interface {
	// Version is a number that is a larger one after every change of nodes of some types, of
	// their links, and of what links to them.
	Version(ctx context.Context, types catalog.TypeSet) uint64
}

// Limits bound what a read may take.
type Limits struct {
	Timeout time.Duration // of one read; 0: as long as ctx allows
}

// Store is a backend behind the checks that all backends share.
type Store struct {
	backend Backend
	limits  Limits
}

// New puts the shared checks before a backend.
func New(backend Backend, limits Limits) *Store { return &Store{backend: backend, limits: limits} }

// Prepared is a plan ready to run.
type Prepared struct {
	Plan   *plan.Plan
	query  Query
	store  *Store
	pages  []*plan.Many
	groups []*plan.Groups
	folded []plan.Operand // texts to compare with whatever their case and accents, and cursors
}

// Prepare makes a plan ready to run.
func (s *Store) Prepare(p *plan.Plan) (*Prepared, error) {
	query, err := s.backend.Prepare(p)
	if err != nil {
		return nil, err
	}
	return &Prepared{Plan: p, query: query, store: s, pages: plan.Pages(p), groups: plan.AllGroups(p), folded: folded(p)}, nil
}

func folded(p *plan.Plan) (operands []plan.Operand) {
	for _, c := range plan.Comparisons(p) {
		if c.Kind == value.Text && !c.CaseSensitive {
			operands = append(operands, c.Operand)
		}
	}
	for _, many := range plan.Pages(p) {
		operands = append(operands, many.After, many.Before)
	}
	return operands
}

// maxFolded bounds the bytes of all texts that a question compares with, those in cursors
// among them, each counted where it stands: folding a byte takes up to a microsecond.
const maxFolded = 64 << 10

// Check tells what is wrong with the paging arguments and the texts to compare with under
// the given variables. It must have passed before Run.
func (p *Prepared) Check(params plan.Params) error {
	for _, many := range p.pages {
		if _, err := many.Page(params); err != nil {
			return fault.At(err, many.Path)
		}
	}
	for _, groups := range p.groups {
		if _, _, err := groups.Range(params); err != nil {
			return fault.At(err, groups.Path)
		}
	}
	return p.checkFolded(params)
}

func (p *Prepared) checkFolded(params plan.Params) error {
	bytes := 0
	for _, operand := range p.folded {
		v := operand.Value(params)
		bytes += len(v.Str)
		for i := range v.List() {
			bytes += len(v.List()[i].Str)
		}
	}
	if bytes > maxFolded {
		return fault.New(fault.Limit, "the texts to compare with and the cursors hold %d bytes together and this server allows %d; use shorter ones, or ask in parts", bytes, maxFolded)
	}
	return nil
}

// Bind is the same for the runs with these variables. What cannot be bound fails when it is run.
func (p *Prepared) Bind(params plan.Params) *Prepared {
	binder, ok := p.query.(Binder)
	if !ok {
		return p
	}
	query, err := binder.Bind(params)
	if err != nil {
		return p
	}
	bound := *p
	bound.query = query
	return &bound
}

// Run brings the rows.
func (p *Prepared) Run(ctx context.Context, params plan.Params) (*plan.Result, error) {
	ctx, cancel := p.store.bounded(ctx)
	defer cancel()
	query, err := p.on(ctx)
	if err != nil {
		return nil, err
	}
	result, err := query.Run(ctx, params)
	return result, inTime(ctx, err)
}

// on is the plan made ready for the state of the graph that a context asks for.
func (p *Prepared) on(ctx context.Context) (Query, error) {
	if other := Asked(ctx); other != nil {
		return other.Prepare(p.Plan)
	}
	return p.query, nil
}

// Explain tells, in lines for a person, how the store would run the plan; none when it
// has nothing to tell. Check must have passed before.
func (p *Prepared) Explain(ctx context.Context, params plan.Params) ([]string, error) {
	explainer, ok := p.query.(Explainer)
	if !ok {
		return nil, nil
	}
	ctx, cancel := p.store.bounded(ctx)
	defer cancel()
	lines, err := explainer.Explain(ctx, params)
	return lines, inTime(ctx, err)
}

// Search brings a page of what is found, as Backend says.
func (s *Store) Search(ctx context.Context, ask *search.Ask) (search.Page, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	page, err := s.of(ctx).Search(ctx, ask)
	return page, inTime(ctx, err)
}

// bounded is the context of one read.
func (s *Store) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.limits.Timeout <= 0 {
		return ctx, func() {}
	}
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= s.limits.Timeout { // that of the request, mostly
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.limits.Timeout)
}

// inTime says so when a read has failed for want of time, and not because the store
// was away for as long.
func inTime(ctx context.Context, err error) error {
	if err != nil && fault.KindOf(err) != fault.Unavailable && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fault.Wrap(fault.Timeout, err, "the question took longer than this server allows; ask for less, or in smaller pages")
	}
	return err
}

// onKey is the name under which a context carries another state of the graph.
type onKey struct{}

// On makes all reads of a context be of another state of the graph than the present one:
// what Backend.Preview shows, or Backend.At brings.
func On(ctx context.Context, other Backend) context.Context {
	return context.WithValue(ctx, onKey{}, other)
}

// Asked is the state of the graph that a context asks for, nil for the present one.
func Asked(ctx context.Context) Backend {
	other, _ := ctx.Value(onKey{}).(Backend)
	return other
}

// of is the state of the graph that a context asks for.
func (s *Store) of(ctx context.Context) Backend {
	if other := Asked(ctx); other != nil {
		return other
	}
	return s.backend
}

// Steady is a context whose reads are all of one state, where the backend can.
func (s *Store) Steady(ctx context.Context) context.Context {
	if steadier, ok := s.backend.(Steadier); ok {
		return steadier.Steady(ctx)
	}
	return ctx
}

// Preview does what Apply would do and keeps nothing. look reads, under its context, what
// the graph would be; it may be called again.
func (s *Store) Preview(ctx context.Context, batch *change.Batch, look func(context.Context) error) (change.Outcome, error) {
	return s.backend.Preview(ctx, batch, func(b Backend) error { return look(On(ctx, b)) })
}

// At is a context whose reads are of the graph as a change left it.
func (s *Store) At(ctx context.Context, number int) (context.Context, error) {
	bounded, cancel := s.bounded(ctx)
	defer cancel()
	past, err := s.backend.At(bounded, number)
	if err != nil {
		return nil, inTime(bounded, err)
	}
	return On(ctx, past), nil
}

// Entries lists what a change did to each node, as Backend says.
func (s *Store) Entries(ctx context.Context, number int, after string, first int) ([]change.Entry, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	entries, err := s.of(ctx).Entries(ctx, number, after, first)
	return entries, inTime(ctx, err)
}

// NodeHistory lists what was done to a node, as Backend says.
func (s *Store) NodeHistory(ctx context.Context, id string, before, first int) ([]change.Entry, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	entries, err := s.of(ctx).NodeHistory(ctx, id, before, first)
	return entries, inTime(ctx, err)
}

// Aliases are the ids that stand for others, as Backend says.
func (s *Store) Aliases(ctx context.Context) (change.Aliases, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	aliases, err := s.of(ctx).Aliases(ctx)
	return aliases, inTime(ctx, err)
}

// Aliased lists what a change did to aliases, as Backend says.
func (s *Store) Aliased(ctx context.Context, number int) ([]change.Alias, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	aliased, err := s.of(ctx).Aliased(ctx, number)
	return aliased, inTime(ctx, err)
}

// Inspect has the backend check how it keeps things, where it can.
func (s *Store) Inspect(ctx context.Context, tell func(fault string)) error {
	if inspector, ok := s.backend.(Inspector); ok {
		return inspector.Inspect(ctx, tell)
	}
	return nil
}

// Backup writes all that the backend holds, as it is at one moment.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	archiver, ok := s.backend.(Archiver)
	if !ok {
		return fault.New(fault.Invalid, "this store cannot be backed up")
	}
	return archiver.Backup(ctx, w)
}

// Apply writes a batch as a whole or not at all.
func (s *Store) Apply(ctx context.Context, batch *change.Batch, progress func(done, total int)) (change.Outcome, error) {
	return s.backend.Apply(ctx, batch, progress)
}

// Changes lists the changes of the history that are asked for.
func (s *Store) Changes(ctx context.Context, ask *change.Ask) ([]change.Recorded, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	changes, err := s.of(ctx).Changes(ctx, ask)
	return changes, inTime(ctx, err)
}

// Ready tells whether the store can answer now.
func (s *Store) Ready(ctx context.Context) error { return s.backend.Ready(ctx) }

// Empty tells whether no node is stored.
func (s *Store) Empty(ctx context.Context) (bool, error) { return s.backend.Empty(ctx) }

// Revision is a number that is another one after every change.
func (s *Store) Revision(ctx context.Context) (uint64, error) { return s.of(ctx).Revision(ctx) }

// Version is a number that is a larger one after every change of nodes of some types; known is
// false where only the revision tells, as of all states but the present.
func (s *Store) Version(ctx context.Context, types catalog.TypeSet) (version uint64, known bool) {
	dater, ok := s.backend.(Dater)
	if !ok || Asked(ctx) != nil {
		return 0, false
	}
	return dater.Version(ctx, types), true
}

// Close releases the backend.
func (s *Store) Close() error { return s.backend.Close() }
