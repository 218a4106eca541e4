package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"nicgraph/bench/peers"
)

// pair are two servers on one database.
type pair struct {
	servers  []*server
	database []int // its processes
}

// server is one of them.
type server struct {
	url     string
	command *exec.Cmd
	client  *http.Client
}

// startWait is how long a server may take to its first answer.
const startWait = 2 * time.Minute

func startTwo(ctx context.Context, ours peers.Contestant) (pair, error) {
	var p pair
	for _, process := range ours.Database() {
		p.database = append(p.database, process.Pid)
	}
	for range 2 {
		s, err := start(ctx, ours)
		if err != nil {
			p.stop()
			return p, err
		}
		p.servers = append(p.servers, s)
	}
	return p, nil
}

func start(ctx context.Context, ours peers.Contestant) (*server, error) {
	command, address, err := ours.Serve(ctx)
	if err != nil {
		return nil, err
	}
	s := &server{url: "http://" + address + "/graphql", command: command, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true}}}
	if err := command.Start(); err != nil {
		return nil, err
	}
	for until := time.Now().Add(startWait); ; time.Sleep(20 * time.Millisecond) {
		_, err := s.ask(ctx, []byte(`{"query": "{ __typename }"}`))
		if err == nil {
			return s, nil
		}
		if ctx.Err() != nil || time.Now().After(until) {
			s.stop()
			return nil, fmt.Errorf("the server did not answer: %w", err)
		}
	}
}

func (p pair) stop() {
	for _, s := range p.servers {
		s.stop()
	}
}

func (s *server) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	_ = s.command.Wait() // it was told to end, and that is what it says
}

// ask sends a request and reads the answer, which must be without errors.
func (s *server) ask(ctx context.Context, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // what was read is read
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK || bytes.HasPrefix(answer, []byte(`{"errors"`)) {
		return nil, fmt.Errorf("answered with %s: %.300s", response.Status, answer)
	}
	return answer, nil
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
