package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"nicgraph/internal/archive"
	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
)

// Kind is the name of this store in a backup.
const Kind = "embedded"

// Backup writes the file as it is at one moment, while others read and write. Tokens are no
// part of it: who brings an older graph back must not bring a revoked one back with it.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	if s.disk == nil {
		return fault.New(fault.Invalid, "a store in memory cannot be backed up")
	}
	if err := s.Ready(ctx); err != nil {
		return err
	}
	a, err := archive.NewWriter(w, Kind)
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if err = s.disk.backup(ctx, a); err == nil {
		err = a.Close()
	}
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return nil
}

// stopping is a writer for as long as somebody waits.
type stopping struct {
	ctx context.Context
	io.Writer
}

func (s stopping) Write(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Writer.Write(p)
}

// Restore puts the content of a backup into a folder without a store. Only when all of it is there
// and has been read does it get its name: what breaks off before, however it does, is no store.
func Restore(dir string, content io.Reader, cat *catalog.Catalog) (err error) {
	if err := vacant(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the folder %s cannot be made or is no folder", dir)
	}
	work, err := os.MkdirTemp(dir, "restore-")
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "the folder %s cannot be written to", dir)
	}
	defer func() { _ = os.RemoveAll(work) }()
	file := filepath.Join(work, graphFile)
	if err := writeFile(file, content); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the backup could not be written to %s", dir)
	}
	if err := tryOpen(work, cat); err != nil {
		return err
	}
	if err := vacant(dir); err != nil { // still
		return err
	}
	return errors.Join(os.Rename(file, filepath.Join(dir, graphFile)), syncFolder(dir))
}

// Missing tells whether a folder has no store. What is there and cannot be read is for Open to tell.
func Missing(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, graphFile))
	return errors.Is(err, fs.ErrNotExist)
}

// vacant refuses a folder that has a store.
func vacant(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, graphFile)); err == nil {
		return fault.New(fault.Invalid, "there is a store in %s already; choose another folder, or move it away", dir)
	}
	return nil
}

func tryOpen(dir string, cat *catalog.Catalog) error {
	s, err := Open(dir, cat, nil)
	if err != nil {
		return err
	}
	return s.Close()
}

// writeFile writes a file that outlasts a crash.
func writeFile(path string, content io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Sync(), f.Close(), syncFolder(filepath.Dir(path)))
}
