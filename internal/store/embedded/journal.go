package embedded

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"nicgraph/internal/change"
)

// journal is the history of the graph on a shelf: what each change replaced, so that the
// present says the rest. Of the nodes that a change created it keeps the ids and no more.
//
// What a change made of a node is found by going forward: the next change of that node
// keeps it as what it replaced, and behind the last one stands the present.
type journal struct{ shelf }

var (
	changesBucket = []byte("changes") // number → header
	createdBucket = []byte("created") // number, place in chunks → ids
	statesBucket  = []byte("states")  // number, id → the state that the change replaced
	nextBucket    = []byte("next")    // number, id → the number of the node's next change
	keysBucket    = []byte("keys")    // a writer's key → number
	goneBucket    = []byte("gone")    // id → the number of the change that deleted it
	backBucket    = []byte("back")    // number, id → the number of the deletion before the change, which brought the node back

	journalBuckets = [][]byte{changesBucket, createdBucket, statesBucket, nextBucket, keysBucket, goneBucket, backBucket, aliasesBucket, aliasedBucket}
)

// besideNodes are the buckets beside that of the nodes.
var besideNodes = slices.Concat(journalBuckets, proposalBuckets, [][]byte{hiddenBucket})

// record is a change on its way into the journal.
type record struct {
	change.Recorded
	created  []string
	replaced []replaced // by updates and deletions
	aliased  []change.Alias
}

// replaced is a state that a change replaced, and the change that had made it.
type replaced struct {
	id    string
	was   int
	gone  bool
	state []byte
}

// header is a change without its nodes.
type header struct {
	By        string    `json:"by,omitempty"`
	Why       string    `json:"why,omitempty"`
	Key       string    `json:"key,omitempty"`
	At        time.Time `json:"at"`
	Created   int       `json:"created,omitempty"`
	Updated   int       `json:"updated,omitempty"`
	Unchanged int       `json:"unchanged,omitempty"`
	Deleted   int       `json:"deleted,omitempty"`
}

func numberKey(number int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(number)) }

func numberOf(key []byte) int {
	if len(key) < 8 {
		return 0
	}
	return int(binary.BigEndian.Uint64(key))
}

func entryKey(number int, id string) []byte { return append(numberKey(number), id...) }

// add puts a change behind the last one.
func (j journal) add(r *record) error {
	if err := j.addHeader(r); err != nil {
		return err
	}
	if err := j.addCreated(r); err != nil {
		return err
	}
	for _, old := range r.replaced {
		if err := j.addReplaced(r.Number, &old); err != nil {
			return err
		}
	}
	return j.addAliases(r)
}

func (j journal) addHeader(r *record) error {
	s := r.Summary
	raw, err := json.Marshal(header{r.Note.By, r.Note.Why, r.Note.Key, r.Note.At, s.Created, s.Updated, s.Unchanged, s.Deleted})
	if err != nil {
		return fmt.Errorf("write change %d: %w", r.Number, err)
	}
	if r.Note.Key != "" {
		if err := j.put(keysBucket, []byte(r.Note.Key), numberKey(r.Number)); err != nil {
			return err
		}
	}
	return j.put(changesBucket, numberKey(r.Number), raw)
}

// chunk is how many ids stand together.
const chunk = 1000

func (j journal) addCreated(r *record) error {
	if err := j.putCreated(r.Number, r.created); err != nil {
		return err
	}
	for _, id := range r.created {
		if err := j.comeBack(r.Number, id); err != nil {
			return err
		}
	}
	return nil
}

// putCreated writes the list of what a change created.
func (j journal) putCreated(number int, all []string) error {
	slices.Sort(all)
	place := uint32(0)
	for ids := range slices.Chunk(all, chunk) {
		var raw []byte
		for _, id := range ids {
			raw = appendText(raw, id)
		}
		if err := j.put(createdBucket, binary.BigEndian.AppendUint32(numberKey(number), place), raw); err != nil {
			return err
		}
		place++
	}
	return nil
}

// comeBack notes that a node that was deleted is there again.
func (j journal) comeBack(number int, id string) error {
	was, err := j.gone(id)
	if err != nil || was == 0 {
		return err
	}
	if err := j.put(nextBucket, entryKey(was, id), numberKey(number)); err != nil {
		return err
	}
	if err := j.put(backBucket, entryKey(number, id), numberKey(was)); err != nil {
		return err
	}
	return j.delete(goneBucket, []byte(id))
}

