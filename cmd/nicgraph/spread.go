package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"nicgraph/graph"
	"nicgraph/internal/exchange"
	"nicgraph/internal/fault"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/tabular"
)

// spreadDownloads serves the tables of spread in every format.
func spreadDownloads(edge *graph.Edge) (all []httpserver.Download) {
	for _, name := range []string{graph.PersonPeriod, graph.Edges} {
		options := []string{"spreadsheet"}
		if name == graph.PersonPeriod {
			options = append(options, "covariates", "leftCensored")
		}
		for _, format := range tabular.Formats() {
			all = append(all, httpserver.Download{
				Path: "/spread/" + name + "." + format.String(), Media: format.Media(), Options: options,
				Make: func(ctx context.Context, input map[string]any, options url.Values) (*httpserver.Content, error) {
					return spreadContent(ctx, edge, name, format, input, options)
				},
			})
		}
	}
	return all
}

func spreadContent(ctx context.Context, edge *graph.Edge, name string, format tabular.Format, input map[string]any, options url.Values) (*httpserver.Content, error) {
	leftCensored, err := truth(options, "leftCensored")
	if err != nil {
		return nil, err
	}
	spreadsheet, err := truth(options, "spreadsheet")
	if err != nil {
		return nil, err
	}
	table, err := edge.SpreadTable(ctx, name, input, graph.TableOptions{Covariates: listed(options.Get("covariates")), LeftCensored: leftCensored})
	if err != nil {
		return nil, err
	}
	return &httpserver.Content{
		Header: http.Header{
			"Content-Disposition":         {fmt.Sprintf("attachment; filename=%q", table.Name+"."+format.String())},
			httpserver.RowsHeader:         {strconv.Itoa(table.Rows)},
			httpserver.LeftCensoredHeader: {strconv.Itoa(table.LeftOut)},
		},
		Write: func(ctx context.Context, w io.Writer) error {
			return table.Write(ctx, w, tabular.Options{Format: format, Spreadsheet: spreadsheet})
		},
	}, nil
}

func truth(options url.Values, name string) (bool, error) {
	if !options.Has(name) {
		return false, nil
	}
	yes, err := strconv.ParseBool(options.Get(name))
	if err != nil {
		return false, fault.New(fault.Invalid, "the parameter %q takes true or false", name)
	}
	return yes, nil
}

// listed splits a list at its commas; an empty text is an empty list.
func listed(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// spreadExport is a table of spread that is to be written.
type spreadExport struct {
	input, table, format, output string
	options                      graph.TableOptions
	spreadsheet                  bool
}

// flags are those of a table of spread, beside those of all tables.
func (x *spreadExport) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&x.input, "spread", "", "export a table about how a practice spread instead: a file with a SpreadInput as JSON, or - for standard input")
	flags.StringVar(&x.table, "table", graph.PersonPeriod, "with --spread: "+graph.PersonPeriod+" or "+graph.Edges)
	flags.StringVar(&x.format, "format", "", "with --spread: csv, arrow or parquet (default: what --output ends with, else csv)")
	flags.StringVar(&x.output, "output", "", "with --spread: the file to write (default: standard output)")
	flags.StringSliceVar(&x.options.Covariates, "covariates", nil, "with --spread: further columns of a person-period table, of type, kind, region, country")
	flags.BoolVar(&x.options.LeftCensored, "left-censored", false, "with --spread: also the rows of those who adopted in the period recorded or before it")
}

// check tells which arguments and flags do not go together.
func (x *spreadExport) check(cmd *cobra.Command, args []string) error {
	switch {
	case x.input == "":
		return cmp.Or(misplaced(cmd, "--spread", "table", "format", "output", "covariates", "left-censored"), one("folder of tables")(cmd, args))
	case x.table == graph.Edges:
		return cmp.Or(misplaced(cmd, "--table "+graph.PersonPeriod, "covariates", "left-censored"), cobra.NoArgs(cmd, args))
	default:
		return cobra.NoArgs(cmd, args)
	}
}

// misplaced tells which of these flags is given without what it goes with.
func misplaced(cmd *cobra.Command, with string, flags ...string) error {
	for _, name := range flags {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s goes with %s", name, with)
		}
	}
	return nil
}

// run writes the table and says what it holds.
func (x *spreadExport) run(cmd *cobra.Command, config *Config) (err error) {
	format, err := x.formatOf()
	if err != nil {
		return usageError{err}
	}
	input, err := readSpreadInput(cmd.InOrStdin(), x.input)
	if err != nil {
		return err
	}
	st, cat, err := openExisting(cmd.Context(), config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	edge, err := graph.New(st, cat, graph.Config{})
	if err != nil {
		return err
	}
	table, err := edge.SpreadTable(cmd.Context(), x.table, input, x.options)
	if err != nil {
		return err
	}
	return x.write(cmd, table, format)
}

// formatOf is the format asked for, else what the name of the file says.
func (x *spreadExport) formatOf() (tabular.Format, error) {
	if x.format != "" {
		return tabular.ParseFormat(x.format)
	}
	if ending := filepath.Ext(x.output); ending != "" {
		return tabular.ParseFormat(ending[1:])
	}
	return tabular.CSV, nil
}

func readSpreadInput(in io.Reader, name string) (input map[string]any, err error) {
	text, err := readQuery(in, name)
	if err != nil {
		return nil, err
	}
	if name == "-" {
		name = "standard input"
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&input); err != nil || input == nil {
		return nil, fault.New(fault.Invalid, `%s is no JSON object; write a SpreadInput into it, such as {"practice": "tetracycline", "population": {"study": "medinnovations"}}`, name)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fault.New(fault.Invalid, "%s has something after the JSON object", name)
	}
	return input, nil
}

func (x *spreadExport) write(cmd *cobra.Command, table *tabular.Table, format tabular.Format) error {
	report := reporter(cmd.ErrOrStderr())
	options := tabular.Options{Format: format, Spreadsheet: x.spreadsheet, Progress: func(rows int) {
		report(exchange.Progress{Step: "export", Done: rows, Total: table.Rows})
	}}
	if x.output == "" {
		return table.Write(cmd.Context(), cmd.OutOrStdout(), options)
	}
	err := writeWhole(x.output, func(w io.Writer) error { return table.Write(cmd.Context(), w, options) })
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%d rows are in %s.\n", table.Rows, x.output)
	if table.LeftOut > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "%d left-censored adopters have none; --left-censored gives them rows.\n", table.LeftOut)
	}
	return nil
}

// writeWhole writes a file that takes its name only when it is whole: after an error what
// stood there before still does.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	temporary, err := os.MkdirTemp(filepath.Dir(name), ".export-")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be written: %v", name, err)
	}
	defer func() { _ = os.RemoveAll(temporary) }() // what is left over harms nobody
	file, err := os.Create(filepath.Join(temporary, filepath.Base(name)))
	if err != nil {
		return fmt.Errorf("make room for %s: %w", name, err)
	}
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return fmt.Errorf("put %s in its place: %w", name, err)
	}
	return nil
}
