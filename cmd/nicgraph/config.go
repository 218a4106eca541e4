package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/adrg/xdg"
	"github.com/spf13/pflag"

	"nicgraph/internal/admission"
	"nicgraph/internal/exchange"
	"nicgraph/internal/fault"
	"nicgraph/internal/httpserver"
	"nicgraph/internal/live"
	"nicgraph/internal/store/neo4jstore"
)

// Config is what flags and environment say.
type Config struct {
	Listen  string
	Store   string // embedded or neo4j
	Data    string // folder of the embedded store
	Neo4j   neo4jstore.Config
	Origins []string
	Timeout time.Duration
	AtOnce  int // questions worked on at once; 0: what suits the store
	Follow  live.Limits
	Live    httpserver.Live
	Empty   bool
	Quiet   bool
	Who     Who
}

func defaultConfig(lookup func(string) (string, bool)) Config {
	or := func(name, otherwise string) string {
		if v, ok := lookup(name); ok && v != "" {
			return v
		}
		return otherwise
	}
	return Config{
		Listen: or("NICGRAPH_LISTEN", "127.0.0.1:8080"),
		Store:  or("NICGRAPH_STORE", "embedded"),
		Data:   or("NICGRAPH_DATA", filepath.Join(xdg.DataHome, "nicgraph")),
		Neo4j: neo4jstore.Config{
			URI:      or("NEO4J_URI", "neo4j://127.0.0.1:7687"),
			User:     or("NEO4J_USER", "neo4j"),
			Password: or("NEO4J_PASSWORD", ""),
			Database: or("NEO4J_DATABASE", ""),
		},
		Timeout: 10 * time.Second,
		Follow:  live.Limits{}.WithDefaults(),
		Live:    httpserver.Live{}.WithDefaults(),
		Who:     defaultWho(or),
	}
}

// storeFlags are the flags of every command that opens the store. The password is no
// flag: other users of a machine can read the flags of a process.
func (c *Config) storeFlags(flags *pflag.FlagSet) {
	flags.StringVar(&c.Store, "store", c.Store, "where the graph is kept: embedded or neo4j")
	flags.StringVar(&c.Data, "data", c.Data, "folder of the embedded store")
	flags.StringVar(&c.Neo4j.URI, "neo4j-uri", c.Neo4j.URI, "address of Neo4j; the password comes from NEO4J_PASSWORD")
	flags.StringVar(&c.Neo4j.User, "neo4j-user", c.Neo4j.User, "user of Neo4j")
	flags.StringVar(&c.Neo4j.Database, "neo4j-database", c.Neo4j.Database, "database of Neo4j; empty: the user's home database")
}

func (c *Config) serveFlags(flags *pflag.FlagSet) {
	flags.StringVar(&c.Listen, "listen", c.Listen, "address to serve on; port 0 takes a free one")
	flags.StringSliceVar(&c.Origins, "cors", nil, "other origins whose pages may ask, such as https://dashboard.example.org; * allows all")
	flags.DurationVar(&c.Timeout, "timeout", c.Timeout, "longest time for one question")
	flags.IntVar(&c.AtOnce, "at-once", c.AtOnce, "how many questions are worked on at once; dear ones count up to sixteen times, and what would wait longer than a second is turned away (503); 0: four for each core, 16 at least, or 64 on Neo4j, which works elsewhere")
	flags.IntVar(&c.Follow.Readers, "subscriptions", c.Follow.Readers, "how many subscriptions are open at once")
	flags.IntVar(&c.Follow.Behind, "subscription-behind", c.Follow.Behind, "changes that a subscription may fall behind the newest before it is ended")
	flags.IntVar(&c.Live.Sockets, "sockets", c.Live.Sockets, "how many WebSockets are open at once")
	flags.DurationVar(&c.Live.Blocked, "slow-reader", c.Live.Blocked, "longest time that a stream waits for a reader who does not read")
	flags.DurationVar(&c.Live.Ping, "ping", c.Live.Ping, "how often a stream asks for a sign of life, and its token is looked at again")
	flags.BoolVar(&c.Empty, "empty", false, "begin a new store without the curated data")
	flags.BoolVar(&c.Quiet, "quiet", false, "no line per request")
	c.Who.flags(flags)
}

// check refuses what no server can be run with, before anything is opened.
func (c *Config) check() error {
	if c.Timeout <= 0 {
		return usageError{fmt.Errorf("--timeout %s leaves no time to answer; give for instance 10s", c.Timeout)}
	}
	if c.AtOnce < 0 {
		return usageError{fmt.Errorf("--at-once %d lets nobody ask; give for instance 16", c.AtOnce)}
	}
	if err := c.checkLive(); err != nil {
		return err
	}
	if err := httpserver.CheckOrigins(c.Origins); err != nil {
		return usageError{fmt.Errorf("--cors: %w", err)}
	}
	return c.Who.check()
}

// checkLive refuses bounds of what lasts under which nothing could last.
func (c *Config) checkLive() error {
	for flag, n := range map[string]int{"subscriptions": c.Follow.Readers, "subscription-behind": c.Follow.Behind, "sockets": c.Live.Sockets} {
		if n < 1 {
			return usageError{fmt.Errorf("--%s %d is none; give at least 1", flag, n)}
		}
	}
	for flag, d := range map[string]time.Duration{"slow-reader": c.Live.Blocked, "ping": c.Live.Ping} {
		if d < time.Second {
			return usageError{fmt.Errorf("--%s %s is too short; give at least 1s", flag, d)}
		}
	}
	return nil
}

// atOnce bounds the questions that are worked on at once: the embedded store works on this machine's cores.
func (c *Config) atOnce() admission.Limits {
	switch {
	case c.AtOnce > 0:
		return admission.Limits{Places: c.AtOnce}
	case c.Store == "neo4j":
		return admission.Limits{Places: 64}
	default:
		return admission.Limits{Places: max(16, 4*runtime.GOMAXPROCS(0))}
	}
}

// sentence says an error to a person: the outermost fault's sentence stands alone, but
// for what the system said; faults of tables and everything else are told whole.
func sentence(err error) string {
	if tables, ok := errors.AsType[exchange.Faults](err); ok {
		return fmt.Sprintf("nothing was written; faults of the tables: %d\n%s", len(tables), tables)
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
		return f.Message + system(f)
	}
	return err.Error()
}

// system is what the system said when it refused something, such as that the disk is
// full, unless the message tells it already.
func system(f *fault.Error) string {
	number, ok := errors.AsType[syscall.Errno](f)
	if !ok || strings.Contains(f.Message, number.Error()) {
		return ""
	}
	return " (" + number.Error() + ")"
}

// listenFault says why an address cannot be served on.
func listenFault(address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fault.Wrap(fault.Unavailable, err, "%s is taken by another program; stop it, or choose another address with --listen", address)
	case errors.Is(err, fs.ErrPermission):
		return fault.Wrap(fault.Unavailable, err, "%s may not be used by this user; take a port above 1023 with --listen", address)
	default:
		return fault.Wrap(fault.Unavailable, err, "%s cannot be served on (%v); write --listen as host:port", address, err)
	}
}

// loopback tells whether an address can be reached from this machine only.
func loopback(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// storeName says where the graph is kept, for messages.
func (c *Config) storeName() string {
	if c.Store == "neo4j" {
		return "Neo4j at " + c.Neo4j.URI
	}
	return fmt.Sprintf("the embedded store in %s", c.Data)
}
