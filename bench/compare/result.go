package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"nicgraph/bench/machine"
	"nicgraph/bench/questions"
	"nicgraph/bench/tables"
)

const millisecond = time.Millisecond

// Result is what one run found.
type Result struct {
	When        time.Time
	Machine     string
	LoadAverage [2]string // before and after
	Scale       float64
	Data        tables.Counts
	Rounds      int
	Time        time.Duration // of a cell
	Contestants []Contestant
	Questions   []*Asked
	Budgets     []Budget
	Handler     map[string]Handled // what nicgraph's handler costs without sockets, by question
	SeedStart   time.Duration      // of nicgraph with its curated data, to its first answer
}

// Contestant is who took part, or why not.
type Contestant struct {
	Name      string
	About     string
	LeftOut   string        `json:",omitempty"`
	ColdStart time.Duration // from the start of the process to its first answer
}

// Asked is a question with what was measured of each contestant.
type Asked struct {
	Name, Asks string
	By         []*Measured
}

// Measured is what was measured of one contestant.
type Measured struct {
	Contestant string
	Cannot     string `json:",omitempty"`
	Bytes      int    // of the answer
	One, Many  []Run  // over one connection and over several
}

func newResult(o options) *Result {
	return &Result{When: time.Now(), Machine: machine.Says(), LoadAverage: [2]string{machine.LoadAverage()}, Scale: o.scale, Rounds: o.rounds, Time: o.time}
}

// add begins a question.
func (r *Result) add(q *questions.Question, able map[string]right, cannot map[string]string) *Asked {
	asked := &Asked{Name: q.Name, Asks: q.Asks}
	for _, c := range r.Contestants {
		if c.LeftOut != "" {
			continue
		}
		why, unable := cannot[c.Name]
		if unable && why == "" {
			continue // it is not meant to be asked
		}
		asked.By = append(asked.By, &Measured{Contestant: c.Name, Cannot: why, Bytes: able[c.Name].length})
	}
	r.Questions = append(r.Questions, asked)
	return asked
}

// of is what was measured of a contestant; nothing where it had no part in the question.
func (a *Asked) of(contestant string) *Measured {
	for _, m := range a.By {
		if m.Contestant == contestant {
			return m
		}
	}
	return nil
}

func (m *Measured) add(connections int, run Run) {
	if connections == 1 {
		m.One = append(m.One, run)
	} else {
		m.Many = append(m.Many, run)
	}
}

// timed tells whether there are times.
func (m *Measured) timed() bool { return m != nil && len(m.One) > 0 && len(m.Many) > 0 }

// p50, p99 and perSecond are medians over the rounds.
func (m *Measured) p50() time.Duration {
	return medianOf(m.One, func(r Run) time.Duration { return r.P50 })
}

func (m *Measured) p99() time.Duration {
	return medianOf(m.One, func(r Run) time.Duration { return r.P99 })
}

func (m *Measured) perSecond() float64 {
	return medianOf(m.Many, func(r Run) float64 { return r.PerSecond })
}

func (m *Measured) cpu() time.Duration {
	return medianOf(m.Many, func(r Run) time.Duration { return r.ServerCPU + r.DatabaseCPU })
}

func medianOf[T float64 | time.Duration](runs []Run, of func(Run) T) T {
	all := make([]T, len(runs))
	for i, r := range runs {
		all[i] = of(r)
	}
	return median(all)
}

// driverCPU is how many cores the generator of the load used: the median and the most of all
// runs over several connections.
func (r *Result) driverCPU() (usual, most float64) {
	var all []float64
	for _, q := range r.Questions {
		for _, m := range q.By {
			for _, run := range m.Many {
				all = append(all, run.DriverCPU)
				most = max(most, run.DriverCPU)
			}
		}
	}
	if len(all) == 0 {
		return 0, 0
	}
	return median(all), most
}

// save writes the result as JSON.
func (r *Result) save(path, cache string) error {
	if path == "" {
		path = filepath.Join(cache, fmt.Sprintf("scale-%g.json", r.Scale))
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	log.Printf("the results as JSON: %s", path)
	return os.WriteFile(path, text, 0o644)
}
