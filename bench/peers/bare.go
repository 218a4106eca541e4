package peers

import (
	"context"
	"os/exec"
	"path/filepath"

	"nicgraph/bench/program"
)

// bare is the floor of any HTTP server: a handler that reads the request and always says the same.
type bare struct{ place Place }

func (*bare) Name() string { return "bare handler" }

func (*bare) Language() string { return "bare" }

func (b *bare) program() string { return filepath.Join(b.place.Work, "bare") }

func (b *bare) Prepare(ctx context.Context) (string, error) {
	return "net/http", program.Build(ctx, b.program(), "nicgraph/bench/bare")
}

func (*bare) Load(context.Context, string) error { return nil }

func (b *bare) Serve(ctx context.Context) (*exec.Cmd, string, error) {
	address, err := program.FreeAddress(ctx)
	return program.Server(ctx, b.program(), "--listen", address, "--say", `{"data":{"__typename":"Query"}}`), address, err
}

func (*bare) Database() []int { return nil }

func (*bare) Close() error { return nil }
