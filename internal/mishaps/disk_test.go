package mishaps

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// diskSize is that of the disk which fills up, ballast what is removed from it to make room.
const (
	diskSize = 4 << 20
	ballast  = 3 << 20
)

func TestAFullDiskRefusesWritesAndNothingElse(t *testing.T) {
	p, disk := serveOnDisk(t)
	must(t, os.WriteFile(filepath.Join(disk, "ballast"), make([]byte, ballast), 0o600))
	l := newLoad(4)
	l.run(t.Context(), p, func(err error) bool {
		if err != nil && (code(err) != "UNAVAILABLE" || !strings.Contains(err.Error(), "the disk is full")) {
			t.Errorf("on a full disk: %v, want that it is full", err)
		}
		return err == nil
	})
	full := l.acknowledged()
	l.check(t, p)
	l.check(t, serve(t, "--data", copied(t, filepath.Join(disk, "data"))))

	must(t, os.Remove(filepath.Join(disk, "ballast")))
	const more = 20
	for range more {
		for _, w := range l.writers {
			must(t, w.write(t.Context(), p))
		}
	}
	l.check(t, p)
	if want := full + more*len(l.writers); l.seen != want {
		t.Errorf("%d changes, want %d: one that was refused is there", l.seen, want)
	}
	t.Logf("the disk was full after %d writes; then %d more", full, l.acknowledged()-full)
}

// serveOnDisk starts the program on a small disk of its own, which only it sees, and names the
// disk's folder as it is reached from here.
func serveOnDisk(t *testing.T) (p *program, disk string) {
	t.Helper()
	dir := t.TempDir()
	script := fmt.Sprintf(`mount -t tmpfs -o size=%d tmpfs "$0" && exec "$@"`, diskSize)
	inside := []string{"--user", "--map-root-user", "--mount", "sh", "-c", script, dir}
	if out, err := exec.Command("unshare", append(inside, "true")...).CombinedOutput(); err != nil {
		t.Skipf("no disk of its own can be had here: %v %s", err, out)
	}
	args := append(append(inside, binary), serveArgs()...)
	p = launch(t, exec.Command("unshare", append(args, "--data", filepath.Join(dir, "data"))...))
	return p, filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "root", dir)
}

// copied is a copy of the files of a folder that nobody writes meanwhile; the socket by which
// backups are asked for is none.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		if e.Type().IsRegular() {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(to, e.Name()), data, 0o600))
		}
	}
	return to
}
