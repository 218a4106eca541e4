// Package seed holds the curated tables with which a new store begins. Reading them is
// left to package exchange.
package seed

import "embed"

// Tables are the nineteen curated tables as README.md describes them; it has none of studies.
//
//go:embed *.csv
var Tables embed.FS
