// Package seed holds the curated tables with which a new store begins. Reading them is
// left to package exchange.
package seed

import "embed"

// Tables are the nineteen tables as README.md describes them.
//
//go:embed *.csv
var Tables embed.FS
