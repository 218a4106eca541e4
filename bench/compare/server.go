package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"nicgraph/bench/load"
	"nicgraph/bench/peers"
	"nicgraph/bench/program"
	"nicgraph/bench/questions"
)

// server is a contestant that serves.
type server struct {
	peers.Contestant

	address string
	process *program.Process
	cold    time.Duration // from the start of the process to its first right answer
}

// start starts a server and waits for its first answer to a question.
func start(ctx context.Context, c peers.Contestant, first *questions.Question, work string) (*server, error) {
	command, address, err := c.Serve(ctx)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	process, err := program.Start(command, filepath.Join(work, key(c.Name())+".log"))
	if err != nil {
		return nil, err
	}
	s := &server{Contestant: c, address: address, process: process}
	if err := process.Await(ctx, func(ctx context.Context) error { _, _, err := s.ask(ctx, first); return err }); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", c.Name(), err), process.Stop())
	}
	s.cold = time.Since(began)
	return s, nil
}

// key is a name in letters and digits with - between: of a file, and to choose contestants by.
func key(name string) string {
	return strings.Trim(notInKeys.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

var notInKeys = regexp.MustCompile(`[^a-z0-9]+`)

// ask asks a question and reads the answer; it also says how long the body was.
func (s *server) ask(ctx context.Context, q *questions.Question) (questions.Answer, int, error) {
	body, err := q.Request(s.Language())
	if err != nil {
		return questions.Answer{}, 0, err
	}
	_, text, err := load.Once(ctx, s.address, body)
	if err != nil {
		return questions.Answer{}, 0, err
	}
	answer, err := q.Read(s.Language(), text)
	return answer, len(text), err
}
