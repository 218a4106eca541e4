package storetest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/value"
	"nicgraph/internal/withdraw"
)

// testAnyWithdrawal writes random graphs one over the other, with people called Quill in them, and
// hides, shows and erases these.
func testAnyWithdrawal(t *testing.T, open OpenVault) {
	rapid.Check(t, func(rt *rapid.T) {
		d := &drawer{T: rt, cat: Catalog(), merges: true}
		h := &randomHouse{drawer: d, t: t, vault: open(t, d.cat), hidden: map[int]string{}}
		for range 2 + d.upTo("changes", 3) {
			h.change()
		}
		for range 1 + d.upTo("withdrawals", 3) {
			h.withdraw()
			if d.chance("a change", 30) {
				h.change()
			}
		}
		h.showAll()
	})
}

// randomHouse is a store from which people are withdrawn at random.
type randomHouse struct {
	*drawer
	t      *testing.T
	vault  Vault
	last   int            // the newest change
	hidden map[int]string // ids by the number of the hiding
	taken  []string       // ids of who is hidden or erased
	wrote  bool           // since the first withdrawal
	before []string       // what was told before it
	erased bool
}

// change writes a random graph. People are called Quill; who is hidden does not come back.
func (h *randomHouse) change() {
	held, err := nodesAt(h.t, h.vault, h.cat, h.last)
	if err != nil {
		h.Fatalf("%v", err)
	}
	aliases, err := h.vault.Aliases(h.t.Context())
	if err != nil {
		h.Fatalf("%v", err)
	}
	merged := map[string]string{}
	for id, alias := range aliases {
		merged[id] = alias.Into
	}
	h.nodes = h.draw()
	for _, id := range h.taken {
		h.leaveOut(id)
	}
	for i := range h.nodes {
		n := &h.nodes[i]
		if p, ok := n.Type.Property("name"); ok && n.Type.Name == "Person" {
			n.Values[p.Index] = value.OfText("Zzyzx Quill")
		}
	}
	h.wrote = h.wrote || len(h.taken) > 0
	if number := h.become(h.t, h.vault, graph{nodes: held, merged: merged}); number > 0 {
		h.last = number
	}
}

// leaveOut takes a node, and what cannot be without it, out of the graph to be written.
func (h *randomHouse) leaveOut(id string) {
	var bare []string
	h.nodes = slices.DeleteFunc(h.nodes, func(n change.Node) bool { return n.ID == id })
	for _, n := range h.nodes {
		for _, l := range n.Type.Out {
			n.Links[l.Index] = slices.DeleteFunc(slices.Clone(n.Links[l.Index]), func(target string) bool { return target == id })
			if l.Required && len(n.Links[l.Index]) == 0 {
				bare = append(bare, n.ID)
			}
		}
	}
	for _, id := range bare {
		h.leaveOut(id)
	}
}

// withdraw hides or erases somebody who is there, or was.
func (h *randomHouse) withdraw() {
	people := h.people()
	if len(people) == 0 {
		return
	}
	if h.before == nil {
		h.before = h.told()
	}
	id := pick(h.drawer, "person", people)
	r := &withdraw.Request{Action: withdraw.Hide, ID: id, Note: change.Note{At: moment(1)}}
	if h.chance("erase", 20) {
		r.Action, h.erased = withdraw.Erase, true
	}
	out, err := h.vault.Withdraw(h.t.Context(), r)
	if err != nil {
		h.Fatalf("%s: %v", r, err)
	}
	h.last = out.Change
	h.taken = append(h.taken, id)
	if r.Action == withdraw.Hide {
		h.hidden[out.Change] = id
	}
	all := h.told()
	for _, line := range all {
		for _, id := range h.taken {
			if holdsID(line, id) {
				h.Fatalf("%s is told of: %s\nbefore:\n%s", id, line, strings.Join(h.before, "\n"))
			}
		}
	}
}

// people are the ids of those who are there, and of those who were and whose ids nobody else has.
func (h *randomHouse) people() []string {
	var now, all []change.Node
	for number := range h.last + 1 {
		nodes, err := nodesAt(h.t, h.vault, h.cat, number)
		if err != nil {
			h.Fatalf("%v", err)
		}
		now, all = nodes, append(all, nodes...)
	}
	others := idsOf(now, h.cat.All()&^h.cat.TypesOf("Person"))
	people := slices.Sorted(slices.Values(idsOf(all, h.cat.TypesOf("Person"))))
	return slices.DeleteFunc(slices.Compact(people), func(id string) bool { return slices.Contains(others, id) })
}

// told is all that readers can ask, which must fit together.
func (h *randomHouse) told() []string {
	all, err := told(h.t, h.vault, h.cat, h.last)
	if err != nil {
		h.Fatalf("%v", err)
	}
	report, err := faultsOf(h.t, h.vault, h.cat)
	if err != nil || report != "" {
		h.Fatalf("%v\n%s\n%s", err, report, strings.Join(all, "\n"))
	}
	return all
}

// showAll shows everybody again, the last one first. When nothing else was written, all is as before.
func (h *randomHouse) showAll() {
	for _, number := range slices.Backward(slices.Sorted(maps.Keys(h.hidden))) {
		out, err := h.vault.Withdraw(h.t.Context(), &withdraw.Request{Action: withdraw.Show, Number: number, Note: change.Note{At: moment(1)}})
		switch {
		case fault.KindOf(err) == fault.Conflict && h.wrote: // what the facts must lead to is gone
			continue
		case err != nil:
			h.Fatalf("show %d: %v", number, err)
		}
		h.last = out.Change
		all := h.told()
		if !slices.ContainsFunc(all, func(line string) bool { return holdsID(line, h.hidden[number]) }) {
			h.Fatalf("%s is not there again", h.hidden[number])
		}
	}
	if h.before == nil || h.wrote || h.erased {
		return
	}
	again, err := told(h.t, h.vault, h.cat, h.last-2*len(h.hidden))
	if err != nil {
		h.Fatalf("%v", err)
	}
	if diff := cmp.Diff(h.before, again); diff != "" {
		h.Fatalf("not as before (-before +after):\n%s", diff)
	}
}
