// Command cypher answers a statement with its rows: it takes the body of a GraphQL request, in
// which a Cypher statement stands in the place of the document. It is the floor for any GraphQL
// server over the same database; nothing is checked, nobody is asked who they are.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to serve on")
	flag.Parse()
	if err := serve(*listen, os.Getenv("NEO4J_URI")); err != nil {
		log.Fatal(err)
	}
}

func serve(listen, uri string) error {
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.NoAuth())
	if err != nil {
		return err
	}
	return http.ListenAndServe(listen, handler{driver})
}

type handler struct{ driver neo4j.DriverWithContext }

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := h.answer(r.Context(), r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(answer) // a client that went away is no fault of ours
}

func (h handler) answer(ctx context.Context, body io.Reader) ([]byte, error) {
	var request struct {
		Query     string
		Variables map[string]any
	}
	decoder := json.NewDecoder(body)
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		return nil, err
	}
	if err := integers(request.Variables); err != nil {
		return nil, err
	}
	return h.rows(ctx, request.Query, request.Variables)
}

// integers are what LIMIT wants.
func integers(values map[string]any) (err error) {
	for name, v := range values {
		if n, ok := v.(json.Number); ok {
			if values[name], err = n.Int64(); err != nil {
				return fmt.Errorf("read $%s: %w", name, err)
			}
		}
	}
	return nil
}

// rows runs one statement, without a transaction around it, and writes each record as an object.
func (h handler) rows(ctx context.Context, statement string, values map[string]any) ([]byte, error) {
	session := h.driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: neo4j.AccessModeRead, FetchSize: neo4j.FetchAll})
	defer func() { _ = session.Close(ctx) }() // only read
	result, err := session.Run(ctx, statement, values)
	if err != nil {
		return nil, err
	}
	out := []byte(`{"data":{"rows":[`)
	for n := 0; result.Next(ctx); n++ {
		if n > 0 {
			out = append(out, ',')
		}
		if out, err = appendRecord(out, result.Record()); err != nil {
			return nil, err
		}
	}
	return append(out, "]}}"...), result.Err()
}

func appendRecord(out []byte, record *neo4j.Record) ([]byte, error) {
	for i, key := range record.Keys {
		cell, err := json.Marshal(record.Values[i])
		if err != nil {
			return nil, err
		}
		separator := byte(',')
		if i == 0 {
			separator = '{'
		}
		out = append(out, separator, '"')
		out = append(append(out, key...), `":`...)
		out = append(out, cell...)
	}
	return append(out, '}'), nil
}
