package spec_test

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nicgraph/internal/exchange"
	"nicgraph/internal/neo4jtest"
	"nicgraph/seed/studies"
)

// Every number of the reference files of package spread, asked over GraphQL on both stores;
// internal/spread/testdata/README.md says what they are. Run with -v to see the largest
// difference of each measure and data set.

func TestSpreadAgreesOnTheEmbeddedStore(t *testing.T) {
	inMemory(t, realCatalog(t)).agrees(t)
}

func TestSpreadAgreesOnNeo4j(t *testing.T) {
	onNeo4j(t, neo4jtest.Start(t), realCatalog(t)).agrees(t)
}

// published is a reference file and the question whose answer it holds.
type published struct {
	set, file, practice string
	part                []string // where in the file its numbers stand
	input               map[string]any
}

// results lists all reference files: those of netdiffuseR, those of the cascades, and the
// susceptibility without the package's fault.
func results() []published {
	practices := map[string]string{
		"fakesurvey": "fakesurvey-practice", "fakesurveydyn": "fakesurveydyn-practice", "medinnovations": "tetracycline",
		"kfamily": "family-planning", "epigames": "epigames-infection",
	}
	var all []published
	for _, set := range slices.Sorted(maps.Keys(practices)) {
		one := func(file string, input map[string]any) {
			all = append(all, published{set: set, file: set + "." + file, practice: practices[set], input: input})
		}
		variants := []string{"asis"}
		if set == "medinnovations" || set == "kfamily" {
			variants = []string{"censored", "coded"}
		}
		for _, variant := range variants {
			input := map[string]any{"compat": "NETDIFFUSER"}
			if variant == "coded" {
				input["nonAdopters"] = "AS_LAST_PERIOD"
			}
			one(variant+".netdiffuser", input)
		}
		one("cascade", nil)
		one("corrected", nil)
	}
	for _, practice := range []string{"alpha", "beta", "gamma"} {
		part, practice := []string{"practices", practice}, "simmulti-"+practice
		all = append(all,
			published{"simmulti", "simmulti.practices.netdiffuser", practice, part, map[string]any{"compat": "NETDIFFUSER"}},
			published{"simmulti", "simmulti.practices.cascade", practice, part, nil})
	}
	return all
}

// agrees imports all data sets and checks all reference files.
func (x *target) agrees(t *testing.T) {
	for _, name := range studies.Names() {
		tables, _ := studies.Tables(name)
		if _, err := exchange.Import(t.Context(), x.store, tables, x.cat, exchange.Options{}); err != nil {
			t.Fatalf("import %s: %v", name, err)
		}
	}
	for _, p := range results() {
		name := strings.TrimPrefix(p.file, p.set+".")
		t.Run(p.set+"/"+strings.Join(append([]string{name}, p.part...), "/"), func(t *testing.T) {
			a := &agreement{T: t, target: x, published: p, reference: referenceFile(t, p.file), checked: map[string]bool{}}
			for _, m := range measures() {
				a.check(&m)
			}
			if rest := a.unchecked(a.reference, ""); len(p.part) == 0 && rest != nil {
				t.Errorf("not compared: %v", rest)
			}
		})
	}
}

func referenceFile(t *testing.T, name string) map[string]any {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "spread", "testdata", "reference", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.NewDecoder(unzipped).Decode(&all); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return all
}

// measure is a part of a reference file and where its numbers stand in an answer.
type measure struct {
	want   string         // path in the reference file; a file without it does not have the measure
	set    string         // the data set that it is about; empty: all
	only   string         // files that have it, by their ending; empty: all
	input  map[string]any // how the question's input differs
	fields string         // the selection on Spread, or on a member when got begins with members
	got    string         // path of the numbers in the answer
	near   float64        // relative difference that is allowed; 0: 1e-9 and absolute
	order  []string       // the fields of the file's objects, in the order of the answer's
	as     func(any) any  // how a value of the answer is written in the file
	// shape writes the whole answer as the file does, where that is no list of values.
	shape func(a *agreement, pages []any) []any
}

// agreement compares the measures of one file.
type agreement struct {
	*testing.T
	*target
	published
	reference map[string]any
	checked   map[string]bool // by the path in the file
}

// notNumbers are what a file says about itself, and what follows from other numbers in it.
var notNumbers = []string{
	"dataset", "variant", "produced_by", "options", "static_graph", "note", "rule", "degree_strategy", "groupvar",
	"contacts", "contacts_used", "classify.table_rows_toa", "classify.table_cols_threshold", "degree.degree",
}

