package embedded

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"go.etcd.io/bbolt"

	"nicgraph/internal/change"
)

// memory is the journal of a store that is gone when closed.
type memory struct {
	mu    sync.RWMutex
	shelf memoryShelf
}

func (m *memory) add(records []*record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return addAll(m.shelf, records)
}

func addAll(shelf shelf, records []*record) error {
	for _, r := range records {
		if err := (journal{shelf}).add(r); err != nil {
			return fmt.Errorf("record change %d: %w", r.Number, err)
		}
	}
	return nil
}

// readJournal reads the history as it is at one moment.
func (s *Store) readJournal(read func(journal) error) error {
	if s.disk == nil {
		s.memory.mu.RLock()
		defer s.memory.mu.RUnlock()
		return read(journal{s.memory.shelf})
	}
	err := s.disk.view(func(tx *bbolt.Tx) error { return read(journal{fileShelf{tx}}) })
	if errors.Is(err, errDamaged) || errors.Is(err, errNonsense) {
		return damaged(s.disk.dir, fmt.Errorf("read the history: %w", err))
	}
	return err
}

func (s *Store) keyed(key string) (number int, err error) {
	err = s.readJournal(func(j journal) error { number, err = j.keyed(key); return err })
	return number, err
}

func (s *Store) recorded(number int) (r change.Recorded, ok bool, err error) {
	err = s.readJournal(func(j journal) error { r, ok, err = j.recorded(number); return err })
	return r, ok, err
}

// remember learns what of the present only the history knows.
func (s *snapshot) remember(j journal) (err error) {
	if s.last, err = j.last(); err != nil {
		return err
	}
	s.aliases, err = j.aliases()
	return err
}

// Changes lists the changes that are asked for.
func (s *Store) Changes(_ context.Context, ask *change.Ask) (all []change.Recorded, err error) {
	err = s.readJournal(func(j journal) error { all, err = j.changes(ask); return err })
	return all, err
}
