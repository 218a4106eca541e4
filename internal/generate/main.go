// Command generate writes what follows from the domain SDL: the served schema. It leaves the
// rule of the derivation to internal/schema. Run it in the root of the repository.
package main

import (
	"fmt"
	"os"

	"nicgraph/internal/schema"
)

const (
	domainDir  = "graph/schema"
	servedFile = "graph/schema.graphqls"
)

func main() {
	if err := generate(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate() error {
	domain, err := schema.ReadDir(os.DirFS(domainDir))
	if err != nil {
		return err
	}
	if err := os.WriteFile(servedFile, []byte(domain.Derive()), 0o644); err != nil {
		return fmt.Errorf("write the served schema: %w", err)
	}
	return nil
}