// unchecked lists the paths in the file that no measure has looked at.
func (a *agreement) unchecked(v any, path string) (rest []string) {
	inner, ok := v.(object)
	if !ok || a.checked[path] {
		if !a.checked[path] {
			rest = []string{path}
		}
		return rest
	}
	for _, name := range slices.Sorted(maps.Keys(inner)) {
		below := strings.TrimPrefix(path+"."+name, ".")
		if !slices.Contains(notNumbers, name) && !slices.Contains(notNumbers, below) {
			rest = append(rest, a.unchecked(inner[name], below)...)
		}
	}
	return rest
}

// absolute is the difference that is allowed.
const absolute = 1e-9

func (a *agreement) check(m *measure) {
	a.Helper()
	if !strings.HasSuffix(a.file, m.only) || m.set != "" && m.set != a.set {
		return
	}
	inner, there := find(a.reference, slices.Concat(a.part, strings.Split(m.want, ".")))
	if !there {
		return
	}
	want := flatten(nil, inner, m.order)
	a.compare(m, want, a.values(m, a.pages(m)))
	a.checked[m.want] = true
}

// values are the numbers of a measure in its answers.
func (a *agreement) values(m *measure, pages []any) []any {
	if m.shape != nil {
		return m.shape(a, pages)
	}
	var all []any
	for _, page := range pages {
		all = append(all, pick(page, strings.Split(m.got, "."))...)
	}
	return all
}

// pages are the answers of all pages of members, or the answer when it has none.
func (a *agreement) pages(m *measure) []any {
	a.Helper()
	if !strings.HasPrefix(m.got, "members") {
		return []any{a.answer(m, m.fields)}
	}
	var all []any
	for skip := 0; ; skip += 500 {
		page := a.answer(m, fmt.Sprintf("members(first: 500, skip: %d) { %s }", skip, m.fields))
		all = append(all, page)
		if len(page.(map[string]any)["members"].([]any)) < 500 {
			return all
		}
	}
}

func (a *agreement) answer(m *measure, fields string) any {
	a.Helper()
	fields = strings.ReplaceAll(fields, "$first", a.first())
	input := object{"practice": a.practice, "population": object{"study": a.set}}
	if a.set == "epigames" && strings.HasPrefix(m.want, "contact_") { // hours instead of days
		input["population"] = object{"study": "epigames-contacts"}
	}
	maps.Copy(input, a.input)
	maps.Copy(input, m.input)
	raw := a.post(a.T, map[string]any{"query": "query($input: SpreadInput!) { spread(input: $input) { " + fields + " } }", "variables": map[string]any{"input": input}})
	var answer struct {
		Data   struct{ Spread any }
		Errors []any
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		a.Fatal(err)
	}
	if answer.Errors != nil {
		a.Fatalf("%s: %v", m.want, answer.Errors)
	}
	return answer.Data.Spread
}

// first asks for the first period alone where the file has one number for ties that never change.
func (a *agreement) first() string {
	if a.reference["static_graph"] != true {
		return ""
	}
	return fmt.Sprintf("(period: %v)", a.reference["periods"].([]any)[0])
}

func (a *agreement) compare(m *measure, want, got []any) {
	a.Helper()
	if len(want) != len(got) {
		a.Errorf("%s: %d values, want %d", m.want, len(got), len(want))
		return
	}
	largest, shown := 0.0, 0
	for i := range want {
		value := got[i]
		if m.as != nil {
			value = m.as(value)
		}
		difference := distance(m, a.set, want[i], value)
		largest = max(largest, difference)
		if !(difference <= max(m.near, absolute)) && shown < 3 {
			shown++
			a.Errorf("%s: value %d is %v, want %v", m.want, i, value, want[i])
		}
	}
	a.Logf("%-50s %7d values, largest difference %.1e", m.want, len(want), largest)
}

// distance is 0 for equal values that are no numbers, infinite for others that differ.
func distance(m *measure, set string, want, got any) float64 {
	w, number := want.(float64)
	g, also := got.(float64)
	switch {
	case number && also && m.near > 0:
		return math.Abs(w-g) / math.Abs(w)
	case number && also:
		return math.Abs(w - g)
	case want == got:
		return 0
	}
	if id, ok := got.(string); ok && (id == set+"-"+fmt.Sprint(want) || id == fmt.Sprint(want)) {
		return 0
	}
	return math.Inf(1)
}

