package tables_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/bench/tables"
	"nicgraph/graph"
	"nicgraph/internal/exchange"
)

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	dir, again, other := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, dir, tables.Network(0.1, 7))
	write(t, again, tables.Network(0.1, 7))
	write(t, other, tables.Network(0.1, 8))
	if digest(t, dir) != digest(t, again) {
		t.Error("two networks of one seed differ")
	}
	if digest(t, dir) == digest(t, other) {
		t.Error("another seed gives the same network")
	}
}

func TestANetworkHasTheRowsThatItIsSaidToHave(t *testing.T) {
	got := write(t, t.TempDir(), tables.Network(1, 7))
	want := tables.Counts{Nodes: 10814, Links: 47167, Rows: map[string]int{
		"organizations": 900, "networks": 150, "people": 1400, "roles": 500, "memberships": 800, "programs": 40, "events": 200, "cohorts": 78,
		"recognitions": 160, "participations": 400, "practices": 200, "resources": 300, "resource_authors": 420, "resource_practices": 420,
		"frameworks": 6, "standards": 36, "standard_levels": 144, "learnings": 5100, "sources": 400,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("network of scale 1 (-want +got):\n%s", diff)
	}
}

func TestTheTablesImport(t *testing.T) {
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	for name, all := range map[string][]tables.Table{"network": tables.Network(0.1, 7), "people": tables.People(10), "study": tables.Study(20, 3)} {
		dir := t.TempDir()
		counts := write(t, dir, all)
		batch, err := exchange.Read(os.DirFS(dir), domain.Catalog())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(batch.Upserts) != counts.Nodes {
			t.Errorf("%s: %d nodes are read, %d were written", name, len(batch.Upserts), counts.Nodes)
		}
		links := 0
		for _, n := range batch.Upserts {
			for _, to := range n.Links {
				links += len(to)
			}
		}
		if links != counts.Links {
			t.Errorf("%s: %d links are read, %d were written", name, links, counts.Links)
		}
	}
}

func write(t *testing.T, dir string, all []tables.Table) tables.Counts {
	t.Helper()
	counts, err := tables.Write(dir, all)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// digest is a checksum of all files of a folder.
func digest(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tables in %s: %v", dir, err)
	}
	slices.Sort(files)
	sum := sha256.New()
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(sum, file); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	return hex.EncodeToString(sum.Sum(nil))
}
