package spread

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Ceiling is the share of the population that adopts in the end.
type Ceiling uint8

// Everybody adopts in the end, or the share is fitted with the rest.
const (
	CeilingOne Ceiling = iota
	CeilingFree
)

// Bass is a fit of the model of Bass (1969), A new product growth for model consumer
// durables, to the cumulative share of adopters. Numbers are missing when Refusal says why
// there is no fit.
type Bass struct {
	P, Q, M       float64 // innovation, imitation, ceiling
	SEP, SEQ, SEM float64 // standard errors; SEM is missing when the ceiling is fixed
	Sigma         float64 // square root of the squares left over, by degree of freedom
	Cumulative    []float64
	PerPeriod     []float64
	Refusal       string
}

// FitBass fits by least squares, t = 1..T being the places of the periods counted from one:
//
//	share(t) = M F(t),  F(t) = (1 - e^{-(p+q)t}) / (1 + (q/p) e^{-(p+q)t})
//
// Where few adopt, q under a ceiling of one may come out below zero.
func FitBass(ctx context.Context, share []float64, ceiling Ceiling) (*Bass, error) {
	f := bassFit{share: share, parameters: 2}
	if ceiling == CeilingFree {
		f.parameters = 3
	}
	if reason := f.unfit(); reason != "" {
		return f.refused(reason), nil
	}
	for _, q := range []float64{0.5, 0.1, 0, -0.1} {
		at, ok := f.descend(ctx, []float64{f.start(), q, f.highest()}[:f.parameters])
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if ok {
			return f.found(at), nil
		}
	}
	return f.refused("the fit does not settle on one curve"), nil
}

// bassFit finds parameters (p, q and perhaps the ceiling) for shares.
type bassFit struct {
	share      []float64
	parameters int
}

func (f *bassFit) unfit() string {
	switch {
	case len(f.share) <= f.parameters:
		return "a fit needs more periods than it has parameters"
	case floats.HasNaN(f.share):
		return "there is no population"
	case f.highest() == 0:
		return "nobody adopted"
	}
	return ""
}

func (f *bassFit) highest() float64 { return f.share[len(f.share)-1] }

// start is a first guess at p: the share of the first period, or where that is nothing a
// small part of what came about.
func (f *bassFit) start() float64 {
	if f.share[0] > 0 {
		return f.share[0]
	}
	return f.highest() / float64(10*len(f.share))
}

// A fit has settled when a step changes the parameters by less than settled of their size;
// it has failed after so many rounds.
const (
	settled   = 1e-10
	maxRounds = 500
)

// descend is the method of Levenberg and Marquardt (Marquardt 1963). It gives up when nobody
// waits for it.
func (f *bassFit) descend(ctx context.Context, at []float64) ([]float64, bool) {
	damping, left := 1e-3, f.squares(at)
	for range maxRounds {
		step, ok := f.step(at, damping)
		if !ok || ctx.Err() != nil {
			return nil, false
		}
		next := floats.AddTo(make([]float64, len(at)), at, step)
		squares := f.squares(next)
		if squares <= left {
			at, left, damping = next, squares, max(damping/10, 1e-14)
		} else {
			damping *= 10
		}
		if floats.Norm(step, 2) <= settled*(floats.Norm(at, 2)+settled) {
			return at, f.plausible(at)
		}
	}
	return nil, false
}

// plausible tells whether parameters are those of a curve: one that starts at zero and
// rises, within a range in which another start would have led to the same.
func (f *bassFit) plausible(at []float64) bool {
	_, ok := f.covariance(at)
	return ok && at[0] > 0 && floats.Norm(at, math.Inf(1)) < 100
}

// squares is the sum of the squares left over; not finite where there is no curve.
func (f *bassFit) squares(at []float64) float64 {
	total := 0.0
	for t, share := range f.share {
		value, _ := bassCurve(at, float64(t+1))
		total += (share - value) * (share - value)
	}
	return total
}

