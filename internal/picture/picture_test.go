package picture

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// drawn is what a picture makes of an answer; a fault is what it says instead.
func drawn(t *testing.T, path, answer string, options map[string]string) string {
	t.Helper()
	for _, p := range All() {
		if p.Path == path {
			file, err := p.Draw(json.RawMessage(answer), options)
			if err != nil {
				return err.Error()
			}
			return string(file)
		}
	}
	t.Fatalf("there is no picture at %s", path)
	return ""
}

const told = `"settings": {"practice": {"name": "PDSA"}, "study": {"name": "Made-up study"}, "cohort": null, "network": null,
	"periodUnit": "YEAR", "firstPeriod": 1990, "lastPeriod": 1992, "groupBy": "KIND"},
	"counts": {"population": 4, "adopters": 3, "notAsked": 2, "undated": 1, "inferred": 0}`

func TestPicturesTellTheirQuestionAndWhoWasLeftOut(t *testing.T) {
	for _, test := range []struct {
		name, path, answer string
		options            map[string]string
		says               []string
	}{
		{"a curve", "/spread/curve.svg", `"curve": [{"period": 1990, "new": 1}, {"period": 1991, "new": 0}, {"period": 1992, "new": 2}]`, nil,
			[]string{"How many took it up: PDSA", "Made-up study: 3 of 4 adopted, year 1990 to 1992. Left out: 2 not asked, 1 undated.", "year 1992: 2 new, 75 % so far"}},
		{"a curve with a fit", "/spread/curve.svg", `"curve": [{"period": 1990, "new": 1}],
			"bass": {"converged": true, "reason": null, "p": 0.12345, "q": 0.4, "m": 0.8, "ceiling": "FREE", "fitted": [{"period": 1990, "share": 0.2}]}`, nil,
			[]string{"Bass: p = 0.123, q = 0.4, m = 0.8"}},
		{"a fit that failed", "/spread/curve.svg", `"curve": [], "bass": {"converged": false, "reason": "nobody adopted", "fitted": []}`, nil,
			[]string{"No Bass curve could be fitted: nobody adopted. Leave out fit"}},
		{"a cascade", "/spread/cascade.svg", chain, map[string]string{layers: byPeriod},
			[]string{"Who could have learned from whom: PDSA", "One of 2 trees by the rule LATEST: 3 members from Ada on, structural virality 1.33.", "Ben learned from Ada, year 1991.", "Cleo learned from Ben, year 1992."}},
		{"a cascade by steps", "/spread/cascade.svg", chain, map[string]string{layers: byDepth},
			[]string{"Ben learned from Ada, step 1.", "Cleo learned from Ben, step 2."}},
		{"a cascade of one", "/spread/cascade.svg", alone, map[string]string{layers: byPeriod}, []string{"One of 3 trees by the rule LATEST: Ada alone."}},
		{"recorded learning", "/spread/cascade.svg", strings.Replace(chain, "LATEST", "RECORDED", 1), map[string]string{layers: byPeriod},
			[]string{"Who learned from whom, as recorded: PDSA"}},
		{"no cascade", "/spread/cascade.svg", `"cascades": {"rule": "LATEST", "treeCount": 0, "trees": []}`, nil, []string{"There is no cascade to draw"}},
		{"a flow", "/spread/flow.svg", `"groups": [{"name": "SCHOOL_DISTRICT"}, {"name": "SCHOOL"}, {"name": "COMPANY"}],
			"groupFlow": {"rule": "LATEST", "ungrouped": 5, "cells": [{"sourceGroup": "SCHOOL", "learnerGroup": "SCHOOL_DISTRICT", "count": 7}]}`, nil,
			[]string{"Between which groups it travelled: PDSA", "Groups without any, not shown: 1. Edges without a group, not shown: 5.", "7 steps of learning between 2 groups, source to learner. school to school district: 7."}},
		{"no groups", "/spread/flow.svg", `"groups": [], "groupFlow": {"rule": "LATEST", "ungrouped": 5, "cells": []}`, nil, []string{"no groups to draw a flow between"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := drawn(t, test.path, `{"spread": {`+told+`, `+test.answer+`}}`, test.options)
			for _, says := range test.says {
				if !strings.Contains(got, says) {
					t.Errorf("%q is not in %s", says, got)
				}
			}
		})
	}
}

const alone = `"cascades": {"rule": "LATEST", "treeCount": 3, "trees": [{"root": {"name": "Ada"}, "size": 1, "structuralVirality": null, "members": [
	{"party": {"id": "a", "name": "Ada"}, "source": null, "depth": 0, "adoptedAt": 1990}]}]}`

const chain = `"cascades": {"rule": "LATEST", "treeCount": 2, "trees": [{"root": {"name": "Ada"}, "size": 3, "structuralVirality": 1.3333333, "members": [
	{"party": {"id": "a", "name": "Ada"}, "source": null, "depth": 0, "adoptedAt": 1990},
	{"party": {"id": "b", "name": "Ben"}, "source": {"id": "a"}, "depth": 1, "adoptedAt": 1991},
	{"party": {"id": "c", "name": "Cleo"}, "source": {"id": "b"}, "depth": 2, "adoptedAt": 1992}]}]}`

func TestAFlowBetweenTooManyGroupsIsRefused(t *testing.T) {
	var groups, cells []string
	for i := range mostMoving + 1 {
		groups = append(groups, fmt.Sprintf(`{"name": "household %d"}`, i))
		cells = append(cells, fmt.Sprintf(`{"sourceGroup": "household %d", "learnerGroup": "household 0", "count": 1}`, i))
	}
	answer := `"groups": [` + strings.Join(groups, ",") + `], "groupFlow": {"rule": "LATEST", "ungrouped": 0, "cells": [` + strings.Join(cells, ",") + `]}`
	if got := drawn(t, "/spread/flow.svg", `{"spread": {`+told+`, `+answer+`}}`, nil); !strings.Contains(got, "1001 groups are too many") {
		t.Errorf("%.200s, want a refusal", got)
	}
}
