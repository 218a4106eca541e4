package neo4jstore

import (
	"context"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/internal/fault"
)

func TestAFailureIsToldAlsoAfterTheDriversTries(t *testing.T) {
	full := &neo4j.Neo4jError{Code: "Neo.TransientError.General.MemoryPoolOutOfMemoryError", Msg: "The allocation of an extra 6 MiB"}
	for name, err := range map[string]error{"at once": full, "after tries": &neo4j.TransactionExecutionLimit{Cause: "timeout", Errors: []error{full, full}}} {
		t.Run(name, func(t *testing.T) {
			got := new(Store).fault(context.Background(), err)
			if fault.KindOf(got) != fault.Limit || !strings.Contains(got.Error(), "not enough memory") {
				t.Errorf("the error is %v", got)
			}
		})
	}
}

func TestAStatementThatCouldNotBePlannedIsTriedAgain(t *testing.T) {
	for message, again := range map[string]bool{
		"Could not compile query due to insanely frequent schema changes": true,
		"The disk is full": false,
	} {
		t.Run(message, func(t *testing.T) {
			failed := func() error {
				return marked(&neo4j.Neo4jError{Code: "Neo.DatabaseError.Statement.ExecutionFailed", Msg: message})
			}
			if passing(failed()) != again || neo4j.IsRetryable(failed()) != again {
				t.Errorf("a read is tried again: %t, a write: %t; want %t", passing(failed()), neo4j.IsRetryable(failed()), again)
			}
			if told := fault.KindOf(new(Store).fault(t.Context(), failed())); (told == fault.Unavailable) != again {
				t.Errorf("in the end it is fault %v", told)
			}
		})
	}
}
