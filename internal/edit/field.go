package edit

import (
	"fmt"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/fault"
	"nicgraph/internal/value"
)

// The longest texts, in characters, and the longest lists.
const (
	maxName = 500 // of names and titles, and of each text in a list
	maxText = 20_000
	maxList = 1000
)

// fill gives a node what an input says.
func (d *draft) fill(i int, input change.Input, n *change.Node, creates bool) error {
	for _, p := range n.Type.Properties[1:] {
		v, given := input[p.Name]
		switch {
		case p.Managed:
		case given && v != nil:
			n.Values[p.Index] = d.scalar(i, p, v)
		case given && p.Required:
			d.faults.add(fault.Invalid, in(i, p.Name), "%s is null; %s always has one", p.Name, catalog.WithArticle(n.Type.Name))
		case given:
			n.Values[p.Index] = nothing(p)
		case creates && p.Required:
			d.faults.add(fault.Invalid, in(i, p.Name), "%s is missing; %s always has one", p.Name, catalog.WithArticle(n.Type.Name))
		}
	}
	for _, l := range n.Type.Out {
		v, given := input[l.Name]
		if !given && !creates {
			continue
		}
		n.Links[l.Index] = targets(v)
		if err := d.link(i, l, n); err != nil {
			return err
		}
	}
	return nil
}

// scalar reads the value of a property, or tells what is wrong with it.
func (d *draft) scalar(i int, p *catalog.Property, v any) value.Value {
	if list, ok := v.([]any); ok && p.Kind == value.Strings {
		return d.texts(i, p, list)
	}
	read, err := scalarOf(p, v)
	if err != nil {
		d.faults.add(fault.Invalid, in(i, p.Name), "%s %s", p.Name, err)
	}
	return read
}

// scalarOf reads a value. Its error completes a sentence that begins with the property.
func scalarOf(p *catalog.Property, v any) (value.Value, error) {
	switch v := v.(type) {
	case string:
		return textOf(p, v)
	case bool:
		if p.Kind == value.Bool {
			return value.OfBool(v), nil
		}
	case int64:
		switch p.Kind {
		case value.Int:
			return value.OfInt(v), nil
		case value.Float:
			return value.OfFloat(float64(v)), nil
		}
	case float64:
		if p.Kind == value.Float {
			return value.OfFloat(v), nil
		}
	}
	return value.Value{}, fmt.Errorf("is %v, which is no %s", v, p.Kind)
}

func textOf(p *catalog.Property, text string) (value.Value, error) {
	switch p.Kind {
	case value.Text:
		return value.OfText(text), checkText(text, longest(p), whenEmpty(p))
	case value.Date:
		_, err := value.ParseDate(text)
		return value.OfDate(text), err
	case value.Enum:
		if p.Enum.Has(text) {
			return value.OfEnum(text), nil
		}
		return value.Value{}, fmt.Errorf("is %s, which is not in the vocabulary", value.Clip(text))
	default:
		return value.Value{}, fmt.Errorf("is a text where %s is wanted", p.Kind)
	}
}

// longest is how many characters a text may have.
func longest(p *catalog.Property) int {
	if p.Name == "name" || p.Name == "title" {
		return maxName
	}
	return maxText
}

// whenEmpty says what to do about an empty text.
func whenEmpty(p *catalog.Property) string {
	if p.Required {
		return "there always is one"
	}
	return "give null where there is nothing to say"
}

func checkText(text string, longest int, whenEmpty string) error {
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("is empty; %s", whenEmpty)
	}
	return change.CheckText(text, longest)
}

// listMark parts the elements of a list in the tables, so none can hold it.
const listMark = ";"

// texts reads a list of texts.
func (d *draft) texts(i int, p *catalog.Property, list []any) value.Value {
	if len(list) > maxList {
		d.faults.add(fault.Limit, in(i, p.Name), "%s has %d elements and may have %d", p.Name, len(list), maxList)
		return value.Value{}
	}
	texts, seen := make([]string, len(list)), make(map[string]bool, len(list))
	for k := range list {
		text, _ := list[k].(string)
		texts[k] = strings.TrimSpace(text)
		err := checkText(texts[k], maxName, "leave it out")
		switch {
		case err != nil:
			d.faults.add(fault.Invalid, in(i, p.Name, k), "%s %s", p.Name, err)
		case strings.Contains(text, listMark):
			d.faults.add(fault.Invalid, in(i, p.Name, k), "%s %s holds a semicolon, which parts the elements in tables", p.Name, value.Clip(text))
		case seen[texts[k]]:
			d.faults.add(fault.Invalid, in(i, p.Name, k), "%s names %s twice", p.Name, value.Clip(text))
		}
		seen[texts[k]] = true
	}
	return value.OfStrings(texts)
}

// dates checks what a node's dates mean together, and widens a date by its precision.
func (d *draft) dates(i int, input change.Input, n *change.Node) {
	if dating, ok := change.DatingOf(n.Type); ok && (given(input, dating.Date) || given(input, dating.Precision)) {
		d.widen(i, dating, n)
	}
	if from, to, found := n.Backward(); found {
		at := to
		if !given(input, to) {
			at = from
		}
		d.faults.add(fault.Invalid, in(i, at.Name), "%s %s lies before %s %s", to.Name, n.Values[to.Index].Str, from.Name, n.Values[from.Index].Str)
	}
}

func given(input change.Input, p *catalog.Property) bool {
	_, ok := input[p.Name]
	return ok
}

func (d *draft) widen(i int, dating change.Dating, n *change.Node) {
	written, precision := n.Values[dating.Date.Index].Str, n.Values[dating.Precision.Index].Str
	if _, err := value.ParseDate(written); precision == "" || written != "" && err != nil {
		return // told already
	}
	date, err := change.Expand(precision, written)
	switch {
	case err != nil:
		d.faults.add(fault.Invalid, in(i, dating.Date.Name), "%s %q does not fit %s %s: it %s", dating.Date.Name, written, dating.Precision.Name, precision, err)
	case date != "":
		n.Values[dating.Date.Index] = value.OfDate(date)
	}
}