func find(v any, path []string) (any, bool) {
	for len(path) > 0 {
		inner, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		next, ok := inner[path[0]]
		if !ok && len(path) > 1 { // K3_exp_r0.5_raw has a point in its name
			next, ok = inner[path[0]+"."+path[1]]
			path = path[1:]
		}
		if !ok {
			return nil, false
		}
		v, path = next, path[1:]
	}
	return v, true
}

// flatten lists values row after row; those of objects in an order.
func flatten(flat []any, v any, order []string) []any {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			flat = flatten(flat, inner, order)
		}
		return flat
	case object:
		for _, name := range order {
			flat = append(flat, v[name])
		}
		return flat
	default:
		return append(flat, v)
	}
}

// pick lists the values under a path; a list is gone through, null stands for itself.
func pick(v any, path []string) []any {
	if list, ok := v.([]any); ok {
		var all []any
		for _, inner := range list {
			all = append(all, pick(inner, path)...)
		}
		return all
	}
	if inner, ok := v.(map[string]any); ok && len(path) > 0 {
		var all []any
		for name := range strings.SplitSeq(path[0], "+") {
			all = append(all, pick(inner[name], path[1:])...)
		}
		return all
	}
	return []any{v}
}

// notFitted is what the file says where the package's fit did not end.
func notFitted(converged any) any {
	if converged == false {
		return "number of iterations exceeded maximum of 50"
	}
	return converged
}

func zeroForNull(v any) any {
	if v == nil {
		return 0.0
	}
	return v
}

// named writes a value of an enum as the reference file does.
func named(names map[string]string) func(any) any {
	return func(v any) any { return names[fmt.Sprint(v)] }
}

var adopterNames = named(map[string]string{
	"EARLY_ADOPTER": "Early Adopters", "EARLY_MAJORITY": "Early Majority", "LATE_MAJORITY": "Late Majority",
	"LAGGARD": "Laggards", "NON_ADOPTER": "Non-Adopters",
})

var thresholdNames = named(map[string]string{
	"VERY_LOW": "Very Low Thresh.", "LOW": "Low Thresh.", "HIGH": "High Thresh.", "VERY_HIGH": "Very High Thresh.", "NON_ADOPTER": "Non-Adopters",
})

// contagion is the arguments of infectiousness and susceptibility by their names in the files.
var contagion = map[string]string{
	"default_K1_normalized": "window: 1, normalized: true",
	"K1_raw":                "window: 1",
	"K1_raw_incoming":       "window: 1",
	"K3_linear_raw":         "window: 3, discount: LINEAR",
	"K3_linear_normalized":  "window: 3, discount: LINEAR, normalized: true",
	"K3_exp_r0.5_raw":       "window: 3, discount: EXPONENTIAL, rate: 0.5",
	"K3_exp_r0_5_raw":       "window: 3, discount: EXPONENTIAL, rate: 0.5",
}

type object = map[string]any

// measures lists all that the reference files hold.
func measures() []measure {
	return slices.Concat(curveMeasures(), exposureMeasures(), contagionMeasures(), networkMeasures(), equivalenceMeasures(),
		cascadeMeasures(), treeMeasures("earliest"), treeMeasures("latest"), reachMeasures())
}

