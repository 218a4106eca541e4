// Package neo4jstore keeps the graph in Neo4j: constraints and indexes, transactions,
// bookmarks, retries, and the driver's errors as faults. What the statements say is
// left to package cypher.
package neo4jstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"nicgraph/internal/catalog"
	"nicgraph/internal/cypher"
	"nicgraph/internal/fault"
	"nicgraph/internal/store"
)

// format is the version of what is stored beside the nodes' own properties.
const format = 4

// Config says where the database is. An empty User means no authentication, an empty
// Database the server's default.
type Config struct {
	URI      string // neo4j://, neo4j+s://, bolt://, bolt+s:// …
	User     string
	Password string
	Database string
	MaxPast  int // how many nodes and states a look into the past may read; 0: DefaultMaxPast
}

// DefaultMaxPast bounds a graph of the past to some 500 MB in memory.
const DefaultMaxPast = 500_000

// Store is a graph in Neo4j. Every read is one statement and sees one state of the
// graph; the root fields of one query may see different ones while somebody writes.
type Store struct {
	driver    neo4j.DriverWithContext
	bookmarks neo4j.BookmarkManager // so that a reader sees what was written here before, and all of it
	config    Config
	cat       *catalog.Catalog
	pasts     pasts
	previews  atomic.Uint64 // counts them, so that each has a revision of its own
	closing   sync.RWMutex  // held for reading by reads under way
}

var _ store.Backend = (*Store)(nil)

// connectWait bounds how long we wait to hear whether the server is there, and firstWait the same
// when we open it: one that has just started takes its time with its first statement.
const (
	connectWait = 10 * time.Second
	firstWait   = 30 * time.Second
)

// Open connects to the database and, on first use or after the catalog has changed,
// creates constraints and indexes and waits for them.
func Open(ctx context.Context, cfg Config, cat *catalog.Catalog) (*Store, error) {
	driver, err := neo4j.NewDriverWithContext(cfg.URI, login(cfg), options)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%q is not the address of a Neo4j; write for instance neo4j://localhost:7687", cfg.URI)
	}
	if cfg.MaxPast == 0 {
		cfg.MaxPast = DefaultMaxPast
	}
	s := &Store{driver: driver, config: cfg, cat: cat, pasts: newPasts()}
	if err := s.begin(ctx); err != nil {
		_ = driver.Close(context.WithoutCancel(ctx)) // the first error is the one to tell
		return nil, err
	}
	return s, nil
}

func login(cfg Config) neo4j.AuthToken {
	if cfg.User == "" {
		return neo4j.NoAuth()
	}
	return neo4j.BasicAuth(cfg.User, cfg.Password, "")
}

func options(c *config.Config) {
	c.TelemetryDisabled = true
	c.SocketConnectTimeout = 5 * time.Second
	c.MaxTransactionRetryTime = retryTime
}

func (s *Store) begin(ctx context.Context) error {
	if err := s.answers(ctx, firstWait); err != nil {
		return err
	}
	s.bookmarks = s.bookmarksFor(ctx)
	return s.prepareSchema(ctx)
}

// prepareSchema brings the database's schema up to date unless it says that it is.
func (s *Store) prepareSchema(ctx context.Context) error {
	schema := cypher.Schema(s.cat)
	print := fingerprint(schema)
	found, err := s.meta(ctx)
	switch {
	case err != nil:
		return err
	case found.format > format:
		return fault.New(fault.Invalid, "the graph at %s was written by a newer nicgraph (format %d, this one knows %d); use the newer one", s.config.URI, found.format, format)
	case found.format == format && found.catalog == print:
		return nil
	}
	if err := s.write(ctx, statements(schema)...); err != nil {
		return err
	}
	if err := s.write(ctx, cypher.Statement{Text: "CALL db.awaitIndexes(600)"}); err != nil { // or nothing is planned in peace
		return err
	}
	if err := s.write(ctx, statements(cypher.Marks(s.cat))...); err != nil {
		return err
	}
	if err := s.writeDates(ctx); err != nil {
		return err
	}
	if err := s.write(ctx, cypher.FirstVersions); err != nil {
		return err
	}
	return s.write(ctx, cypher.Statement{
		Text:   "MERGE (m:NicgraphMeta {id: 'nicgraph'})\nON CREATE SET m.revision = 0, m.at = 0\nSET m.format = $format, m.catalog = $catalog",
		Params: map[string]any{"format": format, "catalog": print},
	})
}

// writeDates brings what stands beside stored dates up to date.
func (s *Store) writeDates(ctx context.Context) error {
	answer, err := s.read(ctx, cypher.DateTexts(s.cat))
	if err != nil {
		return err
	}
	var texts []string
	for _, v := range answer.([]any) {
		if text, ok := v.(string); ok { // another type may have a number of that name
			texts = append(texts, text)
		}
	}
	return s.write(ctx, cypher.Dates(s.cat, texts)...)
}

type meta struct {
	format  int64
	catalog string
}

// meta reads what the database says about itself, zero when it is new.
func (s *Store) meta(ctx context.Context) (meta, error) {
	answer, err := s.read(ctx, cypher.Statement{Text: "MATCH (m:NicgraphMeta {id: 'nicgraph'})\nRETURN [m.format, m.catalog] AS answer"})
	if err != nil || answer == nil {
		return meta{}, err
	}
	cells := answer.([]any)
	return meta{format: cells[0].(int64), catalog: cells[1].(string)}, nil
}

// fingerprint tells schemas apart.
func fingerprint(schema []string) string {
	sum := sha256.Sum256([]byte(strings.Join(schema, "\n")))
	return hex.EncodeToString(sum[:8])
}

func statements(texts []string) []cypher.Statement {
	all := make([]cypher.Statement, len(texts))
	for i, text := range texts {
		all[i].Text = text
	}
	return all
}

// Ready tells whether the database answers now and lets us in.
func (s *Store) Ready(ctx context.Context) error { return s.answers(ctx, connectWait) }

func (s *Store) answers(ctx context.Context, within time.Duration) error {
	reach, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	_, err := s.readOnce(reach, cypher.Statement{Text: "RETURN 1 AS answer"})
	if reach.Err() != nil && ctx.Err() == nil {
		return s.unreachable(err)
	}
	return s.fault(ctx, err)
}

// Empty tells whether no node is stored.
func (s *Store) Empty(ctx context.Context) (bool, error) { return empty(ctx, s) }

func empty(ctx context.Context, from reader) (bool, error) {
	answer, err := from.read(ctx, cypher.Statement{Text: "RETURN NOT EXISTS { MATCH (n:Node) } AS answer"})
	if err != nil {
		return false, err
	}
	return answer.(bool), nil
}

// Revision is the number of the newest change made through nicgraph.
func (s *Store) Revision(ctx context.Context) (uint64, error) {
	answer, err := s.read(ctx, cypher.Revision)
	if err != nil {
		return 0, err
	}
	number, known := answer.(int64)
	if !known {
		return 0, s.emptied()
	}
	return uint64(number), nil
}

// Close ends the connections, once the reads under way have ended: the driver does not bear with
// a connection that is given back meanwhile.
func (s *Store) Close() error {
	s.closing.Lock()
	defer s.closing.Unlock()
	return s.driver.Close(context.Background())
}
