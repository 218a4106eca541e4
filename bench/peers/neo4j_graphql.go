package peers

import (
	"context"
	"fmt"
	"os/exec"

	"nicgraph/bench/program"
)

// neo4jGraphQL is the library that people use to put GraphQL before a Neo4j, behind Apollo Server,
// on the data as nicgraph keeps them.
type neo4jGraphQL struct {
	place Place
	db    *neo4jDatabase
	dir   string
}

func (*neo4jGraphQL) Name() string { return "@neo4j/graphql" }

func (*neo4jGraphQL) Language() string { return "neo4j-graphql" }

func (n *neo4jGraphQL) Prepare(ctx context.Context) (about string, err error) {
	if n.dir, err = install(ctx, n.place.Cache, "neo4j-graphql"); err != nil {
		return "", err
	}
	node, err := version(ctx, "node")
	if err != nil {
		return "", &Missing{What: "Node 20 is needed to run it", Err: err}
	}
	return fmt.Sprintf("@neo4j/graphql 7.6.3 behind Apollo Server 5.5.1 on the same Neo4j and database, Node %s", node), n.db.start(ctx)
}

func (n *neo4jGraphQL) Load(ctx context.Context, dir string) error { return n.db.load(ctx, dir) }

func (n *neo4jGraphQL) Serve(ctx context.Context) (*exec.Cmd, string, error) {
	address, err := program.FreeAddress(ctx)
	cmd := program.Server(ctx, "node", "server.mjs")
	cmd.Dir = n.dir
	cmd.Env = append(n.db.environment(), "NODE_ENV=production", "PORT="+port(address))
	return cmd, address, err
}

func (n *neo4jGraphQL) Database() []int { return n.db.processes() }

func (n *neo4jGraphQL) Close() error { return n.db.stop() }
