package guard_test

import (
	"fmt"
	"strings"
	"testing"

	"nicgraph/internal/fault"
	"nicgraph/internal/guard"
)

func TestHostileDocumentsAreRefused(t *testing.T) {
	for _, test := range []struct{ name, query, want string }{
		{"3,000 duplicate fields", "{" + strings.Repeat(" name", 3000) + "}", "3000 fields and this server allows 500"},
		{"10,000 aliases", aliases(10_000), "bytes long and this server allows 32768"},
		{"300 aliases", aliases(300), "aliases and this server allows 200"},
		{"40 levels", nested(40), "40 levels of fields and this server allows 25"},
		{"200 directives", "{ a" + strings.Repeat(" @skip(if: false)", 200) + "}", "200 directives"},
		{"fragments that double", doubling(100), "more than a billion fields"},
		{"fragments that nobody spreads", "{ a } fragment F on T {" + strings.Repeat(" b", 1500) + "}", "1501 fields"},
		{"more words than allowed", "{" + strings.Repeat(" a", 9000) + "}", "more than 8000 words and signs"},
		{"a name of 40,000 letters", "{ " + strings.Repeat("a", 40_000) + " }", "40004 bytes"},
		{"fragments that spread all after them", staircase(60), "fragments and this server allows 300"},
		{"levels hidden in fragments", chained(30), "31 levels"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := guard.Parse(test.query, guard.Default)
			if fault.KindOf(err) != fault.Limit || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestOrdinaryAndFaultyDocumentsPass(t *testing.T) {
	for name, query := range map[string]string{
		"an ordinary question":                  "{ organization(id: 1) { name learners { nodes { name } } } }",
		"a fragment that spreads itself":        "{ ...F } fragment F on T { a ...F }",
		"a fragment that does not exist":        "{ ...F }",
		"a limit met exactly":                   nested(25),
		"two fragments that spread one another": "{ ...F } fragment F on T { ...G } fragment G on T { ...F }",
	} {
		if _, err := guard.Parse(query, guard.Default); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := guard.Parse("{ a", guard.Default); err == nil || fault.KindOf(err) == fault.Limit {
		t.Errorf("a syntax error is told as %v", err)
	}
}

func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d: __typename", i)
	}
	return "{" + b.String() + "}"
}

func nested(n int) string { return strings.Repeat("{ a ", n) + strings.Repeat("}", n) }

// doubling has n fragments, each of which spreads the next one twice.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on T { ...F%d ...F%d }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on T { a }", n)
	return b.String()
}

// staircase has n fragments, each inside the one before, and spreads all of them.
func staircase(n int) string {
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		fmt.Fprintf(&b, " ...F%d", i)
	}
	b.WriteString(" }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on T { ...F%d }", i, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on T { a }", n)
	return b.String()
}

// chained has n fragments, each a level deeper.
func chained(n int) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on T { a { ...F%d } }", i, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on T { a }", n)
	return b.String()
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"{ a }", nested(30), doubling(8), chained(5), "{ ...F } fragment F on T { ...F }", "query($a: [Int!] = [1]) @x { a(b: $a) }"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		doc, err := guard.Parse(query, guard.Default)
		if err == nil && doc == nil {
			t.Error("neither a document nor an error")
		}
	})
}