func curveMeasures() []measure {
	return []measure{
		{want: "ids", fields: "party { id }", got: "members.party.id"},
		{want: "n", fields: "counts { population }", got: "counts.population"},
		{want: "periods", fields: "curve { period }", got: "curve.period"},
		{want: "toa", fields: "adoptedAt", got: "members.adoptedAt"},
		{want: "cumulative_adopt_count.num", fields: "curve { cumulative }", got: "curve.cumulative"},
		{want: "cumulative_adopt_count.prop", fields: "curve { share }", got: "curve.share"},
		{want: "cumulative_adopt_count.rate", fields: "curve { rate }", got: "curve.rate"},
		{want: "new_adopters", fields: "curve { new }", got: "curve.new"},
		{want: "hazard_rate", fields: "curve { hazard }", got: "curve.hazard"},
		{want: "mean_exposure_lag0", fields: "curve { meanExposure(lag: 0) }", got: "curve.meanExposure"},
		{want: "mean_exposure_lag1", fields: "curve { meanExposure(lag: 1) }", got: "curve.meanExposure"},
		{want: "classify.cutoffs_toa", fields: "categories { early mean late }", got: "categories.early+mean+late"},
		{want: "cutoffs_toa", fields: "categories { early mean late }", got: "categories.early+mean+late"},
		{want: "classify.cutoffs_threshold", fields: "thresholds { low mean high }", got: "thresholds.low+mean+high"},
		{want: "classify.toa_class", fields: "category", got: "members.category", as: adopterNames},
		{want: "toa_class", fields: "category", got: "members.category", as: adopterNames},
		{want: "classify.threshold_class", fields: "thresholdCategory", got: "members.thresholdCategory", as: thresholdNames},
		{want: "classify.table", fields: "categoryTable { category threshold count }", shape: crossed},
		{want: "bass.p", fields: "bass { p }", got: "bass.p", near: 1e-4},
		{want: "bass.q", fields: "bass { q }", got: "bass.q", near: 1e-4},
		{want: "bass.sigma", fields: "bass { sigma }", got: "bass.sigma", near: 1e-4},
		{want: "bass.se_p", fields: "bass { pError }", got: "bass.pError", near: 1e-4},
		{want: "bass.se_q", fields: "bass { qError }", got: "bass.qError", near: 1e-4},
		{want: "bass.fitted_cumulative", fields: "bass { fitted { share } }", got: "bass.fitted.share", near: 1e-4},
		{want: "bass.fitted_per_period", fields: "bass { fitted { new } }", got: "bass.fitted.new", near: 1e-4},
		{want: "bass.error", fields: "bass { converged }", got: "bass.converged", as: notFitted},
	}
}

func exposureMeasures() []measure {
	exposure := func(want, arguments string, input object) measure {
		return measure{want: want, input: input, fields: "exposure" + arguments + " { value }", got: "members.exposure.value"}
	}
	return []measure{
		exposure("exposure.lag0", "", nil),
		exposure("exposure.lag1", "(lag: 1)", nil),
		exposure("exposure.lag0_count", "", object{"normalized": false}),
		exposure("exposure.lag1_count", "", object{"normalized": false, "lag": 1}),
		exposure("exposure.lag0_incoming", "", object{"direction": "NAMED_BY"}),
		exposure("exposure.lag0_valued", "", object{"weights": "TIES"}),
		{want: "threshold.lag0", fields: "threshold", got: "members.threshold"},
		{want: "threshold.lag1", fields: "threshold(lag: 1)", got: "members.threshold"},
		{want: "threshold.lag0_valued", input: object{"weights": "TIES"}, fields: "threshold", got: "members.threshold"},
	}
}

func contagionMeasures() []measure {
	all := []measure{
		{want: "infection_default", fields: "infectiousness(" + contagion["default_K1_normalized"] + ")", got: "members.infectiousness"},
		{want: "susceptibility_default", fields: "susceptibility(" + contagion["default_K1_normalized"] + ")", got: "members.susceptibility"},
	}
	for _, name := range slices.Sorted(maps.Keys(contagion)) {
		var input object
		if strings.HasSuffix(name, "_incoming") {
			input = object{"direction": "NAMED_BY"}
		}
		for want, field := range map[string]string{"infection": "infectiousness", "susceptibility": "susceptibility"} {
			all = append(all,
				measure{want: want + "." + name, only: ".netdiffuser", input: input, fields: field + "(" + contagion[name] + ")", got: "members." + field},
				// what is missing by the definitions is 0 in the package
				measure{want: want + "." + name, only: ".corrected", input: input, fields: field + "(" + contagion[name] + ") adoptedAt", got: "members", as: adopterZero(field)})
		}
	}
	return all
}

// adopterZero writes what is missing of an adopter as zero.
func adopterZero(field string) func(any) any {
	return func(v any) any {
		member := v.(map[string]any)
		if member["adoptedAt"] == nil {
			return nil
		}
		return zeroForNull(member[field])
	}
}

var flowOrder = []string{"source_group", "learner_group", "count"}

// trees lists trees as the file does: the largest first, then by the id of the root.
func trees(_ *agreement, pages []any) []any {
	all := pages[0].(object)["cascades"].(object)["trees"].([]any)
	number := func(tree any) int {
		id := tree.(object)["root"].(object)["id"].(string)
		n, _ := strconv.Atoi(id[strings.LastIndex(id, "-")+1:])
		return n
	}
	slices.SortFunc(all, func(a, b any) int {
		return cmp.Or(cmp.Compare(b.(object)["size"].(float64), a.(object)["size"].(float64)), cmp.Compare(number(a), number(b)))
	})
	var flat []any
	for _, v := range all {
		tree := v.(object)
		flat = append(flat, tree["root"].(object)["id"], tree["rootAdoptedAt"], tree["size"], tree["depth"], tree["maxWidth"], tree["lastPeriod"], tree["wienerIndex"], tree["structuralVirality"])
	}
	return flat
}

