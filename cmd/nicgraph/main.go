// Command nicgraph serves a knowledge graph of improvement networks in education over
// GraphQL, imports and exports its tables, and explains how a question is answered.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes, as Unix users expect them.
const (
	exitOK     = 0
	exitFailed = 1 // the work could not be done
	exitUsage  = 2 // the command was not understood
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program, with the world handed in.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	root := newRoot(os.LookupEnv)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(errOut, "nicgraph:", sentence(err))
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}

// usageError is a command line that was not understood.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

const about = `nicgraph answers who learned what from whom across improvement networks in education.

It serves GraphQL over a graph of organizations, networks, people, practices and the
facts that tie them together, with the sources behind each fact. Without any setting it
keeps the graph in a file of its own and starts with curated real data:

    nicgraph serve

and then open the address that it prints.`

const environment = `
Environment (a flag wins over its variable):
  NICGRAPH_LISTEN    address to serve on             (--listen)
  NICGRAPH_STORE     embedded or neo4j               (--store)
  NICGRAPH_DATA      folder of the embedded store    (--data)
  NICGRAPH_OIDC_ISSUER, NICGRAPH_OIDC_AUDIENCE, NICGRAPH_OIDC_ROLE_CLAIM, NICGRAPH_OIDC_ROLES
                     whose tokens are taken          (--oidc-issuer, --oidc-audience, --oidc-role-claim, --oidc-role)
  NICGRAPH_REQUIRE_TOKEN, NICGRAPH_SINGLE_USER
                     true or false                   (--require-token, --single-user)
  NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, NEO4J_DATABASE
                     where Neo4j is and who asks     (--neo4j-uri, --neo4j-user, --neo4j-database)

Exit codes: 0 done, 1 the work could not be done, 2 the command was not understood.
`

func newRoot(lookup func(string) (string, bool)) *cobra.Command {
	config := defaultConfig(lookup)
	root := &cobra.Command{
		Use:           "nicgraph",
		Short:         "A graph of improvement networks in education, over GraphQL",
		Long:          about,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		SuggestionsMinimumDistance: 2,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
	})
	root.SetHelpTemplate(root.HelpTemplate() + environment)
	config.storeFlags(root.PersistentFlags())
	root.AddCommand(
		serveCommand(&config), importCommand(&config), exportCommand(&config),
		backupCommand(&config), restoreCommand(&config), checkCommand(&config),
		explainCommand(&config), tokenCommand(&config), schemaCommand(), versionCommand(),
	)
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		c.Args = usage(c.Args)
		if c.Name() == "help" {
			c.Args = helpTopic
		}
	}
	root.Args = usage(unknownCommand)
	return root
}

// usage makes the faults of a command's arguments usage errors.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
		}
		return nil
	}
}

// one says how many arguments are wanted in the words of the command.
func one(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("one %s is wanted, %d were given", what, len(args))
		}
		return nil
	}
}

// helpTopic refuses to explain a command that there is not; the library shows another one's help.
func helpTopic(cmd *cobra.Command, args []string) error {
	found, unknown, err := cmd.Root().Find(args)
	if err != nil {
		return err
	}
	return usage(unknownCommand)(found, unknown)
}

func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("there is no command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += fmt.Sprintf("; did you mean %q?", near[0])
	}
	return errors.New(text)
}
