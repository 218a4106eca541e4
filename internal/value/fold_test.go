package value_test

import (
	"testing"
	"unicode/utf8"

	"nicgraph/internal/value"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"":               "",
		"PDSA cycle":     "pdsa cycle",
		"São Paulo":      "sao paulo",
		"Sa\u0303o":      "sao",
		"Zoë":            "zoe",
		"Straße":         "strasse",
		"STRASSE":        "strasse",
		"ﬁrst":           "first",
		"Ａ１":             "a1",
		"İstanbul":       "istanbul",
		"Σίσυφος":        "σισυφοσ",
		"𐐀":              "𐐨",
		"ᏸᎣ":             "ᏰᎣ",
		"日本 😀":           "日本 😀",
		"½":              "1⁄2",
		"\u0301":         "",
		"a\u200db":       "a\u200db",
		"it's 50% _ \\ ": "it's 50% _ \\ ",
	} {
		t.Run(text, func(t *testing.T) {
			if got := value.Fold(text); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"São Paulo", "STRASSE", "İ", "ﬁ", "a\u0301", "\u0345", "ΐ", "Ǆ", "\u1E9E", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := value.Fold(text)
		if twice := value.Fold(once); twice != once {
			t.Errorf("%q folds to %q and then to %q", text, once, twice)
		}
		if utf8.ValidString(text) && !utf8.ValidString(once) {
			t.Errorf("%q folds to the invalid %q", text, once)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for _, text := range []string{"Maria K. Smith", "Ángel Núñez-Žižka", "改善 (kaizen), تحسين, улучшение"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				value.Fold(text)
			}
		})
	}
}

func TestFoldingTakesFewAllocations(t *testing.T) {
	least := 100.0
	for range 20 { // a pool may forget what it holds
		least = min(least, testing.AllocsPerRun(20, func() { value.Fold("Ángel Núñez-Žižka") }))
	}
	if least > 5 {
		t.Errorf("%.0f allocations", least)
	}
}
