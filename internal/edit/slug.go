package edit

import (
	"fmt"
	"strings"

	"nicgraph/internal/catalog"
	"nicgraph/internal/change"
	"nicgraph/internal/value"
)

// maxSlug bounds the characters of an id that is made.
const maxSlug = 80

// name gives a node without an id one that is free: made of its name or title, else of the
// ids of what it is about, with a number behind when it is taken.
func (d *draft) name(n *change.Node) error {
	if n.ID != "" {
		return nil
	}
	stem := stemOf(n)
	for number := d.made[stem] + 1; ; number++ {
		id := numbered(stem, number)
		if number%ahead == 1 {
			if err := d.lookUp(candidates(stem, number)); err != nil {
				return fmt.Errorf("look for a free id: %w", err)
			}
		}
		if _, taken := d.inputs[id]; taken || d.known[id] != nil || d.stands[id] != "" {
			continue
		}
		d.inputs[id], d.made[stem] = -1, number
		n.ID, n.Values[0] = id, value.OfID(id)
		d.batch.Expect[id] = change.Absent
		return nil
	}
}

// ahead is how many ids are looked up at a time.
const ahead = 25

func candidates(stem string, from int) []string {
	ids := make([]string, ahead)
	for i := range ids {
		ids[i] = numbered(stem, from+i)
	}
	return ids
}

func numbered(stem string, number int) string {
	if number == 1 {
		return stem
	}
	return fmt.Sprintf("%s-%d", stem, number)
}

func stemOf(n *change.Node) string {
	for _, name := range []string{"name", "title"} {
		if p, ok := n.Type.Property(name); ok {
			if stem := slug(n.Values[p.Index].Str); stem != "" {
				return stem
			}
		}
	}
	var ends []string
	for _, l := range n.Type.Out {
		if l.Required && !l.Many {
			ends = append(ends, n.Links[l.Index]...)
		}
	}
	if stem := slug(strings.Join(ends, "-")); stem != "" {
		return stem
	}
	return strings.ToLower(strings.ReplaceAll(catalog.Screaming(n.Type.Name), "_", "-"))
}

// slug writes a text as an id: its letters without accents and its digits, in small letters,
// with hyphens between the words. It is empty when nothing is left.
func slug(text string) string {
	var b strings.Builder
	between := false
	for _, r := range value.Fold(text) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if between && b.Len() > 0 {
				b.WriteByte('-')
			}
			between = false
			b.WriteRune(r)
		case r != '\'' && r != '’':
			between = true
		}
	}
	return shortened(b.String())
}

// shortened ends a long slug behind a whole word where it can.
func shortened(slug string) string {
	if len(slug) <= maxSlug {
		return slug
	}
	if end := strings.LastIndexByte(slug[:maxSlug+1], '-'); end > maxSlug/2 {
		return slug[:end]
	}
	return strings.TrimSuffix(slug[:maxSlug], "-")
}