// withoutLast leaves out the last generation, which no other follows.
func withoutLast(_ *agreement, pages []any) []any {
	all := pick(pages[0], []string{"cascades", "generations", "reproduction"})
	return all[:len(all)-1]
}

func networkMeasures() []measure {
	degrees := func(want, field string) measure {
		return measure{want: "degree." + want, fields: "degrees$first { " + field + " }", got: "members.degrees." + field}
	}
	return []measure{
		{want: "edges_per_period", fields: "ties { pairs }", got: "ties.pairs"},
		{want: "density", fields: "ties { density }", got: "ties.density"},
		{want: "moran.observed", fields: "autocorrelation { moransI }", got: "autocorrelation.moransI"},
		{want: "moran.expected", fields: "autocorrelation { expected }", got: "autocorrelation.expected"},
		{want: "moran.sd", fields: "autocorrelation { standardDeviation }", got: "autocorrelation.standardDeviation"},
		{want: "moran.p_value", fields: "autocorrelation { pValue }", got: "autocorrelation.pValue"},
		degrees("indegree", "namedBy"), degrees("outdegree", "names"),
		degrees("indegree_valued", "namedByWeight"), degrees("outdegree_valued", "namesWeight"),
		{want: "degree_adoption_diagnostic.correlation_indegree_toa", fields: "leaderTiming { namedBy }", got: "leaderTiming.namedBy"},
		{want: "degree_adoption_diagnostic.correlation_outdegree_toa", fields: "leaderTiming { names }", got: "leaderTiming.names"},
		{want: "degree_adoption_diagnostic.sample_size", fields: "leaderTiming { count }", got: "leaderTiming.count"},
	}
}

// The reference takes cities as groups in medinnovations and none in fakesurvey.
func equivalenceMeasures() []measure {
	grouped := func(groupBy string, members string) []measure {
		input := object{"groupBy": groupBy}
		weighted := object{"groupBy": groupBy, "weights": "STRUCTURAL_EQUIVALENCE"}
		return []measure{
			{want: "structural_equivalence.SE", set: members, input: input, fields: "party { id } equivalents(first: 200) { party { id } value }", got: "members", shape: matrix("value")},
			{want: "structural_equivalence.d", set: members, input: input, fields: "party { id } equivalents(first: 200) { party { id } distance }", got: "members", shape: matrix("distance")},
			{want: "structural_equivalence.exposure_lag0_inverse_SE", set: members, input: weighted, fields: "exposure { value }", got: "members.exposure.value"},
		}
	}
	return slices.Concat(grouped("NONE", "fakesurvey"), grouped("STUDY_GROUP", "medinnovations"))
}

// matrix puts a number of pairs of members into rows and columns in the order of members.
func matrix(field string) func(*agreement, []any) []any {
	return func(a *agreement, pages []any) []any {
		place := map[any]int{}
		var members []any
		for _, page := range pages {
			members = append(members, page.(object)["members"].([]any)...)
		}
		for i, m := range members {
			place[m.(object)["party"].(object)["id"]] = i
		}
		cells := slices.Repeat([]any{0.0}, len(members)*len(members)) // across groups
		for i, m := range members {
			for _, e := range m.(object)["equivalents"].([]any) {
				cells[i*len(members)+place[e.(object)["party"].(object)["id"]]] = e.(object)[field]
			}
		}
		return cells
	}
}

// crossed puts categories of adopters into rows and those of thresholds into columns.
func crossed(_ *agreement, pages []any) []any {
	rows := []string{"NON_ADOPTER", "EARLY_ADOPTER", "EARLY_MAJORITY", "LATE_MAJORITY", "LAGGARD"}
	columns := []string{"NON_ADOPTER", "VERY_LOW", "LOW", "HIGH", "VERY_HIGH"}
	cells := slices.Repeat([]any{0.0}, len(rows)*len(columns))
	for _, v := range pages[0].(object)["categoryTable"].([]any) {
		cell := v.(object)
		cells[slices.Index(rows, cell["category"].(string))*len(columns)+slices.Index(columns, cell["threshold"].(string))] = cell["count"]
	}
	return cells
}

