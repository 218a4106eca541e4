package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"nicgraph/bench/peers"
	"nicgraph/bench/questions"
)

// server is a contestant that serves.
type server struct {
	peers.Contestant

	address string
	command *exec.Cmd
	log     string
	ended   chan struct{}
	cold    time.Duration // from the start of the process to its first right answer
}

// startWait is how long a server may take to its first answer.
const startWait = 2 * time.Minute

// start starts a server and waits for its first answer to a question.
func start(ctx context.Context, c peers.Contestant, first *questions.Question, work string) (*server, error) {
	command, address, err := c.Serve(ctx)
	if err != nil {
		return nil, err
	}
	s := &server{
		Contestant: c, address: address, command: command, ended: make(chan struct{}),
		log: filepath.Join(work, key(c.Name())+".log"),
	}
	log, err := os.Create(s.log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // the process has its own handle
	s.command.Stdout, s.command.Stderr = log, log
	began := time.Now()
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	go func() { _ = s.command.Wait(); close(s.ended) }() // how it ended is in its log
	if err := s.await(ctx, first); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.cold = time.Since(began)
	return s, nil
}

// key is a name in letters and digits with - between: of a file, and to choose contestants by.
func key(name string) string {
	return strings.Trim(notInKeys.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

var notInKeys = regexp.MustCompile(`[^a-z0-9]+`)

func (s *server) await(ctx context.Context, first *questions.Question) error {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	for tick := time.NewTicker(5 * time.Millisecond); ; {
		_, _, err := s.ask(ctx, first)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-s.ended:
			return fmt.Errorf("%s ended while starting\n%s", s.Name(), s.said())
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer: %w\n%s", s.Name(), err, s.said())
		}
	}
}

// said is the end of the log.
func (s *server) said() []byte {
	log, _ := os.ReadFile(s.log) // only adds to an error
	return log[max(0, len(log)-2000):]
}

// ask asks a question and reads the answer; it also says how long the body was.
func (s *server) ask(ctx context.Context, q *questions.Question) (questions.Answer, int, error) {
	body, err := q.Request(s.Language())
	if err != nil {
		return questions.Answer{}, 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		return questions.Answer{}, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Encoding", "identity") // as under load
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return questions.Answer{}, 0, err
	}
	defer func() { _ = resp.Body.Close() }() // what was read is read
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return questions.Answer{}, 0, err
	}
	answer, err := q.Read(s.Language(), text)
	return answer, len(text), err
}

// stop interrupts the server and waits for its end.
func (s *server) stop() error {
	err := s.command.Process.Signal(syscall.SIGTERM)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		err = errors.Join(err, s.command.Process.Kill())
		<-s.ended
	}
	return err
}
