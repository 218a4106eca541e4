package neo4jtest

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

//go:embed pom.xml
var pom []byte

// jarsFolder is the folder of the cache that holds the artifacts of pom.xml.
const jarsFolder = "neo4j-5.26.16"

// startWait bounds how long a server may take until it answers.
const startWait = 2 * time.Minute

// Server is a Neo4j that runs. An empty User means that it asks for no password.
type Server struct {
	URI, User, Password string

	room    Room
	home    string
	jars    string
	process *exec.Cmd // nil: it does not run
	ended   chan error
}

// ErrMissing says that this machine lacks a program that starting Neo4j needs.
var ErrMissing = errors.New("java and mvn are needed to start a Neo4j")

// Room is what a server may use of the machine.
type Room struct {
	Java      []string // memory and garbage collector
	PageCache string
}

// little is enough for tests, several of which may run at once.
var little = Room{Java: []string{"-Xms256m", "-Xmx1200m", "-XX:+UseSerialGC"}, PageCache: "128m"}

// Launch starts a Neo4j with empty data on a free port of this machine. With a
// password it lets in only the user neo4j, else everybody. Stop ends it.
func Launch(ctx context.Context, password string) (*Server, error) {
	return LaunchWith(ctx, password, little)
}

// LaunchWith is Launch with so much room.
func LaunchWith(ctx context.Context, password string, room Room) (*Server, error) {
	jars, err := fetch(ctx)
	if err != nil {
		return nil, err
	}
	s := &Server{Password: password, room: room, jars: jars, ended: make(chan error, 1)}
	if password != "" {
		s.User = "neo4j"
	}
	if s.home, err = os.MkdirTemp("", "nicgraph-neo4j-"); err != nil {
		return nil, err
	}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// fetch copies the artifacts into the user's cache, once, and names their folder.
func fetch(ctx context.Context) (string, error) {
	for _, program := range []string{"java", "mvn"} {
		if _, err := exec.LookPath(program); err != nil {
			return "", fmt.Errorf("%w: %w", ErrMissing, err)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	jars := filepath.Join(cache, "nicgraph", jarsFolder)
	if _, err := os.Stat(jars); err == nil {
		return jars, nil
	}
	return jars, download(ctx, jars)
}

// download fills a folder of its own and then renames it, so that a folder under the
// final name is whole whoever else does the same.
func download(ctx context.Context, jars string) error {
	if err := os.MkdirAll(filepath.Dir(jars), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(jars), "fetch-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }() // empty after success
	if err := os.WriteFile(filepath.Join(work, "pom.xml"), pom, 0o644); err != nil {
		return err
	}
	copying := exec.CommandContext(ctx, "mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies", "-DincludeScope=runtime", "-DoutputDirectory="+filepath.Join(work, "jars"))
	copying.Dir = work
	if out, err := copying.CombinedOutput(); err != nil {
		return fmt.Errorf("fetch Neo4j: %w\n%s", err, out)
	}
	err = os.Rename(filepath.Join(work, "jars"), jars)
	if errors.Is(err, fs.ErrExist) {
		return nil // somebody else was faster
	}
	return err
}

// begin writes the configuration and runs the server for the first time.
func (s *Server) begin(ctx context.Context) error {
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	s.URI = fmt.Sprintf("bolt://127.0.0.1:%d", port)
	if err := s.configure(ctx, port); err != nil {
		return err
	}
	return s.Run(ctx)
}

// Run starts a server that was halted, with its data and at its address, and waits until it answers.
func (s *Server) Run(ctx context.Context) error {
	log, err := os.Create(filepath.Join(s.home, "console.log"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()                                                                        // the server has its own handle
	s.process = exec.CommandContext(context.WithoutCancel(ctx), "java", arguments(s.home, s.jars, s.room)...) // it outlives its start
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		s.process = nil
		return err
	}
	go func() { s.ended <- s.process.Wait() }()
	return s.await(ctx)
}

func freePort(ctx context.Context) (int, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

func (s *Server) configure(ctx context.Context, port int) error {
	conf := filepath.Join(s.home, "conf")
	if err := os.MkdirAll(conf, 0o755); err != nil {
		return err
	}
	settings := []string{
		"server.bolt.enabled=true",
		fmt.Sprintf("server.bolt.listen_address=127.0.0.1:%d", port),
		"server.http.enabled=false",
		"server.https.enabled=false",
		"dbms.usage_report.enabled=false",
		"server.memory.pagecache.size=" + s.room.PageCache,
		"db.tx_log.preallocate=false",
		fmt.Sprintf("dbms.security.auth_enabled=%t", s.Password != ""),
	}
	if err := os.WriteFile(filepath.Join(conf, "neo4j.conf"), []byte(strings.Join(settings, "\n")+"\n"), 0o644); err != nil {
		return err
	}
	if s.Password == "" {
		return nil
	}
	admin := exec.CommandContext(ctx, "java", "-cp", filepath.Join(s.jars, "*"), "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", s.Password)
	admin.Env = append(os.Environ(), "NEO4J_HOME="+s.home, "NEO4J_CONF="+conf)
	if out, err := admin.CombinedOutput(); err != nil {
		return fmt.Errorf("set the password: %w\n%s", err, out)
	}
	return nil
}

// opened are the packages of Java's base that Neo4j reaches into.
var opened = []string{
	"java.lang", "java.util", "java.util.concurrent", "java.util.concurrent.atomic", "java.nio", "java.io", "java.net",
	"java.text", "java.lang.reflect", "java.lang.invoke", "sun.nio.ch", "jdk.internal.ref", "jdk.internal.misc",
}

func arguments(home, jars string, room Room) []string {
	conf := filepath.Join(home, "conf")
	args := append(slices.Clone(room.Java), "-Dfile.encoding=UTF-8")
	for _, p := range opened {
		args = append(args, "--add-opens=java.base/"+p+"=ALL-UNNAMED")
	}
	classes := conf + string(filepath.ListSeparator) + filepath.Join(jars, "*")
	return append(args, "-cp", classes, "org.neo4j.server.CommunityEntryPoint", "--home-dir="+home, "--config-dir="+conf)
}

// await waits until the server answers a statement: on a busy machine the first one takes long.
func (s *Server) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	driver, err := s.Driver()
	if err != nil {
		return err
	}
	defer func() { _ = driver.Close(context.WithoutCancel(ctx)) }()
	for tick := time.NewTicker(200 * time.Millisecond); ; {
		select {
		case <-tick.C:
			if _, err := neo4j.ExecuteQuery(ctx, driver, "RETURN 1", nil, neo4j.EagerResultTransformer); err == nil {
				return nil
			}
		case err := <-s.ended:
			s.ended <- err
			return fmt.Errorf("Neo4j ended while starting: %w\n%s", err, s.log())
		case <-ctx.Done():
			return fmt.Errorf("Neo4j did not answer: %w\n%s", ctx.Err(), s.log())
		}
	}
}

func (s *Server) log() []byte {
	log, _ := os.ReadFile(filepath.Join(s.home, "console.log")) // only adds to an error
	return log[max(0, len(log)-4000):]
}

// Driver connects to the server.
func (s *Server) Driver() (neo4j.DriverWithContext, error) {
	if s.User == "" {
		return neo4j.NewDriverWithContext(s.URI, neo4j.NoAuth())
	}
	return neo4j.NewDriverWithContext(s.URI, neo4j.BasicAuth(s.User, s.Password, ""))
}

// Process is that of the server.
func (s *Server) Process() *os.Process { return s.process.Process }

// Stop ends a server that Launch started, waits for it, and removes its data.
func (s *Server) Stop() error {
	s.Halt(os.Interrupt)
	return os.RemoveAll(s.home)
}

// Halt ends a server that Launch started, by a signal (os.Kill is a crash), waits for it, and keeps
// its data. One that does not run stays so.
func (s *Server) Halt(by os.Signal) {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Signal(by) // it may have ended by itself
	select {
	case <-s.ended: //nolint:errcheck // an exit by signal is no error here
	case <-time.After(30 * time.Second):
		_ = s.process.Process.Kill()
		<-s.ended //nolint:errcheck // as above
	}
	s.process = nil
}
