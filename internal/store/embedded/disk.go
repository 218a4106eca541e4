package embedded

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"nicgraph/internal/catalog"
	"nicgraph/internal/fault"
)

var (
	metaBucket  = []byte("meta")
	namesBucket = []byte("names")
	nodesBucket = []byte("nodes")
	formatKey   = []byte("format")
)

const (
	graphFile = "graph.db"
	ownerFile = "owner"
	lockWait  = 300 * time.Millisecond
)

// disk is the file beside the snapshots.
type disk struct {
	db    *bbolt.DB
	dir   string
	names *names
}

// openDisk opens the file in a folder, making both where they are missing.
func openDisk(dir string, cat *catalog.Catalog, opts *Options) (*disk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the store's folder %s cannot be made or is no folder", dir)
	}
	d := &disk{dir: dir}
	if err := guarded(func() error { return d.open(opts) }); err != nil {
		return nil, whyNotOpen(dir, err)
	}
	err := guarded(func() error { return d.prepare(cat) })
	switch {
	case errors.Is(err, errNonsense):
		return nil, errors.Join(damaged(dir, err), d.db.Close())
	case err != nil:
		return nil, errors.Join(err, d.db.Close())
	default:
		return d, nil
	}
}

// open opens the file, or one that takes its place.
func (d *disk) open(opts *Options) error {
	if err := d.connect(opts); err != nil {
		return err
	}
	return d.compact(opts)
}

// connect opens the file. The list of free pages is kept in it: without one bbolt walks
// all pages in a goroutine of its own, where nobody can catch its panics.
func (d *disk) connect(opts *Options) (err error) {
	d.db, err = bbolt.Open(filepath.Join(d.dir, graphFile), 0o600, &bbolt.Options{
		Timeout: lockWait, FreelistType: bbolt.FreelistMapType, NoSync: opts.NoSync, InitialMmapSize: mapped(),
	})
	if err == nil {
		d.db.AllocSize = growth
	}
	return err
}

// mapped is the address space that the file has from the start. Whenever a file outgrows it, bbolt
// copies all that the transaction has not written yet.
func mapped() int {
	if runtime.GOOS == "windows" { // there the file itself would become as large
		return 0
	}
	return 1 << 30
}

// growth is by how many bytes more than it needs the file grows, which takes a sync of its own.
const growth = 64 << 10

// errNonsense is a page that cannot be read.
var errNonsense = errors.New("a page makes no sense")

// guarded runs what reads a file of which nothing is known yet: bbolt panics on a page
// that makes no sense, and the system faults beyond the end of a file that was cut.
func guarded(read func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errNonsense, p)
		}
	}()
	return read()
}

func damaged(dir string, err error) error {
	return fault.Wrap(fault.Unavailable, err, "the store in %s is damaged or of another version; restore it from a copy, or import the tables into a new one", dir)
}

func whyNotOpen(dir string, err error) error {
	file := filepath.Join(dir, graphFile)
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fault.New(fault.Unavailable, "the store in %s is in use by %s; stop it, or choose another folder", dir, owner(dir))
	case errors.Is(err, fs.ErrPermission):
		return fault.Wrap(fault.Unavailable, err, "the store %s may not be read and written by this user", file)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, bolterrors.ErrChecksum),
		errors.Is(err, errNonsense):
		return fault.Wrap(fault.Unavailable, err, "%s is damaged or is no store of nicgraph; move it away, or choose another folder", file)
	default:
		return fault.Wrap(fault.Unavailable, err, "the store %s cannot be opened: %v", file, err)
	}
}

// owner names the process that uses the store in a folder.
func owner(dir string) string {
	raw, err := os.ReadFile(filepath.Join(dir, ownerFile))
	if pid := strings.TrimSpace(string(raw)); err == nil && pid != "" {
		return "process " + pid
	}
	return "another process"
}

// prepare checks the format, learns the file's names and signs the folder.
func (d *disk) prepare(cat *catalog.Catalog) error {
	if err := d.db.Update(func(tx *bbolt.Tx) error { return d.setUp(tx, cat) }); err != nil {
		return err
	}
	pid := strconv.Itoa(os.Getpid())
	if err := os.WriteFile(filepath.Join(d.dir, ownerFile), []byte(pid+"\n"), 0o600); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the store's folder %s cannot be written", d.dir)
	}
	return syncFolder(d.dir)
}

// syncFolder makes a new file's name as lasting as its content, where the system can.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	_ = f.Sync() // some systems cannot sync a folder and need not
	return f.Close()
}

func (d *disk) setUp(tx *bbolt.Tx, cat *catalog.Catalog) error {
	if err := d.checkFormat(tx); err != nil {
		return err
	}
	meta, err := tx.CreateBucketIfNotExists(metaBucket)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", d.dir, err)
	}
	list, err := tx.CreateBucketIfNotExists(namesBucket)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", d.dir, err)
	}
	for _, name := range slices.Concat(besideNodes, [][]byte{nodesBucket}) {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("prepare %s: %w", d.dir, err)
		}
	}
	if err := d.learn(list, cat); err != nil {
		return err
	}
	return meta.Put(formatKey, strconv.AppendInt(nil, formatVersion, 10))
}

