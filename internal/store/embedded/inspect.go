package embedded

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"nicgraph/internal/change"
)

// Inspect checks the pages of the file, every record and its checksum, that each link is known
// at both of its ends, and that the states of the history are tied to each other.
func (s *Store) Inspect(ctx context.Context, tell func(fault string)) error {
	now := s.current.Load()
	now.inspectLinks(s.layout, tell)
	if s.disk == nil {
		return s.readJournal(func(j journal) error {
			return errors.Join(j.inspect(ctx, s, tell), j.inspectHidden(s.layout.catalog, tell))
		})
	}
	return s.disk.view(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			tell(fmt.Sprintf("the pages of the file: %v", err))
		}
		s.disk.inspectRecords(tx, now, tell)
		for _, name := range besideNodes {
			inspectBucket(tx, name, tell)
		}
		j := journal{fileShelf{tx}}
		if err := errors.Join(j.inspect(ctx, s, tell), j.inspectHidden(s.layout.catalog, tell)); !errors.Is(err, errDamaged) { // that has been told
			return err
		}
		return nil
	})
}

// inspectLinks compares the two sides of every relationship.
func (s *snapshot) inspectLinks(l *layout, tell func(fault string)) {
	for name, rel := range l.relationships {
		out, in := map[[2]uint32]int{}, map[[2]uint32]int{}
		e := edit{snapshot: s, layout: l}
		for source, ends := range e.ends(rel) {
			for _, end := range ends {
				out[[2]uint32{source, end}]++
			}
		}
		for num := uint32(1); num < s.next; num++ {
			if n, ok := s.node(num); ok {
				for _, source := range n.table.in[rel].at(n.row) {
					in[[2]uint32{source, num}]++
				}
			}
		}
		for pair, n := range out {
			if in[pair] != n {
				tell(fmt.Sprintf("%q leads by %s to %q, which does not know it", s.ids.at(pair[0]), name, s.ids.at(pair[1])))
			}
			delete(in, pair)
		}
		for pair := range in {
			tell(fmt.Sprintf("%q is led to by %s from %q, which does not know it", s.ids.at(pair[1]), name, s.ids.at(pair[0])))
		}
	}
}

// inspectRecords compares every record of the file with what is in memory.
func (d *disk) inspectRecords(tx *bbolt.Tx, s *snapshot, tell func(fault string)) {
	records := 0
	for key, raw := range pairs(tx.Bucket(nodesBucket)) {
		records++
		if len(key) != 4 {
			tell(fmt.Sprintf("a record has the key %x", key))
			continue
		}
		n, alive := s.node(binary.BigEndian.Uint32(key))
		if !alive {
			tell(fmt.Sprintf("record %x is of no node", key))
			continue
		}
		if len(raw) < 4 || binary.LittleEndian.Uint32(raw) != checksum(key, raw[4:]) || !bytes.Equal(raw, d.names.record(nil, s, n)) {
			tell(fmt.Sprintf("the record of %q is not what was written", s.ids.at(n.num)))
		}
	}
	if records != s.live {
		tell(fmt.Sprintf("the file has %d records of %d nodes", records, s.live))
	}
}

// inspectBucket checks the checksums of a bucket of the history.
func inspectBucket(tx *bbolt.Tx, name []byte, tell func(fault string)) {
	for key, raw := range pairs(tx.Bucket(name)) {
		if _, err := unseal(name, key, raw); err != nil {
			tell(fmt.Sprintf("the history: %v", err))
		}
	}
}

// inspect checks that every state is tied to the change that made it.
func (j journal) inspect(ctx context.Context, s *Store, tell func(fault string)) error {
	if err := j.inspectAliases(s.current.Load(), tell); err != nil {
		return err
	}
	return j.replacedFrom(0, "", func(number int, id string, raw []byte) (bool, error) {
		n, err := change.ReadState(s.layout.catalog, raw)
		if err != nil {
			tell(fmt.Sprintf("what change %d found of %q: %v", number, id, err))
			return true, ctx.Err()
		}
		if was := n.Version(); was > 0 {
			next, err := j.next(was, id)
			if err != nil {
				return false, err
			}
			if next != number {
				tell(fmt.Sprintf("change %d of %q was followed by change %d, and the history says %d", was, id, number, next))
			}
		}
		return true, ctx.Err()
	})
}
