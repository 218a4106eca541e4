package embedded

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

func (e *edit) check(b *change.Batch) (change.Ends, error) {
	ends, err := b.Resolve(e.typeOf)
	if err != nil {
		return ends, err
	}
	if err := b.CheckVersions(e.version); err != nil {
		return ends, err
	}
	for i := range b.Upserts {
		if err := checkKinds(&b.Upserts[i]); err != nil {
			return ends, err
		}
	}
	return ends, e.checkDeletes(b)
}

// typeOf is the type of a node that is there, those of this edit included.
func (e *edit) typeOf(id string) (*catalog.Type, bool) {
	n, ok := e.find(id)
	if !ok {
		return nil, false
	}
	return n.table.typ, true
}

func checkKinds(n *change.Node) error {
	if len(n.Values) != len(n.Type.Properties) || len(n.Links) != len(n.Type.Out) {
		return fault.New(fault.Internal, "%s %q has %d values and %d links where its type has %d and %d", n.Type.Name, n.ID, len(n.Values), len(n.Links), len(n.Type.Properties), len(n.Type.Out))
	}
	for _, p := range n.Type.Properties[1:] {
		if v := n.Values[p.Index]; !v.IsNull() && v.Kind != p.Kind {
			return fault.New(fault.Invalid, "%s %q has a %s as %s where a %s is wanted", n.Type.Name, n.ID, v.Kind, p.Name, p.Kind)
		}
	}
	return nil
}

// checkDeletes refuses to delete what is still linked to after the batch.
func (e *edit) checkDeletes(b *change.Batch) error {
	if len(b.Deletes) == 0 {
		return nil
	}
	gone := make(map[string]bool, len(b.Deletes)+len(b.Upserts))
	for _, id := range b.Deletes {
		gone[id] = true
	}
	for i := range b.Upserts { // Check has seen to it that these lead to no deleted node
		gone[b.Upserts[i].ID] = true
	}
	var refusals []string
	for _, id := range b.Deletes {
		if users := e.users(id, gone); len(users) > 0 {
			refusals = append(refusals, fmt.Sprintf("%q is still linked to by %s", id, someOf(users)))
		}
	}
	if len(refusals) == 0 {
		return nil
	}
	more := ""
	if len(refusals) > maxNamed {
		more = fmt.Sprintf("; and %d more", len(refusals)-maxNamed)
		refusals = refusals[:maxNamed]
	}
	return fault.New(fault.Conflict, "%s%s; delete these too or change their links first", strings.Join(refusals, "; "), more)
}

// users lists the nodes that link to a node, but for those that will not.
func (e *edit) users(id string, gone map[string]bool) []string {
	n, ok := e.find(id)
	if !ok {
		return nil
	}
	users := make(map[string]bool)
	for rel := range n.table.in {
		for _, source := range n.table.in[rel].at(n.row) {
			if user := e.ids.at(source); !gone[user] {
				users[user] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(users))
}

// maxNamed bounds how many things one sentence names.
const maxNamed = 5

func someOf(ids []string) string {
	named := fmt.Sprintf("%q", ids[:min(len(ids), maxNamed)])
	named = strings.ReplaceAll(strings.Trim(named, "[]"), `" "`, `", "`)
	if len(ids) > maxNamed {
		return fmt.Sprintf("%s and %d more", named, len(ids)-maxNamed)
	}
	return named
}

// checkDates tells of a date that makes no sense, before anything changes. No other value
// of the right kind can be wrong.
func checkDates(nodes []*change.Node) error {
	for _, n := range nodes {
		for _, p := range n.Type.Properties[1:] {
			v := n.Values[p.Index]
			if p.Kind != value.Date || v.IsNull() {
				continue
			}
			if _, err := value.ParseDate(v.Str); err != nil {
				return fault.Wrap(fault.Invalid, err, "%s %q has a wrong %s", n.Type.Name, n.ID, p.Name)
			}
		}
	}
	return nil
}
