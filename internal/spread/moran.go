package spread

import (
	"context"
	"fmt"
	"math"
)

// maxMoranWork is how many ties, pairs and people one answer may look at, a few seconds of
// work: enough for some fifteen thousand people who all reach each other along ties that do
// not change.
const maxMoranWork = 1 << 30

// AutocorrelationOptions say how near people are, and in which periods.
type AutocorrelationOptions struct {
	MaxSteps   int // farther apart than so many steps counts as apart; 1 or more, the field takes 6
	First, End int // the periods that are worked out, First up to but without End; End 0: all from First on
	Compat     bool
}

// Moran is Moran's I of having adopted, with one entry per period: whether adopters are
// near adopters. Above Expected they are nearer than if adoptions were dealt out at random.
type Moran struct {
	Observed, Expected, SD []float64
	P                      []float64 // two-sided, normal
}

// Autocorrelation is Moran's I in each period, with weights v_ij = 1/d_ij for people up to
// MaxSteps directed steps apart, rows made to sum to 1:
//
//	I = n/S0 sum_ij v_ij c_i c_j / sum_i c_i^2,  c = z(t) - mean z(t),  S0 = sum_ij v_ij
//
// SD is by the randomisation formula (Cliff and Ord 1981, Spatial Processes). All but
// Expected is missing while nobody or everybody has adopted (in compat, Observed is zero
// then), and in periods that were not asked for. Ties that do not change are walked once for
// all periods. It stops with ErrWork when it would look at more than some thousand
// million ties, pairs and people.
func (p *Panel) Autocorrelation(ctx context.Context, o AutocorrelationOptions) (*Moran, error) {
	if o.MaxSteps < 1 {
		return nil, fmt.Errorf("measure autocorrelation: %d steps reach nobody", o.MaxSteps)
	}
	m, meter, ties := newMoran(p), &meter{ctx: ctx, most: maxMoranWork}, p.tiesOr(nil)
	first, end := o.periods(p)
	stretch := 1 // of periods in which the same ties hold
	if ties.Static() {
		stretch = max(end-first, 1)
	}
	if leastWork(p.People()) > maxMoranWork*stretch/max(end-first, 1) {
		return nil, ErrWork
	}
	for t := first; t < end; t += stretch {
		if err := m.add(p, newNearness(p, ties, span{t, t + stretch}, o.MaxSteps, meter), o.Compat); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (o *AutocorrelationOptions) periods(p *Panel) (first, end int) {
	if o.End == 0 {
		return o.First, p.Periods
	}
	return o.First, o.End
}

// leastWork is what three rounds of waves take at least: a look at everybody for each block.
func leastWork(people int) int { return 3 * people * (people/blockSize + 1) }

func newMoran(p *Panel) *Moran {
	t := p.Periods
	slab := missing(4 * t)
	m := &Moran{Observed: slab[:t:t], Expected: slab[t : 2*t : 2*t], SD: slab[2*t : 3*t : 3*t], P: slab[3*t:]}
	for k := range m.Expected {
		m.Expected[k] = quotient(-1, float64(max(p.People()-1, 0)), 0, false)
	}
	return m
}

// add works the periods of s out.
func (m *Moran) add(p *Panel, s *nearness, compat bool) error {
	share := p.Curve(CurveOptions{}).Share
	products := make([]float64, p.Periods) // sum_ij v_ij c_i c_j
	err := s.measure(func(person int, near []float64) {
		all, adopters := sum(near), 0.0
		for t := s.periods.first; t < s.periods.end; t++ {
			adopters += near[t-s.periods.first]
			products[t] += (indicator(p.Adopted[person], t) - share[t]) * (adopters - share[t]*all)
		}
	})
	if err != nil {
		return err
	}
	f := newForm(s)
	for t := s.periods.first; t < s.periods.end; t++ {
		m.set(t, f, share[t], products[t], compat)
	}
	return nil
}

func sum(values []float64) (total float64) {
	for _, v := range values {
		total += v
	}
	return total
}

// indicator is z_i(t): 1 for somebody who has adopted, else 0.
func indicator(adopted int32, period int) float64 {
	if adopted != Never && int(adopted) <= period {
		return 1
	}
	return 0
}

func (m *Moran) set(t int, f form, share, product float64, compat bool) {
	if share == 0 || share == 1 {
		m.Observed[t] = quotient(0, 0, tinyEpsilon, compat)
		return
	}
	c2 := f.n * share * (1 - share) // sum c^2
	c4 := f.n * share * (1 - share) * (1 - 3*share*(1-share))
	m.Observed[t] = f.n / f.s0 * product / c2
	m.SD[t] = math.Sqrt(f.variance(f.n*c4/(c2*c2), m.Expected[t]))
	m.P[t] = math.Erfc(math.Abs(m.Observed[t]-m.Expected[t]) / m.SD[t] / math.Sqrt2) // 1 - CDF would be 0 from eight SD on
}

// form is what the variance needs to know of the weights.
type form struct{ n, s0, s1, s2 float64 }

func newForm(s *nearness) form {
	f := form{n: float64(len(s.rows)), s1: s.squares + s.crossed}
	for i, row := range s.rows {
		whole := 0.0
		if row > 0 {
			whole = 1
		}
		f.s0 += whole
		f.s2 += (whole + s.columns[i]) * (whole + s.columns[i])
	}
	return f
}

// variance is that of I when the same values are dealt out at random; s3 is their kurtosis.
// It needs four people.
func (f form) variance(s3, expected float64) float64 {
	if f.n < 4 {
		return math.NaN()
	}
	n, w2 := f.n, f.s0*f.s0
	s4 := (n*n-3*n+3)*f.s1 - n*f.s2 + 3*w2
	s5 := n*(n-1)*f.s1 - 2*n*f.s2 + 6*w2
	return (n*s4-s3*s5)/((n-1)*(n-2)*(n-3)*w2) - expected*expected
}
