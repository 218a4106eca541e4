package chart

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// newPlot is a plot in our type and colours.
func newPlot() *plot.Plot {
	p := plot.New()
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Tick.Label.Font, axis.Tick.Label.Color = style(small, soft).Font, soft
		axis.Label.TextStyle.Font, axis.Label.TextStyle.Color = style(middle, ink).Font, ink
		axis.Tick.Length, axis.Padding, axis.Label.Padding = 4, 0, 3
		axis.Color, axis.Tick.Color = soft, soft
	}
	return p
}

// levels are faint lines across a plot, one at each mark of the y axis.
func levels() *plotter.Grid {
	grid := plotter.NewGrid()
	grid.Vertical.Color = nil
	grid.Horizontal = hairline()
	return grid
}

func hairline() draw.LineStyle { return draw.LineStyle{Color: faint, Width: 0.7} }

// marks are round steps, so many at most, from least to last with a text for each.
type marks struct {
	most        int
	least, last float64
	whole       bool // no fractions of one
	text        func(float64) string
}

// Ticks implements plot.Ticker.
func (m marks) Ticks(_, _ float64) (ticks []plot.Tick) {
	step := roundStep((m.last - m.least) / float64(m.most))
	if m.whole {
		step = max(step, 1)
	}
	for k := int(math.Ceil(m.least/step - 1e-9)); float64(k)*step <= m.last+1e-9*step; k++ {
		ticks = append(ticks, plot.Tick{Value: float64(k) * step, Label: m.text(float64(k) * step)})
	}
	return ticks
}

// roundStep is the smallest of 1, 2 and 5 times a power of ten that is not below a number.
func roundStep(atLeast float64) float64 {
	if atLeast <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(atLeast)))
	for _, times := range []float64{1, 2, 5} {
		if times*power >= atLeast*(1-1e-9) {
			return times * power
		}
	}
	return 10 * power
}

// periodMarks name periods, as many as a width has room for.
func periodMarks(first, last int, width vg.Length) marks {
	letters := style(small, ink)
	widest := max(letters.Width(strconv.Itoa(first)), letters.Width(strconv.Itoa(last)), 12)
	return marks{most: max(int(width/(1.8*widest)), 1), least: float64(first), last: float64(last), whole: true, text: wholeNumber}
}

func wholeNumber(x float64) string { return strconv.Itoa(int(math.Round(x))) }

func percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*1000)/10, 'f', -1, 64) + " %"
}
