package peers

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"nicgraph/bench/program"
)

// nicgraph is ours, on its embedded store or on Neo4j.
type nicgraph struct {
	place  Place
	db     *neo4jDatabase // nil: embedded
	seeded bool           // with the curated data in a folder of its own
}

func (n *nicgraph) Name() string {
	if n.db != nil {
		return "nicgraph on Neo4j"
	}
	return "nicgraph"
}

func (*nicgraph) Language() string { return "nicgraph" }

func (n *nicgraph) Prepare(ctx context.Context) (string, error) {
	if err := buildNicgraph(ctx, n.place); err != nil {
		return "", err
	}
	if n.db == nil {
		return "the embedded store, " + runtime.Version(), nil
	}
	return "the same program on Neo4j", n.db.start(ctx)
}

func buildNicgraph(ctx context.Context, at Place) error {
	if _, err := os.Stat(at.nicgraph()); err == nil {
		return nil // built for another contestant of this run
	}
	return program.Build(ctx, at.nicgraph(), "nicgraph/cmd/nicgraph")
}

func (p Place) nicgraph() string { return filepath.Join(p.Work, "nicgraph") }

func (n *nicgraph) Load(ctx context.Context, dir string) error {
	if n.db != nil {
		return n.db.load(ctx, dir)
	}
	return program.Run(exec.CommandContext(ctx, n.place.nicgraph(), "import", dir, "--data", n.data()))
}

func (n *nicgraph) data() string {
	if n.seeded {
		return filepath.Join(n.place.Work, "seeded")
	}
	return filepath.Join(n.place.Work, "embedded")
}

func (n *nicgraph) Serve(ctx context.Context) (*exec.Cmd, string, error) {
	address, err := program.FreeAddress(ctx)
	args := []string{"serve", "--quiet", "--listen", address}
	if n.db == nil {
		return program.Server(ctx, n.place.nicgraph(), append(args, "--data", n.data())...), address, err
	}
	cmd := program.Server(ctx, n.place.nicgraph(), append(args, "--store", "neo4j")...)
	cmd.Env = n.db.environment()
	return cmd, address, err
}

func (n *nicgraph) Database() []int { return n.db.processes() }

func (n *nicgraph) Close() error { return n.db.stop() }
