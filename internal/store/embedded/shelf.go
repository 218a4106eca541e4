package embedded

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/tidwall/btree"
	"go.etcd.io/bbolt"
)

// shelf holds buckets of keys and values in the order of the keys: a transaction on the
// file, or the memory of a store that is gone when closed.
type shelf interface {
	get(bucket, key []byte) ([]byte, error) // nil: not there
	put(bucket, key, value []byte) error
	delete(bucket, key []byte) error
	// scan visits from a key on, or backward from it, until visit says false.
	scan(bucket, from []byte, backward bool, visit func(key, value []byte) (bool, error)) error
}

// fileShelf is a transaction on the file. Its values carry a checksum of key and value,
// since bbolt does not notice a bit that has turned over.
type fileShelf struct{ tx *bbolt.Tx }

func (s fileShelf) get(bucket, key []byte) ([]byte, error) {
	raw := s.tx.Bucket(bucket).Get(key)
	if raw == nil {
		return nil, nil
	}
	return unseal(bucket, key, raw)
}

func (s fileShelf) put(bucket, key, value []byte) error {
	sealed := binary.LittleEndian.AppendUint32(make([]byte, 0, 4+len(value)), checksum(key, value))
	return s.tx.Bucket(bucket).Put(key, append(sealed, value...))
}

func unseal(bucket, key, raw []byte) ([]byte, error) {
	if len(raw) < 4 || binary.LittleEndian.Uint32(raw) != checksum(key, raw[4:]) {
		return nil, fmt.Errorf("%s %x: %w", bucket, key, errDamaged)
	}
	return bytes.Clone(raw[4:]), nil
}

func (s fileShelf) delete(bucket, key []byte) error { return s.tx.Bucket(bucket).Delete(key) }

func (s fileShelf) scan(bucket, from []byte, backward bool, visit func(key, value []byte) (bool, error)) error {
	cursor := s.tx.Bucket(bucket).Cursor()
	key, raw := cursor.Seek(from)
	step := cursor.Next
	if backward {
		step = cursor.Prev
		if key == nil {
			key, raw = cursor.Last()
		}
		if key != nil && bytes.Compare(key, from) > 0 {
			key, raw = cursor.Prev()
		}
	}
	for ; key != nil; key, raw = step() {
		value, err := unseal(bucket, key, raw)
		if err != nil {
			return err
		}
		if more, err := visit(bytes.Clone(key), value); err != nil || !more {
			return err
		}
	}
	return nil
}

// memoryShelf keeps buckets in memory. Readers may share it while nobody writes.
type memoryShelf map[string]*btree.Map[string, []byte]

func newMemoryShelf(buckets ...[]byte) memoryShelf {
	s := memoryShelf{}
	for _, name := range buckets {
		s[string(name)] = new(btree.Map[string, []byte])
	}
	return s
}

func (s memoryShelf) bucket(name []byte) *btree.Map[string, []byte] { return s[string(name)] }

func (s memoryShelf) get(bucket, key []byte) ([]byte, error) {
	value, _ := s.bucket(bucket).Get(string(key))
	return value, nil
}

func (s memoryShelf) put(bucket, key, value []byte) error {
	s.bucket(bucket).Set(string(key), bytes.Clone(value))
	return nil
}

func (s memoryShelf) delete(bucket, key []byte) error {
	s.bucket(bucket).Delete(string(key))
	return nil
}

func (s memoryShelf) scan(bucket, from []byte, backward bool, visit func(key, value []byte) (bool, error)) (err error) {
	one := func(key string, value []byte) bool {
		var more bool
		more, err = visit([]byte(key), value)
		return err == nil && more
	}
	if backward {
		s.bucket(bucket).Descend(string(from), one)
	} else {
		s.bucket(bucket).Ascend(string(from), one)
	}
	return err
}
