package embedded_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"nicgraph/internal/audit"
	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/storetest"
	"nicgraph/internal/value"
)

// childVariable tells the test binary that it is a child: what to do, and in which folder.
const childVariable = "EMBEDDED_TEST_CHILD"

func TestMain(m *testing.M) {
	if job, dir, isChild := strings.Cut(os.Getenv(childVariable), " "); isChild {
		child(job, dir)
		return
	}
	os.Exit(m.Run())
}

// child opens the store and says so; a writer then writes batches for ever, each
// acknowledged by its number on a line.
func child(job, dir string) {
	cat := storetest.Catalog()
	s, err := embedded.Open(dir, cat, nil)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("open")
	for n := 0; job == "write"; n++ {
		if err := writeNumbered(s, cat, n); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(n)
	}
	select {}
}

// batchSize is how many persons carry the number of their batch in score.
const batchSize = 7

func writeNumbered(s store.Backend, cat *catalog.Catalog, n int) error {
	batch := &change.Batch{}
	for i := range batchSize {
		node, err := storetest.NewNode(cat, "Person", fmt.Sprintf("person-%d", i), storetest.Fields{
			"score": n, "name": strings.Repeat("x", n%500), "friend": fmt.Sprintf("person-%d", n%batchSize),
		})
		if err != nil {
			return err
		}
		batch.Upserts = append(batch.Upserts, node)
	}
	own, err := storetest.NewNode(cat, "Group", fmt.Sprintf("group-%d", n), nil)
	if err != nil {
		return err
	}
	batch.Upserts = append(batch.Upserts, own)
	_, err = s.Apply(context.Background(), batch, nil)
	return err
}

// startChild runs the test binary as a child and gives the lines that it prints.
func startChild(t *testing.T, job, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+job+" "+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd, bufio.NewScanner(out)
}

func TestEveryAcknowledgedBatchSurvivesAKillAndNoneIsHalf(t *testing.T) {
	kills := 24
	if testing.Short() {
		kills = 5
	}
	for i := range kills {
		t.Run(fmt.Sprint("kill ", i), func(t *testing.T) {
			dir := t.TempDir()
			last := killSoon(t, dir)
			s := open(t, dir, storetest.Catalog(), nil)
			defer closeStore(t, s)
			wantBatch(t, s, last)
		})
	}
}

// killSoon lets a child write for a moment, kills it, and tells the last batch that
// it has acknowledged, -1 for none.
func killSoon(t *testing.T, dir string) (last int) {
	cmd, lines := startChild(t, "write", dir)
	if lines.Scan(); lines.Text() != "open" {
		t.Fatal(lines.Text())
	}
	time.AfterFunc(rand.N(60*time.Millisecond), func() { _ = cmd.Process.Kill() })
	last = -1
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil { // the line that the kill cut off
			break
		}
		last = max(last, n)
	}
	_ = cmd.Wait()
	return last
}

