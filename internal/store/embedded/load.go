package embedded

import (
	"encoding/binary"
	"fmt"
	"runtime"

	"go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"
)

const (
	loadGen   = 1   // the generation of the snapshot that is read from disk
	loadBatch = 512 // records per message from the readers to the builder
)

// load builds the snapshot of what is on disk. Several goroutines read and check
// records, one puts them into the columns.
func (d *disk) load(l *layout, known *numbers) (*snapshot, error) {
	last, err := d.lastNumber()
	if err != nil {
		return nil, damaged(d.dir, err)
	}
	e := l.empty().edit(l, known, loadGen)
	known.of = make(map[string]uint32, last)
	t := newTransit()
	var readers errgroup.Group
	d.read(l, last, &readers, t)
	read := make(chan error, 1)
	go func() {
		read <- readers.Wait()
		close(t.full)
	}()
	built := e.fill(t)
	for _, err := range []error{<-read, built} {
		if err != nil {
			return nil, damaged(d.dir, err)
		}
	}
	if err := e.linkBack(); err != nil {
		return nil, damaged(d.dir, err)
	}
	return e.snapshot, nil
}

// transit carries batches of nodes from the readers to the builder, and their memory back.
type transit struct{ full, empty chan []stored }

func newTransit() transit {
	waiting := runtime.GOMAXPROCS(0)
	return transit{full: make(chan []stored, waiting), empty: make(chan []stored, 3*waiting)}
}

// room is a batch to be filled: one that came back, or a new one. Its nodes are to be overwritten.
func (t transit) room() []stored {
	select {
	case batch := <-t.empty:
		return batch[:0]
	default:
		return make([]stored, 0, loadBatch)
	}
}

// back takes the memory of a batch of which nothing is needed any more.
func (t transit) back(batch []stored) {
	select {
	case t.empty <- batch:
	default:
	}
}

func (d *disk) lastNumber() (last uint32, err error) {
	err = d.view(func(tx *bbolt.Tx) error {
		key, _ := tx.Bucket(nodesBucket).Cursor().Last()
		if len(key) == 4 {
			last = binary.BigEndian.Uint32(key)
		}
		return nil
	})
	return last, err
}

// view reads the file in one transaction, and gives an error for what cannot be read.
func (d *disk) view(read func(tx *bbolt.Tx) error) error {
	return guarded(func() error { return d.db.View(read) })
}

// read starts a reader for each stretch of numbers.
func (d *disk) read(l *layout, last uint32, readers *errgroup.Group, t transit) {
	stretches := uint64(runtime.GOMAXPROCS(0))
	for i := range stretches {
		from := uint32(uint64(last) * i / stretches)
		to := uint32(uint64(last) * (i + 1) / stretches)
		readers.Go(func() error { return d.readStretch(l, from+1, to, t) })
	}
}

func (d *disk) readStretch(l *layout, from, to uint32, t transit) error {
	batch := t.room()
	parts := l.supply()
	err := d.view(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket(nodesBucket).Cursor()
		for key, raw := cursor.Seek(recordKey(from)); key != nil; key, raw = cursor.Next() {
			if len(key) == 4 && binary.BigEndian.Uint32(key) > to {
				return nil
			}
			batch = batch[:len(batch)+1]
			if err := d.names.parse(l.catalog, &parts, key, raw, &batch[len(batch)-1]); err != nil {
				batch = batch[:len(batch)-1]
				return fmt.Errorf("node %x: %w", key, err)
			}
			if len(batch) == loadBatch {
				t.full <- batch
				batch = t.room()
			}
		}
		return nil
	})
	t.full <- batch
	return err
}

// fill takes nodes until there are no more, also after an error, so that nobody waits.
func (e *edit) fill(t transit) (failed error) {
	for batch := range t.full {
		for i := range batch {
			n := &batch[i]
			if _, twice := e.numbers.of[n.id]; twice {
				failed = fmt.Errorf("id %q is there twice", n.id)
				continue
			}
			e.numbers.of[n.id] = n.num
			e.claim(n.num, n.id, n.typ)
			at, _ := e.node(n.num)
			e.put(at, &n.content)
		}
		t.back(batch)
	}
	return failed
}

// linkBack builds the far sides of all links.
func (e *edit) linkBack() error {
	counts := make([]uint32, e.next)
	for _, rel := range e.layout.relationships {
		clear(counts)
		if err := e.count(rel, counts); err != nil {
			return err
		}
		e.reserve(rel, counts)
		for source, ends := range e.ends(rel) {
			for _, num := range ends {
				p := e.places.at(num)
				in := e.tables[p.typ].in[rel].ref(p.row)
				*in = append(*in, source)
			}
		}
	}
	return nil
}

func (e *edit) count(rel int, counts []uint32) error {
	for source, ends := range e.ends(rel) {
		for _, num := range ends {
			if _, ok := e.node(num); !ok {
				return fmt.Errorf("%q links to node %x, which is not there", e.ids.at(source), num)
			}
			counts[num]++
		}
	}
	return nil
}

// reserve makes room for the lists of a relationship in one piece of memory.
func (e *edit) reserve(rel int, counts []uint32) {
	total := 0
	for _, n := range counts {
		total += int(n)
	}
	room := make([]uint32, total)
	for num, n := range counts {
		if n == 0 {
			continue
		}
		p := e.places.at(uint32(num))
		e.table(p.typ).in[rel].set(e.gen, p.row, room[:0:n])
		room = room[n:]
	}
}

// ends ranges over the nodes that have links of a relationship.
func (e *edit) ends(rel int) func(yield func(source uint32, ends []uint32) bool) {
	return func(yield func(source uint32, ends []uint32) bool) {
		for _, t := range e.tables {
			for i, link := range t.typ.Out {
				if e.layout.relationships[link.Relationship] != rel {
					continue
				}
				for row := range t.rows {
					if ends := t.out[i].list(row); len(ends) > 0 && !yield(t.nodes.at(row), ends) {
						return
					}
				}
			}
		}
	}
}
