package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/value"
	"nicgraph/seed"
)

// memory is a folder to write to.
type memory map[string]*bytes.Buffer

type memoryFile struct{ *bytes.Buffer }

func (memoryFile) Close() error { return nil }

func (m memory) create(name string) (io.WriteCloser, error) {
	m[name] = &bytes.Buffer{}
	return memoryFile{m[name]}, nil
}

func (m memory) folder() fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range m {
		fsys[name] = &fstest.MapFile{Data: text.Bytes()}
	}
	return fsys
}

// written writes a batch as tables.
func written(t testing.TB, cat *catalog.Catalog, batch *change.Batch, spreadsheet bool) memory {
	t.Helper()
	out := memory{}
	for _, typ := range cat.Types {
		if err := writeType(cat, typ, nodesOf(batch, typ), out.create, spreadsheet); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func nodesOf(batch *change.Batch, typ *catalog.Type) iter.Seq2[change.Node, error] {
	return func(yield func(change.Node, error) bool) {
		for _, n := range batch.Upserts {
			if n.Type == typ && !yield(n, nil) {
				return
			}
		}
	}
}

// rowsOf are the rows of a file in alphabetical order, the header first.
func rowsOf(t testing.TB, fsys fs.FS, name string) []string {
	t.Helper()
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]string, len(records))
	for i, r := range records {
		rows[i] = strings.Join(r, "|")
	}
	slices.Sort(rows[1:])
	return rows
}

// sameTables compares all tables cell by cell, up to the order of the rows. A table that is
// not wanted has a header and no row.
func sameTables(t testing.TB, cat *catalog.Catalog, want, got fs.FS) {
	t.Helper()
	for _, table := range tablesOf(cat) {
		if _, err := fs.Stat(want, table.file()); errors.Is(err, fs.ErrNotExist) {
			if rows := rowsOf(t, got, table.file()); len(rows) != 1 {
				t.Errorf("%s has %d rows, want the header alone", table.file(), len(rows))
			}
			continue
		}
		if diff := cmp.Diff(rowsOf(t, want, table.file()), rowsOf(t, got, table.file())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", table.file(), diff)
		}
	}
}

func sameNodes(t testing.TB, want, got *change.Batch) {
	t.Helper()
	if len(want.Upserts) != len(got.Upserts) {
		t.Fatalf("%d nodes, want %d", len(got.Upserts), len(want.Upserts))
	}
	for i := range want.Upserts {
		if !want.Upserts[i].Equal(&got.Upserts[i]) {
			t.Fatalf("node %d is %+v, want %+v", i, got.Upserts[i], want.Upserts[i])
		}
	}
}

func TestWhatIsReadIsWrittenBack(t *testing.T) {
	cat := domain(t)
	batch, err := Read(seed.Tables, cat)
	if err != nil {
		t.Fatal(err)
	}
	out := written(t, cat, batch, false).folder()
	sameTables(t, cat, seed.Tables, out)
	again, err := Read(out, cat)
	if err != nil {
		t.Fatal(err)
	}
	sameNodes(t, batch, again)
}

func TestASpreadsheetRunsNothing(t *testing.T) {
	cat := domain(t)
	tests := []struct{ name, title, want string }{
		{"a formula", `=HYPERLINK("x")`, `'=HYPERLINK("x")`},
		{"a plus", "+1", "'+1"},
		{"a minus", "-1", "'-1"},
		{"an at sign", "@SUM(1)", "'@SUM(1)"},
		{"a tab", "\t=1", "'\t=1"},
		{"a text", "1 = 1", "1 = 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			source := cat.Types[0]
			for _, typ := range cat.Types {
				if typ.Table == "sources" {
					source = typ
				}
			}
			n := change.Node{Type: source, ID: "s-1", Values: make([]value.Value, len(source.Properties))}
			n.Values[0], n.Values[1] = value.OfID("s-1"), value.OfText(tt.title)
			for spreadsheet, want := range map[bool]string{false: tt.title, true: tt.want} {
				out := written(t, cat, &change.Batch{Upserts: []change.Node{n}}, spreadsheet)
				records, err := csv.NewReader(out["sources.csv"]).ReadAll()
				if err != nil || records[1][1] != want {
					t.Errorf("spreadsheet %t: %q, %v; want %q", spreadsheet, records[1][1], err, want)
				}
			}
		})
	}
}

func TestAListThatNoCellHoldsIsRefused(t *testing.T) {
	cat := domain(t)
	typ, _ := cat.Type("Organization")
	aliases, _ := typ.Property("aliases")
	n := change.Node{Type: typ, ID: "a", Values: make([]value.Value, len(typ.Properties)), Links: make([][]string, len(typ.Out))}
	n.Values[0], n.Values[aliases.Index] = value.OfID("a"), value.OfStrings([]string{"x;y"})
	err := writeType(cat, typ, nodesOf(&change.Batch{Upserts: []change.Node{n}}, typ), memory{}.create, false)
	if want := `write organizations.csv: aliases of Organization "a" cannot stand in one cell: an element is empty, stands twice or holds ";"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// broken is a file on a full disk.
type broken struct{}

var errFull = errors.New("no space left")

func (broken) Write([]byte) (int, error) { return 0, errFull }
func (broken) Close() error              { return nil }

func TestAFullDiskIsTold(t *testing.T) {
	cat := domain(t)
	full := func(string) (io.WriteCloser, error) { return broken{}, nil }
	err := writeType(cat, cat.Types[0], nodesOf(&change.Batch{}, cat.Types[0]), full, false)
	if !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
}

// unreachable is a store that cannot be read.
type unreachable struct{ store.Backend }

func (unreachable) Prepare(*plan.Plan) (store.Query, error) { return nil, errFull }

func TestAFailedExportLeavesTheFolderAsItWas(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "sources.csv")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	st := store.New(unreachable{}, store.Limits{})
	if err := ExportDir(t.Context(), st, domain(t), dir, ExportOptions{}); !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
	text, err := os.ReadFile(mine)
	entries, _ := os.ReadDir(dir)
	if err != nil || string(text) != "mine" || len(entries) != 1 {
		t.Errorf("%q, %v, %d files; want the folder as before", text, err, len(entries))
	}
}
