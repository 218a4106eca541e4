package main

import (
	"fmt"
	"io"
	"time"
)

// report prints two tables: what each size costs, and what questions cost at each size.
func report(w io.Writer, all []*size) {
	fmt.Fprintln(w, "| scale | nodes | links | import s | reading | writing | processor | nodes and links a second | most MB | on disk, bytes each | open s | processor | in use MB | bytes each | load |")
	fmt.Fprintln(w, "| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |")
	for _, s := range all {
		s.row(w)
	}
	fmt.Fprint(w, "\n| question |")
	for _, s := range all {
		fmt.Fprintf(w, " scale %g: first ms | processor | then ms | processor | after a write ms | processor | bytes |", s.scale)
	}
	fmt.Fprint(w, " times |\n| --- |")
	for range all {
		fmt.Fprint(w, " --: | --: | --: | --: | --: | --: | --: |")
	}
	fmt.Fprintln(w, " --: |")
	for i := range all[0].answers {
		question(w, all, i)
	}
}

func (s *size) row(w io.Writer) {
	things := float64(s.counts.Nodes + s.counts.Links)
	fmt.Fprintf(w, "| %g | %d | %d | %.1f | %.1f | %.1f | %.1f | %.0f | %.0f | %.0f | %.2f | %.2f | %.0f | %.0f | %s |\n", s.scale, s.counts.Nodes, s.counts.Links,
		s.importing.wall.Seconds(), s.imported.Read.Seconds(), s.imported.Write.Seconds(), s.importing.processor.Seconds(), things/s.importing.wall.Seconds(), float64(s.importing.peak)/1e6,
		float64(s.file)/things, s.opened.Open.Seconds(), s.opening.processor.Seconds(), float64(s.opened.Heap)/1e6, float64(s.opened.Heap)/things, s.load)
}

// question prints a row; times compares the median at the last size with that at the first.
func question(w io.Writer, all []*size, i int) {
	first, last := &all[0].answers[i], &all[len(all)-1].answers[i]
	fmt.Fprintf(w, "| %s |", first.Name)
	for _, s := range all {
		a := &s.answers[i]
		if a.Refused != "" {
			fmt.Fprintf(w, " %.0f | %.0f | refused | | | | |", ms(a.First), ms(a.FirstTook))
			continue
		}
		fmt.Fprintf(w, " %.2f | %.2f | %.3f | %.3f | %.3f | %.3f | %d |", ms(a.First), ms(a.FirstTook), ms(a.Median), ms(a.Processor), ms(a.Written), ms(a.WrittenTook), a.Bytes)
	}
	fmt.Fprintf(w, " %.1f |\n", float64(last.Median)/float64(max(first.Median, 1)))
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }
