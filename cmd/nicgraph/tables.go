package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"nicgraph/internal/change"
	"nicgraph/internal/exchange"
	"nicgraph/internal/fault"
	"nicgraph/seed"
	"nicgraph/seed/studies"
)

// shownDeletes bounds the list of what an import would delete.
const shownDeletes = 50

func importCommand(config *Config) *cobra.Command {
	var opts exchange.Options
	var fromSeed bool
	var never []string
	cmd := &cobra.Command{
		Use:   "import DIR | import --seed [NAME…]",
		Short: "Import a folder of CSV tables",
		Long: `Import a folder of CSV tables into the store.

All tables are checked first, and every fault is told with its file, line and column;
nothing is written unless all is well. Rows are added or brought up to date by their id;
rows that are gone stay, unless --replace is given. Importing again changes nothing.
A folder need not have all tables: what it has no table for stays as it is.

Who never took up a practice has no row in adoptions.csv. Where the tables of a study write
a period for it, as the classic ones write the one after the last, say so with --never: those
rows are left out and counted. A period outside the study's is a fault; one inside it cannot
be told from a true one.

With --seed come the curated data, or data sets about how practices spread. A new store
into which something was imported no longer begins with the curated data: name them, too.
` + seedList(),
		Example: `  nicgraph import ./tables --dry-run
  nicgraph import ./tables
  nicgraph import ./survey --never village-survey=11
  nicgraph import --seed
  nicgraph import --seed curated kfamily medinnovations`,
		Args: func(cmd *cobra.Command, args []string) error {
			if fromSeed {
				return seedArgs(args, opts.Replace)
			}
			return one("folder of tables")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if opts.Never, err = sentinels(never); err != nil {
				return err
			}
			folders, err := foldersOf(args, fromSeed)
			if err != nil {
				return err
			}
			return importAll(cmd, config, folders, opts)
		},
	}
	cmd.Flags().BoolVar(&opts.DryRun, "dry-run", false, "check and tell what would change, but write nothing")
	cmd.Flags().BoolVar(&opts.Replace, "replace", false, "also delete what is stored but gone from the tables, after listing it")
	cmd.Flags().BoolVar(&fromSeed, "seed", false, "import data that comes with the program: the curated data, or the sets that are named; all names all of it")
	cmd.Flags().StringSliceVar(&never, "never", nil, "in this study, an adoption in this period means never: STUDY=PERIOD; may be given several times")
	return cmd
}

// Names of data that comes with the program, beside those of package studies.
const (
	curated    = "curated"
	everything = "all"
)

// seedNames lists the data that comes with the program.
func seedNames() []string { return append([]string{curated}, studies.Names()...) }

func seedList() string {
	return "  " + strings.Join(append(seedNames(), everything), ", ") + "."
}

// seedArgs refuses names of data that there is none of.
func seedArgs(names []string, replace bool) error {
	for _, name := range names {
		if name != everything && !slices.Contains(seedNames(), name) {
			return fmt.Errorf("no data set %q comes with the program; there are %s", name, strings.Join(append(seedNames(), everything), ", "))
		}
	}
	if replace && len(names) > 0 {
		return errors.New("--replace deletes what is gone from the tables, and so all that another data set has; leave it out with names behind --seed")
	}
	return nil
}

// sentinels reads what --never says.
func sentinels(never []string) ([]exchange.Sentinel, error) {
	all := make([]exchange.Sentinel, len(never))
	for i, text := range never {
		study, period, ok := strings.Cut(text, "=")
		n, err := strconv.ParseInt(period, 10, 32)
		if !ok || study == "" || err != nil {
			return nil, usageError{fmt.Errorf("--never %s is not STUDY=PERIOD; write for instance --never kfamily=11", text)}
		}
		all[i] = exchange.Sentinel{Study: study, Period: n}
	}
	return all, nil
}

// foldersOf opens the folder that is named, or data that comes with the program.
func foldersOf(args []string, fromSeed bool) ([]folder, error) {
	if !fromSeed {
		tables, err := openFolder(args[0])
		return []folder{{tables, args[0]}}, err
	}
	if len(args) == 0 {
		args = []string{curated}
	}
	if slices.Contains(args, everything) {
		args = seedNames()
	}
	folders := make([]folder, len(args))
	for i, name := range args {
		folders[i] = folder{seedTables(name), name}
	}
	return folders, nil
}

// folder holds tables, under a name that the history keeps.
type folder struct {
	fs.FS
	name string
}

// noteOf is what the history keeps of an import.
func noteOf(name string) change.Note {
	return change.Note{By: "import", Why: name, At: time.Now()}
}

// seedTables are the tables of a data set whose name has been checked.
func seedTables(name string) fs.FS {
	if tables, ok := studies.Tables(name); ok {
		return tables
	}
	return seed.Tables
}

func openFolder(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the folder %s cannot be read: %v", path, err)
	}
	if !info.IsDir() {
		return nil, fault.New(fault.Invalid, "%s is a file; name the folder that holds the tables", path)
	}
	return os.DirFS(path), nil
}

// importGC is how much garbage may gather, in percent of what is in use, while tables are
// imported: a batch is all in memory, so it takes more time and less memory than usual.
const importGC = 50

// importAll imports folders one after another, each as a whole or not at all.
func importAll(cmd *cobra.Command, config *Config, folders []folder, opts exchange.Options) (err error) {
	st, cat, err := openStore(cmd.Context(), config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if os.Getenv("GOGC") == "" {
		defer debug.SetGCPercent(debug.SetGCPercent(importGC))
	}
	opts.Progress = reporter(cmd.ErrOrStderr())
	opts.Before = func(r exchange.Report) error { return listDeletes(cmd.OutOrStdout(), r) }
	for _, tables := range folders {
		opts.Note = noteOf(tables.name)
		report, err := exchange.Import(cmd.Context(), st, tables.FS, cat, opts)
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s: %s.\n", config.storeName(), report)
	}
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
	var spread spreadExport
	cmd := &cobra.Command{
		Use:   "export DIR | export --spread INPUT.json",
		Short: "Export the graph as CSV tables, or how a practice spread as one table",
		Long: `Export the whole graph as the CSV tables that import reads, rows ordered by id.
The tables replace those of the folder only when all of them are written.

With --spread, export one table about how a practice spread, for R, Python and the like,
as CSV, as a stream of Arrow or as Parquet. INPUT.json holds what the field spread takes as
its input. The table person-period has a row for each party and period up to and including
the adoption, with the exposure at the input's lag and what is behind it, and degrees.
Left-censored adopters have no rows, since nobody knows in which periods they could still
have adopted. The table edges lists who names whom, and in which periods.`,
		Example: `  nicgraph export ./tables
  nicgraph export ./for-excel --spreadsheet
  echo '{"practice": "tetracycline", "population": {"study": "medinnovations"}, "lag": 1}' |
    nicgraph export --spread - --output rows.parquet`,
		Args: spread.check,
		RunE: func(cmd *cobra.Command, args []string) error {
			if spread.input != "" {
				return spread.run(cmd, config)
			}
			return exportTables(cmd, config, args[0], exchange.ExportOptions{Spreadsheet: spread.spreadsheet})
		},
	}
	cmd.Flags().BoolVar(&spread.spreadsheet, "spreadsheet", false, "escape cells that a spreadsheet would run as a formula")
	spread.flags(cmd)
	return cmd
}

func exportTables(cmd *cobra.Command, config *Config, dir string, opts exchange.ExportOptions) (err error) {
	st, cat, err := openExisting(cmd.Context(), config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	opts.Progress = reporter(cmd.ErrOrStderr())
	if err := exchange.ExportDir(cmd.Context(), st, cat, dir, opts); err != nil {
		return err
	}
	fmt.Fprintf(cmd.OutOrStdout(), "The tables are in %s.\n", dir)
	return nil
}
