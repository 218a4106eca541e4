package exchange

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/neo4jtest"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/neo4jstore"
	"nicgraph/seed"
	"nicgraph/seed/studies"
)

func opened(t testing.TB, cat *catalog.Catalog) *store.Store {
	t.Helper()
	st := store.New(embedded.OpenMemory(cat, nil), store.Limits{})
	t.Cleanup(func() { _ = st.Close() })
	return st
}

// imported imports tables and expects what that does.
func imported(t testing.TB, st *store.Store, cat *catalog.Catalog, files map[string]string, opts Options, want change.Summary) Report {
	t.Helper()
	report, err := Import(t.Context(), st, folderOf(files), cat, opts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, report.Summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	return report
}

func exported(t testing.TB, st *store.Store, cat *catalog.Catalog) map[string]string {
	t.Helper()
	out := memory{}
	if err := Export(t.Context(), st, cat, out.create, ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for name, text := range out {
		files[name] = text.String()
	}
	return files
}

func TestMain(m *testing.M) { os.Exit(neo4jtest.Main(m)) }

func TestTheSeedComesBackFromTheEmbeddedStore(t *testing.T) {
	cat := domain(t)
	st := opened(t, cat)
	comesBack(t, st, cat)
	studiesComeBack(t, st, cat, studies.Names()...)
}

func TestTheSeedComesBackFromNeo4j(t *testing.T) {
	cat, server := domain(t), neo4jtest.Start(t)
	backend, err := neo4jstore.Open(t.Context(), neo4jstore.Config{URI: server.URI, User: server.User, Password: server.Password}, cat)
	if err != nil {
		t.Fatal(err)
	}
	st := store.New(backend, store.Limits{})
	t.Cleanup(func() { _ = st.Close() })
	comesBack(t, st, cat)
	studiesComeBack(t, st, cat, "fakesurveydyn", "medinnovations", "simmulti")
	refusedOnWhatIsStored(t, st, cat)
}

// studiesComeBack imports data sets into what holds the seed, exports all of it, and finds
// their rows in it; to import all of it again changes nothing.
func studiesComeBack(t *testing.T, st *store.Store, cat *catalog.Catalog, names ...string) {
	t.Helper()
	want := map[string][]string{}
	for _, name := range names {
		tables, ok := studies.Tables(name)
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		if _, err := Import(t.Context(), st, tables, cat, Options{}); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"people.csv", "practices.csv", "studies.csv", "enrollments.csv", "ties.csv", "adoptions.csv"} {
			want[file] = append(want[file], rowsOf(t, tables, file)[1:]...)
		}
	}
	out := memory{}
	if err := Export(t.Context(), st, cat, out.create, ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	for file, rows := range want {
		stored := map[string]bool{}
		for _, row := range rowsOf(t, out.folder(), file) {
			stored[row] = true
		}
		if lost := slices.DeleteFunc(rows, func(row string) bool { return stored[row] }); len(lost) > 0 {
			t.Errorf("%s lacks %d rows, first %s", file, len(lost), lost[0])
		}
	}
	report, err := Import(t.Context(), st, out.folder(), cat, Options{Replace: true})
	if err != nil || !strings.HasPrefix(report.String(), "nothing to change") {
		t.Errorf("to import what was exported: %s, %v", report, err)
	}
}

// comesBack imports the seed, exports it, and imports what was exported.
func comesBack(t *testing.T, st *store.Store, cat *catalog.Catalog) {
	t.Helper()
	report, err := Import(t.Context(), st, seed.Tables, cat, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(change.Summary{Created: 2477}, report.Summary); diff != "" {
		t.Errorf("first import (-want +got):\n%s", diff)
	}
	dir := filepath.Join(t.TempDir(), "new", "folder")
	if err := ExportDir(t.Context(), st, cat, dir, ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	sameTables(t, cat, seed.Tables, os.DirFS(dir))
	report, err = Import(t.Context(), st, os.DirFS(dir), cat, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := "nothing to change: all 2477 rows are stored as they are"; report.String() != want {
		t.Errorf("second import: %s, want %s", report, want)
	}
}

func TestRowsThatAreGoneStayUnlessReplaced(t *testing.T) {
	cat := domain(t)
	st := opened(t, cat)
	imported(t, st, cat, small(), Options{}, change.Summary{Created: 6})
	files := small()
	files["practices.csv"] = strings.SplitAfter(files["practices.csv"], "s-1\n")[0]
	files["learnings.csv"] = strings.Replace(files["learnings.csv"], "It says so.", "It says much.", 1)

	imported(t, st, cat, files, Options{DryRun: true}, change.Summary{Updated: 1, Unchanged: 4})
	imported(t, st, cat, files, Options{}, change.Summary{Updated: 1, Unchanged: 4})
	report := imported(t, st, cat, files, Options{Replace: true, DryRun: true}, change.Summary{Unchanged: 5, Deleted: 1})
	if len(report.Deletes) != 1 || report.Deletes[0].ID != "quick-pdsa" {
		t.Errorf("deletes %v, want quick-pdsa", report.Deletes)
	}
	if want := "0 would be created, 0 would be updated, 5 unchanged, 1 would be deleted"; report.String() != want {
		t.Errorf("report %q, want %q", report, want)
	}
	stop := errors.New("stop")
	_, err := Import(t.Context(), st, folderOf(files), cat, Options{Replace: true, Before: func(Report) error { return stop }})
	if !errors.Is(err, stop) {
		t.Errorf("got %v, want what Before said", err)
	}
	imported(t, st, cat, files, Options{Replace: true}, change.Summary{Unchanged: 5, Deleted: 1})
	if got := exported(t, st, cat)["practices.csv"]; got != files["practices.csv"] {
		t.Errorf("practices after the replacement:\n%s", got)
	}
}

func TestAFaultWritesNothing(t *testing.T) {
	cat := domain(t)
	st := opened(t, cat)
	files := small()
	files["learnings.csv"] = strings.Replace(files["learnings.csv"], "STATED", "SAID", 1)
	if _, err := Import(t.Context(), st, folderOf(files), cat, Options{}); err == nil {
		t.Fatal("a name outside the vocabulary was accepted")
	}
	if empty, err := st.Empty(t.Context()); err != nil || !empty {
		t.Errorf("empty %t, %v; want an empty store", empty, err)
	}
}

func TestTablesBuildOnWhatIsStored(t *testing.T) {
	cat := domain(t)
	st := opened(t, cat)
	imported(t, st, cat, small(), Options{}, change.Summary{Created: 6})
	resources := map[string]string{
		"resources.csv":        "id,title,kind,year,url,identifiers,publisher_id,summary,source_ids\nbook,Book,BOOK,2010,,,,It.,s-1\n",
		"resource_authors.csv": "resource_id,author_id\nbook,lake-school\nbook,hill-school\n",
	}
	imported(t, st, cat, resources, Options{}, change.Summary{Created: 1})

	t.Run("a table without that of its links leaves the links", func(t *testing.T) {
		files := map[string]string{"resources.csv": strings.Replace(resources["resources.csv"], "It.", "It!", 1)}
		imported(t, st, cat, files, Options{}, change.Summary{Updated: 1})
		if got := exported(t, st, cat)["resource_authors.csv"]; got != resources["resource_authors.csv"] {
			t.Errorf("authors:\n%s", got)
		}
	})
	t.Run("a table of links alone sets them in their order", func(t *testing.T) {
		files := map[string]string{"resource_authors.csv": "resource_id,author_id\nbook,hill-school\nbook,lake-school\n"}
		imported(t, st, cat, files, Options{}, change.Summary{Updated: 1})
		if got := exported(t, st, cat); got["resource_authors.csv"] != files["resource_authors.csv"] || !strings.Contains(got["resources.csv"], "It!") {
			t.Errorf("authors:\n%s\nresources:\n%s", got["resource_authors.csv"], got["resources.csv"])
		}
	})
	t.Run("an id that is stored with another type is refused", func(t *testing.T) {
		files := map[string]string{"people.csv": "id,name,aliases,summary,source_ids\nlake-school,Ann,,Teaches.,s-1\n"}
		_, err := Import(t.Context(), st, folderOf(files), cat, Options{})
		want := `people.csv:2:1: id "lake-school" belongs to an Organization that is stored already; choose another for this Person`
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
	t.Run("a circle that closes over stored rows is refused", func(t *testing.T) {
		files := map[string]string{"practices.csv": "id,name,aliases,kind,summary,broader_id,origin_id,source_ids\npdsa,PDSA cycle,,METHOD,A cycle.,quick-pdsa,,s-1\n"}
		_, err := Import(t.Context(), st, folderOf(files), cat, Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "practices.csv:2:34: broader_id runs in a circle: ") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a link to a row that a replacement takes away is refused", func(t *testing.T) {
		files := small()
		files["practices.csv"] = strings.Replace(files["practices.csv"], "\npdsa,", "\npdsa-cycle,", 1)
		_, err := Import(t.Context(), st, folderOf(files), cat, Options{Replace: true})
		if err == nil || !strings.Contains(err.Error(), `learnings.csv:2:29: practice_id "pdsa" does not exist`) {
			t.Errorf("got %v", err)
		}
	})
}
