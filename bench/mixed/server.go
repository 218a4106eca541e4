package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// server is the program as a process of its own, with data in a folder that passes.
type server struct {
	cmd     *exec.Cmd
	dir     string
	address string
	client  *http.Client
}

var addressSaid = regexp.MustCompile(`answers at (http://\S+/graphql)`)

// start builds the program, loads the tables, and serves them.
func start(ctx context.Context, tables string) (s *server, err error) {
	dir, err := os.MkdirTemp("", "nicgraph-mixed-")
	if err != nil {
		return nil, err
	}
	s = &server{dir: dir, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 10_000}, Timeout: time.Minute}}
	if err := s.launch(ctx, tables); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *server) launch(ctx context.Context, tables string) error {
	binary, data := filepath.Join(s.dir, "nicgraph"), filepath.Join(s.dir, "data")
	if err := loud(exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/nicgraph")); err != nil {
		return fmt.Errorf("build the program: %w", err)
	}
	if tables != "" {
		if err := loud(exec.CommandContext(ctx, binary, "import", tables, "--data", data)); err != nil {
			return fmt.Errorf("import %s: %w", tables, err)
		}
	}
	s.cmd = exec.CommandContext(ctx, binary, "serve", "--quiet", "--listen", "127.0.0.1:0", "--data", data)
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start the program: %w", err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if said := addressSaid.FindStringSubmatch(lines.Text()); said != nil {
			s.address = said[1]
			return nil
		}
	}
	return fmt.Errorf("the program ended before it answered: %w", s.cmd.Wait())
}

func loud(cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return cmd.Run()
}

// held is how many bytes of memory the process holds; 0 where the system does not tell.
func (s *server) held() (bytes int) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &bytes); err != nil {
		return 0
	}
	return bytes << 10
}

// stop ends the process and removes what it kept.
func (s *server) stop() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait() // it was killed, and that is what it says
	}
	_ = os.RemoveAll(s.dir)
}
