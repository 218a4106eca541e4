package tabular_test

import (
	"io"
	"runtime"
	"testing"

	"nicgraph/internal/tabular"
)

// What writing takes on top of the panel: 100,000 people over 10 periods, one million ties.
func BenchmarkWrite(b *testing.B) {
	table := many(b, 100_000, 10).Table()
	for _, format := range tabular.Formats() {
		b.Run(format.String(), func(b *testing.B) {
			runtime.GC()
			before, most := heap(), uint64(0)
			for b.Loop() {
				options := tabular.Options{Format: format, Progress: func(int) { most = max(most, heap()) }}
				if err := table.Write(b.Context(), io.Discard, options); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(table.Rows), "rows")
			b.ReportMetric(float64(most-min(most, before))/(1<<20), "MB-heap")
		})
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
