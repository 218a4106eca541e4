package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"nicgraph/bench/load"
	"nicgraph/bench/machine"
	"nicgraph/bench/program"
)

// server is the program as a process of its own, with data in a folder that passes.
type server struct {
	process *program.Process
	address string
	data    string
}

// start builds the program, loads the tables, and serves them.
func start(ctx context.Context, work, tables string) (*server, error) {
	binary, data := filepath.Join(work, "nicgraph"), filepath.Join(work, "data")
	if err := program.Build(ctx, binary, "nicgraph/cmd/nicgraph"); err != nil {
		return nil, fmt.Errorf("build the program: %w", err)
	}
	if tables != "" {
		if err := program.Run(exec.CommandContext(ctx, binary, "import", tables, "--data", data)); err != nil {
			return nil, fmt.Errorf("import %s: %w", tables, err)
		}
	}
	address, err := program.FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	process, err := program.Start(program.Server(ctx, binary, "serve", "--quiet", "--listen", address, "--data", data), filepath.Join(work, "server.log"))
	if err != nil {
		return nil, err
	}
	s := &server{process, address, data}
	if err := process.Await(ctx, s.answers); err != nil {
		return nil, errors.Join(fmt.Errorf("start the program: %w", err), process.Stop())
	}
	return s, nil
}

func (s *server) answers(ctx context.Context) error {
	_, _, err := load.Once(ctx, s.address, request(questions[0]))
	return err
}

// memory is what the server holds, in bytes.
type memory struct {
	heap   int // in use, with garbage that is not collected yet
	goal   int // at which the collector begins
	held   int // resident
	mapped int // of these, pages of files: the program's own and the store's
	disk   int // the store's files
}

// memory asks the server, the system and the disk.
func (s *server) memory(ctx context.Context) (m memory, err error) {
	said, err := s.metrics(ctx)
	if err != nil {
		return m, fmt.Errorf("ask for metrics: %w", err)
	}
	m.heap, m.goal = metric(said, "go_memstats_heap_alloc_bytes"), metric(said, "go_memstats_next_gc_bytes")
	m.held, m.mapped = machine.Resident(s.process.ID())
	m.disk, err = size(os.DirFS(s.data))
	return m, err
}

func (s *server) metrics(ctx context.Context) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+"/metrics", nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }() // what was read is read
	said, err := io.ReadAll(response.Body)
	return string(said), err
}

// metric is a number in what /metrics says; 0 where it is not said.
func metric(said, name string) int {
	_, rest, _ := strings.Cut("\n"+said, "\n"+name+" ")
	var number float64
	_, _ = fmt.Sscan(rest, &number)
	return int(number)
}

// size is that of all files of a folder.
func size(of fs.FS) (bytes int, err error) {
	err = fs.WalkDir(of, ".", func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		file, err := entry.Info()
		if err == nil {
			bytes += int(file.Size())
		}
		return err
	})
	return bytes, err
}
