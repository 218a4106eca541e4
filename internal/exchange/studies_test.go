package exchange

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/store"
)

// asked is a folder without a fault: four people in a study of five years, of whom one was
// only named. Their ids sort differently as texts and as numbers.
func asked() map[string]string {
	return map[string]string{
		"sources.csv":   "id,title,url,publisher,published_on,note\ns-1,A survey,,Somebody,,\n",
		"people.csv":    "id,name,aliases,summary,source_ids\np-2,Two,,A farmer.,s-1\np-10,Ten,,A farmer.,s-1\np-9,Nine,,A farmer.,s-1\np-100,Hundred,,A farmer.,s-1\n",
		"practices.csv": "id,name,aliases,kind,summary,broader_id,origin_id,source_ids\nseed,Hybrid seed,,TOOL,Seed.,,,s-1\n",
		"studies.csv": "id,name,aliases,summary,population,asked,period_unit,first_period,last_period,starts_on,licence,source_ids\n" +
			"farms,Farms,,A village.,Farmers.,,YEAR,1,5,1963,,s-1\n",
		"enrollments.csv": "id,study_id,participant_id,group,asked,last_period\n" +
			"e-2,farms,p-2,north,true,\ne-10,farms,p-10,north,true,4\ne-9,farms,p-9,south,true,\ne-100,farms,p-100,,false,\n",
		"ties.csv": "id,study_id,learner_id,source_id,kind,weight,first_period,last_period\n" +
			"t-1,farms,p-2,p-10,advice,,,\nt-2,farms,p-10,p-9,advice,0.25,2,3\nt-3,farms,p-9,p-100,talk,1e-3,,\nt-4,farms,p-9,p-9,talk,,,\n",
		"adoptions.csv": "id,study_id,adopter_id,practice_id,first_period,last_period,censoring\n" +
			"a-2,farms,p-2,seed,1,2,LEFT\na-2-again,farms,p-2,seed,4,,EXACT\na-10,farms,p-10,seed,4,,EXACT\n",
	}
}

