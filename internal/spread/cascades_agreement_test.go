package spread

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cascades compares cascades with an independent program's.
type cascades struct {
	agreement
	dataset  string
	ids      []string
	learning *Learning
}

func eachCascade(t *testing.T, check func(*cascades)) {
	for _, name := range []string{"fakesurvey", "fakesurveydyn", "medinnovations", "kfamily", "epigames"} {
		t.Run(name, func(t *testing.T) {
			ref := readReference(t, name+".cascade")
			periods := ref.floats("periods")
			panel, ids := readPanel(t, name, "toa", int(periods[0]), len(periods))
			check(newCascades(t, ref, name, panel, ids))
		})
	}
	ref := readReference(t, "simmulti.practices.cascade")
	for practice := range ref.part("practices").(map[string]any) {
		t.Run("simmulti."+practice, func(t *testing.T) {
			panel := readPractice(t, practice, len(ref.floats("periods")))
			check(newCascades(t, reference(ref.part("practices", practice).(map[string]any)), "simmulti", panel, ref.strings("ids")))
		})
	}
}

func newCascades(t *testing.T, ref reference, dataset string, panel *Panel, ids []string) *cascades {
	t.Helper()
	c := &cascades{agreement{t, panel, ref}, dataset, ids, must[*Learning](t)(panel.Learning(t.Context(), LearningOptions{}))}
	if ref.has("ids") {
		c.equal(ids, ref.strings("ids"), "ids")
	}
	c.same(panel.AdoptionTimes(), "toa")
	return c
}

// counts are counts with None as missing, as the files have it.
func counts(all []int32) []float64 {
	floats := asFloats(all)
	for i, n := range all {
		if n == None {
			floats[i] = missing(1)[0]
		}
	}
	return floats
}

// names are the ids of people, nil for None.
func (c *cascades) names(people []int32) []any {
	names := make([]any, len(people))
	for i, person := range people {
		if person != None {
			names[i] = c.ids[person]
		}
	}
	return names
}

func (c *cascades) equal(got, want any, what ...string) {
	c.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		c.Errorf("%v (-want +got):\n%s", what, diff)
	}
}

func (r Rows) lengths(adopted []int32) []int32 {
	lengths := make([]int32, len(adopted))
	for i := range lengths {
		lengths[i] = int32(len(r.Of(int32(i))))
		if adopted[i] == Never {
			lengths[i] = None
		}
	}
	return lengths
}

func TestPossibleSourcesAndReachAgree(t *testing.T) {
	eachCascade(t, func(c *cascades) {
		ctx, l := c.Context(), c.learning
		c.same([]float64{float64(l.Edges())}, "learning_edges")
		c.same(counts(l.Sources.lengths(c.panel.Adopted)), "possible_sources")
		c.same(counts(l.Learners.lengths(c.panel.Adopted)), "possible_learners")
		forward, backward, err := l.Reach(ctx)
		if err != nil {
			c.Fatal(err)
		}
		c.same(counts(forward), "reach_forward")
		c.same(counts(backward), "reach_backward")
		c.same(counts(must[[]int32](c.T)(l.LongestChains(ctx))), "longest_chain")
		c.same(counts(must[[]int32](c.T)(l.FewestHops(ctx))), "fewest_hops")
	})
}

func TestTreesAgree(t *testing.T) {
	eachCascade(t, func(c *cascades) {
		for rule, key := range map[Rule]string{Earliest: "tree_earliest", Latest: "tree_latest"} {
			a := must[*Attribution](c.T)(c.learning.Attribute(c.Context(), rule))
			f := must[*Forest](c.T)(a.Forest(c.Context()))
			c.checkPeople(f, key)
			c.checkTrees(f, key)
			c.checkSummary(f.Summary(), key)
		}
	})
}

func (c *cascades) checkPeople(f *Forest, key string) {
	c.equal(c.names(f.Parent), c.ref.part(key, "parent"), key, "parent")
	c.equal(c.names(f.Root), c.ref.part(key, "root"), key, "root")
	c.same(counts(f.Depth), key, "depth")
	c.same(counts(f.Learners), key, "direct_learners")
}

func (c *cascades) checkTrees(f *Forest, key string) {
	var got []any
	for _, t := range f.Trees {
		got = append(got, map[string]any{
			"root": c.ids[t.Root], "root_period": float64(c.panel.Label(t.RootPeriod)), "last_period": float64(c.panel.Label(t.LastPeriod)),
			"size": float64(t.Size), "depth": float64(t.Depth), "max_width": float64(t.MaxWidth), "wiener_index": float64(t.WienerIndex),
		})
	}
	want := c.ref.part(key, "trees").([]any)
	virality := column(want, "structural_virality")
	for _, tree := range want {
		delete(tree.(map[string]any), "structural_virality")
	}
	c.equal(got, want, key, "trees")
	closeTo(c.T, virality, eachOf(f.Trees, Tree.StructuralVirality), tolerance, key, "trees", "structural_virality")
}

// column is a number of every record, null as missing.
func column(records []any, key string) []float64 {
	var all []float64
	for _, record := range records {
		all = flatten(all, record.(map[string]any)[key])
	}
	return all
}

