package spread

import (
	"context"
	"math/bits"
)

// nearness measures how near people are to each other in periods with the same ties: v_ij = 1/d_ij for a
// shortest way of d_ij directed steps, up to a largest number, rows made to sum to 1. It
// keeps sums of v, never v itself, which may have an entry for every two people.
type nearness struct {
	out, in waves
	adopted []int32
	periods span
	slots   int       // the periods, and one more for those who adopt later or never
	rows    []float64 // per person: sum_j 1/d_ij
	columns []float64 // per person j: sum_i v_ij
	near    []float64 // per person of a block and slot: sum of v_ij over those j who adopt then; the first: or before
	squares float64   // sum_ij v_ij^2
	crossed float64   // sum_ij v_ij v_ji
}

// blockSize is how many people waves go out from at once: the bits of a word.
const blockSize = 64

// span is the periods first..end-1.
type span struct{ first, end int }

func newNearness(p *Panel, ties *Ties, periods span, steps int, meter *meter) *nearness {
	n, slots, period := p.People(), periods.end-periods.first+1, int32(periods.first)
	return &nearness{
		out: newWaves(ties, period, steps, meter), in: newWaves(ties.Reversed(), period, steps, meter),
		adopted: p.Adopted, periods: periods, slots: slots,
		rows: make([]float64, n), columns: make([]float64, n), near: make([]float64, blockSize*slots),
	}
}

// measure works all sums out. It tells each, for every person, how near those are who
// adopt in each slot; the slice is reused.
func (s *nearness) measure(each func(person int, near []float64)) error {
	n := len(s.rows)
	for first := 0; first < n; first += blockSize {
		if err := s.out.spread(first); err != nil {
			return err
		}
		s.addRows(first)
	}
	for first := 0; first < n; first += blockSize {
		if err := s.out.spread(first); err != nil {
			return err
		}
		if err := s.in.spread(first); err != nil {
			return err
		}
		s.addBlock(first)
		for i := first; i < min(first+blockSize, n); i++ {
			at := (i - first) * s.slots
			each(i, s.near[at:at+s.slots])
		}
	}
	return nil
}

func (s *nearness) addRows(first int) {
	for d := 1; d <= s.out.reached; d++ {
		for _, word := range s.out.levels[d] {
			for ; word != 0; word &= word - 1 {
				s.rows[first+bits.TrailingZeros64(word)] += 1 / float64(d)
			}
		}
	}
}

func (s *nearness) addBlock(first int) {
	clear(s.near)
	for d := 1; d <= s.out.reached; d++ {
		for j, word := range s.out.levels[d] {
			for ; word != 0; word &= word - 1 {
				s.add(first, bits.TrailingZeros64(word), j, d)
			}
		}
	}
}

// add adds the weight of one pair, d steps apart.
func (s *nearness) add(first, bit, j, d int) {
	v := 1 / (float64(d) * s.rows[first+bit])
	s.columns[j] += v
	s.squares += v * v
	s.near[bit*s.slots+s.slot(j)] += v
	if back := s.in.steps(bit, j); back > 0 {
		s.crossed += v / (float64(back) * s.rows[j])
	}
}

// slot is when somebody adopts, as far as it matters in the periods.
func (s *nearness) slot(person int) int {
	if s.adopted[person] == Never {
		return s.slots - 1
	}
	return max(min(int(s.adopted[person])-s.periods.first, s.slots-1), 0)
}

// waves go out from the people of a block at once, breadth first, one bit for each (Then
// and others 2014, The more the merrier: efficient multi-source graph traversal).
type waves struct {
	ties    *Ties
	period  int32
	levels  [][]uint64 // per number of steps and person: who of the block reaches them in so many and no fewer
	seen    []uint64
	reached int // the largest number of steps that reached anybody
	meter   *meter
}

func newWaves(ties *Ties, period int32, steps int, meter *meter) waves {
	w := waves{ties: ties, period: period, levels: make([][]uint64, min(steps, ties.People())+1), meter: meter}
	for d := range w.levels {
		w.levels[d] = make([]uint64, ties.People())
	}
	w.seen = make([]uint64, ties.People())
	return w
}

// spread sends waves out from a block of people.
func (w *waves) spread(first int) error {
	clear(w.levels[0])
	clear(w.seen)
	for bit := range min(blockSize, len(w.seen)-first) {
		w.levels[0][first+bit] = 1 << bit
		w.seen[first+bit] = 1 << bit
	}
	w.reached = 0
	for d := 1; d < len(w.levels); d++ {
		w.step(w.levels[d-1], w.levels[d])
		found := w.settle(w.levels[d])
		if err := w.meter.add(found + len(w.seen)); err != nil || found == 0 {
			return err
		}
		w.reached = d
	}
	return nil
}

// step sends everybody's bits on to those whom they are tied to.
func (w *waves) step(front, next []uint64) {
	clear(next)
	for i, word := range front {
		if word == 0 {
			continue
		}
		begin, end := w.ties.Row(i)
		w.meter.work += int(end - begin)
		for e := begin; e < end; e++ {
			if w.ties.Holds(e, w.period) {
				next[w.ties.Other[e]] |= word
			}
		}
	}
}

// settle keeps what arrived for the first time, and counts it.
func (w *waves) settle(next []uint64) (found int) {
	for j, word := range next {
		if word == 0 {
			continue
		}
		next[j] = word &^ w.seen[j]
		w.seen[j] |= word
		found += bits.OnesCount64(next[j])
	}
	return found
}

// steps is how many steps took somebody of the block to a person; 0 when none did.
func (w *waves) steps(bit, person int) int {
	for d := 1; d <= w.reached; d++ {
		if w.levels[d][person]>>bit&1 == 1 {
			return d
		}
	}
	return 0
}

// meter bounds work that may grow with the square of the people.
type meter struct {
	ctx  context.Context
	work int // ties, pairs and people looked at
	most int
}

// add notes work, and tells when it is too much or nobody waits for it.
func (m *meter) add(work int) error {
	if m.work += work; m.work > m.most {
		return ErrWork
	}
	return m.ctx.Err()
}
