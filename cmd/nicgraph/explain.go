package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"nicgraph/graph"
	"nicgraph/internal/cypher"
	"nicgraph/internal/fault"
	"nicgraph/internal/plan"
)

// question is what explain is asked about.
type question struct{ query, operation, variables string }

func explainCommand(config *Config) *cobra.Command {
	var q question
	var withStore bool
	cmd := &cobra.Command{
		Use:   "explain FILE",
		Short: "Print the plan and the Cypher of a question",
		Long: `Print how a question is answered: the plan that both stores run, and the Cypher
statements that Neo4j gets, one for up to four pages and one for each look-up, with their
parameters. No store is opened, unless --with-store asks the configured one how it would go about it: the embedded store
tells where each list begins and by which counts it chose so, Neo4j its operators with the
rows that it expects. An embedded store can be opened by one process only: stop the server
first, or name a copy of its folder with --data.
FILE is a GraphQL document; - reads it from standard input.`,
		Example: `  nicgraph explain question.graphql
  echo '{ networks { nodes { name } } }' | nicgraph explain -
  nicgraph explain question.graphql --with-store`,
		Args: one("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if q.query, err = readQuery(cmd.InOrStdin(), args[0]); err != nil {
				return err
			}
			p, params, err := q.plan()
			if err != nil {
				return err
			}
			if err := explain(cmd.OutOrStdout(), p, params); err != nil || !withStore {
				return err
			}
			return explainStore(cmd.Context(), cmd.OutOrStdout(), config, p, params)
		},
	}
	cmd.Flags().StringVar(&q.operation, "operation", "", "the operation to explain, when the file holds several")
	cmd.Flags().StringVar(&q.variables, "variables", "", "the variables as JSON")
	cmd.Flags().BoolVar(&withStore, "with-store", false, "also open the store and tell how it would go about it, and why")
	return cmd
}

func readQuery(in io.Reader, name string) (string, error) {
	if name == "-" {
		text, err := io.ReadAll(in)
		return string(text), err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "the file %s cannot be read: %v", name, err)
	}
	return string(text), nil
}

// plan compiles the question.
func (q *question) plan() (*plan.Plan, plan.Params, error) {
	vars := map[string]any{}
	if q.variables != "" {
		if err := json.Unmarshal([]byte(q.variables), &vars); err != nil {
			return nil, nil, usageError{fmt.Errorf("--variables is not a JSON object: %w", err)}
		}
	}
	return graph.Explain(q.query, q.operation, vars)
}

func explain(out io.Writer, p *plan.Plan, params plan.Params) error {
	statements, err := cypher.Query(p, params)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "plan\n%s", p)
	for _, statement := range statements {
		text, err := json.Marshal(statement.Params)
		if err != nil {
			return fmt.Errorf("print the parameters: %w", err)
		}
		fmt.Fprintf(out, "\ncypher\n%s\nparameters %s\n", statement.Text, text)
	}
	return nil
}

// explainStore tells how the configured store would go about the plan.
func explainStore(ctx context.Context, out io.Writer, config *Config, p *plan.Plan, params plan.Params) (err error) {
	st, _, err := openExisting(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	prepared, err := st.Prepare(p)
	if err != nil {
		return err
	}
	if err := prepared.Check(params); err != nil {
		return err
	}
	lines, err := prepared.Explain(ctx, params)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		lines = []string{"nothing to choose"}
	}
	fmt.Fprintf(out, "\n%s\n%s\n", config.Store, strings.Join(lines, "\n"))
	return nil
}

func schemaCommand() *cobra.Command {
	var domain bool
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "Print the GraphQL schema",
		Long:  "Print the served GraphQL schema as SDL, or with --domain the shorter one from which it is derived.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text := graph.SDL()
			if domain {
				text = graph.DomainSDL()
			}
			_, err := io.WriteString(cmd.OutOrStdout(), text)
			return err
		},
	}
	cmd.Flags().BoolVar(&domain, "domain", false, "print the domain SDL")
	return cmd
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), version())
			return err
		},
	}
}

// version is what the Go toolchain has recorded of the build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "nicgraph of unknown build"
	}
	words := []string{"nicgraph", info.Main.Version}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			words = append(words, s.Value[:min(12, len(s.Value))])
		}
	}
	return strings.Join(append(words, info.GoVersion), " ")
}
