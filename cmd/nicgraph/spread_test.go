package main

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withStudies is a folder of a store that holds studies.
func withStudies(t *testing.T, names ...string) string {
	t.Helper()
	data := t.TempDir()
	if code, _, errOut := command(t, "", append([]string{"import", "--seed", "--data", data}, names...)...); code != exitOK {
		t.Fatalf("import %v: %s", names, errOut)
	}
	return data
}

// rowsOf reads a CSV table, one map per row.
func rowsOf(t *testing.T, text string) (rows []map[string]string) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for k, column := range lines[0] {
			row[column] = line[k]
		}
		rows = append(rows, row)
	}
	return rows
}

// reference is what netdiffuseR gives for a study.
type reference struct {
	IDs      []string
	Periods  []int
	TOA      []*float64
	Exposure struct{ Lag1 [][]*float64 }
}

func readReference(t *testing.T, name string) (r reference) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "internal", "spread", "testdata", "reference", name+".netdiffuser.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(zip).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// wanted is the exposure of all rows up to and including the adoption, by party and period.
func (r *reference) wanted(study string) map[string]float64 {
	cells := map[string]float64{}
	for i, id := range r.IDs {
		for t, period := range r.Periods {
			if r.TOA[i] != nil && float64(period) > *r.TOA[i] {
				break
			}
			value := math.NaN()
			if v := r.Exposure.Lag1[i][t]; v != nil {
				value = *v
			}
			cells[study+"-"+id+" "+strconv.Itoa(period)] = value
		}
	}
	return cells
}

func TestExposureOfTheTableAgreesWithNetdiffuseR(t *testing.T) {
	data := withStudies(t, "fakesurvey", "fakesurveydyn", "medinnovations", "kfamily", "epigames")
	for _, study := range []struct{ name, practice, variant string }{
		{"fakesurvey", "fakesurvey-practice", "asis"},
		{"fakesurveydyn", "fakesurveydyn-practice", "asis"},
		{"medinnovations", "tetracycline", "censored"},
		{"kfamily", "family-planning", "censored"},
		{"epigames", "epigames-infection", "asis"},
	} {
		t.Run(study.name, func(t *testing.T) {
			input := `{"practice": "` + study.practice + `", "population": {"study": "` + study.name + `"}, "lag": 1, "compat": "NETDIFFUSER"}`
			code, out, errOut := command(t, input, "export", "--spread", "-", "--left-censored", "--data", data)
			if code != exitOK {
				t.Fatal(errOut)
			}
			compare(t, readReference(t, study.name+"."+study.variant), study.name, rowsOf(t, out))
		})
	}
}

func compare(t *testing.T, r reference, study string, rows []map[string]string) {
	t.Helper()
	want, largest := r.wanted(study), 0.0
	if len(rows) != len(want) {
		t.Errorf("%d rows, want %d", len(rows), len(want))
	}
	for _, row := range rows {
		expected, ok := want[row["party"]+" "+row["period"]]
		got, err := strconv.ParseFloat(row["exposure"], 64)
		if missing := row["exposure"] == ""; !ok || missing != math.IsNaN(expected) || !missing && err != nil {
			t.Fatalf("got %v, want %v", row, expected)
		}
		if row["exposure"] != "" {
			largest = max(largest, math.Abs(got-expected))
		}
	}
	t.Logf("%d rows, largest difference %g", len(rows), largest)
	if largest > 1e-9 {
		t.Errorf("exposure differs by %g", largest)
	}
}

const tetracycline = `{"practice": "tetracycline", "population": {"study": "medinnovations"}, "lag": 1}`