func TestFaultsOfStudiesSayWhereTheyAre(t *testing.T) {
	cat := domain(t)
	tests := []struct {
		name     string
		file     string
		old, new string
		want     []string
	}{
		{"a study in order has none", "ties.csv", "", "", []string{}},
		{"a period that no study has", "adoptions.csv", "seed,4,,EXACT\na-10", "seed,6,,EXACT\na-10",
			[]string{`adoptions.csv:3:26: first_period 6 lies outside the periods of study farms, 1 to 5; if the period stands for never, import with --never farms=6`}},
		{"a tie outside the periods", "ties.csv", "0.25,2,3", "0.25,0,3",
			[]string{`ties.csv:3:32: first_period 0 lies outside the periods of study farms, 1 to 5`}},
		{"a tie that ends before it begins", "ties.csv", "0.25,2,3", "0.25,3,2",
			[]string{`ties.csv:3:34: last_period 2 lies before the first period, 3`}},
		{"a tie of less than nothing", "ties.csv", "0.25", "-0.25",
			[]string{`ties.csv:3:27: weight -0.25 is less than 0; a tie is strong or weak, not negative`}},
		{"a weight that is no number", "ties.csv", "0.25", "much",
			[]string{`ties.csv:3:27: weight "much" is not a number such as 2, 0.25 or 1e-3`}},
		{"a study that ends before it begins", "studies.csv", "YEAR,1,5", "YEAR,1,0",
			[]string{"studies.csv:2:42: last_period 0 lies before the first period, 1"}},
		{"an observation that ends outside the study", "enrollments.csv", "true,4", "true,9",
			[]string{"enrollments.csv:3:28: last_period 9 lies outside the periods of study farms, 1 to 5"}},
		{"an id that nobody has, with one like it", "ties.csv", "p-2,p-10,advice", "p-2,p-11,advice",
			[]string{`ties.csv:2:15: source_id "p-11" does not exist; did you mean p-10?`}},
		{"a source that is not enrolled", "enrollments.csv", "e-100,farms,p-100,,false,\n", "",
			[]string{`ties.csv:4:15: source_id "p-100" is not enrolled in study farms; add it to the enrollments, with asked false if it was only named`}},
		{"an adopter that is not enrolled", "enrollments.csv", "e-2,farms,p-2,north,true,\n", "",
			[]string{
				`adoptions.csv:2:11: adopter_id "p-2" is not enrolled in study farms; add it to the enrollments, with asked false if it was only named`,
				`adoptions.csv:3:17: adopter_id "p-2" is not enrolled in study farms; add it to the enrollments, with asked false if it was only named`,
				`ties.csv:2:11: learner_id "p-2" is not enrolled in study farms; add it to the enrollments, with asked false if it was only named`,
			}},
		{"an enrollment too many", "enrollments.csv", "e-9,", "e-2-again,farms,p-2,south,true,\ne-9,",
			[]string{`enrollments.csv:4:17: participant_id "p-2" is enrolled in study farms already, by e-2; keep one of the two`}},
		{"an adoption by who was not asked", "adoptions.csv", "a-10,farms,p-10", "a-10,farms,p-100",
			[]string{`adoptions.csv:4:12: adopter_id "p-100" was not asked, by e-100, so what it took up is unknown; leave the adoption out, or say that it was asked`}},
		{"an adoption after the last observation", "adoptions.csv", "p-10,seed,4", "p-10,seed,5",
			[]string{`adoptions.csv:4:22: first_period 5 lies after period 4, until which e-10 observed the adopter`}},
		{"adoptions that overlap", "adoptions.csv", "seed,1,2,LEFT", "seed,1,4,LEFT",
			[]string{`adoptions.csv:3:26: first_period 4 overlaps with a-2, which lasts from period 1 to 4; one adoption must end before the next begins`}},
		{"an adoption behind one without an end", "adoptions.csv", "seed,1,2,LEFT", "seed,1,,LEFT",
			[]string{`adoptions.csv:3:26: first_period 4 overlaps with a-2, which lasts from period 1 on; one adoption must end before the next begins`}},
		{"a second adoption from before the study", "adoptions.csv", "seed,4,,EXACT\na-10", "seed,4,,LEFT\na-10",
			[]string{`adoptions.csv:3:29: censoring LEFT says that it may have begun before period 4, but a-2 was given up in period 2; write EXACT`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := asked()
			if !strings.Contains(files[test.file], test.old) {
				t.Fatalf("%q is not in %s", test.old, test.file)
			}
			files[test.file] = strings.Replace(files[test.file], test.old, test.new, 1)
			if diff := cmp.Diff(test.want, printed(faultsOf(t, folderOf(files), cat))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatMeansNeverIsLeftOutAndCounted(t *testing.T) {
	cat := domain(t)
	st := opened(t, cat)
	files := asked()
	files["adoptions.csv"] += "a-9,farms,p-9,seed,6,,EXACT\n"
	never := Options{Never: []Sentinel{{"farms", 6}, {"farms", 5}}}
	report := imported(t, st, cat, files, never, change.Summary{Created: 18})
	if want := "18 created, 0 updated, 0 unchanged, 0 deleted; 1 adoption in period 6 of farms read as never; no adoption is in period 5 of farms"; report.String() != want {
		t.Errorf("the report is %q, want %q", report, want)
	}
	if got := exported(t, st, cat)["adoptions.csv"]; strings.Contains(got, "a-9") {
		t.Errorf("the adoption is stored:\n%s", got)
	}
}

func TestAStudyComesBackAsItWas(t *testing.T) {
	cat := domain(t)
	st := opened(t, cat)
	imported(t, st, cat, asked(), Options{}, change.Summary{Created: 18})
	tables := exported(t, st, cat)
	imported(t, st, cat, tables, Options{}, change.Summary{Unchanged: 18})
	want := asked()
	want["ties.csv"] = strings.Replace(want["ties.csv"], "1e-3", "0.001", 1)
	got := map[string]string{}
	for name := range want {
		got[name] = inRows(want[name], tables[name])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
}

// inRows puts the rows of a table into the order of another one.
func inRows(order, table string) string {
	rows := map[string]string{}
	for _, row := range strings.SplitAfter(table, "\n") {
		id, _, _ := strings.Cut(row, ",")
		rows[id] = row
	}
	var b strings.Builder
	for _, row := range strings.SplitAfter(order, "\n") {
		id, _, _ := strings.Cut(row, ",")
		b.WriteString(rows[id])
	}
	return b.String()
}

// laterTables are rows that come to what asked has stored.
type laterTables struct {
	name  string
	files map[string]string // the rows without their header
	opts  Options
	want  string // empty: it is fine
}

func later() []laterTables {
	return []laterTables{
		{"a tie between people who are enrolled already", map[string]string{"ties.csv": "t-5,farms,p-10,p-2,,,,\n"}, Options{}, ""},
		{"a second enrollment", map[string]string{"enrollments.csv": "e-new,farms,p-10,,true,\n"}, Options{},
			`enrollments.csv:2:13: participant_id "p-10" is enrolled in study farms already, by e-10; keep one of the two`},
		{"an adoption that overlaps with a stored one", map[string]string{"adoptions.csv": "a-new,farms,p-10,seed,5,,EXACT\n"}, Options{},
			"adoptions.csv:2:23: first_period 5 lies after period 4, until which e-10 observed the adopter\n" +
				"adoptions.csv:2:23: first_period 5 overlaps with a-10, which lasts from period 4 on; one adoption must end before the next begins"},
		{"an earlier adoption than a stored one", map[string]string{"adoptions.csv": "a-new,farms,p-10,seed,3,,EXACT\n"}, Options{},
			`adoptions.csv:2:23: first_period 3 overlaps with a-10, which lasts from period 4 on; one adoption must end before the next begins`},
		{"a study that becomes shorter", map[string]string{"studies.csv": "farms,Farms,,A village.,Farmers.,,YEAR,1,3,1963,,s-1\n"}, Options{},
			"adoptions.csv: a-10, which is stored and stays: first_period 4 lies outside the periods of study farms, 1 to 3; if the period stands for never, import with --never farms=4\n" +
				"adoptions.csv: a-2-again, which is stored and stays: first_period 4 lies outside the periods of study farms, 1 to 3; if the period stands for never, import with --never farms=4\n" +
				"enrollments.csv: e-10, which is stored and stays: last_period 4 lies outside the periods of study farms, 1 to 3"},
		{"a study that becomes longer", map[string]string{"studies.csv": "farms,Farms,,A village.,Farmers.,,YEAR,0,9,1963,,s-1\n"}, Options{}, ""},
		{"an enrollment that goes while a tie stays", map[string]string{"enrollments.csv": "e-2,farms,p-2,north,true,\ne-10,farms,p-10,north,true,4\ne-9,farms,p-9,south,true,\n"}, Options{Replace: true},
			`ties.csv: t-3, which is stored and stays: source_id "p-100" is not enrolled in study farms; add it to the enrollments, with asked false if it was only named`},
		{"an enrollment that turns to somebody else", map[string]string{"enrollments.csv": "e-100,farms,p-2,,false,\n"}, Options{},
			`ties.csv: t-3, which is stored and stays: source_id "p-100" is not enrolled in study farms; add it to the enrollments, with asked false if it was only named` + "\n" +
				`enrollments.csv:2:13: participant_id "p-2" is enrolled in study farms already, by e-2; keep one of the two`},
		{"somebody who adopted and was not asked after all", map[string]string{"enrollments.csv": "e-10,farms,p-10,north,false,4\n"}, Options{},
			`adoptions.csv: a-10, which is stored and stays: adopter_id "p-10" was not asked, by e-10, so what it took up is unknown; leave the adoption out, or say that it was asked`},
	}
}

func TestStudiesBuildOnWhatIsStored(t *testing.T) {
	cat := domain(t)
	for _, test := range later() {
		t.Run(test.name, func(t *testing.T) {
			st := opened(t, cat)
			imported(t, st, cat, asked(), Options{}, change.Summary{Created: 18})
			comesLater(t, st, cat, &test)
		})
	}
}

// refusedOnWhatIsStored imports a study into a store and offers it what is to be refused.
func refusedOnWhatIsStored(t *testing.T, st *store.Store, cat *catalog.Catalog) {
	t.Helper()
	if _, err := Import(t.Context(), st, folderOf(asked()), cat, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, test := range later() {
		if test.want != "" && !test.opts.Replace { // which would take away the other studies in the store
			t.Run(test.name, func(t *testing.T) { comesLater(t, st, cat, &test) })
		}
	}
}

func comesLater(t *testing.T, st *store.Store, cat *catalog.Catalog, test *laterTables) {
	t.Helper()
	files := map[string]string{}
	for name, rows := range test.files {
		header, _, _ := strings.Cut(asked()[name], "\n")
		files[name] = header + "\n" + rows
	}
	before, err := st.Revision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = Import(t.Context(), st, folderOf(files), cat, test.opts)
	if test.want == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	if err == nil || err.Error() != test.want {
		t.Errorf("got %v\nwant %s", err, test.want)
	}
	if after, err := st.Revision(t.Context()); err != nil || after != before {
		t.Errorf("something was written, %v", err)
	}
}
