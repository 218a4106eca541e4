package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"nicgraph/internal/auth"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
)

func tokenCommand(config *Config) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke personal access tokens",
		Long: `Make, list and revoke personal access tokens, which let people and programs write.

A token has a role: a reader reads; a contributor also proposes changes; a reviewer also
changes the graph and decides on proposals; an administrator also hides and erases records
of persons. Tokens are kept beside the graph, only as hashes. The server may run meanwhile.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(createTokenCommand(config), listTokensCommand(config), revokeTokenCommand(config))
	for _, c := range cmd.Commands() {
		c.Args = usage(c.Args)
	}
	return cmd
}

// tokenWish is what a new token should be.
type tokenWish struct {
	name   string
	role   string
	scopes []string
	days   int
}

func createTokenCommand(config *Config) *cobra.Command {
	var wish tokenWish
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Make a token for somebody or something",
		Long: `Make a token for somebody or something. It goes to standard output, this once: only a hash
of it is kept. Send it with requests:

    curl -H "Authorization: Bearer $TOKEN" …`,
		Example: `  nicgraph token create "Ann Example" --role reviewer
  nicgraph token create nightly-import --role reviewer --scope read,write --days 30`,
		Args: one("name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			wish.name = args[0]
			return withKeeper(cmd.Context(), config, func(k auth.Keeper) error {
				return createToken(cmd.Context(), k, &wish, cmd.OutOrStdout(), cmd.ErrOrStderr())
			})
		},
	}
	cmd.Flags().StringVar(&wish.role, "role", auth.Reader.String(), "what its owner is: "+strings.Join(auth.Roles(), ", "))
	cmd.Flags().StringSliceVar(&wish.scopes, "scope", nil, "what it allows, of what the role may: read, propose, write, review, administer; without, all of it")
	cmd.Flags().IntVar(&wish.days, "days", 90, "for how many days it is valid, 366 at most")
	return cmd
}

func createToken(ctx context.Context, k auth.Keeper, wish *tokenWish, out, about io.Writer) error {
	role, err := auth.ParseRole(wish.role)
	if err != nil {
		return usageError{err}
	}
	scopes, err := auth.ParseScopes(wish.scopes)
	if err != nil {
		return usageError{err}
	}
	days := min(max(wish.days, 0), 1000) // what is too much stays too much, and no duration overflows
	t, text, err := auth.NewToken(wish.name, role, scopes, time.Now(), time.Duration(days)*24*time.Hour)
	if err != nil {
		return usageError{err}
	}
	if err := k.AddToken(ctx, t); err != nil {
		return err
	}
	fmt.Fprintf(about, "Token %s for %s, a %s who may %s with it until %s. It is shown this once:\n",
		t.ID, t.Name, t.Role, t.Scopes, t.Expires.Format(time.DateOnly))
	fmt.Fprintln(out, text)
	return nil
}

func listTokensCommand(config *Config) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the tokens, the newest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withKeeper(cmd.Context(), config, func(k auth.Keeper) error {
				return listTokens(cmd.Context(), k, cmd.OutOrStdout(), time.Now())
			})
		},
	}
}

func listTokens(ctx context.Context, k auth.Keeper, out io.Writer, now time.Time) error {
	all, err := k.Tokens(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b auth.Token) int { return cmp.Or(b.Created.Compare(a.Created), strings.Compare(a.ID, b.ID)) })
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tROLE\tMAY\tMADE\tLAST USED\tVALID")
	for i := range all {
		t := &all[i]
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Role, strings.Join(t.Scopes.Names(), ","), day(t.Created), day(t.Used), validity(t, now))
	}
	return table.Flush()
}

func validity(t *auth.Token, now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked " + day(t.Revoked)
	case !now.Before(t.Expires):
		return "expired " + day(t.Expires)
	default:
		return "until " + day(t.Expires)
	}
}

func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.DateOnly)
}

func revokeTokenCommand(config *Config) *cobra.Command {
	return &cobra.Command{
		Use:     "revoke ID",
		Short:   "Revoke a token, so that nobody can use it any more",
		Long:    "Revoke a token, so that nobody can use it any more. A server that runs refuses it within two seconds.",
		Example: "  nicgraph token revoke rs7v4omxk3q2a",
		Args:    one("id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withKeeper(cmd.Context(), config, func(k auth.Keeper) error {
				return revokeToken(cmd.Context(), k, args[0], cmd.OutOrStdout(), time.Now())
			})
		},
	}
}

func revokeToken(ctx context.Context, k auth.Keeper, id string, out io.Writer, now time.Time) error {
	var name string
	err := k.ChangeToken(ctx, id, func(t *auth.Token) {
		name = t.Name
		if t.Revoked.IsZero() {
			t.Revoked = now.UTC().Truncate(time.Second)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Token %s of %s is revoked.\n", id, name)
	return nil
}

// withKeeper does work with the tokens of the store that the configuration names. The embedded
// one need not be free for that.
func withKeeper(ctx context.Context, config *Config, work func(auth.Keeper) error) (err error) {
	if config.Store == "embedded" {
		return work(embedded.TokensIn(config.Data))
	}
	all, err := openAll(ctx, config, store.Limits{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, all.store.Close()) }()
	return work(all.keeper)
}
