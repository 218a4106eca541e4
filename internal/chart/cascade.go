package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Cascade is who learned from whom: a tree, or several.
type Cascade struct {
	Heading, Note string
	Unit          string // what a layer is: "year", "step"
	Size          int    // how many people there are, when People are only the first of them
	People        []Person
}

// Person is somebody in a cascade.
type Person struct {
	Name   string
	Source int // the place in the cascade's people, or -1 for a root
	Layer  int // when they adopted, or how many steps below the root they are
}

// mostPeople bounds a drawing: those in the first generations are drawn, and each is told
// how many more learned from them.
const mostPeople = 150

// rowHeight is what one person takes; everybody has a row, so that no two names can meet.
const rowHeight = 19

// SVG draws one person a row, each below their source, and layers from left to right.
func (c *Cascade) SVG() ([]byte, error) {
	t := c.tree()
	note := c.Note
	if all := c.size(); all > len(t.rows) {
		note = strings.TrimSpace(fmt.Sprintf("%s Drawn are the first %d of %d members; +n is how many more learned from somebody.", note, len(t.rows), all))
	}
	height := vg.Length(max(len(t.rows), 1))*rowHeight + 46
	sheet := newCard(c.Heading, note, cardWidth, height)
	c.plot(t).Draw(sheet.room)
	return sheet.file(c.description(t))
}

func (c *Cascade) size() int { return max(c.Size, len(c.People)) }

// tree is what is drawn of a cascade: places of people, a source above those who learned
// from it. It implements plot.Plotter.
type tree struct {
	people   []Person
	rows     []int
	row      []int // of each person; -1: not drawn
	learners [][]int
}

func (c *Cascade) tree() *tree {
	t := &tree{people: c.People, row: make([]int, len(c.People)), learners: make([][]int, len(c.People))}
	var roots []int
	for i, p := range c.People {
		t.row[i] = -1
		if p.Source < 0 {
			roots = append(roots, i)
		} else {
			t.learners[p.Source] = append(t.learners[p.Source], i)
		}
	}
	for _, learners := range t.learners {
		t.sort(learners)
	}
	t.sort(roots)
	t.lay(roots, t.chosen(roots))
	return t
}

func (t *tree) sort(people []int) {
	slices.SortStableFunc(people, func(a, b int) int { return cmp.Compare(t.people[a].Layer, t.people[b].Layer) })
}

// chosen are the people to draw: generation by generation from the roots.
func (t *tree) chosen(roots []int) map[int]bool {
	chosen := map[int]bool{}
	for queue := slices.Clone(roots); len(queue) > 0 && len(chosen) < mostPeople; queue = queue[1:] {
		chosen[queue[0]] = true
		queue = append(queue, t.learners[queue[0]]...)
	}
	return chosen
}

// lay gives rows to people, a person's learners right below them. It keeps its own stack:
// a chain may be as long as the population.
func (t *tree) lay(roots []int, chosen map[int]bool) {
	stack := slices.Clone(roots)
	slices.Reverse(stack)
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !chosen[i] {
			continue
		}
		t.row[i] = len(t.rows)
		t.rows = append(t.rows, i)
		for _, learner := range slices.Backward(t.learners[i]) {
			stack = append(stack, learner)
		}
	}
}

// layers are the first and the last layer that is drawn.
func (t *tree) layers() (first, last int) {
	for n, i := range t.rows {
		layer := t.people[i].Layer
		if n == 0 {
			first, last = layer, layer
		}
		first, last = min(first, layer), max(last, layer)
	}
	return first, last
}

// plot leaves two fifths of the width to the names of the last layer.
func (c *Cascade) plot(t *tree) *plot.Plot {
	const drawn = 0.58
	p := newPlot()
	first, last := t.layers()
	span := float64(max(last-first, 1))
	p.X.Min, p.X.Max = float64(first)-0.02*span, float64(first)+span/drawn
	p.X.Tick.Marker = periodMarks(first, last, cardWidth*drawn)
	p.X.Label.Text = cut(p.X.Label.TextStyle, c.Unit, cardWidth/2)
	p.Y.Min, p.Y.Max = -float64(max(len(t.rows), 1))+0.5, 0.5
	p.HideY()
	p.Add(t)
	return p
}

// Plot implements plot.Plotter.
func (t *tree) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	at := func(i int) vg.Point {
		return vg.Point{X: x(float64(t.people[i].Layer)), Y: y(-float64(t.row[i]))}
	}
	for _, tick := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		c.StrokeLine2(hairline(), x(tick.Value), c.Min.Y, x(tick.Value), c.Max.Y)
	}
	tie := draw.LineStyle{Color: soft, Width: 1}
	for _, i := range t.rows {
		if source := t.people[i].Source; source >= 0 {
			from, to := at(source), at(i)
			c.StrokeLines(tie, []vg.Point{from, {X: from.X, Y: to.Y}, to})
		}
	}
	for _, i := range t.rows {
		t.person(c, i, at(i))
	}
}

func (t *tree) person(c draw.Canvas, i int, at vg.Point) {
	dot := draw.GlyphStyle{Color: blue, Radius: 4, Shape: draw.CircleGlyph{}}
	if t.people[i].Source < 0 {
		dot.Color, dot.Radius = orange, 5
	}
	c.DrawGlyphNoClip(dot, at)
	letters := style(small, ink)
	letters.YAlign = draw.YCenter
	more := t.hidden(i)
	left := at.X + 8
	name := cut(letters, t.people[i].Name, c.Max.X-left-letters.Width(more))
	c.FillText(letters, vg.Point{X: left, Y: at.Y + letters.FontExtents().Descent/2}, name+more)
}

// hidden says how many of somebody's learners are not drawn.
func (t *tree) hidden(i int) string {
	n := 0
	for _, learner := range t.learners[i] {
		if t.row[learner] < 0 {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" +%d", n)
}

func (c *Cascade) description(t *tree) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s Members: %d.", c.Note, c.size())
	for _, i := range t.rows[:min(len(t.rows), described)] {
		p := c.People[i]
		switch {
		case p.Source < 0:
			fmt.Fprintf(&out, " %s begins, %s %d.", p.Name, c.Unit, p.Layer)
		default:
			fmt.Fprintf(&out, " %s learned from %s, %s %d.", p.Name, c.People[p.Source].Name, c.Unit, p.Layer)
		}
	}
	return strings.TrimSpace(out.String())
}
