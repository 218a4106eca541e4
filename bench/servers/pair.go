package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"nicgraph/bench/load"
	"nicgraph/bench/peers"
	"nicgraph/bench/program"
)

// pair are two servers on one database.
type pair struct {
	servers  []*server
	database []int // its processes
}

// server is one of them.
type server struct {
	address string
	process *program.Process
}

// startTwo starts them; those that have started are to be stopped even where there is an error.
func startTwo(ctx context.Context, ours peers.Contestant, work string) (pair, error) {
	p := pair{database: ours.Database()}
	for i := range 2 {
		command, address, err := ours.Serve(ctx)
		if err != nil {
			return p, err
		}
		process, err := program.Start(command, filepath.Join(work, fmt.Sprintf("server-%d.log", i+1)))
		if err != nil {
			return p, err
		}
		s := &server{address, process}
		p.servers = append(p.servers, s)
		if err := process.Await(ctx, func(ctx context.Context) error { _, err := s.ask(ctx, []byte(trivial)); return err }); err != nil {
			return p, fmt.Errorf("start server %d: %w", i+1, err)
		}
	}
	return p, nil
}

const trivial = `{"query": "{ __typename }"}`

func (p pair) stop() error {
	var errs []error
	for _, s := range p.servers {
		errs = append(errs, s.process.Stop())
	}
	return errors.Join(errs...)
}

// ask sends a request and reads the answer, which must be without errors.
func (s *server) ask(ctx context.Context, body []byte) ([]byte, error) {
	status, answer, err := load.Once(ctx, s.address, body)
	if err == nil && (status != http.StatusOK || bytes.HasPrefix(answer, []byte(`{"errors"`))) {
		err = fmt.Errorf("answered with %d: %.300s", status, answer)
	}
	return answer, err
}

// readEachOther writes through one server and reads through the other at once, by id and in a
// list, and tells when what was written was not there.
func (p pair) readEachOther(ctx context.Context, times int) error {
	for i := range times {
		writer, reader := p.servers[i%2], p.servers[(i+1)%2]
		title := fmt.Sprintf("Written %d", i)
		if _, err := writer.ask(ctx, request(`mutation($title: String!) { upsertSources(input: [{id: "two-servers", title: $title, publisher: "bench"}]) { change { number } } }`, title)); err != nil {
			return fmt.Errorf("write through server %d: %w", i%2+1, err)
		}
		answer, err := reader.ask(ctx, request(`query($title: String!) {
			source(id: "two-servers") { title }
			sources(where: {title: {eq: $title, caseSensitive: true}}) { nodes { title } }
		}`, title))
		if err != nil {
			return fmt.Errorf("read through server %d: %w", (i+1)%2+1, err)
		}
		if strings.Count(string(answer), `"`+title+`"`) != 2 {
			return fmt.Errorf("%q was written through one server, and the other read %s", title, answer)
		}
	}
	return nil
}

func request(query, title string) []byte {
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"title": title}})
	if err != nil {
		panic(err) // texts can be written
	}
	return body
}
