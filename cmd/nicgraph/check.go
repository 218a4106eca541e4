package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"nicgraph/internal/audit"
	"nicgraph/internal/exchange"
)

func checkCommand(config *Config) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check that a store is whole",
		Long: `Check that a store is whole: that every record can be read and its checksum is right, that
every link has its end and both ends know it, that what must be there is there, that the
counts agree, and that the history leads, change by change, to what is there now.

Every fault is told in a line; the exit code is 1 when there are some. Nobody should write
meanwhile: stop a server that uses an embedded store.`,
		Example: `  nicgraph check
  nicgraph check --data ./graph`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return check(cmd, config) },
	}
}

func check(cmd *cobra.Command, config *Config) (err error) {
	st, cat, err := openExisting(cmd.Context(), config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	show := reporter(cmd.ErrOrStderr())
	report, err := audit.Check(cmd.Context(), st, cat, func(what string, done, total int) {
		show(exchange.Progress{Step: what, Done: done, Total: total})
	})
	if err != nil {
		return fmt.Errorf("check %s: %w", config.storeName(), err)
	}
	return tellReport(cmd.OutOrStdout(), config.storeName(), report)
}

// tellReport writes what a check has found. Its error is that something is wrong.
func tellReport(out io.Writer, name string, r *audit.Report) error {
	for _, fault := range r.Faults {
		fmt.Fprintln(out, fault)
	}
	if r.More > 0 {
		fmt.Fprintf(out, "… and %d more faults\n", r.More)
	}
	fmt.Fprintf(out, "%s: %s.\n", name, r)
	if !r.OK() {
		return errDamaged
	}
	return nil
}

var errDamaged = errors.New("the store is damaged; restore a backup, or import the tables into a new one")
