package peers

import (
	"context"
	"os/exec"
	"path/filepath"

	"nicgraph/bench/program"
)

// cypher is what no GraphQL server on Neo4j needs to be faster than: a statement written by hand
// for each question, sent by a handler that does nothing else.
type cypher struct {
	place Place
	db    *neo4jDatabase
}

func (*cypher) Name() string { return "hand-written Cypher" }

func (*cypher) Language() string { return "cypher" }

func (c *cypher) program() string { return filepath.Join(c.place.Work, "cypher") }

func (c *cypher) Prepare(ctx context.Context) (string, error) {
	if err := program.Build(ctx, c.program(), "nicgraph/bench/peers/cypher"); err != nil {
		return "", err
	}
	return "neo4j-go-driver 5.28.4 behind net/http, on " + c.db.about(), c.db.start(ctx)
}

func (c *cypher) Load(ctx context.Context, dir string) error { return c.db.load(ctx, dir) }

func (c *cypher) Serve(ctx context.Context) (*exec.Cmd, string, error) {
	address, err := program.FreeAddress(ctx)
	cmd := program.Server(ctx, c.program(), "-listen", address)
	cmd.Env = c.db.environment()
	return cmd, address, err
}

func (c *cypher) Database() []int { return c.db.processes() }

func (c *cypher) Close() error { return c.db.stop() }
