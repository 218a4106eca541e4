// Command bare is the floor of the HTTP benchmarks: a handler that reads the request's body and
// writes the bytes that nicgraph has answered to the same question before, or always the same.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to serve on")
	target := flag.String("target", "", "address of nicgraph's /graphql, asked once per question")
	say := flag.String("say", "", "what to answer to everything else")
	flag.Parse()
	answers, err := learn(*target, flag.Args())
	if err == nil {
		err = serve(*listen, answers, []byte(*say))
	}
	log.Fatal(err)
}

// learn asks the target the questions of files.
func learn(target string, names []string) (map[string][]byte, error) {
	answers := map[string][]byte{}
	for _, name := range names {
		question, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if answers[string(question)], err = ask(target, question); err != nil {
			return nil, fmt.Errorf("ask %s: %w", name, err)
		}
	}
	return answers, nil
}

func serve(listen string, answers map[string][]byte, otherwise []byte) error {
	return http.ListenAndServe(listen, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		answer, known := answers[string(body)]
		if !known {
			answer = otherwise
		}
		_, _ = w.Write(answer) // a client that went away is no fault of ours
	}))
}

func ask(target string, question []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, target, bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // what was read is read
	return io.ReadAll(resp.Body)
}
