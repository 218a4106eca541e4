package change

import (
	"encoding/json"
	"fmt"

	"nicgraph/internal/catalog"
	"nicgraph/internal/value"
)

// state is a node as the history writes it: by names, so that it can be read when the
// domain has grown since. What is missing or empty is not there.
type state struct {
	Type   string              `json:"type"`
	ID     string              `json:"id"`
	Values map[string]any      `json:"values,omitempty"`
	Links  map[string][]string `json:"links,omitempty"`
}

// AppendState writes a node's state as one line of JSON.
func (n *Node) AppendState(dst []byte) ([]byte, error) {
	s := state{Type: n.Type.Name, ID: n.ID, Values: map[string]any{}, Links: map[string][]string{}}
	for _, p := range n.Type.Properties[1:] {
		if v := n.Values[p.Index]; !v.IsNull() {
			s.Values[p.Name] = v.Plain()
		}
	}
	for _, l := range n.Type.Out {
		if ids := n.Links[l.Index]; len(ids) > 0 {
			s.Links[l.Name] = ids
		}
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write the state of %s %q: %w", n.Type.Name, n.ID, err)
	}
	return append(dst, raw...), nil
}

// ReadState reads a node's state. Properties and links that the catalog does not have any
// more are left out.
func ReadState(cat *catalog.Catalog, raw []byte) (*Node, error) {
	var s state
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("read a state from the history: %w", err)
	}
	t, ok := cat.Type(s.Type)
	if !ok {
		return nil, fmt.Errorf("read the state of %q from the history: it is %s, a type that this version does not have", s.ID, catalog.WithArticle(s.Type))
	}
	n := &Node{Type: t, ID: s.ID, Values: make([]value.Value, len(t.Properties)), Links: make([][]string, len(t.Out))}
	n.Values[0] = value.OfID(s.ID)
	for _, p := range t.Properties[1:] {
		var err error
		if n.Values[p.Index], err = value.FromPlain(p.Kind, s.Values[p.Name]); err != nil {
			return nil, fmt.Errorf("read %s of %q from the history: %w", p.Name, s.ID, err)
		}
	}
	for _, l := range t.Out {
		n.Links[l.Index] = s.Links[l.Name]
	}
	return n, nil
}
