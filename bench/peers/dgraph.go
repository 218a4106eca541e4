package peers

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"nicgraph/bench/program"
)

// dgraph is Dgraph, built from its module, with the same rows as a graph of its own.
type dgraph struct {
	place   Place
	address string // of alpha, which answers; it must not change between runs
	offsets [2]int // from the usual ports: of alpha and of zero
	zero    *program.Process
}

const dgraphVersion = "v25.0.0"

func (*dgraph) Name() string { return "Dgraph" }

func (*dgraph) Language() string { return "dgraph" }

func (d *dgraph) program() string {
	return filepath.Join(d.place.Cache, "dgraph-"+dgraphVersion, "dgraph")
}

func (d *dgraph) data() string { return filepath.Join(d.place.Work, "dgraph") }

func (d *dgraph) Prepare(ctx context.Context) (string, error) {
	if err := d.build(ctx); err != nil {
		return "", &Missing{What: "Dgraph cannot be built", Err: err}
	}
	if err := os.MkdirAll(d.data(), 0o755); err != nil {
		return "", err
	}
	if err := d.choosePorts(ctx); err != nil {
		return "", err
	}
	zero := program.Server(ctx, d.program(), "zero", "--my", d.zeroAddress(), "--port_offset", strconv.Itoa(d.offsets[1]), "--wal", "zero", "--telemetry", "reports=false; sentry=false")
	zero.Dir = d.data()
	var err error
	d.zero, err = program.Start(zero, filepath.Join(d.place.Work, "dgraph-zero.log"))
	return "Dgraph " + dgraphVersion + ", one zero and one alpha", err
}

// build builds the program in a module of its own, once.
func (d *dgraph) build(ctx context.Context) error {
	if _, err := os.Stat(d.program()); err == nil {
		return nil
	}
	work, err := os.MkdirTemp(d.place.Work, "dgraph-module-")
	if err != nil {
		return err
	}
	const module = "github.com/hypermodeinc/dgraph/v25"
	for _, args := range [][]string{
		{"mod", "init", "built"},
		{"get", module + "/dgraph@" + dgraphVersion},
		{"build", "-o", d.program(), module + "/dgraph"},
	} {
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir, cmd.Env = work, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=mod")
		if err := program.Run(cmd); err != nil {
			return err
		}
	}
	return nil
}

// choosePorts finds free ones; those of one process keep their distances.
func (d *dgraph) choosePorts(ctx context.Context) error {
	for i, usual := range []int{8080, 6080} {
		address, err := program.FreeAddress(ctx)
		if err != nil {
			return err
		}
		number, err := strconv.Atoi(port(address))
		if err != nil {
			return err
		}
		d.offsets[i] = number - usual
		if i == 0 {
			d.address = address
		}
	}
	return nil
}

func (d *dgraph) zeroAddress() string { return fmt.Sprintf("127.0.0.1:%d", 5080+d.offsets[1]) }

func (d *dgraph) Serve(ctx context.Context) (*exec.Cmd, string, error) {
	alpha := program.Server(ctx, d.program(), "alpha", "--my", fmt.Sprintf("127.0.0.1:%d", 7080+d.offsets[0]), "--zero", d.zeroAddress(),
		"--port_offset", strconv.Itoa(d.offsets[0]), "--postings", "postings", "--wal", "wal", "--tmp", "tmp", "--telemetry", "reports=false; sentry=false")
	alpha.Dir = d.data()
	return alpha, d.address, nil
}

func (d *dgraph) Load(ctx context.Context, dir string) error {
	rdf := filepath.Join(d.data(), "graph.rdf.gz")
	if err := writeRDF(dir, rdf); err != nil {
		return err
	}
	command, _, err := d.Serve(ctx)
	if err != nil {
		return err
	}
	alpha, err := program.Start(command, filepath.Join(d.place.Work, "dgraph-load.log"))
	if err != nil {
		return err
	}
	return errors.Join(d.fill(ctx, rdf), alpha.Stop())
}

