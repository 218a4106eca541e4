// Package mishaps runs the program and lets the world around it fail: kills, full disks, cut
// wires, crowds. It holds only tests; what somebody does to the server on purpose is in abuse.
package mishaps

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"nicgraph/internal/neo4jtest"
)

// binary is the program, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "nicgraph-mishaps-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "nicgraph")
	if out, err := exec.Command("go", "build", "-o", binary, "../../cmd/nicgraph").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build the program: %v\n%s", err, out))
	}
	code := neo4jtest.Main(m)
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// program is a server that runs as a process of its own.
type program struct {
	cmd     *exec.Cmd
	address string
	said    *bytes.Buffer // its standard error; to be read when it has ended
}

var addressSaid = regexp.MustCompile(`answers at (http://\S+/graphql)`)

// serve starts the program, empty, and waits until it answers.
func serve(t *testing.T, args ...string) *program {
	t.Helper()
	return launch(t, exec.Command(binary, append(serveArgs(), args...)...))
}

func serveArgs() []string {
	return []string{"serve", "--empty", "--quiet", "--listen", "127.0.0.1:0"}
}

func launch(t *testing.T, cmd *exec.Cmd) *program {
	t.Helper()
	p := &program{cmd: cmd, said: new(bytes.Buffer)}
	cmd.Stderr = p.said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if said := addressSaid.FindStringSubmatch(lines.Text()); said != nil {
			p.address = said[1]
			return p
		}
	}
	p.kill()
	t.Fatalf("the program did not start: %s", p.said)
	return nil
}

// kill ends the program as a power cut would, as far as a process can tell.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it was killed, and that is what it says
}

// client keeps more connections than the usual one, which opens new ones all the time.
var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// refusal is an answer that is an error.
type refusal struct{ Code, Message string }

func (r *refusal) Error() string { return r.Code + ": " + r.Message }

// ask sends an operation and reads the data of the answer.
func (p *program) ask(ctx context.Context, data any, query string, variables map[string]any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return &refusal{answer.Errors[0].Extensions.Code, answer.Errors[0].Message}
	}
	return json.Unmarshal(answer.Data, data)
}
