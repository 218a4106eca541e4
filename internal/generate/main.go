// Command generate writes what follows from the domain SDL: the served schema, where gqlgen.yml
// says that it is. It leaves the rule of the derivation to internal/schema. Run it in the root
// of the repository.
package main

import (
	"fmt"
	"os"

	"github.com/99designs/gqlgen/codegen/config"

	"nicgraph/internal/schema"
)

const (
	domainDir  = "graph/schema"
	configFile = "gqlgen.yml"
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
	served, err := servedFile()
	if err != nil {
		return err
	}
	if err := os.WriteFile(served, []byte(domain.Derive()), 0o644); err != nil {
		return fmt.Errorf("write the served schema: %w", err)
	}
	return nil
}

// servedFile is where the served schema is.
func servedFile() (string, error) {
	c, err := config.LoadConfig(configFile)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", configFile, err)
	}
	if len(c.SchemaFilename) != 1 {
		return "", fmt.Errorf("read %s: it names %d files of the schema, and there is one", configFile, len(c.SchemaFilename))
	}
	return c.SchemaFilename[0], nil
}
