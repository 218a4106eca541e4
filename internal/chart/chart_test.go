package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// failer is a test, of the library's or of rapid's.
type failer interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
	Fatal(...any)
}

// box is where a text stands on the sheet, upright or turned.
type box struct {
	text                   string
	left, right, top, base float64
}

func (b box) String() string {
	return fmt.Sprintf("%q at %.0f to %.0f, %.0f to %.0f", b.text, b.left, b.right, b.top, b.base)
}

func (b box) meets(c box) bool {
	return b.left < c.right && c.left < b.right && b.top < c.base && c.top < b.base
}

// matrixOf is a transformation as SVG has it: a b c d e f.
type matrixOf [6]float64

func (m matrixOf) times(n matrixOf) matrixOf {
	return matrixOf{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1], m[0]*n[2] + m[2]*n[3],
		m[1]*n[2] + m[3]*n[3], m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}

func (m matrixOf) at(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

var step = regexp.MustCompile(`(\w+)\(([^)]*)\)`)

func transformation(t failer, text string) matrixOf {
	m := matrixOf{1, 0, 0, 1, 0, 0}
	for _, s := range step.FindAllStringSubmatch(text, -1) {
		var v []float64
		for _, part := range strings.Split(s[2], ",") {
			v = append(v, number(t, part))
		}
		switch s[1] {
		case "scale":
			m = m.times(matrixOf{v[0], 0, 0, v[1], 0, 0})
		case "translate":
			m = m.times(matrixOf{1, 0, 0, 1, v[0], v[1]})
		case "rotate":
			sin, cos := math.Sincos(v[0] * math.Pi / 180)
			m = m.times(matrixOf{cos, sin, -sin, cos, 0, 0})
		default:
			t.Fatalf("the transformation %s is not known", s[1])
		}
	}
	return m
}

func number(t failer, text string) float64 {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// sheet is what a file shows: its size, what it says of itself, and its texts.
type sheet struct {
	width, height float64
	title, desc   string
	texts         []box
}

var fontSize = regexp.MustCompile(`font:\w+ ([0-9.]+)px`)

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// read takes a file apart and fails where it is no XML.
func read(t failer, file []byte) (s sheet) {
	t.Helper()
	stack := []matrixOf{{1, 0, 0, 1, 0, 0}}
	var open xml.StartElement
	for d := xml.NewDecoder(bytes.NewReader(file)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return s
		}
		if err != nil {
			t.Fatalf("%v in %s", err, file)
		}
		switch e := token.(type) {
		case xml.StartElement:
			open = e.Copy()
			stack = append(stack, stack[len(stack)-1].times(transformation(t, attribute(e, "transform"))))
			if e.Name.Local == "svg" {
				s.width, s.height = number(t, attribute(e, "width")), number(t, attribute(e, "height"))
			}
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			open = xml.StartElement{}
		case xml.CharData:
			switch open.Name.Local {
			case "title":
				s.title = string(e)
			case "desc":
				s.desc = string(e)
			case "text":
				s.texts = append(s.texts, placed(t, open, string(e), stack[len(stack)-1]))
			}
		}
	}
}

func placed(t failer, e xml.StartElement, text string, m matrixOf) box {
	size := number(t, fontSize.FindStringSubmatch(attribute(e, "style"))[1])
	x, y := number(t, attribute(e, "x")), number(t, attribute(e, "y"))
	x1, y1 := m.at(x, y)
	x2, y2 := m.at(x+number(t, attribute(e, "textLength")), y-0.72*size) // as high as a capital
	return box{text: text, left: min(x1, x2), right: max(x1, x2), top: min(y1, y2), base: max(y1, y2)}
}

// check fails where a text leaves the sheet or meets another.
func check(t failer, file []byte, err error) sheet {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	s := read(t, file)
	if s.title == "" || s.desc == "" {
		t.Errorf("title %q, description %q: want both", s.title, s.desc)
	}
	for i, b := range s.texts {
		if b.left < 0 || b.right > s.width || b.top < 0 || b.base > s.height {
			t.Errorf("%v leaves the sheet of %.0f by %.0f", b, s.width, s.height)
		}
		for _, c := range s.texts[:i] {
			if strings.TrimSpace(b.text) != "" && strings.TrimSpace(c.text) != "" && b.meets(c) {
				t.Errorf("%v meets %v", b, c)
			}
		}
	}
	return s
}

func (s sheet) shows(text string) bool {
	return slices.ContainsFunc(s.texts, func(b box) bool { return strings.Contains(b.text, text) })
}

// A name as people write them, and as they should not.
func drawName(t *rapid.T) string {
	return rapid.OneOf(rapid.StringMatching(`[A-Z][a-z]{2,12}( [A-Z][a-z]{2,12}){0,9}`), rapid.String(),
		rapid.Just(`<script>alert("x")</script> & Co`), rapid.Just("")).Draw(t, "name")
}

func heading(t *rapid.T) string { return "How it spread: " + drawName(t) }

func TestNoTextOfACurveLeavesTheSheetOrMeetsAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		periods := rapid.IntRange(1, 400).Draw(t, "periods")
		c := Curve{Heading: heading(t), Note: drawName(t), Unit: "year", First: rapid.SampledFrom([]int{-3, 0, 1, 1990}).Draw(t, "first"), New: make([]int, periods)}
		for i := range c.New {
			c.New[i] = rapid.IntRange(0, 1+rapid.SampledFrom([]int{0, 20, 100_000}).Draw(t, "most")).Draw(t, "new")
			c.People += c.New[i]
		}
		if rapid.Bool().Draw(t, "fitted") {
			c.FitName, c.Fit = drawName(t), make([]float64, periods)
			for i := range c.Fit {
				c.Fit[i] = rapid.SampledFrom([]float64{0, 0.5, 1, math.NaN()}).Draw(t, "fit")
			}
		}
		file, err := c.SVG()
		check(t, file, err)
	})
}

