package archive_test

import (
	"bytes"
	"io"
	"testing"

	"nicgraph/internal/archive"
)

func backup(t *testing.T, content string) []byte {
	t.Helper()
	var to bytes.Buffer
	a, err := archive.NewWriter(&to, "toy")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(a, content); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Bytes()
}

func TestABackupIsReadAsItWasWritten(t *testing.T) {
	for _, content := range []string{"", "x", "a line\nand more \x00\xff"} {
		kind, read, err := archive.Open(bytes.NewReader(backup(t, content)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(read)
		if err != nil || kind != "toy" || string(got) != content {
			t.Errorf("got %q of kind %q, error %v, want %q", got, kind, err, content)
		}
	}
}

func TestABackupThatIsCutOrHasOneBitTurnedIsRefused(t *testing.T) {
	whole := backup(t, "what is kept")
	for n := range whole {
		if _, _, err := archive.Open(bytes.NewReader(whole[:n])); err == nil {
			t.Errorf("cut after %d bytes it is taken", n)
		}
		for bit := range 8 {
			turned := bytes.Clone(whole)
			turned[n] ^= 1 << bit
			if kind, _, err := archive.Open(bytes.NewReader(turned)); err == nil {
				t.Errorf("with bit %d of byte %d turned it is taken, as of kind %q", bit, n, kind)
			}
		}
	}
	if _, _, err := archive.Open(bytes.NewReader(append(whole, 0))); err == nil {
		t.Error("with a byte more it is taken")
	}
}
