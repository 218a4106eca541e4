// Command run starts a Neo4j, runs a command that finds it in NEO4J_URI, and stops it:
//
//	go run ./internal/neo4jtest/run -- go test ./...
//
// When NEO4J_URI already names one, it only runs the command. Its exit code is that of
// the command.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"nicgraph/internal/neo4jtest"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: run -- COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	code, err := run(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func run(args []string) (code int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if os.Getenv("NEO4J_URI") != "" {
		return command(ctx, args, nil)
	}
	server, err := neo4jtest.Launch(ctx, "")
	if errors.Is(err, neo4jtest.ErrMissing) && os.Getenv("CI") != "true" {
		fmt.Fprintf(os.Stderr, "%v; going on without\n", err)
		return command(ctx, args, nil)
	}
	if err != nil {
		return 1, err
	}
	code, err = command(ctx, args, []string{"NEO4J_URI=" + server.URI, "NEO4J_USER=", "NEO4J_PASSWORD="})
	return code, errors.Join(err, server.Stop())
}

// command runs a command with this one's input, output and environment.
func command(ctx context.Context, args, env []string) (int, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), env...)
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return max(exit.ExitCode(), 1), nil
	case err != nil:
		return 1, err
	default:
		return 0, nil
	}
}
