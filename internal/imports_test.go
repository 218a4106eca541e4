package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which packages of ours each package may import, tests aside. Imports
// point downward only; ARCHITECTURE.md draws the same table.
var mayImport = map[string][]string{
	"internal/fault":            {},
	"internal/slab":             {},
	"internal/cores":            {},
	"internal/value":            {},
	"internal/catalog":          {"internal/value"},
	"internal/schema":           {"internal/catalog", "internal/value"},
	"internal/plan":             {"internal/catalog", "internal/value", "internal/fault"},
	"internal/change":           {"internal/catalog", "internal/value", "internal/fault"},
	"internal/search":           {"internal/cores", "internal/catalog", "internal/value", "internal/fault"},
	"internal/guard":            {"internal/fault"},
	"internal/admission":        {"internal/fault"},
	"internal/auth":             {"internal/fault"},
	"internal/disarm":           {},
	"internal/auth/issuer":      {"internal/auth", "internal/fault"},
	"internal/edit":             {"internal/study", "internal/stored", "internal/suggest", "internal/store", "internal/plan", "internal/change", "internal/catalog", "internal/value", "internal/fault"},
	"internal/proposal":         {"internal/auth", "internal/change", "internal/fault"},
	"internal/review":           {"internal/proposal", "internal/edit", "internal/auth", "internal/change", "internal/catalog", "internal/fault"},
	"internal/withdraw":         {"internal/proposal", "internal/search", "internal/change", "internal/catalog", "internal/value", "internal/fault"},
	"internal/compile":          {"internal/withdraw", "internal/proposal", "internal/plan", "internal/change", "internal/catalog", "internal/value", "internal/fault"},
	"internal/answer":           {"internal/plan", "internal/catalog", "internal/value", "internal/fault"},
	"internal/cypher":           {"internal/proposal", "internal/withdraw", "internal/search", "internal/plan", "internal/change", "internal/catalog", "internal/value", "internal/fault"},
	"internal/archive":          {"internal/fault"},
	"internal/audit":            {"internal/stored", "internal/store", "internal/change", "internal/catalog"},
	"internal/store":            {"internal/search", "internal/plan", "internal/change", "internal/catalog", "internal/value", "internal/fault"},
	"internal/store/embedded":   {"internal/cores", "internal/slab", "internal/archive", "internal/auth", "internal/proposal", "internal/withdraw", "internal/store", "internal/search", "internal/plan", "internal/change", "internal/catalog", "internal/value", "internal/fault"},
	"internal/store/neo4jstore": {"internal/archive", "internal/auth", "internal/proposal", "internal/withdraw", "internal/store", "internal/store/embedded", "internal/search", "internal/cypher", "internal/plan", "internal/change", "internal/catalog", "internal/value", "internal/fault"},
	"internal/study":            {"internal/plan", "internal/change", "internal/catalog", "internal/value"},
	"internal/chart":            {},
	"internal/live":             {"internal/store", "internal/change", "internal/catalog", "internal/fault"},
	"internal/stored":           {"internal/store", "internal/plan", "internal/change", "internal/catalog", "internal/value"},
	"internal/suggest":          {},
	"internal/wording":          {"internal/suggest", "internal/value"},
	"internal/exchange":         {"internal/slab", "internal/disarm", "internal/study", "internal/stored", "internal/suggest", "internal/store", "internal/plan", "internal/change", "internal/catalog", "internal/value", "internal/fault"},
	"internal/diffusion":        {},
	"internal/spread":           {},
	"internal/network":          {},
	"internal/tabular":          {"internal/disarm", "internal/spread"},
	"internal/natural":          {},
	"internal/computed":         {"internal/store", "internal/change", "internal/plan", "internal/catalog", "internal/value", "internal/fault"},
	"internal/lineage":          {"internal/computed", "internal/natural", "internal/diffusion", "internal/value", "internal/fault"},
	"internal/population":       {"internal/computed", "internal/lineage", "internal/natural", "internal/spread", "internal/plan", "internal/catalog", "internal/value", "internal/fault"},
	"internal/spreading":        {"internal/computed", "internal/population", "internal/natural", "internal/spread", "internal/plan", "internal/fault"},
	"internal/shape":            {"internal/computed", "internal/population", "internal/network", "internal/plan", "internal/value", "internal/fault"},
	"internal/analytics":        {"internal/computed", "internal/lineage", "internal/spreading", "internal/shape", "internal/search", "internal/auth", "internal/change", "internal/plan", "internal/catalog", "internal/value", "internal/fault"},
	"internal/effort":           {},
	"internal/prepared":         {"internal/effort"},
	"internal/httpserver":       {"internal/wording", "internal/effort", "internal/prepared", "internal/auth", "internal/disarm", "internal/fault"},
	"internal/picture":          {"internal/chart", "internal/httpserver", "internal/fault"},
	"internal/explorer":         {},
	"internal/spec":             {},
	"seed":                      {},
	"seed/studies":              {},
	"seed/studies/convert":      {},
	"graph":                     {"internal/wording", "internal/effort", "internal/prepared", "internal/admission", "internal/auth", "internal/proposal", "internal/review", "internal/withdraw", "internal/value", "internal/analytics", "internal/computed", "internal/spreading", "internal/population", "internal/tabular", "internal/schema", "internal/guard", "internal/compile", "internal/answer", "internal/edit", "internal/live", "internal/store", "internal/plan", "internal/change", "internal/catalog", "internal/fault"},
}

// free are the packages that may import everything: programs, and helpers of tests.
var free = []string{"cmd/", "bench", "internal/generate", "internal/neo4jtest", "internal/store/storetest", "internal/clients", "internal/spec/spectest", "internal/computed/computedtest", "internal/asktest"}

func TestPackagesImportOnlyWhatIsBelowThem(t *testing.T) {
	root := ".."
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && path != root) {
			return orSkip(err, entry)
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			checkFile(t, root, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func orSkip(err error, entry fs.DirEntry) error {
	if err == nil && entry.IsDir() {
		return fs.SkipDir
	}
	return err
}

func checkFile(t *testing.T, root, path string) {
	t.Helper()
	dir, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.ToSlash(dir)
	if slices.ContainsFunc(free, func(prefix string) bool { return strings.HasPrefix(dir+"/", prefix) }) {
		return
	}
	allowed, listed := mayImport[dir]
	if !listed {
		t.Errorf("%s: the package is not in the table of imports; add it there and to ARCHITECTURE.md", dir)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		ours, ok := strings.CutPrefix(name, "nicgraph/")
		if ok && !slices.Contains(allowed, ours) {
			t.Errorf("%s imports %s, which is not below %s", path, ours, dir)
		}
	}
}
