// Package peers starts the servers that the benchmark compares, each from one place, and loads
// them with the same tables. What they are asked, and how long they take, is told by others.
package peers

import (
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
	// Database are the numbers of the processes of its database, which other contestants may share.
	Database() []int
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

// version is what a program says of itself.
func version(ctx context.Context, program string) (string, error) {
	said, err := exec.CommandContext(ctx, program, "--version").Output()
	return strings.TrimSpace(string(said)), err
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

func port(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }
