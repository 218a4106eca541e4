package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"nicgraph/internal/exchange"
	"nicgraph/internal/fault"
	"nicgraph/seed"
)

// shownDeletes bounds the list of what an import would delete.
const shownDeletes = 50

func importCommand(config *Config) *cobra.Command {
	var opts exchange.Options
	var fromSeed bool
	cmd := &cobra.Command{
		Use:   "import DIR",
		Short: "Import a folder of CSV tables",
		Long: `Import a folder of CSV tables into the store.

All tables are checked first, and every fault is told with its file, line and column;
nothing is written unless all is well. Rows are added or brought up to date by their id;
rows that are gone stay, unless --replace is given. Importing again changes nothing.`,
		Example: `  nicgraph import ./tables --dry-run
  nicgraph import ./tables
  nicgraph import --seed`,
		Args: func(cmd *cobra.Command, args []string) error {
			if fromSeed {
				return cobra.NoArgs(cmd, args)
			}
			return folderArg(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			tables, err := tablesOf(args)
			if err != nil {
				return err
			}
			return importTables(cmd, config, tables, opts)
		},
	}
	cmd.Flags().BoolVar(&opts.DryRun, "dry-run", false, "check and tell what would change, but write nothing")
	cmd.Flags().BoolVar(&opts.Replace, "replace", false, "also delete what is stored but gone from the tables, after listing it")
	cmd.Flags().BoolVar(&fromSeed, "seed", false, "import the curated data that comes with the program")
	return cmd
}

func folderArg(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("one folder of tables is wanted, %d were given", len(args))
	}
	return nil
}

// tablesOf opens the folder that is named, or the curated data when none is.
func tablesOf(args []string) (fs.FS, error) {
	if len(args) == 0 {
		return seed.Tables, nil
	}
	info, err := os.Stat(args[0])
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the folder %s cannot be read: %v", args[0], err)
	}
	if !info.IsDir() {
		return nil, fault.New(fault.Invalid, "%s is a file; name the folder that holds the tables", args[0])
	}
	return os.DirFS(args[0]), nil
}

func importTables(cmd *cobra.Command, config *Config, tables fs.FS, opts exchange.Options) (err error) {
	st, cat, err := openStore(cmd.Context(), config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	opts.Progress = reporter(cmd.ErrOrStderr())
	opts.Before = func(r exchange.Report) error { return listDeletes(cmd.OutOrStdout(), r) }
	report, err := exchange.Import(cmd.Context(), st, tables, cat, opts)
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %s.\n", config.storeName(), report)
	return nil
}

func listDeletes(out io.Writer, r exchange.Report) error {
	for i, d := range r.Deletes {
		if i == shownDeletes {
			fmt.Fprintf(out, "… and %d more\n", len(r.Deletes)-i)
			break
		}
		fmt.Fprintf(out, "delete %s %s\n", d.Type.Name, d.ID)
	}
	return nil
}

// reporter shows progress on a terminal as a bar, elsewhere as lines.
func reporter(w io.Writer) func(exchange.Progress) {
	file, ok := w.(*os.File)
	return exchange.NewReporter(w, ok && term.IsTerminal(int(file.Fd())))
}

func exportCommand(config *Config) *cobra.Command {
	var opts exchange.ExportOptions
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "Export the graph as CSV tables",
		Long: `Export the whole graph as the CSV tables that import reads, rows ordered by id.

The tables replace those of the folder only when all of them are written.`,
		Example: `  nicgraph export ./tables
  nicgraph export ./for-excel --spreadsheet`,
		Args: folderArg,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			st, cat, err := openStore(cmd.Context(), config)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, st.Close()) }()
			opts.Progress = reporter(cmd.ErrOrStderr())
			if err := exchange.ExportDir(cmd.Context(), st, cat, args[0], opts); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "The tables are in %s.\n", args[0])
			return nil
		},
	}
	cmd.Flags().BoolVar(&opts.Spreadsheet, "spreadsheet", false, "escape cells that a spreadsheet would run as a formula")
	return cmd
}
