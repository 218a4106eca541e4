package exchange

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
	"nicgraph/internal/schema"
	"nicgraph/seed"
)

func domain(t testing.TB) *catalog.Catalog {
	t.Helper()
	d, err := schema.ReadDir(os.DirFS("../../graph/schema"))
	if err != nil {
		t.Fatal(err)
	}
	return d.Catalog()
}

// small is a folder without a fault: one organization cited from one source, two
// practices, a learning.
func small() map[string]string {
	return map[string]string{
		"sources.csv": "id,title,url,publisher,published_on,note\n" +
			"s-1,A page,,Somebody,,\n",
		"organizations.csv": "id,name,aliases,kind,city,region,country,website,founded,summary,source_ids\n" +
			"lake-school,Lake School,,SCHOOL,,,US,,1950,A school.,s-1\n" +
			"hill-school,Hill School,Hill;The Hill,SCHOOL,,,US,,,A school.,s-1\n",
		"practices.csv": "id,name,aliases,kind,summary,broader_id,origin_id,source_ids\n" +
			"pdsa,PDSA cycle,,METHOD,A cycle.,,,s-1\n" +
			"quick-pdsa,Quick PDSA,,METHOD,A short one.,pdsa,lake-school,s-1\n",
		"learnings.csv": "id,learner_id,teacher_id,practice_id,channel_kind,channel_id,started,date_precision,stage,evidence,confidence,source_ids\n" +
			"l-1,lake-school,hill-school,pdsa,COACHING,,2013,SCHOOL_YEAR,,It says so.,STATED,s-1\n",
	}
}

