package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const aSource = `mutation { createSources(why: "w", input: [{title: "T", publisher: "P"}]) { sources { id version } change { number by why } } }`

func TestOnThisMachineTheUserWrites(t *testing.T) {
	address := start(t, func(c *Config) { c.Writer = "ann" })
	want := map[string]any{"createSources": map[string]any{ // change 1 is the import of the curated data
		"sources": []any{map[string]any{"id": "t", "version": 2.0}},
		"change":  map[string]any{"number": 2.0, "by": "ann", "why": "w"},
	}}
	if diff := cmp.Diff(want, ask(t, address, aSource)); diff != "" {
		t.Errorf("answer (-want +got)\n%s", diff)
	}
}

func TestNobodyWritesWhereOthersReach(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Config)
		says   string
	}{
		{"any address", func(c *Config) { c.Listen = "0.0.0.0:0" }, "other machines can reach this address"},
		{"pages of all origins", func(c *Config) { c.Origins = []string{"*"} }, "pages of every origin can send requests"},
	} {
		t.Run(test.name, func(t *testing.T) {
			address := strings.Replace(start(t, test.change), "[::]", "127.0.0.1", 1)
			body, err := json.Marshal(map[string]string{"query": aSource})
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.Post(address+"/graphql", "application/json", bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			answer, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{`"code":"FORBIDDEN"`, test.says} {
				if !strings.Contains(string(answer), part) {
					t.Errorf("%s is not in %s", part, answer)
				}
			}
		})
	}
}
