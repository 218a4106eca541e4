// Package archive is the form of a backup: a line that says what it is, what a store writes,
// and at the end how long it is and its checksum. What is in it is left to the stores.
package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"nicgraph/internal/fault"
)

// A backup is its first line, the content, and a trailer: the length of the content (8 bytes,
// big endian) and the SHA-256 of all that is before the checksum.
const (
	firstLine = "nicgraph backup 1 "
	trailer   = 8 + sha256.Size
	longest   = 64 // bytes of a first line
)

// Writer writes a backup.
type Writer struct {
	to     *bufio.Writer
	sum    hash.Hash
	length uint64
}

// NewWriter begins a backup of a kind of store.
func NewWriter(w io.Writer, kind string) (*Writer, error) {
	a := &Writer{to: bufio.NewWriterSize(w, 1<<20), sum: sha256.New()}
	_, err := a.Write([]byte(firstLine + kind + "\n"))
	a.length = 0
	return a, err
}

// Write adds content.
func (a *Writer) Write(p []byte) (int, error) {
	n, err := a.to.Write(p)
	_, _ = a.sum.Write(p[:n]) // never fails
	a.length += uint64(n)
	return n, err
}

// Close ends the backup. Without it the backup is refused when it is read.
func (a *Writer) Close() error {
	length := binary.BigEndian.AppendUint64(nil, a.length)
	_, _ = a.sum.Write(length)
	if _, err := a.to.Write(a.sum.Sum(length)); err != nil {
		return err
	}
	return a.to.Flush()
}

// File is a backup to be read.
type File interface {
	io.ReaderAt
	io.ReadSeeker
}

// Open checks a whole backup and gives the kind of store that wrote it, and its content.
func Open(f File) (kind string, content *io.SectionReader, err error) {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return "", nil, fmt.Errorf("measure the backup: %w", err)
	}
	kind, begin, err := readFirstLine(f, size)
	if err != nil {
		return "", nil, err
	}
	if err := check(f, begin, size); err != nil {
		return "", nil, err
	}
	return kind, io.NewSectionReader(f, begin, size-trailer-begin), nil
}

func readFirstLine(f io.ReaderAt, size int64) (kind string, begin int64, err error) {
	start := make([]byte, min(size, longest))
	if _, err := f.ReadAt(start, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", 0, fmt.Errorf("read the backup: %w", err)
	}
	line, _, whole := bytes.Cut(start, []byte{'\n'})
	kind, ours := strings.CutPrefix(string(line), firstLine)
	if !whole || !ours {
		return "", 0, fault.New(fault.Invalid, "this is no backup of nicgraph, or one of another version")
	}
	return kind, int64(len(line)) + 1, nil
}

// check compares the length and the checksum of a backup with what its end says.
func check(f io.ReaderAt, begin, size int64) error {
	end := make([]byte, trailer)
	if size < begin+trailer {
		return errDamaged("it ends too early")
	}
	if _, err := f.ReadAt(end, size-trailer); err != nil {
		return fmt.Errorf("read the end of the backup: %w", err)
	}
	if length := binary.BigEndian.Uint64(end); length != uint64(size-trailer-begin) {
		return errDamaged("it is not as long as it should be")
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, size-sha256.Size)); err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	if !bytes.Equal(sum.Sum(nil), end[8:]) {
		return errDamaged("its checksum is wrong")
	}
	return nil
}

func errDamaged(why string) error {
	return fault.New(fault.Invalid, "the backup is damaged: %s; take another one", why)
}
