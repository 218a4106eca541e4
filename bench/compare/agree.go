package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"nicgraph/bench/questions"
)

// right is a question as one server is asked it, with what its right answer is like.
type right struct {
	question *questions.Question // with the cursor of the page
	length   int
}

// agree asks all servers a question and compares what they say. Servers that cannot ask it, or
// that refuse to answer, get a reason instead; a different answer is an error.
func agree(ctx context.Context, q *questions.Question, servers []*server) (able map[string]right, cannot map[string]string, err error) {
	able, cannot = map[string]right{}, map[string]string{}
	var model, by string
	for _, s := range servers {
		if known, why := q.In(s.Language()); !known {
			cannot[s.Name()] = why
			continue
		}
		same, r, err := s.answer(ctx, q)
		var refused *questions.Refused
		switch {
		case errors.As(err, &refused) || errors.Is(err, context.DeadlineExceeded):
			cannot[s.Name()] = fmt.Sprintf("%.300s", err)
			continue
		case err != nil:
			return nil, nil, fmt.Errorf("%s: %w", s.Name(), err)
		case by == "":
			model, by = same, s.Name()
		case same != model:
			return nil, nil, fmt.Errorf("%s and %s answer %s differently (-%s +%s):\n%s", by, s.Name(), q.Name, by, s.Name(), difference(model, same))
		}
		able[s.Name()] = r
	}
	return able, cannot, nil
}

// patience is how long an answer may take that is asked for the first time: Neo4j plans some
// statements for a minute.
const patience = 5 * time.Minute

// answer asks a question twice: the second answer must be the first.
func (s *server) answer(ctx context.Context, q *questions.Question) (string, right, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	q, err := s.walk(ctx, q)
	if err != nil {
		return "", right{}, err
	}
	first, _, err := s.ask(ctx, q)
	if err != nil {
		return "", right{}, err
	}
	second, length, err := s.ask(ctx, q)
	if err == nil && first.Same != second.Same {
		err = fmt.Errorf("answers %s differently when asked again (-first +second):\n%s", q.Name, difference(first.Same, second.Same))
	}
	return first.Same, right{q, length}, err
}

// stride is the size of the pages in which a server is led to the page that is asked for.
const stride = 1000

// walk gives the question the cursor of its page, where a server knows pages by cursors.
func (s *server) walk(ctx context.Context, q *questions.Question) (*questions.Question, error) {
	behind, _ := q.Value("behind").(int)
	if !q.Takes(s.Language(), "after") {
		return q, nil
	}
	var after any
	for left := behind; left > 0; left -= stride {
		page, _, err := s.ask(ctx, q.With(map[string]any{"after": after, "first": min(left, stride)}))
		if err != nil {
			return nil, fmt.Errorf("on the way to the page: %w", err)
		}
		after = page.End
	}
	return q.With(map[string]any{"after": after}), nil
}

// difference shows where two answers differ.
func difference(a, b string) string {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return "-" + a + "\n+" + b
	}
	shown := cmp.Diff(x, y)
	return shown[:min(len(shown), 3000)]
}
