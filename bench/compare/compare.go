package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"time"

	"nicgraph/bench/machine"
	"nicgraph/bench/peers"
	"nicgraph/bench/questions"
	"nicgraph/bench/tables"
)

// compare does all of it, and takes away what it has made but for the cache.
func compare(ctx context.Context, o options) (result *Result, err error) {
	place, err := newPlace(o.scale)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(place.Work)) }()
	result = newResult(o)
	data := filepath.Join(place.Work, "tables")
	log.Printf("making up data at scale %g", o.scale)
	if result.Data, err = tables.Write(data, tables.Network(o.scale, 7)); err != nil {
		return nil, err
	}
	all, asked, err := chosen(data, o.only)
	if err != nil {
		return nil, err
	}
	field := &field{work: place.Work, questions: all, result: result}
	defer func() { err = errors.Join(err, field.close()) }()
	for _, c := range peers.All(place) {
		if !among(o.contestants, key(c.Name())) {
			continue
		}
		if err := field.enter(ctx, c, data); err != nil {
			return nil, err
		}
	}
	if err := field.compete(ctx, asked, o); err != nil {
		return nil, err
	}
	if err := field.alone(ctx, place, data); err != nil {
		return nil, err
	}
	result.LoadAverage[1] = machine.LoadAverage()
	result.judge()
	return result, result.save(o.json, place.Cache)
}

func newPlace(scale float64) (peers.Place, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return peers.Place{}, err
	}
	cache = filepath.Join(cache, "nicgraph", "bench")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return peers.Place{}, err
	}
	work, err := os.MkdirTemp("", "nicgraph-bench-")
	return peers.Place{Cache: cache, Work: work, Scale: scale}, err
}

// chosen are all questions, and those to ask.
func chosen(data string, only []string) (all, asked []*questions.Question, err error) {
	picked, err := questions.Pick(data)
	if err != nil {
		return nil, nil, err
	}
	if all, err = questions.All(picked); err != nil {
		return nil, nil, err
	}
	for _, q := range all {
		if among(only, q.Name) {
			asked = append(asked, q)
		}
	}
	if len(asked) == 0 {
		return nil, nil, fmt.Errorf("there are no questions %v", only)
	}
	return all, asked, nil
}

// field are the contestants that serve.
type field struct {
	work      string
	questions []*questions.Question
	result    *Result
	entered   []peers.Contestant // to be closed
	servers   []*server
}

// enter makes a contestant ready to be asked. One that cannot be had is left out, and the tables say so.
func (f *field) enter(ctx context.Context, c peers.Contestant, data string) error {
	f.entered = append(f.entered, c)
	log.Printf("%s: preparing", c.Name())
	about, err := c.Prepare(ctx)
	var missing *peers.Missing
	if errors.As(err, &missing) {
		log.Printf("%s is left out: %v", c.Name(), missing)
		f.result.Contestants = append(f.result.Contestants, Contestant{Name: c.Name(), LeftOut: missing.What})
		return nil
	}
	if err != nil {
		return fmt.Errorf("prepare %s: %w", c.Name(), err)
	}
	log.Printf("%s: loading", c.Name())
	if err := c.Load(ctx, data); err != nil {
		return fmt.Errorf("load %s: %w", c.Name(), err)
	}
	s, err := start(ctx, c, f.ready(c.Language()), f.work)
	if err != nil {
		return fmt.Errorf("start %s: %w", c.Name(), err)
	}
	f.servers = append(f.servers, s)
	f.result.Contestants = append(f.result.Contestants, Contestant{Name: c.Name(), About: about, ColdStart: s.cold})
	log.Printf("%s serves at %s after %s", c.Name(), s.address, s.cold.Round(millisecond))
	return nil
}

func (f *field) named(name string) *questions.Question {
	i := slices.IndexFunc(f.questions, func(q *questions.Question) bool { return q.Name == name })
	return f.questions[i]
}

// ready is the question by whose answer a server is known to be ready.
func (f *field) ready(language string) *questions.Question {
	var ready *questions.Question
	for _, q := range f.questions {
		if known, _ := q.In(language); known && (ready == nil || q.Name == "person") {
			ready = q
		}
	}
	return ready
}

// alone measures what nicgraph is held to without others: its handler and its start with the curated data.
func (f *field) alone(ctx context.Context, place peers.Place, data string) (err error) {
	if f.result.question("flat").of(ours) == nil || f.result.question("nested").of(ours) == nil {
		return nil // not asked for
	}
	if f.result.Handler, err = handled(ctx, os.DirFS(data), f.questions, "flat", "nested"); err != nil {
		return err
	}
	var starts []time.Duration
	for range 1 + seedStarts {
		s, err := start(ctx, peers.Seeded(place), f.named("trivial"), f.work)
		if err != nil {
			return err
		}
		starts = append(starts, s.cold)
		if err := s.process.Stop(); err != nil {
			return err
		}
	}
	f.result.SeedStart = median(starts[1:]) // the first one takes the curated data in
	return nil
}

// seedStarts is how often nicgraph is started with its curated data.
const seedStarts = 5

// close stops everybody.
func (f *field) close() error {
	var errs []error
	for _, s := range f.servers {
		errs = append(errs, s.process.Stop())
	}
	for _, c := range f.entered {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}