func cascadeMeasures() []measure {
	member := func(want, field string) measure {
		return measure{want: want, fields: field, got: "members." + field}
	}
	return []measure{
		{want: "adopters", fields: "counts { adopters }", got: "counts.adopters"},
		{want: "learning_edges", fields: "learningEdges { totalCount }", got: "learningEdges.totalCount"},
		member("possible_sources", "possibleSourceCount"), member("possible_learners", "possibleLearnerCount"),
		{want: "reach_forward", fields: "downstream { count }", got: "members.downstream.count"},
		{want: "reach_backward", fields: "upstream { count }", got: "members.upstream.count"},
		member("longest_chain", "longestChain"), member("fewest_hops", "fewestHops"), member("fractional_credit", "credit"),
		{want: "groups", fields: "groups { name size adopters firstAdoption }", got: "groups.name+size+adopters+firstAdoption", order: []string{"group", "size", "adopters", "first_adoption"}},
		{want: "group_flow_all_possible", fields: "groupFlow(rule: POSSIBLE) { cells { sourceGroup learnerGroup count } }", got: "groupFlow.cells.sourceGroup+learnerGroup+count", order: flowOrder},
		{want: "branching_by_period", fields: "reproduction(rule: FRACTIONAL) { value }", got: "reproduction.value", order: []string{"R_fractional"}},
		{want: "branching_by_period", fields: "reproduction(rule: POSSIBLE) { value }", got: "reproduction.value", order: []string{"possible_learners_mean"}},
	}
}

func treeMeasures(rule string) []measure {
	enum := strings.ToUpper(rule)
	tree := "tree_" + rule + "."
	place := func(want, field string) measure {
		got, _, _ := strings.Cut(field, " ")
		if got == "root" {
			got = "root.id"
		}
		return measure{want: tree + want, fields: "place(rule: " + enum + ") { " + field + " }", got: "members.place." + got}
	}
	summary := func(want, field string) measure {
		return measure{want: tree + "summary." + want, fields: "cascades(rule: " + enum + ") { " + field + " }", got: "cascades." + field}
	}
	return []measure{
		{want: tree + "parent", fields: "attributedSource(rule: " + enum + ") { source { id } }", got: "members.attributedSource.source.id"},
		place("root", "root { id }"), place("depth", "depth"), place("direct_learners", "learnerCount"),
		summary("trees", "treeCount"), summary("singletons", "singletons"), summary("largest", "largest"), summary("mean_size", "meanSize"),
		summary("max_depth", "maxDepth"), summary("mean_depth_of_adopters", "meanDepth"),
		summary("structural_virality_mean_over_trees_of_2_or_more", "meanStructuralVirality"),
		{want: tree + "trees", fields: "cascades(rule: " + enum + ", first: 1000) { trees { root { id } rootAdoptedAt size depth maxWidth lastPeriod wienerIndex structuralVirality } }",
			shape: trees, order: []string{"root", "root_period", "size", "depth", "max_width", "last_period", "wiener_index", "structural_virality"}},
		{want: tree + "summary.R_by_generation", fields: "cascades(rule: " + enum + ") { generations { reproduction } }", shape: withoutLast},
		{want: "group_flow_" + rule, fields: "groupFlow(rule: " + enum + ") { cells { sourceGroup learnerGroup count } }", got: "groupFlow.cells.sourceGroup+learnerGroup+count", order: flowOrder},
		{want: "branching_by_period", fields: "reproduction(rule: " + enum + ") { period adopters roots value }", got: "reproduction.period+adopters+roots+value", order: []string{"period", "adopters", "roots", "R_" + rule}},
		{want: tree + "summary.generation_sizes", fields: "cascades(rule: " + enum + ") { generations { size } }", got: "cascades.generations.size"},
	}
}

func reachMeasures() []measure {
	var all []measure
	for want, order := range map[string]string{"strict": "STRICT", "nonstrict": "NON_STRICT"} {
		fields := "temporalReach(timeOrder: " + order + ") { count meanArrival }"
		all = append(all,
			measure{want: "contact_reachability." + want + "_reach", fields: fields, got: "members.temporalReach.count"},
			measure{want: "contact_reachability." + want + "_mean_arrival", fields: fields, got: "members.temporalReach.meanArrival"})
	}
	return all
}