// step solves (J'J + damping diag J'J) step = J'r.
func (f *bassFit) step(at []float64, damping float64) ([]float64, bool) {
	normal, gradient := f.normal(at)
	for k := range f.parameters {
		normal.SetSym(k, k, normal.At(k, k)*(1+damping))
	}
	var chol mat.Cholesky
	if !chol.Factorize(normal) {
		return nil, false
	}
	step := mat.NewVecDense(f.parameters, nil)
	if err := chol.SolveVecTo(step, gradient); err != nil {
		return nil, false
	}
	return step.RawVector().Data, true
}

// normal is J'J and J'r, where J are the slopes of the curve and r what it leaves over.
func (f *bassFit) normal(at []float64) (*mat.SymDense, *mat.VecDense) {
	square, gradient := mat.NewSymDense(f.parameters, nil), mat.NewVecDense(f.parameters, nil)
	for t, share := range f.share {
		value, slopes := bassCurve(at, float64(t+1))
		row := mat.NewVecDense(f.parameters, slopes[:f.parameters])
		square.SymRankOne(square, 1, row)
		gradient.AddScaledVec(gradient, share-value, row)
	}
	return square, gradient
}

// bassCurve is the curve at t and its slopes along p, q and the ceiling. With s = p + q and
// g = (1 - e^{-st})/s it is m p g / (1 - q g), which also holds at s = 0.
func bassCurve(at []float64, t float64) (value float64, slopes [3]float64) {
	p, q, m := at[0], at[1], 1.0
	if len(at) == 3 {
		m = at[2]
	}
	g, dg := growth(p+q, t)
	below := 1 - q*g
	share := p * g / below
	slopes[0] = m * ((g+p*dg)/below + p*g*q*dg/(below*below))
	slopes[1] = m * (p*dg/below + p*g*(g+q*dg)/(below*below))
	slopes[2] = share
	return m * share, slopes
}

// growth is g = (1 - e^{-st})/s and its slope along s.
func growth(s, t float64) (g, slope float64) {
	if math.Abs(s*t) < 1e-5 {
		return t * (1 - s*t/2), -t * t / 2 * (1 - 2*s*t/3)
	}
	g = -math.Expm1(-s*t) / s
	return g, (t*math.Exp(-s*t) - g) / s
}

// covariance is that of the parameters, by unit of variance; ok is false when the data does
// not tell them apart.
func (f *bassFit) covariance(at []float64) (*mat.SymDense, bool) {
	normal, _ := f.normal(at)
	var chol mat.Cholesky
	if !chol.Factorize(normal) || chol.Cond() > 1e14 {
		return nil, false
	}
	covariance := mat.NewSymDense(f.parameters, nil)
	return covariance, chol.InverseTo(covariance) == nil
}

func (f *bassFit) found(at []float64) *Bass {
	if f.parameters == 3 && at[2] > 1 {
		return f.refused("the fitted ceiling lies above the whole population")
	}
	covariance, _ := f.covariance(at)
	b := &Bass{P: at[0], Q: at[1], M: 1, SEM: math.NaN()}
	b.Sigma = math.Sqrt(f.squares(at) / float64(len(f.share)-f.parameters))
	errorOf := func(k int) float64 { return b.Sigma * math.Sqrt(covariance.At(k, k)) }
	b.SEP, b.SEQ = errorOf(0), errorOf(1)
	if f.parameters == 3 {
		b.M, b.SEM = at[2], errorOf(2)
	}
	before := 0.0
	for t := range f.share {
		value, _ := bassCurve(at, float64(t+1))
		b.Cumulative, b.PerPeriod = append(b.Cumulative, value), append(b.PerPeriod, value-before)
		before = value
	}
	return b
}

func (f *bassFit) refused(reason string) *Bass {
	nan, n := math.NaN(), len(f.share)
	return &Bass{nan, nan, nan, nan, nan, nan, nan, missing(n), missing(n), reason}
}
