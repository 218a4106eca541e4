package exchange

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// learnings is a folder in which so many learnings are told of few organizations.
func learnings(rows int) fstest.MapFS {
	files := small()
	var table strings.Builder
	table.WriteString(files["learnings.csv"])
	for i := range rows {
		fmt.Fprintf(&table, "l-x%d,lake-school,hill-school,pdsa,COACHING,,%d,SCHOOL_YEAR,,It says so on page %d.,STATED,s-1\n", i, 1950+i%70, i)
	}
	files["learnings.csv"] = table.String()
	return folderOf(files)
}

func BenchmarkRead(b *testing.B) {
	cat, folder := domain(b), learnings(20_000)
	b.SetBytes(int64(len(folder["learnings.csv"].Data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(folder, cat); err != nil {
			b.Fatal(err)
		}
	}
}

// A row is read with few allocations, or a million rows are work for the collector.
func TestARowTakesFewAllocations(t *testing.T) {
	const rows = 5_000
	cat, folder := domain(t), learnings(rows)
	got := testing.AllocsPerRun(1, func() {
		if _, err := Read(folder, cat); err != nil {
			t.Fatal(err)
		}
	})
	if perRow := got / rows; perRow > 6 { // the race detector adds a few
		t.Errorf("%.1f allocations per row", perRow)
	}
}
