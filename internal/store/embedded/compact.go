package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

// bbolt does not clear the pages that it frees. After something was erased, a mark in the file
// says so: the next time that the file is opened, what is left is copied into a new one, which
// takes its place. Backups are made from such a copy until then.
var compactKey = []byte("compact")

const (
	compactFile = "graph.db.compact"
	compactStep = 1 << 20 // bytes in one transaction
)

// uncompacted tells whether the file may hold what was erased.
func (d *disk) uncompacted() (marked bool, err error) {
	err = d.view(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(metaBucket)
		marked = meta != nil && meta.Get(formatKey) != nil && meta.Get(compactKey) != nil
		return nil
	})
	return marked, err
}

// compact puts a copy of what the file holds into its place, when it may hold what was erased.
// While there is no room for one the file stays as it is, and its mark.
func (d *disk) compact(opts *Options) error {
	path := filepath.Join(d.dir, compactFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // left behind by a crash
		return fmt.Errorf("remove %s: %w", path, err)
	}
	marked, err := d.uncompacted()
	if err != nil || !marked || d.copyTo(path) != nil {
		return err
	}
	if err := os.Rename(path, filepath.Join(d.dir, graphFile)); err != nil {
		return fmt.Errorf("put %s in its place: %w", path, err)
	}
	if err := errors.Join(syncFolder(d.dir), d.db.Close()); err != nil {
		return fmt.Errorf("close the file that is replaced: %w", err)
	}
	return d.connect(opts)
}

// copyTo writes a file with what this one holds and nothing else. It is not there when that fails.
func (d *disk) copyTo(path string) (err error) {
	to, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoSync: true})
	if err != nil {
		return fmt.Errorf("make %s: %w", path, err)
	}
	err = bbolt.Compact(to, d.db, compactStep)
	if err == nil {
		err = to.Update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Delete(compactKey) })
	}
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// backup writes the file as it is at one moment, without what was erased.
func (d *disk) backup(ctx context.Context, w io.Writer) error {
	marked, err := d.uncompacted()
	if err != nil {
		return err
	}
	if !marked {
		return d.view(func(tx *bbolt.Tx) error {
			_, err := tx.WriteTo(stopping{ctx, w})
			return err
		})
	}
	dir, err := os.MkdirTemp(d.dir, "backup-")
	if err != nil {
		return fmt.Errorf("make room for a copy: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, graphFile)
	if err := guarded(func() error { return d.copyTo(path) }); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	_, err = io.Copy(stopping{ctx, w}, f)
	return errors.Join(err, f.Close())
}
