package httpserver

import (
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/prepared"
)

// known keeps queries that were made ready, by the bytes of the bodies that asked for them: who asks in the
// same bytes again need not wait until they are read, validated and planned again. It keeps no
// answers. When the young have grown too many they become the old, and the old that nobody
// asked for meanwhile are forgotten.
type known struct {
	mu         sync.RWMutex
	young, old map[string]answerable
	size       int // of the young
}

// answerable is a query that can be answered.
type answerable struct {
	operation *ast.OperationDefinition
	prepared.Operation
}

// What is known takes some twenty times its text, which bounds it to 16 MB, half of it young.
const (
	sizeOfKnown  = 8 << 20
	timesText    = 20
	leastOfKnown = 1 << 10
	longestKnown = 8 << 10
)

func newKnown() *known { return &known{young: map[string]answerable{}} }

// find finds what was made of a body. The zero value is nothing.
func (k *known) find(body []byte) answerable {
	k.mu.RLock()
	found, young := k.young[string(body)]
	if !young {
		found = k.old[string(body)]
	}
	k.mu.RUnlock()
	if !young && found.Operation != nil {
		k.keep(body, found)
	}
	return found
}

// keep keeps what was made of a body, unless it is too large.
func (k *known) keep(body []byte, made answerable) {
	if len(body) > longestKnown || !made.Lasting() {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.size > sizeOfKnown {
		k.young, k.old, k.size = map[string]answerable{}, k.young, 0
	}
	if _, again := k.young[string(body)]; !again {
		k.young[string(body)] = made
		k.size += leastOfKnown + timesText*len(body)
	}
}
