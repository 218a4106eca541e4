package main

import (
	"fmt"
	"strings"
	"time"
)

// tables writes the result as Markdown.
func (r *Result) tables() string {
	var b strings.Builder
	r.head(&b)
	r.budgets(&b)
	r.ratios(&b)
	r.all(&b)
	return b.String()
}

func (r *Result) head(b *strings.Builder) {
	usual, most := r.driverCPU()
	fmt.Fprintf(b, "%s; %s; load averages %s before, %s after.\n", r.When.Format("2 January 2006"), r.Machine, r.LoadAverage[0], r.LoadAverage[1])
	fmt.Fprintf(b, "Scale %g: %d nodes, %d links. Medians of %d rounds in which all take turns, %s for each cell; the generator of the load runs on the same machine and uses %.2f cores (at most %.2f).\n\n",
		r.Scale, r.Data.Nodes, r.Data.Links, r.Rounds, r.Time, usual, most)
	row(b, "contestant", "what it is", "cold start, ms")
	row(b, "---", "---", "--:")
	for _, c := range r.Contestants {
		if c.LeftOut != "" {
			row(b, c.Name, "left out: "+c.LeftOut, "")
		} else {
			row(b, c.Name, c.About, milliseconds(c.ColdStart))
		}
	}
}

func (r *Result) budgets(b *strings.Builder) {
	fmt.Fprintf(b, "\n### Budgets\n\n")
	row(b, "budget", "", "found")
	row(b, "---", "---", "---")
	for _, x := range r.Budgets {
		row(b, x.Says, x.verdict(), x.Found)
	}
}

func (b Budget) verdict() string {
	switch {
	case !b.Known:
		return "unknown"
	case b.Met:
		return "met"
	default:
		return "**not met**"
	}
}

// ratios is the table in short: one line for each question.
func (r *Result) ratios(b *strings.Builder) {
	fmt.Fprintf(b, "\n### Ratios\n\nAnswers per second at 16 connections, as times those of the other.\n\n")
	r.ratio(b, more, [][2]string{{ours, library}, {ours, byHand}, {ours, postgres}, {ours, dgraphName}, {oursOnNeo, library}, {oursOnNeo, byHand}})
	fmt.Fprintf(b, "\nTime of an answer over one connection (p50), as times that of the other.\n\n")
	r.ratio(b, slower, [][2]string{{ours, library}, {ours, byHand}, {ours, postgres}, {ours, dgraphName}, {oursOnNeo, library}, {oursOnNeo, byHand}})
}

func (r *Result) ratio(b *strings.Builder, by measure, pairs [][2]string) {
	head, rule := []string{"question"}, []string{"---"}
	for _, p := range pairs {
		head, rule = append(head, p[0]+" : "+p[1]), append(rule, "--:")
	}
	row(b, head...)
	row(b, rule...)
	for _, q := range r.Questions {
		cells := []string{q.Name}
		for _, p := range pairs {
			cells = append(cells, q.ratio(by, p[0], p[1]))
		}
		row(b, cells...)
	}
}

// ratio is how one contestant does beside another, or why that is not known.
func (a *Asked) ratio(by measure, one, other string) string {
	x, y := a.of(one), a.of(other)
	switch {
	case x.timed() && y.timed():
		return short(by(x, y))
	case y != nil && y.Cannot != "":
		return "it cannot"
	default:
		return "–"
	}
}

// all is everything that was measured, with what each question asks.
func (r *Result) all(b *strings.Builder) {
	fmt.Fprintf(b, "\n### All\n")
	for _, q := range r.Questions {
		fmt.Fprintf(b, "\n**%s.** %s\n\n", q.Name, q.Asks)
		row(b, "contestant", "p50 ms", "p99 ms", "answers/s at 16", "CPU ms per answer", "kB", "answers/s : "+library, "p50 : "+byHand)
		row(b, "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:")
		for _, m := range q.By {
			if !m.timed() {
				row(b, m.Contestant, "cannot: "+plainCell(m.Cannot), "", "", "", "", "", "")
				continue
			}
			row(b, m.Contestant, milliseconds(m.p50()), milliseconds(m.p99()), short(m.perSecond()), milliseconds(m.cpu()), short(float64(m.Bytes)/1000),
				q.ratio(more, m.Contestant, library), q.ratio(slower, m.Contestant, byHand))
		}
	}
}

// plainCell is a text that stays in its cell.
func plainCell(text string) string {
	return strings.NewReplacer("|", "/", "\n", " ").Replace(text)
}

// row writes a row of a table.
func row(b *strings.Builder, cells ...string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// milliseconds writes a time in milliseconds.
func milliseconds(d time.Duration) string { return short(float64(d) / float64(time.Millisecond)) }

// short writes a number with three digits that matter.
func short(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 1:
		return fmt.Sprintf("%.2f", x)
	default:
		return fmt.Sprintf("%.3f", x)
	}
}
