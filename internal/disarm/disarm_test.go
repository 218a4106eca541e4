package disarm_test

import (
	"testing"

	"nicgraph/internal/disarm"
)

func TestNoTextIsRunAsAFormula(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "",
		"Ann Example":                   "Ann Example",
		"1 = 1, and 2 - 1":              "1 = 1, and 2 - 1",
		`=HYPERLINK("http://x","y")`:    `'=HYPERLINK("http://x","y")`,
		"+1":                            "'+1",
		"-1":                            "'-1",
		"@SUM(1)":                       "'@SUM(1)",
		"＝1+1":                          "'＝1+1",
		"＠SUM(1)":                       "'＠SUM(1)",
		"\t=1":                          "'\t=1",
		"\rx":                           "'\rx",
		"\nx":                           "'\nx",
		"  =1":                          "'  =1",
		"\u00a0=1":                      "'\u00a0=1",
		"\ufeff=1":                      "'\ufeff=1",
		"a;=1":                          "a;'=1",
		"a; =1;b":                       "a;' =1;b",
		"a\n=cmd|' /C calc'!A0":         "a\n'=cmd|' /C calc'!A0",
		"a\tb;c\nd":                     "a\tb;c\nd",
		"=1;=2\n=3":                     "'=1;'=2\n'=3",
		"semi-detached; well-known 2-3": "semi-detached; well-known 2-3",
	} {
		if got := disarm.Formulas(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsSafeOnceIsSafeAgain(t *testing.T) {
	for _, text := range []string{"=1", "\t=1", "a;=1", "\n", "＝;＝"} {
		once := disarm.Formulas(text)
		if again := disarm.Formulas(once); again != once {
			t.Errorf("%q became %q and then %q", text, once, again)
		}
	}
}