func TestNoTextOfACascadeLeavesTheSheetOrMeetsAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Cascade{Heading: heading(t), Note: drawName(t), Unit: "step"}
		for i := range rapid.IntRange(0, 250).Draw(t, "people") {
			c.People = append(c.People, Person{
				Name: drawName(t), Source: rapid.IntRange(-1, i-1).Draw(t, "source"), Layer: rapid.IntRange(1, 30).Draw(t, "layer"),
			})
		}
		file, err := c.SVG()
		check(t, file, err)
	})
}

func TestNoTextOfAFlowLeavesTheSheetOrMeetsAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Flow{Heading: heading(t), Note: drawName(t)}
		n := rapid.IntRange(0, 40).Draw(t, "groups")
		for range n {
			f.Groups = append(f.Groups, drawName(t))
			row := make([]int, n)
			for l := range row {
				row[l] = rapid.SampledFrom([]int{0, 0, 1, 12, 345, 67_890}).Draw(t, "count")
			}
			f.Count = append(f.Count, row)
		}
		file, err := f.SVG()
		check(t, file, err)
	})
}

func TestACurveShowsAndTellsItsNumbers(t *testing.T) {
	c := Curve{Heading: "Tetracycline", Note: "Asked: 10.", Unit: "month", First: 1, New: []int{1, 0, 4}, People: 10,
		Fit: []float64{0.1, 0.2, 0.5}, FitName: "Bass: p = 0.1, q = 0.4"}
	file, err := c.SVG()
	s := check(t, file, err)
	for _, text := range []string{"Tetracycline", "Bass: p = 0.1, q = 0.4", "new adopters", "40 %", "month"} {
		if !s.shows(text) {
			t.Errorf("%q is not on the sheet", text)
		}
	}
	want := "Asked: 10. 5 of 10 members adopted in the 3 periods from 1 to 3. month 1: 1 new, 10 % so far. month 3: 4 new, 50 % so far. Bass: p = 0.1, q = 0.4."
	if s.desc != want {
		t.Errorf("described as\n%s\nwant\n%s", s.desc, want)
	}
}

