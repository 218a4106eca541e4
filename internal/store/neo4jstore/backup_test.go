package neo4jstore_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/archive"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/store/neo4jstore"
	"nicgraph/internal/store/storetest"
)

func TestABackupIsBroughtBackWithItsHistory(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	s := open(t, server, cat)
	for _, fields := range []storetest.Fields{
		{"name": "Zoë 😀\n", "height": 3.0, "awake": true, "aliases": []string{"x", ""}, "born": "2013~"},
		{"name": "Zoë", "score": 1, "friend": "b", "likes": []string{"b", "a"}},
	} {
		write(t, s, change.Batch{Upserts: []change.Node{made(t, cat, "Person", "b", nil), made(t, cat, "Person", "a", fields)}})
	}
	write(t, s, change.Batch{Upserts: []change.Node{made(t, cat, "Person", "a", nil)}, Note: change.Note{By: "ann", Why: "why", Key: "k"}})
	want := remembers(t, s)
	var file bytes.Buffer
	if err := s.Backup(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	kind, content, err := archive.Open(bytes.NewReader(file.Bytes()))
	if err != nil || kind != neo4jstore.Kind {
		t.Fatalf("the backup is of kind %q, error %v", kind, err)
	}
	if err := s.Restore(t.Context(), content); fault.KindOf(err) != fault.Invalid {
		t.Errorf("into a graph that is there: error %v", err)
	}
	again := open(t, server, cat) // empties the database
	if _, err := content.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	if err := again.Restore(t.Context(), content); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, remembers(t, again)); diff != "" {
		t.Errorf("what was brought back (-want +got):\n%s", diff)
	}
	storetest.Audit(t, again, cat, "")
}

func write(t *testing.T, s *neo4jstore.Store, batch change.Batch) {
	t.Helper()
	if _, err := s.Apply(t.Context(), &batch, nil); err != nil {
		t.Fatal(err)
	}
}

// remembers is the changes of a store and what became of its nodes, as texts.
func remembers(t *testing.T, s *neo4jstore.Store) (texts []string) {
	t.Helper()
	changes, err := s.Changes(t.Context(), &change.Ask{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range changes {
		entries, err := s.Entries(t.Context(), r.Number, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, cmp.Diff(change.Recorded{}, r))
		for _, e := range entries {
			for _, n := range []*change.Node{e.Before, e.After} {
				if n == nil {
					texts = append(texts, "nothing")
					continue
				}
				state, err := n.AppendState(nil)
				if err != nil {
					t.Fatal(err)
				}
				texts = append(texts, string(state))
			}
		}
	}
	return texts
}

// What a look into the past would take too much memory for is refused in words.
func TestAGraphTooLargeForThePastIsRefused(t *testing.T) {
	server, cat := neo4jtest.Start(t), storetest.Catalog()
	open(t, server, cat)
	small := config(server)
	small.MaxPast = 2
	s, err := neo4jstore.Open(t.Context(), small, cat)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write(t, s, change.Batch{Upserts: []change.Node{made(t, cat, "Person", "a", nil), made(t, cat, "Person", "b", nil)}})
	if _, err := s.At(t.Context(), 1); err != nil {
		t.Errorf("two nodes: %v", err)
	}
	write(t, s, change.Batch{Upserts: []change.Node{made(t, cat, "Person", "a", storetest.Fields{"score": 1})}})
	if _, err := s.At(t.Context(), 0); fault.KindOf(err) != fault.Limit {
		t.Errorf("two nodes and a state: %v", err)
	}
}

func made(t *testing.T, cat *catalog.Catalog, typeName, id string, fields storetest.Fields) change.Node {
	t.Helper()
	n, err := storetest.NewNode(cat, typeName, id, fields)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
