package peers

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"

	"nicgraph/bench/program"
	"nicgraph/internal/neo4jtest"
)

// neo4jDatabase is the Neo4j that several contestants share, with nicgraph's own data in it.
type neo4jDatabase struct {
	place  Place
	server *neo4jtest.Server
	loaded bool
}

// about says what it is.
func (db *neo4jDatabase) about() string {
	return fmt.Sprintf("Neo4j Community 5.26.16, heap %d GiB, page cache 1 GiB", db.heap())
}

// heap is how many GiB of memory it has: what a small server of its own would give a database,
// and more where the import, which is one transaction, needs it.
func (db *neo4jDatabase) heap() int { return 2 + int(math.Ceil(0.3*max(0, db.place.Scale-1))) }

func (db *neo4jDatabase) room() neo4jtest.Room {
	return neo4jtest.Room{Java: []string{"-Xms2g", fmt.Sprintf("-Xmx%dg", db.heap()), "-XX:+UseG1GC"}, PageCache: "1g"}
}

func (db *neo4jDatabase) start(ctx context.Context) (err error) {
	if db.server != nil {
		return nil
	}
	if db.server, err = neo4jtest.LaunchWith(ctx, "", db.room()); err != nil {
		return &Missing{What: "Neo4j cannot be started", Err: err}
	}
	return nil
}

// load takes the tables in by nicgraph's import: it knows the form.
func (db *neo4jDatabase) load(ctx context.Context, dir string) error {
	if db.loaded {
		return nil
	}
	if err := buildNicgraph(ctx, db.place); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, db.place.nicgraph(), "import", dir, "--store", "neo4j")
	cmd.Env = db.environment()
	if err := program.Run(cmd); err != nil {
		return err
	}
	db.loaded = true
	return nil
}

// environment tells nicgraph and the other clients where the database is.
func (db *neo4jDatabase) environment() []string {
	return append(os.Environ(), "NEO4J_URI="+db.server.URI, "NEO4J_USER=", "NEO4J_PASSWORD=")
}

func (db *neo4jDatabase) processes() []int {
	if db == nil || db.server == nil {
		return nil
	}
	return []int{db.server.Process().Pid}
}

func (db *neo4jDatabase) stop() error {
	if db == nil || db.server == nil {
		return nil
	}
	server := db.server
	db.server = nil
	return server.Stop()
}
