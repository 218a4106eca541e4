package neo4jstore

import (
	"context"
	"errors"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/internal/fault"
)

// fault gives the driver's errors a kind and a sentence, once and for all of them.
// Faults of our own pass unchanged.
func (s *Store) fault(ctx context.Context, err error) error {
	var own *fault.Error
	var server *neo4j.Neo4jError
	var tries *neo4j.TransactionExecutionLimit
	switch {
	case err == nil || errors.As(err, &own):
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fault.Wrap(fault.Timeout, err, "Neo4j did not answer in the time allowed")
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &server):
		return s.serverFault(server)
	case errors.As(err, &tries) && len(tries.Errors) > 0: // it does not unwrap itself
		return s.fault(ctx, tries.Errors[len(tries.Errors)-1])
	case neo4j.IsConnectivityError(err):
		return s.unreachable(err)
	default:
		return err
	}
}

// marked is an error that tells the driver, too, when it passes.
func marked(err error) error {
	if server, ok := errors.AsType[*neo4j.Neo4jError](err); ok && unplanned(server) {
		server.MarkRetriable()
	}
	return err
}

// unplanned tells whether Neo4j had no plan of a statement before its indexes were others, or it had counted
// what there is anew, many times over. That passes, though it calls it a failure of the database, with a code
// that it has for others, too.
func unplanned(err *neo4j.Neo4jError) bool {
	return strings.Contains(err.Msg, "insanely frequent schema changes")
}

func (s *Store) unreachable(err error) error {
	return fault.Wrap(fault.Unavailable, err, "Neo4j at %s cannot be reached; check that it runs and that the address is right", s.config.URI)
}

// emptied is what is wrong where nothing tells which change is the newest: every graph begins with that.
func (s *Store) emptied() error {
	return fault.New(fault.Unavailable, "the graph in the Neo4j at %s is gone, somebody has emptied it; start nicgraph again, and it begins a new one", s.config.URI)
}

func (s *Store) serverFault(err *neo4j.Neo4jError) error {
	switch code := err.Code; {
	case strings.HasPrefix(code, "Neo.ClientError.Security."):
		return fault.Wrap(fault.Unavailable, err, "Neo4j at %s does not let user %q in; check user name and password", s.config.URI, s.config.User)
	case strings.Contains(code, "TransactionTimedOut"):
		return fault.Wrap(fault.Timeout, err, "Neo4j did not answer in the time allowed")
	case strings.Contains(code, "MemoryPoolOutOfMemory"), strings.Contains(code, "TransactionOutOfMemory"):
		return fault.Wrap(fault.Limit, err, "Neo4j has not enough memory for this; ask for less or in smaller pages, or, for a large import, give it more heap")
	case strings.Contains(code, "DatabaseNotFound"):
		return fault.Wrap(fault.Unavailable, err, "Neo4j at %s has no database %q", s.config.URI, s.config.Database)
	case strings.HasPrefix(code, "Neo.TransientError."), unplanned(err):
		return fault.Wrap(fault.Unavailable, err, "Neo4j at %s cannot do this now; try again", s.config.URI)
	default:
		return err
	}
}
