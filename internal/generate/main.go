// Command generate writes what follows from the domain SDL: the served schema and the Go
// types of it. It leaves the rule of the derivation to internal/schema and the Go text to
// gqlgen's modelgen, which gqlgen.yml tells where to write. Run it in the root of the
// repository.
package main

import (
	"fmt"
	"os"

	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/plugin/modelgen"

	"nicgraph/internal/schema"
)

const (
	domainDir  = "graph/schema"
	servedFile = "graph/schema.graphqls"
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
	if err := os.WriteFile(servedFile, []byte(domain.Derive()), 0o644); err != nil {
		return fmt.Errorf("write the served schema: %w", err)
	}
	return models()
}

// models writes the Go types of the served schema.
func models() error {
	cfg, err := config.LoadConfig(configFile)
	if err != nil {
		return fmt.Errorf("read %s: %w", configFile, err)
	}
	if err := cfg.Init(); err != nil {
		return fmt.Errorf("load the schema for %s: %w", configFile, err)
	}
	if err := modelgen.New().(*modelgen.Plugin).MutateConfig(cfg); err != nil {
		return fmt.Errorf("write %s: %w", cfg.Model.Filename, err)
	}
	return nil
}