func (c *cascades) checkSummary(s ForestSummary, key string) {
	for name, got := range map[string]float64{
		"trees": float64(s.Trees), "singletons": float64(s.Singletons), "largest": float64(s.Largest), "max_depth": float64(s.MaxDepth),
		"mean_size": s.MeanSize, "mean_depth_of_adopters": s.MeanDepth, "structural_virality_mean_over_trees_of_2_or_more": s.MeanVirality,
	} {
		c.same([]float64{got}, key, "summary", name)
	}
	c.same(asFloats(s.GenerationSizes), key, "summary", "generation_sizes")
	c.same(s.R, key, "summary", "R_by_generation")
}

func TestReproductionAgrees(t *testing.T) {
	eachCascade(t, func(c *cascades) {
		want := c.ref.part("branching_by_period").([]any)
		for rule, key := range map[Rule]string{Earliest: "R_earliest", Latest: "R_latest", Fractional: "R_fractional", AllPossible: "possible_learners_mean"} {
			a := must[*Attribution](c.T)(c.learning.Attribute(c.Context(), rule))
			cohorts := must[[]Cohort](c.T)(a.Reproduction(c.Context(), ByPeriod, 0))
			closeTo(c.T, column(want, key), eachOf(cohorts, Cohort.Mean), tolerance, key)
			closeTo(c.T, column(want, "adopters"), eachOf(cohorts, func(k Cohort) float64 { return float64(k.Adopters) }), 0, key, "adopters")
			closeTo(c.T, column(want, "roots"), eachOf(cohorts, func(k Cohort) float64 { return float64(k.Roots) }), 0, key, "roots")
			closeTo(c.T, column(want, "period"), eachOf(cohorts, func(k Cohort) float64 { return float64(c.panel.Label(k.Key)) }), 0, key, "period")
		}
		a := must[*Attribution](c.T)(c.learning.Attribute(c.Context(), Fractional))
		c.same(must[[]float64](c.T)(a.Credits(c.Context(), 0)), "fractional_credit")
	})
}

func TestReproductionByGenerationIsTheRatioOfGenerations(t *testing.T) {
	eachCascade(t, func(c *cascades) {
		for rule, key := range map[Rule]string{Earliest: "tree_earliest", Latest: "tree_latest"} {
			a := must[*Attribution](c.T)(c.learning.Attribute(c.Context(), rule))
			cohorts := must[[]Cohort](c.T)(a.Reproduction(c.Context(), ByGeneration, 0))
			want := append(c.ref.floats(key, "summary", "R_by_generation"), 0) // the last has no learners
			closeTo(c.T, want, eachOf(cohorts, Cohort.Mean), tolerance, key, "by generation")
		}
	})
}

func eachOf[T any](all []T, value func(T) float64) []float64 {
	values := make([]float64, len(all))
	for i, one := range all {
		values[i] = value(one)
	}
	return values
}

func TestGroupsAndFlowAgree(t *testing.T) {
	eachCascade(t, func(c *cascades) {
		if !c.ref.has("groups") {
			c.Skip("people have no groups")
		}
		names := c.groupNames()
		var groups []any
		for _, g := range c.panel.Groups() {
			groups = append(groups, map[string]any{
				"group": names[g.Group], "size": float64(g.Size), "adopters": float64(g.Adopters), "first_adoption": float64(c.panel.Label(g.FirstAdoption)),
			})
		}
		c.equal(groups, c.ref.part("groups"), "groups")
		for rule, key := range map[Rule]string{Earliest: "group_flow_earliest", Latest: "group_flow_latest", AllPossible: "group_flow_all_possible"} {
			a := must[*Attribution](c.T)(c.learning.Attribute(c.Context(), rule))
			var flows []any
			for _, f := range must[[]Flow](c.T)(a.Flow(c.Context())) {
				flows = append(flows, map[string]any{"source_group": names[f.Source], "learner_group": names[f.Learner], "count": float64(f.Links)})
			}
			c.equal(flows, c.ref.part(key), key)
		}
	})
}

func (c *cascades) groupNames() map[int32]string {
	names, group := map[int32]string{}, map[string]string{}
	for _, row := range table(c.T, c.dataset, "nodes") {
		group[row["id"]] = row["group"]
	}
	for i, id := range c.ids {
		names[c.panel.Group[i]] = group[id]
	}
	return names
}

func TestContactReachAgrees(t *testing.T) {
	eachCascade(t, func(c *cascades) {
		if !c.ref.has("contact_reachability") {
			c.Skip("ties do not change")
		}
		contacts := c.contacts()
		c.same([]float64{float64(contacts.Count())}, "contact_reachability", "contacts_used")
		for key, nonStrict := range map[string]bool{"strict": false, "nonstrict": true} {
			reached, arrival, err := contacts.Reach(c.Context(), JourneyOptions{NonStrict: nonStrict})
			if err != nil {
				c.Fatal(err)
			}
			c.same(asFloats(reached), "contact_reachability", key+"_reach")
			c.same(arrival, "contact_reachability", key+"_mean_arrival")
		}
	})
}

// contacts are the hourly ones of epigames, else one per tie and period.
func (c *cascades) contacts() *Contacts {
	if c.dataset != "epigames" {
		return must[*Contacts](c.T)(c.panel.Contacts())
	}
	place := map[string]int32{}
	for i, id := range c.ids {
		place[id] = int32(i)
	}
	var all []Contact
	for _, row := range table(c.T, "epigames", "contacts_hourly") {
		all = append(all, Contact{Learner: place[row["source"]], Source: place[row["target"]], Time: int64(number(c.T, row["hour"]))})
	}
	contacts := contactsAmong(len(c.ids), all)
	return contacts
}