// fill gives a fresh alpha its schema and its data.
func (d *dgraph) fill(ctx context.Context, rdf string) error {
	schema, err := files.ReadFile("dgraph/schema.graphql")
	if err != nil {
		return err
	}
	for range 300 {
		if err = d.post(ctx, "/admin/schema", schema); err == nil {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	if err != nil {
		return err
	}
	live := exec.CommandContext(ctx, d.program(), "live", "--files", rdf, "--alpha", fmt.Sprintf("127.0.0.1:%d", 9080+d.offsets[0]), "--zero", d.zeroAddress())
	live.Dir = d.data()
	return program.Run(live)
}

func (d *dgraph) post(ctx context.Context, path string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+d.address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // what was read is read
	said, err := io.ReadAll(resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || bytes.Contains(said, []byte(`"errors"`))) {
		err = fmt.Errorf("%s answered with %s: %s", path, resp.Status, said)
	}
	return err
}

func (d *dgraph) Database() []int {
	if d.zero == nil {
		return nil
	}
	return []int{d.zero.ID()}
}

func (d *dgraph) Close() error { return d.zero.Stop() }

// writeRDF writes the rows as triples, with the links in both directions as Dgraph's GraphQL wants them.
func writeRDF(dir, path string) error {
	rows, err := readPlain(dir)
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	packed := gzip.NewWriter(file)
	w := triples{Writer: bufio.NewWriterSize(packed, 1<<20), nodes: map[string]string{}}
	w.parties(rows.parties)
	w.practices(rows.practices)
	w.memberships(rows.memberships)
	w.learnings(rows.learnings)
	return errors.Join(w.Flush(), packed.Close(), file.Close())
}

// triples writes nodes; the writer keeps its first error until it is flushed.
type triples struct {
	*bufio.Writer

	nodes map[string]string // blank nodes by id
}

// node begins a node of some types.
func (w *triples) node(id string, types ...string) string {
	name := "_:n" + strconv.Itoa(len(w.nodes))
	w.nodes[id] = name
	for _, t := range types {
		w.text(name, "dgraph.type", t)
	}
	return name
}

// text writes a value that is there.
func (w *triples) text(node, predicate, text string) {
	if text != "" {
		fmt.Fprintf(w, "%s <%s> \"%s\" .\n", node, predicate, escape.Replace(text))
	}
}

var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// link writes a link and its way back.
func (w *triples) link(node, predicate, back, id string) {
	other := w.nodes[id]
	fmt.Fprintf(w, "%s <%s> %s .\n%s <%s> %s .\n", node, predicate, other, other, back, node)
}

func (w *triples) parties(rows [][]string) {
	for _, r := range rows {
		node := w.node(r[0], r[1], "Party")
		for i, predicate := range []string{"Party.id", "", "Party.name", "Party.nameFold", "Party.aliases", "Party.summary", r[1] + ".kind", r[1] + ".region"} {
			if predicate != "" {
				w.text(node, predicate, r[i])
			}
		}
	}
}

func (w *triples) practices(rows [][]string) {
	for _, r := range rows {
		node := w.node(r[0], "Practice")
		for i, predicate := range []string{"Practice.id", "Practice.name", "Practice.nameFold"} {
			w.text(node, predicate, r[i])
		}
	}
}

func (w *triples) memberships(rows [][]string) {
	for _, r := range rows {
		node := w.node(r[0], "Membership")
		w.text(node, "Membership.id", r[0])
		w.link(node, "Membership.member", "Party.memberships", r[1])
		w.link(node, "Membership.network", "Network.roster", r[2])
	}
}

func (w *triples) learnings(rows [][]string) {
	for _, r := range rows {
		node := w.node(r[0], "Learning")
		w.link(node, "Learning.learner", "Party.learningsAsLearner", r[1])
		w.link(node, "Learning.teacher", "Party.learningsAsTeacher", r[2])
		w.link(node, "Learning.practice", "Practice.learnings", r[3])
		w.text(node, "Learning.practiceId", r[3])
		w.text(node, "Learning.id", r[0])
		for i, predicate := range []string{"Learning.channelKind", "Learning.started", "Learning.startedFrom", "Learning.startedTo", "Learning.stage"} {
			w.text(node, predicate, r[4+i])
		}
	}
}
