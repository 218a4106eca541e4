// Package graph holds the schema and is the GraphQL edge of the program. It leaves
// reading the schema to internal/schema and answering requests to what is below it.
package graph

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"nicgraph/internal/schema"
)

//go:embed schema/*.graphqls
var domain embed.FS

//go:embed schema.graphqls
var served string

// Domain reads the domain SDL, in which the graph is described as people think of it.
func Domain() (*schema.Domain, error) {
	dir, err := fs.Sub(domain, "schema")
	if err != nil {
		return nil, fmt.Errorf("open the domain SDL: %w", err)
	}
	return schema.ReadDir(dir)
}

// SDL is the served schema, derived from the domain SDL by make generate.
func SDL() string { return served }

func loadSchema() (*ast.Schema, error) {
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: served})
	if err != nil {
		return nil, fmt.Errorf("load the served schema: %w", err)
	}
	// What the library adds to every schema and this one does not have must not be told.
	delete(schema.Directives, "defer")
	return schema, nil
}

// DomainSDL is the text of the domain SDL, its files one after the other.
func DomainSDL() string {
	var text strings.Builder
	names, _ := fs.Glob(domain, "schema/*.graphqls") // the pattern is well formed
	for _, name := range names {
		file, _ := domain.ReadFile(name) // embedded files are always there
		text.Write(file)
		text.WriteByte('\n')
	}
	return text.String()
}
