package spread

// Curve is how many had adopted, period by period. Every slice has one entry per period.
type Curve struct {
	People       int
	New          []int
	Cumulative   []int
	AtRisk       []int     // who had not adopted before the period
	Share        []float64 // cumulative / people
	Rate         []float64 // new / cumulative of the period before: growth, without an upper bound
	Hazard       []float64 // new / at risk; missing in the first period, as nobody saw the one before
	Never        int       // not seen to adopt; they are at risk throughout
	LeftCensored int       // adopted in the first period in which they were seen to, or before
}

// CurveOptions say whose curve is wanted.
type CurveOptions struct {
	Only   func(person int) bool // nil: everybody
	Compat bool
}

// Curve is the adoption curve of the population or of some of its people. In compat, rate
// and hazard of the first period are zero.
func (p *Panel) Curve(o CurveOptions) *Curve {
	c := p.newCurve()
	for i := range p.Adopted {
		if o.Only == nil || o.Only(i) {
			c.count(p, i)
		}
	}
	c.finish(o.Compat)
	return c
}

// GroupCurves are the adoption curves of so many groups, in one pass over the people.
func (p *Panel) GroupCurves(groups int, compat bool) []*Curve {
	curves := make([]*Curve, groups)
	for g := range curves {
		curves[g] = p.newCurve()
	}
	for i, g := range p.Group {
		if g >= 0 {
			curves[g].count(p, i)
		}
	}
	for _, c := range curves {
		c.finish(compat)
	}
	return curves
}

func (p *Panel) newCurve() *Curve {
	t := p.Periods
	counts, shares := make([]int, 3*t), make([]float64, 3*t)
	return &Curve{
		New: counts[:t:t], Cumulative: counts[t : 2*t : 2*t], AtRisk: counts[2*t:],
		Share: shares[:t:t], Rate: shares[t : 2*t : 2*t], Hazard: shares[2*t:],
	}
}

func (c *Curve) count(p *Panel, person int) {
	c.People++
	if p.leftCensored(person) {
		c.LeftCensored++
	}
	if a := p.Adopted[person]; a != Never {
		c.New[a]++
	} else {
		c.Never++
	}
}

func (c *Curve) finish(compat bool) {
	before := 0
	for t, fresh := range c.New {
		c.AtRisk[t], c.Cumulative[t] = c.People-before, before+fresh
		c.Share[t] = quotient(float64(before+fresh), float64(c.People), 0, false)
		c.Rate[t] = quotient(float64(fresh), float64(before), epsilon, compat)
		c.Hazard[t] = quotient(float64(fresh), float64(c.AtRisk[t]), epsilon, compat)
		before += fresh
	}
	if len(c.New) > 0 {
		first := quotient(0, 0, epsilon, compat)
		c.Rate[0], c.Hazard[0] = first, first
	}
}