func (j journal) addReplaced(number int, old *replaced) error {
	if err := j.put(statesBucket, entryKey(number, old.id), old.state); err != nil {
		return err
	}
	if old.gone {
		if err := j.put(goneBucket, []byte(old.id), numberKey(number)); err != nil {
			return err
		}
	}
	if old.was == 0 { // it was there before the history
		return nil
	}
	return j.put(nextBucket, entryKey(old.was, old.id), numberKey(number))
}

// last is the newest change, zero when there is none.
func (j journal) last() (r change.Recorded, err error) {
	err = j.scan(changesBucket, bytes.Repeat([]byte{0xff}, 8), true, func(key, raw []byte) (bool, error) {
		r, err = readHeader(numberOf(key), raw)
		return false, err
	})
	return r, err
}

func readHeader(number int, raw []byte) (change.Recorded, error) {
	var h header
	if err := json.Unmarshal(raw, &h); err != nil {
		return change.Recorded{}, fmt.Errorf("read change %d: %w", number, err)
	}
	return change.Recorded{
		Number: number, Note: change.Note{By: h.By, Why: h.Why, Key: h.Key, At: h.At},
		Summary: change.Summary{Created: h.Created, Updated: h.Updated, Unchanged: h.Unchanged, Deleted: h.Deleted},
	}, nil
}

// recorded finds a change by its number.
func (j journal) recorded(number int) (r change.Recorded, ok bool, err error) {
	raw, err := j.get(changesBucket, numberKey(number))
	if err != nil || raw == nil {
		return r, false, err
	}
	r, err = readHeader(number, raw)
	return r, true, err
}

// keyed is the number of the change with a writer's key, 0 when there is none.
func (j journal) keyed(key string) (int, error) { return j.number(keysBucket, []byte(key)) }

// gone is the number of the change that deleted a node, 0 when it is there or never was.
func (j journal) gone(id string) (int, error) { return j.number(goneBucket, []byte(id)) }

// next is the number of the change that wrote a node after a change of it, 0 when none did.
func (j journal) next(number int, id string) (int, error) {
	return j.number(nextBucket, entryKey(number, id))
}

func (j journal) number(bucket, key []byte) (int, error) {
	raw, err := j.get(bucket, key)
	return numberOf(raw), err
}

// changes lists the changes that are asked for.
func (j journal) changes(ask *change.Ask) (all []change.Recorded, err error) {
	from := numberKey(ask.After + 1)
	if ask.Backward {
		from = bytes.Repeat([]byte{0xff}, 8)
		if ask.Before > 0 {
			from = numberKey(ask.Before - 1)
		}
	}
	err = j.scan(changesBucket, from, ask.Backward, func(key, raw []byte) (bool, error) {
		r, err := readHeader(numberOf(key), raw)
		if err != nil {
			return false, err
		}
		if ask.Meets(&r) {
			all = append(all, r)
		}
		return len(all) < ask.First && !ask.Past(&r), nil
	})
	return all, err
}

// back is the number of the deletion after which a change brought a node back, 0 when it
// did not.
func (j journal) back(number int, id string) (int, error) {
	return j.number(backBucket, entryKey(number, id))
}

// createdFrom visits the nodes that changes created, from a change on: by number, then by id.
func (j journal) createdFrom(number int, visit func(number int, id string) (bool, error)) error {
	return j.scan(createdBucket, numberKey(number), false, func(key, raw []byte) (bool, error) {
		for r := (reader{rest: string(raw)}); r.rest != ""; {
			if more, err := visit(numberOf(key), r.text()); err != nil || !more {
				return false, err
			}
		}
		return true, nil
	})
}

// replacedFrom visits the states that changes replaced, from a change and the id after one on:
// by number, then by id.
func (j journal) replacedFrom(number int, after string, visit func(number int, id string, state []byte) (bool, error)) error {
	return j.scan(statesBucket, entryKey(number, after), false, func(key, raw []byte) (bool, error) {
		if id := string(key[8:]); numberOf(key) > number || id > after {
			return visit(numberOf(key), id, raw)
		}
		return true, nil
	})
}

// before is the state of a node that a change replaced, nil when it created it.
func (j journal) before(number int, id string) ([]byte, error) {
	return j.get(statesBucket, entryKey(number, id))
}
