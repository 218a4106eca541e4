package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"nicgraph/internal/spread"
)

//go:embed netdiffuser.R
var script []byte

// rival is an R process that has a network loaded and times netdiffuseR's measures.
type rival struct {
	version string
	dir     string
	process *exec.Cmd
	ask     io.WriteCloser
	answers *bufio.Scanner
}

// startRival gives a network to netdiffuseR. It is nil where R or the package is missing.
func startRival(ctx context.Context, ties []spread.Tie, adopted []int32) (*rival, error) {
	if exec.CommandContext(ctx, "Rscript", "-e", `quit(status = !requireNamespace("netdiffuseR", quietly = TRUE))`).Run() != nil {
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "spread")
	if err != nil {
		return nil, err
	}
	if err := writeNetwork(dir, ties, adopted); err != nil {
		return nil, err
	}
	return openRival(ctx, dir)
}

func openRival(ctx context.Context, dir string) (*rival, error) {
	r := &rival{dir: dir, process: exec.CommandContext(ctx, "Rscript", filepath.Join(dir, "netdiffuser.R"), dir)}
	r.process.Stderr = os.Stderr
	var err error
	if r.ask, err = r.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := r.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := r.process.Start(); err != nil {
		return nil, err
	}
	r.answers = bufio.NewScanner(out)
	r.version, err = r.answer()
	return r, err
}

func (r *rival) answer() (string, error) {
	if !r.answers.Scan() {
		return "", fmt.Errorf("netdiffuseR has stopped (%w)", r.answers.Err())
	}
	return strings.TrimSpace(r.answers.Text()), nil
}

// take is how long netdiffuseR takes for a measure, by its own clock.
func (r *rival) take(measure string) (time.Duration, error) {
	if _, err := fmt.Fprintln(r.ask, measure); err != nil {
		return 0, err
	}
	text, err := r.answer()
	if err != nil {
		return 0, err
	}
	seconds, err := strconv.ParseFloat(text, 64)
	return time.Duration(seconds * float64(time.Second)), err
}

func (r *rival) stop() error {
	if r == nil {
		return nil
	}
	if err := r.ask.Close(); err != nil {
		return err
	}
	if err := r.process.Wait(); err != nil {
		return fmt.Errorf("end netdiffuseR: %w", err)
	}
	return os.RemoveAll(r.dir)
}

// writeNetwork writes what the script reads, and the script. People and periods count
// from one there.
func writeNetwork(dir string, ties []spread.Tie, adopted []int32) error {
	var edges, periods strings.Builder
	edges.WriteString("learner,source\n")
	for _, t := range ties {
		if t.Learner != t.Source {
			fmt.Fprintf(&edges, "%d,%d\n", t.Learner+1, t.Source+1)
		}
	}
	periods.WriteString("person,period\n")
	for i, a := range adopted {
		if a == spread.Never {
			fmt.Fprintf(&periods, "%d,\n", i+1)
		} else {
			fmt.Fprintf(&periods, "%d,%d\n", i+1, a+1)
		}
	}
	for name, text := range map[string]string{"ties.csv": edges.String(), "adopted.csv": periods.String(), "netdiffuser.R": string(script)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