// wantBatch checks that the store is as one batch left it: the last acknowledged one,
// or the one that was under way.
func wantBatch(t *testing.T, s store.Backend, last int) {
	t.Helper()
	cat := storetest.Catalog()
	people := holds(t, s, cat).(storetest.Row).Slots[0].(storetest.Page)
	if len(people.Rows) == 0 && last == -1 {
		return
	}
	got := last
	if isNext(t, s, cat, last+1) {
		got = last + 1
	}
	again := memory(t, cat)
	for n := range got + 1 {
		if err := writeNumbered(again, cat, n); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(holds(t, again, cat), holds(t, s, cat)); diff != "" {
		t.Errorf("batch %d was acknowledged last; the store is not as it left it (-want +got):\n%s", last, diff)
	}
	wantHistory(t, again, s, got+1)
	storetest.Audit(t, s, cat, "")
}

// wantHistory compares the histories of two stores, and the graphs that they were.
func wantHistory(t *testing.T, want, got store.Backend, changes int) {
	t.Helper()
	if diff := cmp.Diff(remembers(t, want, changes), remembers(t, got, changes)); diff != "" {
		t.Errorf("the history is another one (-want +got):\n%s", diff)
	}
	cat := storetest.Catalog()
	for _, number := range []int{0, changes / 2, changes} {
		if diff := cmp.Diff(holds(t, at(t, want, number), cat), holds(t, at(t, got, number), cat)); diff != "" {
			t.Errorf("after change %d (-want +got):\n%s", number, diff)
		}
	}
}

func at(t *testing.T, s store.Backend, number int) store.Backend {
	t.Helper()
	then, err := s.At(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return then
}

// remembers is the end of a store's history as texts.
func remembers(t *testing.T, s store.Backend, changes int) (lines []string) {
	t.Helper()
	all, err := s.Changes(t.Context(), &change.Ask{First: changes + 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		lines = append(lines, fmt.Sprint(r.Number, r.Summary))
	}
	last, err := s.Entries(t.Context(), changes, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	of, err := s.NodeHistory(t.Context(), "person-0", 0, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range append(last, of...) {
		lines = append(lines, fmt.Sprint(e.Change, e.ID, len(change.Difference(e.Before, e.After))))
	}
	return lines
}

// Whatever bit of the history turns over, it is told and never served.
func TestABitThatTurnedOverInTheHistoryIsTold(t *testing.T) {
	cat := storetest.Catalog()
	whole := filepath.Join(t.TempDir(), "whole")
	s := open(t, whole, cat, nil)
	apply(t, s, person(t, cat, "a", nil), person(t, cat, "b", nil))
	apply(t, s, person(t, cat, "a", storetest.Fields{"score": 1}))
	for _, batch := range []change.Batch{
		{Deletes: []string{"a", "b"}}, {Upserts: []change.Node{person(t, cat, "a", nil)}, Note: change.Note{Key: "k"}},
	} {
		if _, err := s.Apply(t.Context(), &batch, nil); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, s)
	for _, bucket := range []string{"changes", "created", "states", "next", "keys", "gone", "back"} {
		for turn := range 3 {
			t.Run(fmt.Sprint(bucket, " ", turn), func(t *testing.T) { testTurned(t, cat, whole, bucket, turn) })
		}
	}
}

func testTurned(t *testing.T, cat *catalog.Catalog, whole, bucket string, turn int) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join(whole, "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "graph.db"), string(text))
	edit(t, dir, func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		key, value := b.Cursor().First()
		turned := slices.Clone(value)
		turned[turn*(len(turned)-1)/2] ^= 1 << (turn + 3)
		return b.Put(slices.Clone(key), turned)
	})
	s, err := embedded.Open(dir, cat, nil)
	if err != nil {
		wantFault(t, err, "damaged")
		return
	}
	defer closeStore(t, s)
	report, err := audit.Check(t.Context(), store.New(s, store.Limits{}), cat, nil)
	if err != nil {
		t.Fatal(err)
	}
	if report.OK() || !strings.Contains(strings.Join(report.Faults, "\n"), "damaged") {
		t.Errorf("it is not told: %s %q", report, report.Faults)
	}
}

func isNext(t *testing.T, s store.Backend, cat *catalog.Catalog, n int) bool {
	t.Helper()
	groups, _ := cat.Type("Group")
	find := query(cat, &plan.Find{Types: catalog.SetOf(groups.ID), ID: id(fmt.Sprintf("group-%d", n)), Row: scalars(groups, "id")})
	return answer(t, prepare(t, s, find)).Cells[1].Kind != plan.CellNull
}

func TestASecondProcessIsToldWhoUsesTheStore(t *testing.T) {
	dir := t.TempDir()
	cmd, lines := startChild(t, "hold", dir)
	lines.Scan()
	_, err := embedded.Open(dir, storetest.Catalog(), nil)
	wantFault(t, err, fmt.Sprintf("is in use by process %d", cmd.Process.Pid))
}

func wantFault(t *testing.T, err error, part string) {
	t.Helper()
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), part) {
		t.Errorf("got %v, want an unavailable store and %q", err, part)
	}
}

func TestWhatIsWrittenIsThereAgain(t *testing.T) {
	cat, dir := storetest.Catalog(), t.TempDir()
	s := open(t, dir, cat, nil)
	nodes := append(crowd(t, cat, 700),
		person(t, cat, "zoe", storetest.Fields{"name": "Zoë 😀", "nick": "", "score": -5, "awake": false, "born": "2013~", "aliases": []string{"Z", "", "z"}, "mood": "GLAD", "friend": "zoe", "likes": []string{"zoe", "place-3"}}),
		made(t, cat, "Group", "empty", storetest.Fields{"name": ""}))
	apply(t, s, nodes...)
	if _, err := s.Apply(t.Context(), &change.Batch{Deletes: []string{"lesson-0000010", "lesson-0000699"}}, nil); err != nil {
		t.Fatal(err)
	}
	want := holds(t, s, cat)
	closeStore(t, s)

	s = open(t, dir, cat, nil)
	defer closeStore(t, s)
	if diff := cmp.Diff(want, holds(t, s, cat)); diff != "" {
		t.Errorf("after opening again (-want +got):\n%s", diff)
	}
	if got, want := apply(t, s, nodes...), (change.Summary{Created: 2, Unchanged: len(nodes) - 2}); got != want {
		t.Errorf("repeated: got %+v, want %+v", got, want)
	}
}

func TestNothingIsWrittenBehindAChangeThatOnlyTheDiskKnows(t *testing.T) {
	cat, dir := storetest.Catalog(), t.TempDir()
	s := open(t, dir, cat, nil)
	apply(t, s, person(t, cat, "ann", nil))
	if err := embedded.RunAhead(s); err != nil {
		t.Fatal(err)
	}
	before := holds(t, s, cat)
	_, err := s.Apply(t.Context(), &change.Batch{Upserts: []change.Node{person(t, cat, "bob", nil)}}, nil)
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "start the program again") {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, holds(t, s, cat)); diff != "" {
		t.Errorf("after the refusal (-want +got):\n%s", diff)
	}
	closeStore(t, s)

	s = open(t, dir, cat, nil)
	defer closeStore(t, s)
	apply(t, s, person(t, cat, "bob", nil))
	if got, err := s.Revision(t.Context()); got != 3 || err != nil {
		t.Errorf("the last change is %d, want 3: %v", got, err)
	}
}

func TestAStoreThatCannotBeUsedSaysWhy(t *testing.T) {
	cat := storetest.Catalog()
	for _, row := range []struct {
		name string
		harm func(t *testing.T, dir string)
		want string
	}{
		{"of a newer format", func(t *testing.T, dir string) { put(t, dir, "meta", []byte("format"), []byte("99")) }, "has format 99 and this program reads up to 1"},
		{"without a format", func(t *testing.T, dir string) { put(t, dir, "meta", []byte("format"), []byte("x")) }, "names no format"},
		{"with a damaged record", func(t *testing.T, dir string) { put(t, dir, "nodes", key(1), []byte("garbage!")) }, "node 00000001: the record is damaged"},
		{"with a record in another's place", swap, "the record is damaged"},
		{"with a link to nowhere", func(t *testing.T, dir string) { put(t, dir, "nodes", key(1), nil) }, "which is not there"},
		{"that is a text", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "graph.db"), strings.Repeat("no store ", 5000))
		}, "is damaged or is no store of nicgraph"},
		{"of another program", foreign, "belongs to another program"},
		{"in a folder that is a file", func(t *testing.T, dir string) {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "a file")
		}, "cannot be made or is no folder"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "store")
			s := open(t, dir, cat, nil)
			apply(t, s, person(t, cat, "a", nil), person(t, cat, "b", storetest.Fields{"friend": "a"}), person(t, cat, "c", nil))
			closeStore(t, s)
			row.harm(t, dir)
			_, err := embedded.Open(dir, cat, nil)
			wantFault(t, err, row.want)
		})
	}
}

