// Command scale measures what a graph of a million nodes and five million links costs the embedded store:
// importing its tables, opening it, memory and disk, and questions beside the same ones of a graph of a hundredth
// of the size. Each step runs in a process of its own, so that its memory and its processor time are its own.
//
//	go run ./bench/scale                    scales 1 and 100; needs 3 GB of memory and Linux
//	go run ./bench/scale -scales 1,10
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"nicgraph/bench/machine"
	"nicgraph/bench/tables"
)

func main() {
	scales := flag.String("scales", "1,100", "the scales, with commas between them")
	dir := flag.String("dir", "", "a folder for tables and stores that stays; empty: one that goes")
	profile := flag.String("profile", "", "a folder for a profile of each step")
	step := flag.String("step", "", "the step that this process is to take, in -dir")
	flag.Parse()
	var err error
	if *step == "" {
		err = run(*dir, strings.Split(*scales, ","), *profile)
	} else {
		err = profiled(*profile, func() error { return take(context.Background(), *step, *dir) })
	}
	if err != nil {
		log.Fatal(err)
	}
}

// profiled writes a profile of the processor to a file, where one is named.
func profiled(path string, work func() error) error {
	if path == "" {
		return work()
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	err = work()
	pprof.StopCPUProfile()
	return errors.Join(err, file.Close())
}

func run(dir string, scales []string, profile string) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "nicgraph-scale"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	var all []*size
	for _, scale := range scales {
		s := &size{dir: filepath.Join(dir, scale), profile: profile}
		if _, err := fmt.Sscan(scale, &s.scale); err != nil {
			return fmt.Errorf("scale %s: %w", scale, err)
		}
		if err := s.measure(); err != nil {
			return fmt.Errorf("scale %s: %w", scale, err)
		}
		all = append(all, s)
	}
	report(os.Stdout, all)
	return nil
}

// size is a graph of some size, and what was measured of it.
type size struct {
	scale   float64
	dir     string
	profile string

	counts    tables.Counts
	file      int64 // bytes
	load      string
	imported  imported
	importing usage
	opened    opened
	opening   usage
	answers   []answer
}

// usage is what a process took of the machine.
type usage struct {
	wall, processor time.Duration
	peak            int64 // bytes
}

func (s *size) measure() error {
	if err := os.RemoveAll(s.store()); err != nil {
		return err
	}
	var err error
	if s.counts, err = tables.Write(filepath.Join(s.dir, "tables"), tables.Network(s.scale, 7)); err != nil {
		return err
	}
	if s.importing, err = s.child("import", &s.imported); err != nil {
		return err
	}
	file, err := os.Stat(filepath.Join(s.store(), "graph.db"))
	if err != nil {
		return err
	}
	s.file = file.Size()
	if s.opening, err = s.child("open", &s.opened); err != nil {
		return err
	}
	if _, err := s.child("ask", &s.answers); err != nil {
		return err
	}
	s.load = machine.LoadAverage()
	return nil
}

func (s *size) store() string { return filepath.Join(s.dir, "store") }

// child takes a step in a process of its own, which writes what it found as JSON.
func (s *size) child(step string, found any) (usage, error) {
	program, err := os.Executable()
	if err != nil {
		return usage{}, err
	}
	args := []string{"-step", step, "-dir", s.dir}
	if s.profile != "" {
		args = append(args, "-profile", filepath.Join(s.profile, fmt.Sprintf("%s-%g.prof", step, s.scale)))
	}
	cmd := exec.CommandContext(context.Background(), program, args...)
	cmd.Stderr = os.Stderr
	begin := time.Now()
	out, err := cmd.Output()
	if err != nil {
		return usage{}, fmt.Errorf("%s: %w", step, err)
	}
	u := usage{wall: time.Since(begin), processor: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.peak = r.Maxrss * 1024
	}
	return u, json.Unmarshal(out, found)
}
