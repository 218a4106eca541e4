package change

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
)

// Request is a write as somebody asks for it: what an input leaves out and what it gives as
// null can be told apart. Package edit makes a batch of it.
type Request struct {
	Action    Action
	Type      *catalog.Type // nil: of a Revert or a Merge
	Input     []Input
	Change    int    // of a Revert: the number of the change
	Keep      string // of a Merge: the id of the node that stays
	Remove    string // of a Merge: that of the one that becomes part of it
	WithFacts bool   // of a deletion: what cannot be without the node goes too
	Why, Key  string
	DryRun    bool
	Expect    map[string]int // the versions that nodes of the input must have, beside those in it; Absent: it must not exist
}

// Input is one node of a request: texts, int64, float64, bool and lists of texts by the names
// of properties and links; nil for null.
type Input map[string]any

// Action is what is to be done with the nodes of a request.
type Action uint8

// The actions.
const (
	Create Action = iota
	Update
	Upsert // create what does not exist, update the rest
	Delete
	Revert // make all that a change wrote as it was before
	Merge  // join two nodes that stand for the same
)

var actionNames = [...]string{"create", "update", "upsert", "delete", "revert", "merge"}

func (a Action) String() string { return actionNames[a] }

// ID is the id that an input gives, empty when it leaves it out.
func (i Input) ID() string {
	id, _ := i["id"].(string)
	return id
}

// request is a Request as JSON has it.
type request struct {
	Action    string  `json:"action"`
	Type      string  `json:"type,omitempty"`
	Input     []Input `json:"input,omitempty"`
	Change    int     `json:"change,omitempty"`
	Keep      string  `json:"keep,omitempty"`
	Remove    string  `json:"remove,omitempty"`
	WithFacts bool    `json:"withFacts,omitempty"`
	Why       string  `json:"why,omitempty"`
	Key       string  `json:"key,omitempty"`
	DryRun    bool    `json:"dryRun,omitempty"`

	Expect map[string]int `json:"expect,omitempty"`
}

// String is the request in one line: create Person [{"id":"a"}].
func (r *Request) String() string {
	input, err := json.Marshal(r.Input)
	if err != nil {
		panic(err) // inputs are plain values
	}
	text := fmt.Sprintf("%s %s %s", r.Action, r.typeName(), input)
	switch r.Action {
	case Revert:
		text = fmt.Sprintf("%s change %d", r.Action, r.Change)
	case Merge:
		text = fmt.Sprintf("%s %q into %q", r.Action, r.Remove, r.Keep)
	}
	if r.WithFacts {
		text += " with facts"
	}
	if r.DryRun {
		text += " as a dry run"
	}
	return text
}

// MarshalJSON writes the request by names.
func (r *Request) MarshalJSON() ([]byte, error) {
	return json.Marshal(request{r.Action.String(), r.typeName(), r.Input, r.Change, r.Keep, r.Remove, r.WithFacts, r.Why, r.Key, r.DryRun, r.Expect})
}

func (r *Request) typeName() string {
	if r.Type == nil {
		return ""
	}
	return r.Type.Name
}

// ReadRequest reads what MarshalJSON has written.
func ReadRequest(cat *catalog.Catalog, raw []byte) (*Request, error) {
	var read request
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&read); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a request cannot be read")
	}
	t, ok := cat.Type(read.Type)
	if !ok && read.Type != "" {
		return nil, fault.New(fault.Invalid, "the request is about %s, a type that this version does not have", catalog.WithArticle(read.Type))
	}
	action := slices.Index(actionNames[:], read.Action)
	if action < 0 {
		return nil, fault.New(fault.Invalid, "the request is to %s, which this version does not know", read.Action)
	}
	r := &Request{Action: Action(action), Type: t, Input: read.Input, Change: read.Change, Keep: read.Keep, Remove: read.Remove, WithFacts: read.WithFacts, Why: read.Why, Key: read.Key, DryRun: read.DryRun, Expect: read.Expect}
	for _, input := range r.Input {
		for name, v := range input {
			input[name] = plainNumber(v)
		}
	}
	return r, nil
}

// plainNumber makes a number of JSON an int64 where it is a whole one, else a float64.
func plainNumber(v any) any {
	number, ok := v.(json.Number)
	if !ok {
		return v
	}
	if n, err := number.Int64(); err == nil {
		return n
	}
	f, _ := number.Float64()
	return f
}
