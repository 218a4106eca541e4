package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"nicgraph/graph"
	"nicgraph/internal/archive"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
	"nicgraph/internal/store/embedded"
	"nicgraph/internal/store/neo4jstore"
)

func backupCommand(config *Config) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Write the graph and its history into a file",
		Long: `Write the graph and its whole history, as they are at one moment, into a file. A server may
run meanwhile; with a Neo4j store, writers wait for as long as it takes. The file ends with
a checksum, and is read again before it gets its name.

Tokens are no part of it: bringing back an older graph brings no revoked token back.`,
		Example: `  nicgraph backup ./graph-2026-03-01.backup
  nicgraph check && nicgraph backup ./graph.backup`,
		Args: one("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			size, err := backup(cmd.Context(), config, args[0])
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%s: %d bytes from %s.\n", args[0], size, config.storeName())
			}
			return err
		},
	}
}

// backup writes a backup, checks it, and only then gives it its name.
func backup(ctx context.Context, config *Config, path string) (size int64, err error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return 0, fault.New(fault.Invalid, "%s is there already; name another file", path)
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return 0, fault.Wrap(fault.Invalid, err, "%s cannot be written: %v", part, err)
	}
	defer func() { _ = os.Remove(part) }() // gone when all went well
	defer func() { _ = f.Close() }()
	if err := writeBackup(ctx, config, f); err != nil {
		return 0, err
	}
	if _, _, err := archive.Open(f); err != nil {
		return 0, err
	}
	if size, err = f.Seek(0, io.SeekEnd); err == nil {
		err = f.Sync()
	}
	return size, errors.Join(err, os.Rename(part, path))
}

// writeBackup has a running server write the backup of an embedded store, which it alone has
// open, or else opens the store.
func writeBackup(ctx context.Context, config *Config, w io.Writer) (err error) {
	if served, err := fromServer(ctx, config, w); served {
		return err
	}
	st, _, err := openExisting(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return st.Backup(ctx, w)
}

// fromServer asks the server of an embedded store for a backup; false when there is none.
func fromServer(ctx context.Context, config *Config, w io.Writer) (served bool, err error) {
	if config.Store != "embedded" {
		return false, nil
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", backupSocket(config))
	if err != nil {
		return false, nil
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if _, err := io.Copy(w, conn); err != nil {
		return true, fmt.Errorf("take the backup from the server: %w", err)
	}
	return true, nil
}

// backupSocket is where a server of an embedded store gives backups. Only its user may enter
// the folder.
func backupSocket(config *Config) string { return filepath.Join(config.Data, "backup.sock") }

// listenForBackups makes the socket; nil where the store is not embedded or the system has no
// sockets in folders, or not with so long a name: then a backup needs the server stopped.
func listenForBackups(ctx context.Context, config *Config) net.Listener {
	if config.Store != "embedded" {
		return nil
	}
	_ = os.Remove(backupSocket(config)) // of a server that was killed: the store is ours
	listener, err := new(net.ListenConfig).Listen(ctx, "unix", backupSocket(config))
	if err != nil {
		return nil
	}
	_ = os.Chmod(backupSocket(config), 0o600) // the folder is what counts
	return listener
}

// giveBackups writes a backup to whoever connects, until the listener is closed. One that breaks
// off has no end, and is refused for that by who takes it.
func giveBackups(ctx context.Context, listener net.Listener, st *store.Store) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = conn.Close() }()
			_ = st.Backup(ctx, conn)
		}()
	}
}

func restoreCommand(config *Config) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Bring a backup back into an empty place",
		Long: `Bring a backup back, with its whole history, into a folder without a store or a Neo4j database
without a graph. Its checksum is verified before anything is written, and afterwards the
store is checked as nicgraph check does. A backup is for the kind of store that it is from; to
change to the other kind, export the tables and import them.`,
		Example: `  nicgraph restore ./graph.backup --data ./restored`,
		Args:    one("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := restore(cmd.Context(), config, args[0]); err != nil {
				return err
			}
			return check(cmd, config)
		},
	}
}

func restore(ctx context.Context, config *Config, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s cannot be read: %v", path, err)
	}
	defer func() { _ = f.Close() }()
	kind, content, err := archive.Open(f)
	if err != nil {
		return err
	}
	if kind != config.Store {
		return fault.New(fault.Invalid, "%s is the backup of a store of the kind %s; add --store %s", path, kind, kind)
	}
	domain, err := graph.Domain()
	if err != nil {
		return err
	}
	if kind == embedded.Kind {
		return embedded.Restore(config.Data, content, domain.Catalog())
	}
	s, err := neo4jstore.Open(ctx, config.Neo4j, domain.Catalog())
	if err != nil {
		return err
	}
	return errors.Join(s.Restore(ctx, content), s.Close())
}
