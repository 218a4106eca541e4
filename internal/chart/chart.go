// Package chart draws how a practice spread: the curve of adoption, a cascade, the flow
// between groups, each as one SVG file without scripts and outside fonts. Where the numbers
// come from it leaves to whoever asks.
package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
	"image/color"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Sizes are in units of the drawing. A page 390 pixels wide shows three quarters of a
// pixel for each, so that the smallest text is still 8 pixels high there.
const (
	cardWidth = 520
	margin    = 14
	small     = 11.5
	middle    = 13
	large     = 16
)

// Colours that differ for all eyes and in grey (Okabe and Ito 2008).
var (
	ink    = color.RGBA{R: 0x22, G: 0x22, B: 0x22, A: 0xff}
	soft   = color.RGBA{R: 0x55, G: 0x55, B: 0x55, A: 0xff}
	faint  = color.RGBA{R: 0xdd, G: 0xdd, B: 0xdd, A: 0xff}
	blue   = color.RGBA{R: 0x00, G: 0x72, B: 0xb2, A: 0xff}
	orange = color.RGBA{R: 0xd5, G: 0x5e, B: 0x00, A: 0xff}
)

// card is a white sheet with a heading and a note, and room below them to draw in.
type card struct {
	heading       string
	width, height vg.Length
	svg           *vgsvg.Canvas
	room          draw.Canvas
}

// newCard makes a sheet whose room is so wide and high.
func newCard(heading, note string, width, height vg.Length) *card {
	bold, plain := style(large, ink), style(middle, soft)
	bold.Font.Weight = font.WeightBold
	lines := wrapped(bold, heading, width, 3)
	notes := wrapped(plain, note, width, 4)
	head := vg.Length(len(lines))*1.3*large + vg.Length(len(notes))*1.4*middle + margin/2
	c := &card{heading: printable(heading), width: width + 2*margin, height: height + head + 2*margin}
	c.svg = vgsvg.NewWith(vgsvg.UseWH(c.width, c.height))
	c.room = draw.Crop(draw.New(c.svg), margin, -margin, margin, -margin)
	for _, line := range lines {
		c.write(bold, line, 1.3*large)
	}
	for _, line := range notes {
		c.write(plain, line, 1.4*middle)
	}
	c.room.Max.Y = c.room.Min.Y + height
	return c
}

// write puts a line of text on top of the room, and lets the room begin below it.
func (c *card) write(style draw.TextStyle, line string, height vg.Length) {
	style.YAlign = draw.YTop
	c.room.FillText(style, vg.Point{X: c.room.Min.X, Y: c.room.Max.Y}, line)
	c.room.Max.Y -= height
}

// file is the finished sheet: what vgsvg writes, with a title and a description, which it
// cannot write. It may become narrower in a page; a height of auto would make it empty to programs
// that read sizes of SVG themselves, such as CairoSVG.
func (c *card) file(description string) ([]byte, error) {
	var drawn, out bytes.Buffer
	if _, err := c.svg.WriteTo(&drawn); err != nil {
		return nil, fmt.Errorf("write the drawing: %w", err)
	}
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" role="img" style="max-width:100%%">`+"\n",
		c.width, c.height, c.width, c.height)
	fmt.Fprintf(&out, "<title>%s</title>\n<desc>%s</desc>\n", escaped(c.heading), escaped(description))
	fmt.Fprintln(&out, `<rect width="100%" height="100%" rx="6" fill="#ffffff"/>`)
	body := drawn.Bytes()[len(beginning.Find(drawn.Bytes())):]
	out.Write(written.ReplaceAllFunc(body, anyFont))
	return out.Bytes(), nil
}

// beginning is what vgsvg writes before the drawing; written is a text in it.
var (
	beginning = regexp.MustCompile(`(?s)^.*?<svg[^>]*>\n*`)
	written   = regexp.MustCompile(`style="font-family:[^;]*;[^"]*font-weight:([^;]*);[^"]*font-size:([0-9.]*)px;(fill:[^"]*)">([^<]*)</text>`)
)

// anyFont gives a text the length that was reckoned with, so that it fits its place in
// whatever font it is shown.
func anyFont(text []byte) []byte {
	parts := written.FindSubmatch(text)
	size, _ := strconv.ParseFloat(string(parts[2]), 64)
	letters := style(vg.Length(size), ink)
	if string(parts[1]) == "bold" {
		letters.Font.Weight = font.WeightBold
	}
	length := letters.Width(html.UnescapeString(string(parts[4])))
	return fmt.Appendf(nil, `textLength="%.1f" lengthAdjust="spacingAndGlyphs" style="font:%s %spx Liberation Sans,Arial,Helvetica,sans-serif;%s">%s</text>`,
		length, parts[1], parts[2], parts[3], parts[4])
}

func escaped(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(printable(text))) // a Builder takes everything
	return out.String()
}

// style is plain text of a size, in a font whose letters are as wide as Arial's.
func style(size vg.Length, ink color.Color) draw.TextStyle {
	f := plot.DefaultFont
	f.Variant, f.Size = "Sans", size
	return draw.TextStyle{Color: ink, Font: f, Handler: plot.DefaultTextHandler}
}

// longest is how much of a text is looked at; more would not be legible anyway.
const longest = 400

// printable is the text on one line, without what XML cannot hold.
func printable(text string) string {
	one := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == '\ufffe', r == '\uffff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return strings.Join(strings.Fields(one), " ")
}

// cut is as much of the beginning of a text as fits a width.
func cut(style draw.TextStyle, text string, width vg.Length) string {
	letters := []rune(printable(text))
	if len(letters) <= longest && style.Width(string(letters)) <= width {
		return string(letters)
	}
	most := min(len(letters), longest)
	dropped := sort.Search(most, func(n int) bool { return style.Width(shortened(letters, most-n)) <= width })
	if dropped < most {
		return shortened(letters, most-dropped)
	}
	return ""
}

func shortened(letters []rune, length int) string {
	return strings.TrimSpace(string(letters[:length])) + "…"
}

// wrapped breaks a text into lines of a width. The last of so many is cut.
func wrapped(style draw.TextStyle, text string, width vg.Length, most int) (lines []string) {
	line := ""
	words := strings.Fields(printable(text))
	for i, word := range words {
		longer := strings.TrimSpace(line + " " + word)
		switch {
		case line == "" || style.Width(longer) <= width:
			line = longer
		case len(lines) == most-1:
			return append(lines, cut(style, line+" "+strings.Join(words[i:], " "), width))
		default:
			lines, line = append(lines, cut(style, line, width)), word
		}
	}
	if line != "" {
		lines = append(lines, cut(style, line, width))
	}
	return lines
}