// Whatever happens to a page, opening gives a store or a sentence: never a panic, also
// not in a goroutine of the library.
func TestAStoreWithAHarmedPageIsRefusedInWords(t *testing.T) {
	cat := storetest.Catalog()
	whole := filepath.Join(t.TempDir(), "whole")
	s := open(t, whole, cat, nil)
	for n := range 400 {
		apply(t, s, person(t, cat, fmt.Sprintf("p%d", n), nil))
	}
	closeStore(t, s)
	text, err := os.ReadFile(filepath.Join(whole, "graph.db"))
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	for at := 0; at < len(text); at += page {
		zeroed := slices.Concat(text[:at], make([]byte, page), text[at+page:])
		renamed := slices.Clone(text)
		renamed[at]++
		for name, harmed := range map[string][]byte{"cut": text[:at], "zeroed": zeroed, "renamed": renamed} {
			if at == 0 && name == "cut" {
				continue // an empty file is a new store
			}
			dir := t.TempDir()
			write(t, filepath.Join(dir, "graph.db"), string(harmed))
			s, err := embedded.Open(dir, cat, &embedded.Options{NoSync: true})
			if err == nil {
				closeStore(t, s) // the page was free, or one of two copies
			} else if fault.KindOf(err) != fault.Unavailable {
				t.Errorf("%s at page %d: %v", name, at/page, err)
			}
		}
	}
}

