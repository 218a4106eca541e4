// Package peers starts the servers that the benchmark compares, each from one place, and loads
// them with the same tables. What they are asked, and how long they take, is told by others.
package peers

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

//go:embed neo4j-graphql postgraphile dgraph
var files embed.FS

// Contestant is a server that takes part.
type Contestant interface {
	// Name is how tables call it.
	Name() string
	// Language is the one in which it is asked, as package questions calls it.
	Language() string
	// Prepare fetches or builds what it needs and says what it is, with versions. A
	// *Missing is returned when that cannot be had.
	Prepare(ctx context.Context) (about string, err error)
	// Load takes in the tables of a folder.
	Load(ctx context.Context, dir string) error
	// Serve is the command that serves at an address of this machine until it is interrupted.
	Serve(ctx context.Context) (command *exec.Cmd, address string, err error)
	// Database are the processes of its database, which other contestants may share.
	Database() []*os.Process
	// Close ends its database.
	Close() error
}

// Missing says that a contestant cannot be had on this machine, and what it would take.
type Missing struct {
	What string
	Err  error
}

func (m *Missing) Error() string { return fmt.Sprintf("%s: %v", m.What, m.Err) }

// Unwrap is the cause.
func (m *Missing) Unwrap() error { return m.Err }

// Place is where contestants keep things.
type Place struct {
	Cache string  // lasts: packages and programs
	Work  string  // of this run: data
	Scale float64 // of the data
}

// All are all contestants, those last to which the others are held.
func All(at Place) []Contestant {
	db := &neo4jDatabase{place: at}
	return []Contestant{
		&nicgraph{place: at},
		&nicgraph{place: at, db: db},
		&cypher{place: at, db: db},
		&neo4jGraphQL{place: at, db: db},
		&postGraphile{place: at},
		&dgraph{place: at},
		&bare{place: at},
	}
}

// Seeded is nicgraph with the curated data that come with it.
func Seeded(at Place) Contestant {
	return &nicgraph{place: at, seeded: true}
}

// OnNeo4j is nicgraph on a Neo4j of its own.
func OnNeo4j(at Place) Contestant {
	return &nicgraph{place: at, db: &neo4jDatabase{place: at}}
}

// goBuild builds a program of this module, or of the module of a folder, into the place of this run.
func goBuild(ctx context.Context, out, pkg string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", out, pkg)
	return run(cmd)
}

// serving is the command of a server: it lasts until it is stopped.
func serving(ctx context.Context, program string, args ...string) *exec.Cmd {
	return exec.CommandContext(context.WithoutCancel(ctx), program, args...)
}

// run runs a command to its end; what it says goes into the error.
func run(cmd *exec.Cmd) error {
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(cmd.Path), err, out[max(0, len(out)-4000):])
	}
	return nil
}

// version is what a program says of itself.
func version(ctx context.Context, program string) (string, error) {
	said, err := exec.CommandContext(ctx, program, "--version").Output()
	return strings.TrimSpace(string(said)), err
}

// logged sends what a process says into a file of its own.
func logged(cmd *exec.Cmd, path string) (*os.File, error) {
	log, err := os.Create(path)
	if err == nil {
		cmd.Stdout, cmd.Stderr = log, log
	}
	return log, err
}

// unpack writes files of a contestant into a folder.
func unpack(name, dir string) error {
	entries, err := files.ReadDir(name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, entry := range entries {
		text, err := files.ReadFile(name + "/" + entry.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, entry.Name()), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// freeAddress is one of this machine that nobody serves at.
func freeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

// stop interrupts a process and waits for it; one that does not end is made to.
func stop(cmd *exec.Cmd) error {
	if cmd == nil || cmd.Process == nil {
		return nil
	}
	_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	patience := time.AfterFunc(stopWait, func() { _ = cmd.Process.Kill() })
	defer patience.Stop()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) { // an end by signal is what was asked for
		return err
	}
	return nil
}

// stopWait is how long a process may take to end.
const stopWait = 10 * time.Second