// 0 ─ 1 ─ 3
//
//	└ 2
func TestACascadeHasEverybodyBelowTheirSource(t *testing.T) {
	c := Cascade{Heading: "Cascade", Unit: "year", People: []Person{
		{Name: "Ada", Source: -1, Layer: 1}, {Name: "Ben", Source: 0, Layer: 2}, {Name: "Cleo", Source: 0, Layer: 3}, {Name: "Dan", Source: 1, Layer: 4},
	}}
	file, err := c.SVG()
	s := check(t, file, err)
	var rows []box
	for _, b := range s.texts {
		if slices.Contains([]string{"Ada", "Ben", "Cleo", "Dan"}, b.text) {
			rows = append(rows, b)
		}
	}
	slices.SortFunc(rows, func(a, b box) int { return int(a.base - b.base) })
	var names []string
	for _, b := range rows {
		names = append(names, b.text)
	}
	if got := strings.Join(names, " "); got != "Ada Ben Dan Cleo" {
		t.Errorf("rows %s, want Ada Ben Dan Cleo", got)
	}
	if rows[0].left >= rows[1].left || rows[3].left >= rows[2].left {
		t.Errorf("the layers do not go from left to right: %v", rows)
	}
	if want := "Members: 4. Ada begins, year 1. Ben learned from Ada, year 2. Dan learned from Ben, year 4. Cleo learned from Ada, year 3."; s.desc != want {
		t.Errorf("described as %q, want %q", s.desc, want)
	}
}

func TestALargeCascadeSaysWhoIsNotDrawn(t *testing.T) {
	c := Cascade{Heading: "Cascade", Unit: "step", People: []Person{{Name: "Root", Source: -1}}}
	for i := range 1000 {
		c.People = append(c.People, Person{Name: fmt.Sprint("P", i), Source: 0, Layer: 1})
	}
	file, err := c.SVG()
	s := check(t, file, err)
	if !s.shows("the first 150 of 1001 members") || !s.shows("Root +851") {
		t.Errorf("the sheet hides 851 people in silence: %v", s.texts[:4])
	}
}

func TestALongChainIsDrawnWithoutDeepRecursion(t *testing.T) {
	c := Cascade{Heading: "Chain", Unit: "step"}
	for i := range 1_000_000 {
		c.People = append(c.People, Person{Name: "P", Source: i - 1, Layer: i})
	}
	file, err := c.SVG()
	check(t, file, err)
}

func TestAFlowPutsTheSmallestGroupsTogetherWhenThereAreMany(t *testing.T) {
	f := Flow{Heading: "Flow"}
	for i := range 33 {
		f.Groups = append(f.Groups, fmt.Sprint("G", i))
		row := make([]int, 33)
		row[i] = 100 + i
		row[0]++
		f.Count = append(f.Count, row)
	}
	file, err := f.SVG()
	s := check(t, file, err)
	if !s.shows("4 others") || !s.shows("G32") || s.shows("G3 ") {
		t.Errorf("shown are %v", s.texts)
	}
	if !s.shows("410") { // G1 to G4 among themselves
		t.Errorf("the others' own flow of 101+102+103+104 is not shown: %v", s.texts)
	}
	if !strings.Contains(s.desc, "3861 steps of learning between 33 groups") {
		t.Errorf("described as %q", s.desc)
	}
}

func TestWhatPeopleWroteCannotBecomeMarkup(t *testing.T) {
	evil := `</text></title><script>x</script>"'&` + "\x00\x0b\ufffe\xff\n\u2028"
	c := Cascade{Heading: evil, Note: evil, Unit: evil, People: []Person{{Name: evil, Source: -1}}}
	file, err := c.SVG()
	check(t, file, err)
	if bytes.Contains(file, []byte("<script")) {
		t.Errorf("a script got into %s", file)
	}
}

func TestADrawingIsTheSameEveryTimeAndFromManyRequestsAtOnce(t *testing.T) {
	f := Flow{Heading: "Flow", Groups: []string{"A", "B"}, Count: [][]int{{1, 2}, {0, 3}}}
	want, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got, err := f.SVG(); err != nil || !bytes.Equal(got, want) {
				t.Errorf("another drawing, error %v", err)
			}
		})
	}
	all.Wait()
}

func BenchmarkCascade(b *testing.B) {
	c := Cascade{Heading: "Cascade", Unit: "step"}
	for i := range 150 {
		c.People = append(c.People, Person{Name: "School District of Menomonee Falls", Source: (i+1)/2 - 1, Layer: i / 10})
	}
	for b.Loop() {
		if _, err := c.SVG(); err != nil {
			b.Fatal(err)
		}
	}
}