func key(num uint32) []byte { return binary.BigEndian.AppendUint32(nil, num) }

// put changes the file behind the store's back; a nil value deletes.
func put(t *testing.T, dir, bucket string, key, val []byte) {
	edit(t, dir, func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(bucket))
		if err != nil {
			return err
		}
		if val == nil {
			return b.Delete(key)
		}
		return b.Put(key, val)
	})
}

func swap(t *testing.T, dir string) {
	edit(t, dir, func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("nodes"))
		return b.Put(key(3), append([]byte(nil), b.Get(key(1))...))
	})
}

func foreign(t *testing.T, dir string) {
	if err := os.Remove(filepath.Join(dir, "graph.db")); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "bookmarks", []byte("a"), []byte("b"))
}

func edit(t *testing.T, dir string, change func(tx *bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "graph.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(change); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A schema that grows, and one that shrinks, reads what another one wrote.
func TestAnotherSchemaReadsTheFile(t *testing.T) {
	small, big := people("name"), people("height", "name")
	dir := t.TempDir()
	s := open(t, dir, small, nil)
	apply(t, s, personOf(small, value.OfText("Ann")))
	closeStore(t, s)

	s = open(t, dir, big, nil)
	if got := apply(t, s, personOf(big, value.Value{}, value.OfText("Ann"))); got.Unchanged != 1 {
		t.Errorf("the bigger schema reads something else: %+v", got)
	}
	apply(t, s, personOf(big, value.OfText("tall"), value.OfText("Ann")))
	closeStore(t, s)

	s = open(t, dir, small, nil)
	defer closeStore(t, s)
	if got := apply(t, s, personOf(small, value.OfText("Ann"))); got.Unchanged != 1 {
		t.Errorf("the smaller schema reads something else: %+v", got)
	}
}

// What was written before there were versions has version 0, and its history begins with the next change.
func TestAnOlderFileHasVersionZero(t *testing.T) {
	older, dir := people("name"), t.TempDir()
	s := open(t, dir, older, nil)
	apply(t, s, personOf(older, value.OfText("Ann")))
	closeStore(t, s)
	edit(t, dir, func(tx *bbolt.Tx) error { // an older program kept no history
		for _, name := range []string{"changes", "created"} {
			if err := tx.DeleteBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})

	newer := people("name")
	newer.Types[0].Properties = append(newer.Types[0].Properties, &catalog.Property{Name: catalog.Version, Kind: value.Int, Required: true, Managed: true})
	cat := catalog.New(newer.Types, nil, nil)
	s = open(t, dir, cat, nil)
	defer closeStore(t, s)
	storetest.Audit(t, s, cat, "1 things and facts, 0 links, 0 changes with 0 entries, 0 faults")
	asked := storetest.TreeOf(everything(cat), answer(t, prepare(t, s, everything(cat))))
	if got := asked.(storetest.Row).Slots[0].(storetest.Page).Rows[0].(storetest.Row).Slots[2]; got != int64(0) {
		t.Errorf("the version is %v", got)
	}
	apply(t, s, personOf(cat, value.OfText("Bo"), value.Value{}))
	storetest.Audit(t, s, cat, "1 things and facts, 0 links, 1 changes with 1 entries, 0 faults")
	then, err := s.At(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asked, holds(t, then, cat)); diff != "" {
		t.Errorf("before the history (-want +got):\n%s", diff)
	}
}

func TestATypeThatIsGoneIsNamed(t *testing.T) {
	cat, dir := storetest.Catalog(), t.TempDir()
	s := open(t, dir, cat, nil)
	apply(t, s, made(t, cat, "Group", "g", nil))
	closeStore(t, s)
	_, err := embedded.Open(dir, people("name"), nil)
	wantFault(t, err, "it is a Group, a type that this version does not have")
}

// people is a catalog of one type with some texts.
func people(names ...string) *catalog.Catalog {
	t := &catalog.Type{Name: "Person", Properties: []*catalog.Property{{Name: "id", Kind: value.ID, Required: true}}}
	for _, name := range names {
		t.Properties = append(t.Properties, &catalog.Property{Name: name, Kind: value.Text})
	}
	return catalog.New([]*catalog.Type{t}, nil, nil)
}

func personOf(cat *catalog.Catalog, values ...value.Value) change.Node {
	return change.Node{Type: cat.Types[0], ID: "ann", Values: append([]value.Value{value.OfID("ann")}, values...)}
}
