// Package studies holds studies of how practices spread, for whoever wants to learn the analytics
// or to compare them with others. Nothing loads them by itself; reading them is left to package
// exchange.
package studies

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed *.zip
var archives embed.FS

const ending = ".zip"

// Names lists the data sets in alphabetical order.
func Names() []string {
	entries, err := archives.ReadDir(".")
	if err != nil {
		panic(err) // the files are part of the program
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ending)
	}
	return names
}

// Tables is the folder of a data set, which README.md describes. It is false when there is none
// of that name.
func Tables(name string) (fs.FS, bool) {
	if !slices.Contains(Names(), name) {
		return nil, false
	}
	data, err := archives.ReadFile(name + ending)
	if err != nil {
		panic(err) // the name was listed
	}
	tables, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		panic(fmt.Errorf("the study %s of this program: %w", name, err)) // a test reads all of them
	}
	return tables, true
}
