package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"nicgraph/graph"
	"nicgraph/internal/cypher"
	"nicgraph/internal/fault"
)

func explainCommand() *cobra.Command {
	var operation, variables string
	cmd := &cobra.Command{
		Use:   "explain FILE",
		Short: "Print the plan and the Cypher of a question",
		Long: `Print how a question is answered: the plan that both stores run, and the Cypher
statements that Neo4j gets, one per root field, with their parameters. No store is opened.
FILE is a GraphQL document; - reads it from standard input.`,
		Example: `  nicgraph explain question.graphql
  echo '{ networks { nodes { name } } }' | nicgraph explain -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("one file is wanted, %d were given", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			query, err := readQuery(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			return explain(cmd.OutOrStdout(), query, operation, variables)
		},
	}
	cmd.Flags().StringVar(&operation, "operation", "", "the operation to explain, when the file holds several")
	cmd.Flags().StringVar(&variables, "variables", "", "the variables as JSON")
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

func explain(out io.Writer, query, operation, variables string) error {
	vars := map[string]any{}
	if variables != "" {
		if err := json.Unmarshal([]byte(variables), &vars); err != nil {
			return usageError{fmt.Errorf("--variables is not a JSON object: %w", err)}
		}
	}
	p, params, err := graph.Explain(query, operation, vars)
	if err != nil {
		return err
	}
	statements, err := cypher.Query(p, params)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "plan\n%s", p)
	for _, statement := range statements {
		if statement.Text == "" { // a computed field reads what others have read
			continue
		}
		text, err := json.Marshal(statement.Params)
		if err != nil {
			return fmt.Errorf("print the parameters: %w", err)
		}
		fmt.Fprintf(out, "\ncypher\n%s\nparameters %s\n", statement.Text, text)
	}
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
