package studies_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/graph"
	"nicgraph/internal/change"
	"nicgraph/internal/exchange"
	"nicgraph/seed/studies"
)

// figures are what README.md says of a study.
type figures struct {
	Enrolled, Asked, Ties, Adoptions int
	First                            int // adoptions in the first period or before it
	Pairs                            int // of two different people who were both asked
}

func TestTheDataSetsAreAsTheirReadmeSays(t *testing.T) {
	want := map[string]figures{
		"fakesurvey":        {Enrolled: 9, Asked: 9, Ties: 10, Adoptions: 8, First: 1, Pairs: 10},
		"fakesurveydyn":     {Enrolled: 9, Asked: 9, Ties: 11, Adoptions: 9, First: 5, Pairs: 11},
		"medinnovations":    {Enrolled: 234, Asked: 125, Ties: 912, Adoptions: 109, First: 11, Pairs: 294},
		"kfamily":           {Enrolled: 1499, Asked: 1047, Ties: 19301, Adoptions: 673, First: 69, Pairs: 4999},
		"epigames":          {Enrolled: 594, Asked: 594, Ties: 17406, Adoptions: 330, First: 13, Pairs: 17406},
		"epigames-contacts": {Enrolled: 594, Asked: 594, Ties: 39398, Pairs: 17406},
		"simmulti":          {Enrolled: 240, Asked: 240, Ties: 1440, Adoptions: 626, First: 23, Pairs: 1440},
	}
	got := map[string]figures{}
	for _, name := range studies.Names() {
		for study, f := range count(t, name) {
			got[study] = f
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the studies (-want +got):\n%s", diff)
	}
}

// count reads a data set, which must have no fault.
func count(t *testing.T, name string) map[string]figures {
	t.Helper()
	tables, ok := studies.Tables(name)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	domain, err := graph.Domain()
	if err != nil {
		t.Fatal(err)
	}
	batch, err := exchange.Read(tables, domain.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	found, asked, pairs := map[string]figures{}, map[[2]string]bool{}, map[[3]string]bool{}
	for i := range batch.Upserts {
		n := &batch.Upserts[i]
		if n.Type.Name == "Study" {
			continue
		}
		if _, ok := n.Type.Link("study"); !ok {
			continue
		}
		study := end(n, "study")
		f := found[study]
		switch n.Type.Name {
		case "Enrollment":
			f.Enrolled++
			if property(n, "asked") == "1" {
				f.Asked++
				asked[[2]string{study, end(n, "participant")}] = true
			}
		case "Tie":
			f.Ties++
			learner, source := end(n, "learner"), end(n, "source")
			if pair := [3]string{study, learner, source}; learner != source && asked[[2]string{study, learner}] && asked[[2]string{study, source}] && !pairs[pair] {
				pairs[pair] = true
				f.Pairs++
			}
		case "Adoption":
			f.Adoptions++
			if property(n, "censoring") == "LEFT" {
				f.First++
			}
		}
		found[study] = f
	}
	return found
}

func end(n *change.Node, link string) string {
	l, _ := n.Type.Link(link)
	return n.Links[l.Index][0]
}

// property is a name of a vocabulary, or 1 for true.
func property(n *change.Node, name string) string {
	p, _ := n.Type.Property(name)
	if n.Values[p.Index].Num == 1 {
		return "1"
	}
	return n.Values[p.Index].Str
}

func TestADataSetThatDoesNotExistIsNotThere(t *testing.T) {
	if _, ok := studies.Tables("kfamilie"); ok {
		t.Error("there is one")
	}
}