func (d *disk) checkFormat(tx *bbolt.Tx) error {
	file := filepath.Join(d.dir, graphFile)
	meta := tx.Bucket(metaBucket)
	if meta == nil {
		if first, _ := tx.Cursor().First(); first != nil {
			return fault.New(fault.Unavailable, "%s belongs to another program; choose another folder", file)
		}
		return nil
	}
	version, err := strconv.Atoi(string(meta.Get(formatKey)))
	switch {
	case err != nil:
		return fault.New(fault.Unavailable, "%s is damaged or is no store of nicgraph: it names no format", file)
	case version > formatVersion:
		return fault.New(fault.Unavailable, "the store in %s has format %d and this program reads up to %d; use the newer nicgraph that wrote it, or choose another folder", d.dir, version, formatVersion)
	default:
		return nil
	}
}

// learn reads the file's names and adds those of the catalog that are new to it.
func (d *disk) learn(bucket *bbolt.Bucket, cat *catalog.Catalog) error {
	var known []string
	for key, name := range pairs(bucket) {
		if len(key) != 4 || int(binary.BigEndian.Uint32(key)) != len(known) {
			return fault.New(fault.Unavailable, "the store in %s is damaged: its names are not in a row; restore it from a copy or import the tables into a new one", d.dir)
		}
		known = append(known, string(name))
	}
	d.names = newNames(cat, known)
	for i, name := range d.names.list[len(known):] {
		if err := bucket.Put(recordKey(uint32(len(known)+i)), []byte(name)); err != nil {
			return fmt.Errorf("name %s: %w", name, err)
		}
	}
	return nil
}

// pairs ranges over a bucket in the order of its keys.
func pairs(bucket *bbolt.Bucket) func(yield func(key, value []byte) bool) {
	return func(yield func(key, value []byte) bool) {
		cursor := bucket.Cursor()
		for key, value := cursor.First(); key != nil; key, value = cursor.Next() {
			if !yield(key, value) {
				return
			}
		}
	}
}

// write stores the touched nodes and the changes of an edit; when it returns they are safe.
func (d *disk) write(e *edit) error {
	return d.notWritten(d.db.Update(func(tx *bbolt.Tx) error { return d.writeIn(tx, e) }))
}

// writeIn is write inside a transaction.
func (d *disk) writeIn(tx *bbolt.Tx, e *edit) error {
	if err := d.follows(fileShelf{tx}, e); err != nil {
		return err
	}
	slices.Sort(e.touched) // bbolt likes its keys in order
	bucket := tx.Bucket(nodesBucket)
	bucket.FillPercent = 1 // new nodes come at the end
	var room records
	for _, num := range slices.Compact(e.touched) {
		if err := d.put(bucket, &room, e.snapshot, num); err != nil {
			return fmt.Errorf("write node %d: %w", num, err)
		}
	}
	return addAll(fileShelf{tx}, e.records)
}

// follows refuses an edit that does not come right behind the file's last change. The file is
// ahead when the system said that the last write had failed, and yet kept it: a failing sync
// leaves open which. Opening the store again tells.
func (d *disk) follows(shelf shelf, e *edit) error {
	last, err := journal{shelf}.last()
	if err != nil {
		return err
	}
	if len(e.records) > 0 && e.records[0].Number != last.Number+1 {
		return fault.New(fault.Unavailable, "the disk of %s kept a change although it had said that writing it failed; start the program again before anything is written", d.dir)
	}
	return nil
}

func (d *disk) notWritten(err error) error {
	var known *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fault.Wrap(fault.Unavailable, err, "nothing was written, the disk is full; make room where the store is, %s, and try again", d.dir)
	default:
		return fault.Wrap(fault.Unavailable, err, "the change could not be written to %s", d.dir)
	}
}

func (d *disk) put(bucket *bbolt.Bucket, room *records, s *snapshot, num uint32) error {
	n, alive := s.node(num)
	if !alive {
		return bucket.Delete(recordKey(num))
	}
	return bucket.Put(recordKey(num), room.add(func(raw []byte) []byte { return d.names.record(raw, s, n) }))
}

// records are kept until a transaction has written them, many in one piece of memory.
type records struct {
	piece []byte
	size  int
}

// Sizes of the pieces, in bytes: small for the write of a node, larger for a batch.
const smallestRecords, largestRecords = 1 << 10, 64 << 10

// add gives back what write puts behind the bytes that it is given.
func (r *records) add(write func(raw []byte) []byte) []byte {
	if cap(r.piece)-len(r.piece) < smallestRecords {
		r.size = min(max(smallestRecords, 2*r.size), largestRecords)
		r.piece = make([]byte, 0, r.size)
	}
	start := len(r.piece)
	r.piece = write(r.piece)
	return r.piece[start:len(r.piece):len(r.piece)]
}

func (d *disk) close() error {
	_ = os.Remove(filepath.Join(d.dir, ownerFile)) // it only names us; the lock is what counts
	if err := d.db.Close(); err != nil {
		return fmt.Errorf("close %s: %w", d.dir, err)
	}
	return nil
}
