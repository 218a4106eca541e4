package clients

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/exchange"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/tabular"
	"nicgraph/seed/studies"
)

// What R 4.2.2 prints for the same tables (docs/spread/hazard.R).
var hazards = map[string]struct {
	practice string
	format   tabular.Format
	want     string
}{
	"medinnovations": {"tetracycline", tabular.Parquet, `986 rows of 114 parties, 98 adoptions
784 rows with a known exposure, 89 adoptions
steady in time: exposure 0.1950 (standard error 0.3609, p 0.5891)
a level for each period: exposure -0.0864 (standard error 0.3850, p 0.8224)
`},
	"kfamily": {"family-planning", tabular.CSV, `7408 rows of 978 parties, 604 adoptions
6133 rows with a known exposure, 587 adoptions
steady in time: exposure 0.9223 (standard error 0.1574, p 0.0000)
a level for each period: exposure 0.9130 (standard error 0.1586, p 0.0000)
`},
}

func TestAHazardModelIsFittedInPythonAsInR(t *testing.T) {
	python := environment(t)
	for study, c := range hazards {
		t.Run(study+" as "+c.format.String(), func(t *testing.T) {
			got := run(t, python, "../../docs/spread/hazard.py", personPeriods(t, study, c.practice, c.format))
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// studied answers from a store that holds a study.
func studied(t *testing.T, name string) *graph.Edge {
	t.Helper()
	cat := realCatalog(t)
	backend := store.New(embedded.OpenMemory(cat, nil), store.Limits{})
	t.Cleanup(func() { _ = backend.Close() })
	tables, _ := studies.Tables(name)
	if _, err := exchange.Import(t.Context(), backend, tables, cat, exchange.Options{}); err != nil {
		t.Fatal(err)
	}
	edge, err := graph.New(backend, cat, graph.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return edge
}

// personPeriods writes the table of a study and names its file.
func personPeriods(t *testing.T, study, practice string, format tabular.Format) string {
	t.Helper()
	edge := studied(t, study)
	input := map[string]any{"practice": practice, "population": map[string]any{"study": study}, "lag": 1}
	table, err := edge.SpreadTable(t.Context(), graph.PersonPeriod, input, graph.TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "person-period."+format.String()))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := table.Write(t.Context(), file, tabular.Options{Format: format}); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

// environment is a Python that has what the script requires, kept in the user's cache.
func environment(t *testing.T) (python string) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		missing(t, "python3 (3.11 or newer)")
	}
	read(t, "../../docs/spread/hazard.py") // lets the test run again when the script changed
	requirements := "../../docs/spread/requirements.txt"
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	made := sha256.Sum256(append(read(t, requirements), run(t, "python3", "--version")...))
	kept := filepath.Join(cache, "nicgraph", fmt.Sprintf("python-%x", made[:8]))
	python = filepath.Join(kept, "bin", "python")
	if _, err := os.Stat(python); err == nil {
		return python
	}
	install(t, requirements, kept)
	return python
}

// install fills a folder of its own and then renames it, so that a folder under the final
// name is whole whoever else does the same.
func install(t *testing.T, requirements, kept string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
		t.Fatal(err)
	}
	work, err := os.MkdirTemp(filepath.Dir(kept), "python-")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(work) }() // empty after success
	if out, err := exec.CommandContext(t.Context(), "python3", "-m", "venv", work).CombinedOutput(); err != nil {
		missing(t, fmt.Sprintf("the module venv of Python (%v: %s)", err, out))
	}
	pip := exec.CommandContext(t.Context(), filepath.Join(work, "bin", "python"), "-m", "pip", "install", "-q", "--only-binary", ":all:", "-r", requirements)
	if out, err := pip.CombinedOutput(); err != nil {
		missing(t, fmt.Sprintf("what %s names (%v: %s)", requirements, err, out))
	}
	if err := os.Rename(work, kept); err != nil && !errors.Is(err, fs.ErrExist) { // else somebody was faster
		t.Fatal(err)
	}
}