func TestTheServerSendsTheTableThatExportWrites(t *testing.T) {
	data := withStudies(t, "medinnovations")
	for _, format := range []string{"csv", "arrow", "parquet"} {
		file := filepath.Join(t.TempDir(), "rows."+format)
		if code, out, errOut := command(t, tetracycline, "export", "--spread", "-", "--output", file, "--covariates", "type,country", "--data", data); code != exitOK || !strings.Contains(out, "986 rows") || !strings.Contains(out, "11 left-censored") {
			t.Fatalf("%s: said %s%s", format, out, errOut)
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		address := start(t, func(c *Config) { c.Data = copied(t, data) }) + "/spread/person-period." + format + "?covariates=type,country"
		for method, get := range map[string]func() (*http.Response, error){
			"GET": func() (*http.Response, error) { return http.Get(address + "&input=" + url.QueryEscape(tetracycline)) },
			"POST": func() (*http.Response, error) {
				return http.Post(address, "application/json", strings.NewReader(tetracycline))
			},
		} {
			body, header := answer(t, get)
			if diff := cmp.Diff(string(want), body); diff != "" {
				t.Errorf("%s %s (-export +server)\n%s", method, format, diff)
			}
			for name, want := range map[string]string{
				"Content-Disposition": `attachment; filename="person-period.` + format + `"`, "X-Nicgraph-Rows": "986", "X-Nicgraph-Left-Censored": "11",
			} {
				if got := header.Get(name); got != want {
					t.Errorf("%s %s: %s is %q, want %q", method, format, name, got, want)
				}
			}
		}
	}
}

// copied is a copy of the folder of a store, so that servers can run one after the other.
func copied(t *testing.T, data string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func answer(t *testing.T, get func() (*http.Response, error)) (string, http.Header) {
	t.Helper()
	response, err := get()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), response.Header
}

func TestAWrongQuestionForATableIsToldAsASentence(t *testing.T) {
	address := start(t, func(c *Config) { c.Data = withStudies(t, "fakesurvey") })
	input := `{"practice": "fakesurvey-practice", "population": {"study": "fakesurvey"}, "lag": 1}`
	for name, c := range map[string]struct{ path, want string }{
		"a study that does not exist": {"person-period.csv?input=" + url.QueryEscape(strings.ReplaceAll(input, `"fakesurvey"`, `"nowhere"`)), `there is no study`},
		"a misspelt field":            {"person-period.csv?input=" + url.QueryEscape(`{"practise": "x"}`), `input.practise: SpreadInput has no field practise; did you mean practice?`},
		"a wrong kind of value":       {"edges.csv?input=" + url.QueryEscape(strings.Replace(input, "1}", `"a"}`, 1)), `input.lag: what is given is not of the type Int`},
		"a lag beyond the periods":    {"person-period.parquet?input=" + url.QueryEscape(strings.Replace(input, "1}", "100}", 1)), `"BAD_USER_INPUT"`},
		"an unknown covariate":        {"person-period.csv?covariates=colour&input=" + url.QueryEscape(input), `covariates: \"colour\" is not one of type, kind, region, country`},
		"a truth that is none":        {"person-period.csv?leftCensored=perhaps&input=" + url.QueryEscape(input), `takes true or false`},
	} {
		t.Run(name, func(t *testing.T) {
			body, header := answer(t, func() (*http.Response, error) { return http.Get(address + "/spread/" + c.path) })
			if !strings.Contains(body, c.want) || !strings.Contains(body, `"code":"BAD_USER_INPUT"`) {
				t.Errorf("got %s, want %s", body, c.want)
			}
			if got := header.Get("Content-Disposition"); got != "" {
				t.Errorf("an error is sent as the file %s", got)
			}
		})
	}
}

func TestAnExportThatFailsLeavesWhatWasThere(t *testing.T) {
	data, file := withStudies(t, "fakesurvey"), filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errOut := command(t, `{"practice": "nothing", "population": {"study": "fakesurvey"}}`, "export", "--spread", "-", "--output", file, "--data", data)
	if code != exitFailed || !strings.Contains(errOut, "nothing") {
		t.Errorf("code %d, said %s", code, errOut)
	}
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	if content, _ := os.ReadFile(file); string(content) != "mine" || len(entries) != 1 {
		t.Errorf("%s holds %q, beside %d others", file, content, len(entries)-1)
	}
}

func TestFlagsOfASpreadTableAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"without --spread":   {[]string{"export", "dir", "--format", "csv"}, "--format goes with --spread"},
		"covariates of ties": {[]string{"export", "--spread", "-", "--table", "edges", "--covariates", "type"}, "--covariates goes with --table person-period"},
		"an unknown format":  {[]string{"export", "--spread", "-", "--format", "xls"}, "there are csv, arrow, parquet"},
		"an unknown ending":  {[]string{"export", "--spread", "-", "--output", "rows.xls"}, "there are csv, arrow, parquet"},
		"a folder too":       {[]string{"export", "--spread", "-", "dir"}, "dir"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errOut := command(t, "{}", append(c.args, "--data", t.TempDir())...)
			if code != exitUsage || !strings.Contains(errOut, c.want) {
				t.Errorf("code %d, said %s, want %s", code, errOut, c.want)
			}
		})
	}
}
