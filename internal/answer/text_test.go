package answer

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// written is a text as the writer writes it.
func written(s string) string {
	w := writer{}
	w.text(s)
	return string(w.dst)
}

func TestTextsAreWrittenAsTheLibraryQuotesThem(t *testing.T) {
	for c := range 256 {
		for at := range 18 {
			s := strings.Repeat("x", at) + string([]byte{byte(c)}) + strings.Repeat("y", 17-at)
			checkText(t, s)
			checkText(t, s[:at+1])
		}
	}
	for _, s := range []string{"", "é", "Ángel Núñez-Žižka", "\u2028 and \u2029", "\ufffd", "日本語のテキスト", "half of é: \xc3"} {
		checkText(t, s)
	}
}

func checkText(t *testing.T, s string) {
	t.Helper()
	want, err := jsontext.AppendQuote(nil, s)
	if got := written(s); err == nil && got != string(want) {
		t.Errorf("%q is written as %s, want %s", s, got, want)
	}
	if err != nil && plain(s) {
		t.Errorf("%q is no text, and written as one", s)
	}
}

func FuzzTextsAreWrittenAsTheLibraryQuotesThem(f *testing.F) {
	f.Add("Somebody who \"improves\" schools.")
	f.Fuzz(checkText)
}

func BenchmarkText(b *testing.B) {
	for name, s := range map[string]string{
		"short": "joy-s-tran-haddad",
		"long":  "Staff brought the routine home from the spring convening, then rewrote it for their own grade level.",
		"other": "Ángel Núñez-Žižka",
		"quote": `Staff brought the "routine" home`,
	} {
		b.Run(name, func(b *testing.B) {
			w := writer{dst: make([]byte, 0, 256)}
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				w.dst = w.dst[:0]
				w.text(s)
			}
		})
	}
}
