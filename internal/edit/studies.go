package edit

import (
	"fmt"
	"slices"

	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/study"
)

// ofStudies are the types to which the rules of studies apply.
var ofStudies = []string{"Study", "Enrollment", "Tie", "Adoption"}

// touchesStudies tells whether a request may come into conflict with the rules of studies.
func touchesStudies(r *change.Request) bool {
	return r.WithFacts || r.Type == nil || slices.Contains(ofStudies, r.Type.Name)
}

// checkStudies tells what the batch would make wrong in the studies that it touches.
func (d *draft) checkStudies() error {
	if !touchesStudies(d.request) {
		return nil
	}
	found, err := study.Check(d.ctx, d.catalog, &d.batch, d.stored)
	if err != nil {
		return fmt.Errorf("check the studies: %w", err)
	}
	for _, f := range found {
		if d.request.Action == change.Merge {
			d.faults.add(fault.Conflict, []any{mergeRemove}, "%s %q would be wrong: %s %s", f.Node.Type.Name, f.Node.ID, f.Field, f.Message)
			continue
		}
		if i := slices.Index(d.ids, f.Node.ID); i >= 0 {
			d.faults.add(fault.Invalid, in(i, f.Field), "%s %s", f.Field, f.Message)
			continue
		}
		d.faults.add(fault.Conflict, []any{"input"}, "%s %q, which stays, would be wrong: %s %s", f.Node.Type.Name, f.Node.ID, f.Field, f.Message)
	}
	return nil
}