func folderOf(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func faultsOf(t testing.TB, fsys fs.FS, cat *catalog.Catalog) Faults {
	t.Helper()
	_, err := Read(fsys, cat)
	if err == nil {
		return nil
	}
	faults, ok := errors.AsType[Faults](err)
	if !ok {
		t.Fatalf("not faults: %v", err)
	}
	if kind := fault.KindOf(err); kind != fault.Invalid {
		t.Errorf("kind %v, want Invalid", kind)
	}
	return faults
}

func printed(faults Faults) []string {
	all := []string{}
	for _, f := range faults {
		all = append(all, f.String())
	}
	return all
}

func TestFaultsSayWhereTheyAre(t *testing.T) {
	cat := domain(t)
	tests := []struct {
		name     string
		file     string
		old, new string
		want     []string
	}{
		{"a folder in order has none", "sources.csv", "", "", []string{}},
		{"a byte order mark and CRLF are accepted", "sources.csv", "id,title,url,publisher,published_on,note\ns-1,A page,,Somebody,,\n", "\uFEFFid,title,url,publisher,published_on,note\r\ns-1,A page,,Somebody,,\r\n", []string{}},
		{"EDTF is accepted where a date stands", "sources.csv", "Somebody,,", "Somebody,2013/2014~,", []string{}},
		{"a misspelled name of a vocabulary", "organizations.csv", "Lake School,,SCHOOL", "Lake School,,SCHOOOL",
			[]string{`organizations.csv:2:26: kind "SCHOOOL" is not in the vocabulary; did you mean SCHOOL?`}},
		{"a name unlike any of the vocabulary", "learnings.csv", "STATED", "X",
			[]string{`learnings.csv:2:74: confidence "X" is not in the vocabulary, which has STATED, INFERRED`}},
		{"columns count characters, not bytes", "organizations.csv", "Lake School,,SCHOOL", "Läké Schöol,,SCHOOOL",
			[]string{`organizations.csv:2:26: kind "SCHOOOL" is not in the vocabulary; did you mean SCHOOL?`}},
		{"lines are those of the file, past a cell of several", "organizations.csv", "Lake School,,SCHOOL,,,US,,1950", "\"Lake\nSchool\",,SCHOOL,,,US,,195",
			[]string{`organizations.csv:3:23: founded "195" is not a date: write a year, month or day such as 2013, 2013-09 or 2013-09-14, with ~ behind it when approximate, or two of them with / between`}},
		{"an empty cell that is needed", "organizations.csv", "Lake School", "",
			[]string{"organizations.csv:2:13: name is empty; every row needs it"}},
		{"a list that is needed", "practices.csv", "A cycle.,,,s-1", "A cycle.,,,",
			[]string{"practices.csv:2:36: source_ids is empty; every row needs it"}},
		{"an id that is none", "sources.csv", "s-1,A page", "S_1,A page", []string{
			`learnings.csv:2:81: source_ids "s-1" does not exist`,
			`organizations.csv:2:54: source_ids "s-1" does not exist`,
			`organizations.csv:3:63: source_ids "s-1" does not exist`,
			`practices.csv:2:36: source_ids "s-1" does not exist`,
			`practices.csv:3:61: source_ids "s-1" does not exist`,
			`sources.csv:2:1: id "S_1" is not an id: use small letters and digits, with single hyphens between them`}},
		{"an id that another table has", "organizations.csv", "hill-school,Hill", "s-1,Hill", []string{
			`learnings.csv:2:17: teacher_id "hill-school" does not exist`,
			`organizations.csv:3:1: id "s-1" is used already in sources.csv:2`}},
		{"an id that is too long", "sources.csv", "s-1,A page", "s-1,A page,,Somebody,,\n" + strings.Repeat("a", 201) + ",A page",
			[]string{"sources.csv:3:1: id has 201 characters; an id has at most 200"}},
		{"a text that is too long", "sources.csv", "A page", strings.Repeat("a", 100_001),
			[]string{"sources.csv:2:5: title has 100001 characters; at most 100000 may stand here"}},
		{"a list that names one twice", "organizations.csv", "Hill;The Hill", "Hill; Hill",
			[]string{`organizations.csv:3:25: aliases names "Hill" twice`}},
		{"a list with a gap", "organizations.csv", "Hill;The Hill", "Hill;",
			[]string{"organizations.csv:3:25: aliases has an empty element; write the elements with one ; between them"}},
		{"a link to what does not exist", "learnings.csv", "lake-school,hill", "lake-scholl,hill",
			[]string{`learnings.csv:2:5: learner_id "lake-scholl" does not exist; did you mean lake-school?`}},
		{"a link to what is of another type", "learnings.csv", "lake-school,hill", "pdsa,hill",
			[]string{`learnings.csv:2:5: learner_id "pdsa" is a Practice; a Party is wanted here`}},
		{"a chain in a circle", "practices.csv", "A cycle.,,", "A cycle.,quick-pdsa,",
			[]string{`practices.csv:2:34: broader_id runs in a circle: pdsa, quick-pdsa, and back to pdsa`}},
		{"a practice broader than itself", "practices.csv", "A cycle.,,", "A cycle.,pdsa,",
			[]string{`practices.csv:2:34: broader_id runs in a circle: pdsa, and back to pdsa`}},
		{"a date that does not fit its precision", "learnings.csv", "2013,SCHOOL", "2013-09,SCHOOL",
			[]string{`learnings.csv:2:44: started "2013-09" does not fit date_precision SCHOOL_YEAR: it wants the year in which the school year begins, such as 2013`}},
		{"a date whose precision says unknown", "learnings.csv", "SCHOOL_YEAR", "UNKNOWN",
			[]string{`learnings.csv:2:44: started "2013" does not fit date_precision UNKNOWN: it wants an empty cell`}},
		{"a school year past the last that can be written", "learnings.csv", "2013,", "9999,",
			[]string{`learnings.csv:2:44: started "9999" does not fit date_precision SCHOOL_YEAR: it "10000-07" is not a date: write a year, month or day such as 2013, 2013-09 or 2013-09-14, with ~ behind it when approximate, or two of them with / between`}},
		{"a day that no calendar has", "sources.csv", "Somebody,,", "Somebody,2013-02-30,",
			[]string{`sources.csv:2:22: published_on "2013-02-30" is not a date: that month has no day 30`}},
		{"a column that is unknown", "sources.csv", "publisher,", "publishers,", []string{
			"sources.csv:1:1: column publisher is missing; the header is id,title,url,publisher,published_on,note",
			`sources.csv:1:14: "publishers" is not a column of this table; did you mean publisher?`}},
		{"a column that stands twice", "sources.csv", "url,publisher", "publisher,publisher", []string{
			"sources.csv:1:1: column url is missing; the header is id,title,url,publisher,published_on,note",
			"sources.csv:1:20: column publisher stands here twice",
			"sources.csv:2:12: publisher is empty; every row needs it"}},
		{"a row that is too short", "sources.csv", "Somebody,,\n", "Somebody,,\ns-2,B\n",
			[]string{"sources.csv:3:1: the row has 2 cells and the header 6"}},
		{"an empty file, before the links that fail by it", "sources.csv", small()["sources.csv"], "", []string{
			"sources.csv:1:1: has no header; it is id,title,url,publisher,published_on,note",
			`learnings.csv:2:81: source_ids "s-1" does not exist`,
			`organizations.csv:2:54: source_ids "s-1" does not exist`,
			`organizations.csv:3:63: source_ids "s-1" does not exist`,
			`practices.csv:2:36: source_ids "s-1" does not exist`,
			`practices.csv:3:61: source_ids "s-1" does not exist`}},
		{"columns that are parted by semicolons", "learnings.csv", small()["learnings.csv"], strings.ReplaceAll(small()["learnings.csv"], ",", ";"),
			[]string{"learnings.csv:1:1: the columns are not parted by commas; save the table as CSV with a comma as separator"}},
		{"a quotation mark in a bare cell", "sources.csv", "Somebody,,\n", "Somebody,,\ns-2,B \"b\",,C,,\n",
			[]string{`sources.csv:3:7: a cell with a quotation mark in it must stand in quotation marks, with the mark doubled: "say ""hello"""`}},
		{"a quotation mark that is never closed", "sources.csv", "Somebody,,\n", "Somebody,,\ns-2,\"B,,C,,\nmore\n",
			[]string{`sources.csv:4:6: a quotation mark in the row that begins in line 3 is not closed as it should be; inside a quoted cell a mark is doubled: "say ""hello"""`}},
		{"bytes that are not UTF-8", "sources.csv", "A page", "A p\xffge",
			[]string{"sources.csv:2:5: title is not valid UTF-8; save the file in that encoding"}},
		{"a zero byte", "sources.csv", "A page", "A\x00page",
			[]string{"sources.csv:2:5: title holds the control character U+0000; remove it"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := small()
			files[tt.file] = strings.Replace(files[tt.file], tt.old, tt.new, 1)
			if diff := cmp.Diff(tt.want, printed(faultsOf(t, folderOf(files), cat))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFolderInPlaceOfATableIsNoMissingTable(t *testing.T) {
	files := folderOf(small())
	files["people.csv/notes.txt"] = &fstest.MapFile{Data: []byte("not a table")}
	_, err := Read(files, domain(t))
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "people.csv is a folder; a table is a file") {
		t.Errorf("got %v, want a refusal of the folder people.csv", err)
	}
}

func TestTablesAsAWhole(t *testing.T) {
	cat := domain(t)
	tests := []struct {
		name string
		add  map[string]string
		want []string
	}{
		{"a misspelled table", map[string]string{"peple.csv": "", "source.csv": ""}, []string{
			"peple.csv: is not a table of this graph; did you mean people.csv?",
			"source.csv: is not a table of this graph; did you mean sources.csv?"}},
		{"a table given in capitals", map[string]string{"People.CSV": ""}, []string{
			"People.CSV: is not a table of this graph; did you mean people.csv?"}},
		{"a number that is none", map[string]string{"resources.csv": "id,title,kind,year,url,identifiers,publisher_id,summary,source_ids\nbook,Book,BOOK,MMX,,,,It.,s-1\n"}, []string{
			`resources.csv:2:16: year "MMX" is not a whole number between -2147483648 and 2147483647`}},
		{"a role that ends before it starts", map[string]string{
			"people.csv": "id,name,aliases,summary,source_ids\nann,Ann,,Teaches.,s-1\n",
			"roles.csv":  "id,person_id,body_id,title,started,ended,seen_in,source_ids,note\nr-1,ann,lake-school,Teacher,2014-05,2013,,s-1,\nr-2,ann,lake-school,Head,2013-05,2013,,s-1,\n"}, []string{
			"roles.csv:2:37: ended 2013 lies before started 2014-05"}},
		{"a link that stands twice in its table", map[string]string{
			"resources.csv":        "id,title,kind,year,url,identifiers,publisher_id,summary,source_ids\nbook,Book,BOOK,2010,,,,It.,s-1\n",
			"resource_authors.csv": "resource_id,author_id\nbook,lake-school\nbook,hill-school\nbook,lake-school\nbook,pdsa\n,pdsa\nbok,lake-school\n"}, []string{
			"resource_authors.csv:4:1: the row says the same as line 2",
			`resource_authors.csv:5:6: author_id "pdsa" is a Practice; a Party is wanted here`,
			"resource_authors.csv:6:1: resource_id is empty; every row needs it",
			`resource_authors.csv:7:1: resource_id "bok" does not exist; did you mean book?`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := small()
			for name, text := range tt.add {
				files[name] = text
			}
			if diff := cmp.Diff(tt.want, printed(faultsOf(t, folderOf(files), cat))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFolderWithoutTablesIsRefused(t *testing.T) {
	_, err := Read(folderOf(map[string]string{"notes.txt": ""}), domain(t))
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v, want a fault of kind Invalid", err)
	}
}

func TestAMessageOfManyFaultsIsShort(t *testing.T) {
	files := small()
	files["sources.csv"] += strings.Repeat("s-1,A page,,Somebody,,\n", 30)
	faults := faultsOf(t, folderOf(files), domain(t))
	text := strings.Split(faults.Error(), "\n")
	if len(faults) != 30 || len(text) != 21 || text[20] != "and 10 more" {
		t.Errorf("%d faults in %d lines, the last %q", len(faults), len(text), text[len(text)-1])
	}
}

func TestTheSeedHasNoFault(t *testing.T) {
	cat := domain(t)
	batch, err := Read(seed.Tables, cat)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(batch.Upserts); got != 2477 {
		t.Errorf("%d nodes, want 2477", got)
	}
}
