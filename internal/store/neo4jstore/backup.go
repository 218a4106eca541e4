package neo4jstore

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"nicgraph/internal/archive"
	"nicgraph/internal/cypher"
	"nicgraph/internal/fault"
)

// Kind is the name of this store in a backup.
const Kind = "neo4j"

// thing is a line of a backup: a node with its labels, or a link.
type thing struct {
	Labels     []string       `json:"labels,omitempty"`
	Properties map[string]any `json:"properties,omitempty"`
	Link       []string       `json:"link,omitempty"` // its type and the ids of its ends
}

// Backup writes the graph, its history and the proposals as they are at one moment. Readers go on meanwhile,
// writers wait. Tokens are no part of it.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	a, err := archive.NewWriter(w, Kind)
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if err := s.writeBackup(ctx, json.NewEncoder(a)); err != nil {
		return fmt.Errorf("write the backup: %w", s.fault(ctx, err))
	}
	if err := a.Close(); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return nil
}

// writeBackup reads in a transaction that locks writers out and is undone. It is no managed
// one, which might begin again when half is written.
func (s *Store) writeBackup(ctx context.Context, to *json.Encoder) (err error) {
	session := s.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeWrite, DatabaseName: s.config.Database, BookmarkManager: s.bookmarks})
	defer func() { err = errors.Join(err, session.Close(context.WithoutCancel(ctx))) }()
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tx.Rollback(context.WithoutCancel(ctx))) }()
	t := &transaction{ctx: ctx, tx: tx}
	if _, err := t.run(cypher.Lock); err != nil {
		return err
	}
	if err := t.each(cypher.AllNodes, func(cells []any) error { return writeNode(to, cells) }); err != nil {
		return err
	}
	return t.each(cypher.AllLinks, func(cells []any) error {
		link := make([]string, len(cells))
		for i := range cells {
			link[i], _ = cells[i].(string)
		}
		return to.Encode(thing{Link: link})
	})
}

// each visits the records of a statement, whose only value is a list, as they come.
func (t *transaction) each(st cypher.Statement, visit func(cells []any) error) error {
	result, err := t.tx.Run(t.ctx, st.Text, st.Params)
	if err != nil {
		return err
	}
	for result.Next(t.ctx) {
		cells, err := as[[]any](result.Record().Values[0])
		if err != nil {
			return err
		}
		if err := visit(cells); err != nil {
			return err
		}
	}
	return result.Err()
}

func writeNode(to *json.Encoder, cells []any) error {
	labels, err := texts(cells[0])
	if err != nil {
		return err
	}
	slices.Sort(labels)
	properties, err := as[map[string]any](cells[1])
	if err != nil {
		return err
	}
	for name, v := range properties {
		if f, ok := v.(float64); ok {
			properties[name] = floating{math.Float64bits(f)}
		}
	}
	return to.Encode(thing{Labels: labels, Properties: properties})
}

// floating is a number with a fraction, so that it cannot be taken for a whole one.
type floating struct {
	Bits uint64 `json:"float64"`
}

// Restore writes the content of a backup into a database that holds nothing, in one transaction.
func (s *Store) Restore(ctx context.Context, content io.Reader) error {
	all, err := readBackup(content)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the backup cannot be read; it may be of another version")
	}
	err = s.transact(ctx, func(t *transaction) error {
		if _, err := t.run(cypher.Lock); err != nil {
			return err
		}
		answer, err := t.run(cypher.Anything)
		if err != nil {
			return err
		}
		if there, _ := answer.(bool); there {
			return fault.New(fault.Invalid, "there is a graph at %s already; name an empty database, or empty this one", s.config.URI)
		}
		for _, st := range all {
			if _, err := t.run(st); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.replan(ctx)
	}
	return err
}

// readBackup makes the statements that write what a backup holds: first the nodes, by their
// labels, then the links, by their types.
func readBackup(content io.Reader) ([]cypher.Statement, error) {
	nodes, links := map[string][]any{}, map[string][]any{}
	lines := bufio.NewReaderSize(content, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return statementsOf(nodes, links), nil
		}
		if err != nil {
			return nil, err
		}
		one, err := readThing(line)
		if err != nil {
			return nil, err
		}
		if one.Link != nil {
			links[one.Link[0]] = append(links[one.Link[0]], []any{one.Link[1], one.Link[2]})
			continue
		}
		labels := strings.Join(one.Labels, " ")
		nodes[labels] = append(nodes[labels], one.Properties)
	}
}

func statementsOf(nodes, links map[string][]any) (all []cypher.Statement) {
	for labels, rows := range nodes {
		all = append(all, cypher.PutNodes(strings.Split(labels, " "), rows)...)
	}
	for relationship, rows := range links {
		all = append(all, cypher.PutLinks(relationship, rows)...)
	}
	return all
}

func readThing(line []byte) (one thing, err error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&one); err != nil {
		return one, err
	}
	if one.Link != nil && len(one.Link) != 3 || one.Link == nil && len(one.Labels) == 0 {
		return one, errors.New("a line is neither a node nor a link")
	}
	for name, v := range one.Properties {
		if one.Properties[name], err = property(v); err != nil {
			return one, fmt.Errorf("read %s: %w", name, err)
		}
	}
	return one, nil
}

// property is a stored value as the driver takes it.
func property(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		return v.Int64()
	case map[string]any:
		var bits uint64
		number, ok := v["float64"].(json.Number)
		if !ok {
			return nil, errors.New("an object that is no number")
		}
		_, err := fmt.Sscan(number.String(), &bits)
		return math.Float64frombits(bits), err
	default:
		return v, nil
	}
}
