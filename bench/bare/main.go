// Command bare is the floor of the HTTP benchmark: a handler that reads the request's
// body and writes the bytes that nicgraph has answered to the same question before.
package main

import (
	"bytes"
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
	flag.Parse()
	if err := serve(*listen, *target); err != nil {
		log.Fatal(err)
	}
}

func serve(listen, target string) error {
	answers := map[string][]byte{}
	for _, name := range flag.Args() {
		question, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if answers[string(question)], err = ask(target, question); err != nil {
			return fmt.Errorf("ask %s: %w", name, err)
		}
	}
	return http.ListenAndServe(listen, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Write(answers[string(body)])
	}))
}

func ask(target string, question []byte) ([]byte, error) {
	resp, err := http.Post(target, "application/json", bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}
