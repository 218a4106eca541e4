package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"nicgraph/internal/auth"
	"nicgraph/internal/fault"
)

var tokensBucket = []byte("tokens") // id → auth.Token as JSON

const (
	tokensFile = "tokens.db"
	tokensWait = 2 * time.Second
)

// Tokens keeps tokens in a store's folder, in a file beside that of the graph. It holds the
// file for a moment only, so that tokens are made and revoked while a server runs; and who
// brings an older graph back brings no revoked token back with it.
type Tokens struct{ dir string }

var _ auth.Keeper = Tokens{}

// TokensIn is where the tokens of the store in a folder are kept. It opens nothing.
func TokensIn(dir string) Tokens { return Tokens{dir} }

// Tokens lists all tokens, in the order of their ids.
func (k Tokens) Tokens(context.Context) (all []auth.Token, err error) {
	if _, err := os.Stat(k.file()); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	err = k.with(&bbolt.Options{Timeout: tokensWait, ReadOnly: true}, func(db *bbolt.DB) error {
		return db.View(func(tx *bbolt.Tx) error {
			if tx.Bucket(tokensBucket) == nil { // whoever makes the file has not come further
				return nil
			}
			return fileShelf{tx}.scan(tokensBucket, nil, false, func(_, raw []byte) (bool, error) {
				t, err := readToken(raw)
				all = append(all, t)
				return true, err
			})
		})
	})
	return all, err
}

func readToken(raw []byte) (t auth.Token, err error) {
	if err := json.Unmarshal(raw, &t); err != nil {
		return t, fmt.Errorf("read a token: %w", err)
	}
	return t, nil
}

// AddToken keeps a token whose id is new.
func (k Tokens) AddToken(_ context.Context, t auth.Token) error {
	if err := os.MkdirAll(k.dir, 0o700); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the store's folder %s cannot be made or is no folder", k.dir)
	}
	err := k.update(func(s fileShelf) error {
		if there, err := s.get(tokensBucket, []byte(t.ID)); err != nil || there != nil {
			return errors.Join(err, fmt.Errorf("add token %q: there is one", t.ID))
		}
		return putToken(s, &t)
	})
	if err != nil {
		return err
	}
	return syncFolder(k.dir)
}

func putToken(s fileShelf, t *auth.Token) error {
	raw, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write token %q: %w", t.ID, err)
	}
	return s.put(tokensBucket, []byte(t.ID), raw)
}

// ChangeToken changes what is kept of a token.
func (k Tokens) ChangeToken(_ context.Context, id string, change func(*auth.Token)) error {
	if _, err := os.Stat(k.file()); errors.Is(err, fs.ErrNotExist) {
		return auth.NoToken(id)
	}
	return k.update(func(s fileShelf) error {
		raw, err := s.get(tokensBucket, []byte(id))
		if err != nil {
			return err
		}
		if raw == nil {
			return auth.NoToken(id)
		}
		t, err := readToken(raw)
		if err != nil {
			return err
		}
		change(&t)
		return putToken(s, &t)
	})
}

func (k Tokens) file() string { return filepath.Join(k.dir, tokensFile) }

func (k Tokens) update(work func(fileShelf) error) error {
	return k.with(&bbolt.Options{Timeout: tokensWait}, func(db *bbolt.DB) error {
		return db.Update(func(tx *bbolt.Tx) error {
			if _, err := tx.CreateBucketIfNotExists(tokensBucket); err != nil {
				return fmt.Errorf("prepare %s: %w", k.file(), err)
			}
			return work(fileShelf{tx})
		})
	})
}

// with opens the file for some work.
func (k Tokens) with(options *bbolt.Options, work func(*bbolt.DB) error) error {
	return k.fault(guarded(func() error {
		db, err := bbolt.Open(k.file(), 0o600, options)
		if err != nil {
			return fmt.Errorf("open %s: %w", k.file(), err)
		}
		defer func() { _ = db.Close() }() // what was written is safe before
		return work(db)
	}))
}

func (k Tokens) fault(err error) error {
	switch {
	case err == nil || fault.KindOf(err) != fault.Internal:
		return err
	case errors.Is(err, bolterrors.ErrTimeout):
		return fault.Wrap(fault.Unavailable, err, "the tokens in %s are in use by another program; try again", k.dir)
	case errors.Is(err, fs.ErrPermission):
		return fault.Wrap(fault.Unavailable, err, "the tokens in %s may not be read and written by this user", k.dir)
	default:
		return fault.Wrap(fault.Unavailable, err, "the tokens in %s cannot be read or written; if %s is damaged, move it away and make new tokens", k.dir, tokensFile)
	}
}
