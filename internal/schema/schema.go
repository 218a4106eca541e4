// Package schema reads the domain SDL, in which the graph is described as people think
// of it, derives the served schema from it and makes the catalog. It leaves answering
// requests to compile and storing to the stores.
package schema

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"nicgraph/internal/catalog"
)

//go:embed directives.graphqls
var directivesSDL string

// Domain is a domain SDL that has been read and checked. It is immutable.
type Domain struct {
	definitions ast.DefinitionList // with inherited fields, in the order of the SDL
	catalog     *catalog.Catalog
}

// Read reads the domain SDL. The order of the sources and of the types in them is the
// order of the catalog. All faults that can be told at once are reported at once, each
// in a sentence that begins with file and line.
func Read(sources ...*ast.Source) (*Domain, error) {
	doc, err := parser.ParseSchemas(sources...)
	if err != nil {
		return nil, fmt.Errorf("read the domain SDL: %w", err)
	}
	r := newReader(doc)
	r.inheritAll()
	if err := r.valid(doc); err != nil {
		return nil, fmt.Errorf("read the domain SDL: %w", err)
	}
	c := r.catalog()
	if len(r.faults) > 0 {
		return nil, fmt.Errorf("read the domain SDL: %w", errors.Join(r.faults...))
	}
	return &Domain{definitions: doc.Definitions, catalog: c}, nil
}

// ReadDir reads the *.graphqls files of a folder in the order of their names.
func ReadDir(dir fs.FS) (*Domain, error) {
	names, err := fs.Glob(dir, "*.graphqls")
	if err != nil {
		return nil, fmt.Errorf("list the domain SDL: %w", err)
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("read the domain SDL: %w", err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	return Read(sources...)
}

// Catalog is everything that can exist according to the domain SDL.
func (d *Domain) Catalog() *catalog.Catalog { return d.catalog }

// valid asks the library for all rules that any SDL must obey. It runs after fields
// were inherited: before, a type need not name what its interfaces have.
func (r *reader) valid(doc *ast.SchemaDocument) error {
	directives, err := parser.ParseSchema(&ast.Source{Name: "directives.graphqls", Input: directivesSDL, BuiltIn: true})
	if err != nil {
		return err
	}
	prelude, err := parser.ParseSchema(validator.Prelude)
	if err != nil {
		return err
	}
	prelude.Merge(directives)
	prelude.Merge(doc)
	_, err = validator.ValidateSchemaDocument(prelude)
	return err
}
