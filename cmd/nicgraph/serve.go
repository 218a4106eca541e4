package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

func serveCommand(config *Config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve GraphQL and the page to explore it",
		Long: `Serve GraphQL at /graphql and GraphiQL at /, until Ctrl-C.

A new store begins with the curated data. One line per request goes to standard error.
/healthz and /readyz tell whether the server lives and can answer, /metrics what it does.
Below /spread/ are tables and pictures of how a practice spread, for an input as the field
spread takes it: /spread/person-period.csv?input={…} (also .arrow and .parquet),
/spread/edges.csv, /spread/curve.svg, /spread/cascade.svg, /spread/flow.svg.

On an address of this machine only, whoever asks is the administrator. On any other address,
and with --oidc-issuer, reading is open and writing takes a token: a personal access token
(nicgraph token) or one of the issuer. With --require-token reading takes one, too. Where
tokens pass a network, put a proxy that speaks TLS before the server.`,
		Example: `  nicgraph serve
  nicgraph serve --listen 127.0.0.1:9000 --data ./graph
  nicgraph serve --listen :8080 --oidc-issuer https://login.example.org --oidc-audience nicgraph
  NEO4J_PASSWORD=… nicgraph serve --store neo4j --neo4j-uri neo4j://db.example.org`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd, config) },
	}
	config.serveFlags(cmd.Flags())
	return cmd
}

func serve(cmd *cobra.Command, config *Config) error {
	defer makeRoom(os.LookupEnv).giveBack()
	out := cmd.OutOrStdout()
	app, err := New(cmd.Context(), *config, out, requestLog(cmd.ErrOrStderr(), config.Quiet))
	if err != nil {
		return err
	}
	welcome(out, app)
	if err := errors.Join(app.Run(cmd.Context()), app.Close()); err != nil {
		return err
	}
	fmt.Fprintln(out, "Stopped.")
	return nil
}

// requestLog is the log of requests: one line each, or only what went wrong.
func requestLog(w io.Writer, quiet bool) *slog.Logger {
	level := slog.LevelInfo
	if quiet {
		level = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// questions are three to begin with; the tests ask them.
var questions = []struct{ about, query string }{
	{"What did organizations learn from the Carnegie Foundation?",
		`{ organization(id: "carnegie-foundation-for-the-advancement-of-teaching") { learners(first: 5) { totalCount edges { node { name } learnings { nodes { practice { name } started sources { nodes { title } } } } } } } }`},
	{"Who was honored in the first cohort, and which networks are they in?",
		`{ cohort(id: "spotlight-2017") { name honorees { nodes { name ... on Organization { networks { nodes { name } } } } } } }`},
	{"Which school districts tried the PDSA cycle, and how far did they come?",
		`{ practice(id: "plan-do-study-act-cycle") { name learnings(where: {learner: {type: {eq: ORGANIZATION}}}) { nodes { learner { name } stage started confidence } } } }`},
}

func welcome(out io.Writer, app *App) {
	fmt.Fprintf(out, "nicgraph answers at %s/graphql from %s.\nOpen %s/ to explore. Three questions to try:\n",
		app.Address(), app.config.storeName(), app.Address())
	for _, q := range questions {
		fmt.Fprintf(out, "\n  %s\n  %s\n", q.about, curl(app.Address(), q.query))
	}
	tellWho(out, app.gate, &app.config.Who)
	fmt.Fprintln(out, "\nCtrl-C stops.")
}

// curl is the command that asks a question from a shell.
func curl(address, query string) string {
	return fmt.Sprintf("curl -s %s/graphql --json '{\"query\": %s}'", address, quoted(query))
}

func quoted(query string) string {
	return `"` + strings.ReplaceAll(query, `"`, `\"`) + `"`
}
