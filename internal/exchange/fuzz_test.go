package exchange

import (
	"testing"
)

// FuzzRead: reading never panics, and what is accepted is the same after being written
// and read again.
func FuzzRead(f *testing.F) {
	files := small()
	f.Add(files["sources.csv"], files["organizations.csv"], files["practices.csv"], files["learnings.csv"])
	f.Add("\uFEFFid\r\n\"s\n1\"\r\n", "id,id\n\"", "a,b\nc", "")
	f.Add(files["sources.csv"], files["organizations.csv"], files["practices.csv"], files["learnings.csv"]+"l-2,lake-school,hill-school,pdsa,COACHING,,2015~,APPROXIMATE,,\"a \"\"b\"\"\n\",STATED,s-1\n")
	cat := domain(f)
	f.Fuzz(func(t *testing.T, sources, organizations, practices, learnings string) {
		batch, err := Read(folderOf(map[string]string{
			"sources.csv": sources, "organizations.csv": organizations, "practices.csv": practices, "learnings.csv": learnings,
		}), cat)
		if err != nil {
			return
		}
		again, err := Read(written(t, cat, batch, false).folder(), cat)
		if err != nil {
			t.Fatal(err)
		}
		sameNodes(t, batch, again)
	})
}
