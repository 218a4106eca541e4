package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Curve is how many people of a population took something up, period by period.
type Curve struct {
	Heading, Note string
	Unit          string    // what a period is: "year"
	First         int       // the label of the first period
	New           []int     // new adopters per period
	People        int       // in the population, with those who never adopted
	Fit           []float64 // share of the population per period by a fitted curve; nil: none
	FitName       string    // what was fitted, with its numbers
}

// SVG draws the share that has adopted so far above the new adopters of each period.
func (c *Curve) SVG() ([]byte, error) {
	const height = 400
	sheet := newCard(c.Heading, c.Note, cardWidth, height)
	if c.Fit != nil {
		c.legend(sheet)
	}
	share, err := c.share()
	if err != nil {
		return nil, fmt.Errorf("draw the share of adopters: %w", err)
	}
	bars, err := c.bars()
	if err != nil {
		return nil, fmt.Errorf("draw the new adopters: %w", err)
	}
	tiles := draw.Tiles{Rows: 2, Cols: 1, PadY: 12}
	for i, room := range plot.Align([][]*plot.Plot{{share}, {bars}}, tiles, sheet.room) {
		[]*plot.Plot{share, bars}[i].Draw(room[0])
	}
	return sheet.file(c.description())
}

func (c *Curve) last() int { return c.First + len(c.New) - 1 }

// cumulative is the share of the population that has adopted by each period.
func (c *Curve) cumulative() []float64 {
	shares, sum := make([]float64, len(c.New)), 0
	for t, n := range c.New {
		sum += n
		if c.People > 0 {
			shares[t] = float64(sum) / float64(c.People)
		}
	}
	return shares
}

func (c *Curve) points(values []float64) (points plotter.XYs) {
	for t, v := range values {
		if !math.IsNaN(v) {
			points = append(points, plotter.XY{X: float64(c.First + t), Y: v})
		}
	}
	return points
}

func (c *Curve) share() (*plot.Plot, error) {
	p := c.axes()
	shares := c.points(c.cumulative())
	top := 0.0
	for _, point := range append(c.points(c.Fit), shares...) {
		top = max(top, point.Y)
	}
	top = min(max(top*1.05, 0.01), max(top, 1))
	p.Y.Label.Text, p.Y.Min, p.Y.Max = "adopted so far", 0, top
	p.Y.Tick.Marker = marks{most: 5, last: top, text: percent}
	p.X.Tick.Marker = unlabelled{p.X.Tick.Marker}
	if len(shares) == 0 {
		return p, nil
	}
	line, dots, err := plotter.NewLinePoints(shares)
	if err != nil {
		return nil, err
	}
	line.LineStyle = observed()
	dots.GlyphStyle = draw.GlyphStyle{Color: blue, Radius: c.radius(), Shape: draw.CircleGlyph{}}
	p.Add(line, dots)
	return p, c.addFit(p)
}

// radius lets dots of many periods not run into one another.
func (c *Curve) radius() vg.Length { return min(3, 150/vg.Length(len(c.New))) }

func (c *Curve) addFit(p *plot.Plot) error {
	points := c.points(c.Fit)
	if len(points) == 0 {
		return nil
	}
	line, err := plotter.NewLine(points)
	if err != nil {
		return err
	}
	line.LineStyle = fitted()
	p.Add(line)
	return nil
}

func observed() draw.LineStyle { return draw.LineStyle{Color: blue, Width: 2} }

func fitted() draw.LineStyle {
	return draw.LineStyle{Color: orange, Width: 2, Dashes: []vg.Length{6, 4}}
}

// axes is an empty plot over the periods.
func (c *Curve) axes() *plot.Plot {
	p := newPlot()
	p.X.Min, p.X.Max = float64(c.First)-0.6, float64(c.last())+0.6
	p.X.Tick.Marker = periodMarks(c.First, c.last(), cardWidth-70)
	p.Add(levels())
	return p
}

// unlabelled are the same marks without their texts.
type unlabelled struct{ plot.Ticker }

// Ticks implements plot.Ticker.
func (u unlabelled) Ticks(from, to float64) []plot.Tick {
	ticks := u.Ticker.Ticks(from, to)
	for i := range ticks {
		ticks[i].Label = " "
	}
	return ticks
}

func (c *Curve) bars() (*plot.Plot, error) {
	p := c.axes()
	top := 1
	bars := &plotter.Histogram{Width: 1, FillColor: blue}
	for t, n := range c.New {
		top = max(top, n)
		at := float64(c.First + t)
		bars.Bins = append(bars.Bins, plotter.HistogramBin{Min: at - 0.4, Max: at + 0.4, Weight: float64(n)})
	}
	p.X.Label.Text, p.Y.Label.Text = cut(p.X.Label.TextStyle, c.Unit, cardWidth/2), "new adopters"
	p.Y.Min, p.Y.Max = 0, float64(top)*1.2
	p.Y.Tick.Marker = marks{most: 4, last: float64(top) * 1.2, whole: true, text: wholeNumber}
	p.Add(bars)
	return p, c.addCounts(p, top)
}

// addCounts writes the number on each bar where all of them have room.
func (c *Curve) addCounts(p *plot.Plot, top int) error {
	letters := style(small, ink)
	letters.XAlign = draw.XCenter
	if letters.Width(strconv.Itoa(top)+" ")*vg.Length(len(c.New)) > cardWidth-80 {
		return nil
	}
	counts := plotter.XYLabels{}
	for t, n := range c.New {
		if n > 0 {
			counts.XYs = append(counts.XYs, plotter.XY{X: float64(c.First + t), Y: float64(n)})
			counts.Labels = append(counts.Labels, strconv.Itoa(n))
		}
	}
	labels, err := plotter.NewLabels(counts)
	if err != nil {
		return err
	}
	for i := range labels.TextStyle {
		labels.TextStyle[i] = letters
	}
	labels.Offset.Y = 3
	p.Add(labels)
	return nil
}

// legend tells the two lines apart, above the plots so that it covers no data.
func (c *Curve) legend(sheet *card) {
	const line = 26
	y := sheet.room.Max.Y - middle/2
	x := sheet.room.Min.X
	for _, entry := range []struct {
		style draw.LineStyle
		name  string
	}{{observed(), "observed"}, {fitted(), c.FitName}} {
		letters := style(middle, ink)
		letters.YAlign = draw.YCenter
		sheet.room.StrokeLine2(entry.style, x, y, x+line, y)
		name := cut(letters, entry.name, sheet.room.Max.X-x-line-6)
		sheet.room.FillText(letters, vg.Point{X: x + line + 6, Y: y}, name)
		x += line + 6 + letters.Width(name) + 20
	}
	sheet.room.Max.Y -= 2 * middle
}

// described is how many periods, people or cells a description tells one by one.
const described = 100

func (c *Curve) description() string {
	var out strings.Builder
	adopters := 0
	shares, told := c.cumulative(), 0
	for t, n := range c.New {
		adopters += n
		if n > 0 && told < described {
			fmt.Fprintf(&out, " %s %d: %d new, %s so far.", c.Unit, c.First+t, n, percent(shares[t]))
			told++
		}
	}
	fit := ""
	if c.Fit != nil {
		fit = " " + c.FitName + "."
	}
	return fmt.Sprintf("%s %d of %d members adopted in the %d periods from %d to %d.%s%s", c.Note, adopters, c.People, len(c.New), c.First, c.last(), out.String(), fit)
}
