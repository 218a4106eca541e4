package exchange

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nicgraph/internal/change"
)

func TestARowWhoseIDWasMergedIsRefusedWithItsPlace(t *testing.T) {
	cat := domain(t)
	st := opened(t, cat)
	files := map[string]string{
		"sources.csv": "id,title,url,publisher,published_on,note\ns-1,A page,,Somebody,,\n",
		"people.csv":  "id,name,aliases,summary,source_ids\nann,Ann,,A person,s-1\nanne,Anne,,A person,s-1\n",
	}
	imported(t, st, cat, files, Options{}, change.Summary{Created: 3})
	merge := &change.Batch{Deletes: []string{"anne"}, Aliases: map[string]string{"anne": "ann"}}
	if _, err := st.Apply(t.Context(), merge, nil); err != nil {
		t.Fatal(err)
	}
	_, err := Import(t.Context(), st, folderOf(files), cat, Options{})
	want := `people.csv:3:1: id "anne" was merged into "ann"; write to that one, or choose another id`
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	files["people.csv"] = "id,name,aliases,summary,source_ids\nann,Ann,,Another summary,s-1\n"
	imported(t, st, cat, files, Options{Replace: true}, change.Summary{Updated: 1, Unchanged: 1})
	if diff := cmp.Diff(files["people.csv"], exported(t, st, cat)["people.csv"]); diff != "" {
		t.Errorf("exported (-want +got):\n%s", diff)
	}
}
