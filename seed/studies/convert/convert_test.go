package main

import (
	"archive/zip"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnswersBecomeTiesAndWhoWasOnlyNamedIsKept(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"nodes.csv":       "id,group,toa,toa_coded\n2,1,1,1\n10,1,,12\n",
		"nominations.csv": "source,target,question,target_surveyed,self\n10,2,talk,1,0\n2,2,talk,1,1\n2,77,advice,0,0\n2,10,advice,1,0\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := set{
		name: "village", who: "Woman", group: "village", summary: "Asked.", sources: []string{"s-valente-1995"}, answers: true,
		studies: []study{{id: "village", name: "Village", unit: "YEAR", first: 1, last: 11}}, practices: []practice{{id: "seed", name: "Seed"}},
	}
	tables, err := s.tables(folder)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "village.zip")
	if err := write(path, tables); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	want := map[string]string{
		"enrollments.csv": "id,study_id,participant_id,group,asked,last_period\n" +
			"village-e-2,village,village-2,1,true,\nvillage-e-10,village,village-10,1,true,\nvillage-e-77,village,village-77,,false,\n",
		"ties.csv": "id,study_id,learner_id,source_id,kind,weight,first_period,last_period\n" +
			"village-t-00001,village,village-10,village-2,talk,,,\nvillage-t-00002,village,village-2,village-2,talk,,,\n" +
			"village-t-00003,village,village-2,village-77,advice,,,\nvillage-t-00004,village,village-2,village-10,advice,,,\n",
		"adoptions.csv": "id,study_id,adopter_id,practice_id,first_period,last_period,censoring\nvillage-a-2,village,village-2,seed,1,,LEFT\n",
	}
	got := map[string]string{}
	for name := range want {
		text, err := fs.ReadFile(archive, name)
		if err != nil {
			t.Fatal(err)
		}
		got[name] = string(text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
}
