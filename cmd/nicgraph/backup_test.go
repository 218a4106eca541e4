package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const known = `{ changes(first: 3) { nodes { number by why created updated deleted entries(first: 2) { id fields { field before after } } } }
	sources(first: 1000) { totalCount nodes { id version title } } then: asRecordedAt(time: "2100-01-01T00:00:00Z") { lastChange { number } } }`

func TestABackupTakenWhileOthersWriteIsBroughtBackWhole(t *testing.T) {
	dir := t.TempDir()
	data, file, again := filepath.Join(dir, "data"), filepath.Join(dir, "file.backup"), filepath.Join(dir, "again")
	app := startApp(t, func(c *Config) { c.Data = data })
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 10 {
				ask(t, app.Address(), aSource)
			}
		})
	}
	for _, name := range []string{file, file + "2"} {
		if code, out, errOut := command(t, "", "backup", name, "--data", data); code != exitOK || !strings.Contains(out, "bytes from") {
			t.Fatalf("backup: %d %s%s", code, out, errOut)
		}
	}
	writers.Wait()
	want := ask(t, app.Address(), known)
	last := filepath.Join(dir, "last.backup")
	if code, _, errOut := command(t, "", "backup", last, "--data", data); code != exitOK {
		t.Fatal(errOut)
	}

	for name, to := range map[string]string{file: again + "1", file + "2": again + "2", last: again} {
		code, out, errOut := command(t, "", "restore", name, "--data", to)
		if code != exitOK || !strings.Contains(out, ", 0 faults.") {
			t.Fatalf("restore %s: %d %s%s", name, code, out, errOut)
		}
	}
	address := start(t, func(c *Config) { c.Data = again })
	if diff := cmp.Diff(want, ask(t, address, known)); diff != "" {
		t.Errorf("what was brought back (-want +got)\n%s", diff)
	}
}

func TestABackupIsRefusedWhereItWouldDoHarm(t *testing.T) {
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "file.backup")
	if code, _, errOut := command(t, "", "import", "--seed", "--data", data); code != exitOK {
		t.Fatal(errOut)
	}
	if code, _, errOut := command(t, "", "backup", file, "--data", data); code != exitOK {
		t.Fatal(errOut)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	broken, foreign := filepath.Join(dir, "broken"), filepath.Join(dir, "foreign")
	whole[len(whole)/2] ^= 4
	write := func(name string, text []byte) {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(broken, whole)
	write(foreign, []byte("some other file"))
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"backup", file, "--data", data}, "is there already"},
		{[]string{"backup", filepath.Join(dir, "no", "folder"), "--data", data}, "cannot be written"},
		{[]string{"restore", file, "--data", data}, "there is a store in"},
		{[]string{"restore", broken, "--data", filepath.Join(dir, "new")}, "its checksum is wrong"},
		{[]string{"restore", foreign, "--data", filepath.Join(dir, "new")}, "no backup of nicgraph"},
		{[]string{"restore", file, "--store", "neo4j"}, "add --store embedded"},
		{[]string{"restore", filepath.Join(dir, "nothing")}, "cannot be read"},
	} {
		if code, _, errOut := command(t, "", test.args...); code != exitFailed || !strings.Contains(errOut, test.want) {
			t.Errorf("%v: exit code %d, %q; want %q", test.args, code, errOut, test.want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
		t.Error("a refused backup has left a folder")
	}
}

func TestCheckTellsWhatIsWrong(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if code, _, errOut := command(t, "", "import", "--seed", "--data", data); code != exitOK {
		t.Fatal(errOut)
	}
	if code, out, errOut := command(t, "", "check", "--data", data); code != exitOK || !strings.Contains(out, ", 0 faults.") {
		t.Fatalf("a whole store: %d %s%s", code, out, errOut)
	}
	file := filepath.Join(data, "graph.db")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(text, []byte("Spotlight"))
	text[at] ^= 1
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := command(t, "", "check", "--data", data)
	if code != exitFailed || !strings.Contains(out+errOut, "damaged") {
		t.Errorf("a damaged store: %d %s%s", code, out, errOut)
	}
}
