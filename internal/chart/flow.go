package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Flow is how often people of one group learned from people of another.
type Flow struct {
	Heading, Note string
	Groups        []string
	Count         [][]int // by place of the source's group, then of the learner's
}

// mostGroups bounds a drawing; beyond it the groups with the least flow become one.
const mostGroups = 30

// SVG draws a matrix: a row for each group of sources, a column for each of learners.
func (f *Flow) SVG() ([]byte, error) {
	m := f.merged()
	names, cell := m.measure()
	below := vg.Length(44)
	if m.turned {
		below = names + 38
	}
	side := cell * vg.Length(max(len(m.names), 1))
	sheet := newCard(f.Heading, f.Note, max(cardWidth, names+40+side), side+below)
	sheet.room.Max.X = sheet.room.Min.X + names + 40 + side
	p, err := m.plot()
	if err != nil {
		return nil, fmt.Errorf("draw the counts: %w", err)
	}
	p.Draw(sheet.room)
	return sheet.file(f.description())
}

// matrix is what is drawn of a flow. As a plotter.GridXYZ its rows count from below.
type matrix struct {
	names  []string
	count  [][]int
	turned bool // the names of columns stand upright
}

// merged puts the groups with the least flow together when there are too many.
func (f *Flow) merged() *matrix {
	if len(f.Groups) <= mostGroups {
		return &matrix{names: slices.Clone(f.Groups), count: f.Count}
	}
	order := f.byFlow()
	kept := slices.Clone(order[:mostGroups-1])
	slices.Sort(kept)
	place := make([]int, len(f.Groups))
	m := &matrix{count: make([][]int, mostGroups)}
	for _, g := range order {
		at, found := slices.BinarySearch(kept, g)
		if !found {
			at = mostGroups - 1
		}
		place[g] = at
	}
	for _, g := range kept {
		m.names = append(m.names, f.Groups[g])
	}
	m.names = append(m.names, fmt.Sprintf("%d others", len(order)-len(kept)))
	for i := range m.count {
		m.count[i] = make([]int, mostGroups)
	}
	for s, row := range f.Count {
		for l, n := range row {
			m.count[place[s]][place[l]] += n
		}
	}
	return m
}

// byFlow are the places of groups, those with most flow first.
func (f *Flow) byFlow() []int {
	flow, order := make([]int, len(f.Groups)), make([]int, len(f.Groups))
	for s, row := range f.Count {
		order[s] = s
		for l, n := range row {
			flow[s] += n
			flow[l] += n
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(flow[b], flow[a]) })
	return order
}

// measure is how wide the names are, cut to what the sheet has room for, and a cell.
func (m *matrix) measure() (names, cell vg.Length) {
	const least = 180 // of the whole side, for the words along it
	letters := style(small, soft)
	for i := range m.names {
		m.names[i] = cut(letters, m.names[i], 150)
		names = max(names, letters.Width(m.names[i]))
	}
	n := vg.Length(max(len(m.names), 1))
	number := letters.Width(strconv.Itoa(m.most())) + 4
	cell = max(min((cardWidth-names-40)/n, 64), 23, number, least/n)
	m.turned = names > cell-4
	return names, cell
}

func (m *matrix) most() int {
	most := 0
	for _, row := range m.count {
		most = max(most, slices.Max(row))
	}
	return most
}

// Dims implements plotter.GridXYZ.
func (m *matrix) Dims() (columns, rows int) { return len(m.names), len(m.names) }

// Z implements plotter.GridXYZ: the count, missing where there is none.
func (m *matrix) Z(column, row int) float64 {
	if n := m.at(column, row); n > 0 {
		return float64(n)
	}
	return math.NaN()
}

func (m *matrix) at(column, row int) int { return m.count[len(m.names)-1-row][column] }

// X implements plotter.GridXYZ.
func (m *matrix) X(column int) float64 { return float64(column) }

// Y implements plotter.GridXYZ.
func (m *matrix) Y(row int) float64 { return float64(row) }

func (m *matrix) plot() (*plot.Plot, error) {
	p := newPlot()
	n := float64(len(m.names))
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.51, n-0.49, -0.51, n-0.49 // wider than the cells: those on the edge must lie inside
	p.X.Label.Text, p.Y.Label.Text = "group of the learner", "group of the source"
	p.X.Tick.Marker, p.Y.Tick.Marker = m.ticks(false), m.ticks(true)
	if m.turned {
		p.X.Tick.Label.Rotation = math.Pi / 2
		p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XRight, draw.YCenter
	}
	if len(m.names) == 0 {
		return p, nil
	}
	heat := plotter.NewHeatMap(m, blues{})
	heat.Min, heat.Max, heat.NaN = 0, float64(max(m.most(), 1)), color.RGBA{R: 0xf6, G: 0xf6, B: 0xf6, A: 0xff}
	p.Add(heat)
	return p, m.addCounts(p)
}

func (m *matrix) ticks(upwards bool) plot.ConstantTicks {
	ticks := make(plot.ConstantTicks, len(m.names))
	for i, name := range m.names {
		ticks[i] = plot.Tick{Value: float64(i), Label: name}
		if upwards {
			ticks[i].Value = float64(len(m.names) - 1 - i)
		}
	}
	return ticks
}

// addCounts writes the number into each cell that has one.
func (m *matrix) addCounts(p *plot.Plot) error {
	counts, styles := plotter.XYLabels{}, []draw.TextStyle{}
	for column := range m.names {
		for row := range m.names {
			n := m.at(column, row)
			if n == 0 {
				continue
			}
			counts.XYs = append(counts.XYs, plotter.XY{X: float64(column), Y: float64(row)})
			counts.Labels = append(counts.Labels, strconv.Itoa(n))
			styles = append(styles, onShade(float64(n)/float64(m.most())))
		}
	}
	if len(styles) == 0 {
		return nil
	}
	labels, err := plotter.NewLabels(counts)
	if err != nil {
		return err
	}
	labels.TextStyle = styles
	p.Add(labels)
	return nil
}

// onShade is text that can be read on a shade between 0, the lightest, and 1.
func onShade(shade float64) draw.TextStyle {
	letters := style(small, ink)
	if shade > 0.45 {
		letters.Color = color.White
	}
	letters.XAlign, letters.YAlign = draw.XCenter, draw.YCenter
	return letters
}

// blues is a palette from a light to a dark blue.
type blues struct{}

// Colors implements palette.Palette.
func (blues) Colors() []color.Color {
	const steps = 64
	colors := make([]color.Color, steps)
	for i := range colors {
		at := float64(i) / (steps - 1)
		mix := func(light, dark float64) uint8 { return uint8(light + at*(dark-light) + 0.5) }
		colors[i] = color.RGBA{R: mix(0xe3, 0x08), G: mix(0xee, 0x3f), B: mix(0xf9, 0x82), A: 0xff}
	}
	return colors
}

func (f *Flow) description() string {
	var out strings.Builder
	told, all := 0, 0
	for s, row := range f.Count {
		for l, n := range row {
			all += n
			if n > 0 && told < described {
				fmt.Fprintf(&out, " %s to %s: %d.", f.Groups[s], f.Groups[l], n)
				told++
			}
		}
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d steps of learning between %d groups, source to learner.%s", f.Note, all, len(f.Groups), out.String()))
}
