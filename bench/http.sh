#!/usr/bin/env bash
# Requests per second of nicgraph beside a bare handler that writes the same bytes, in one
# run, taking turns. Needs Go and wrk.   bench/http.sh [ROUNDS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5} seconds=${2:-2}
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT

go build -o "$work/nicgraph" ./cmd/nicgraph
go build -o "$work/bare" ./bench/bare
go run ./bench/tables/write -of people -people 1000 "$work/tables"
"$work/nicgraph" import "$work/tables" --data "$work/data" >/dev/null 2>&1

printf '{"query":"{ __typename }"}' >"$work/trivial.json"
printf '{"query":"{ person(id: \\"person-500\\") { name } }"}' >"$work/lookup.json"
printf '{"query":"{ people(first: 1000) { nodes { id name summary aliases __typename } } }"}' >"$work/thousand.json"

GOMAXPROCS=1 "$work/nicgraph" serve --quiet --data "$work/data" --listen 127.0.0.1:8701 >/dev/null &
until curl -sf 127.0.0.1:8701/healthz >/dev/null; do sleep 0.05; done
GOMAXPROCS=1 "$work/bare" --listen 127.0.0.1:8702 --target http://127.0.0.1:8701/graphql "$work"/*.json &
until curl -s 127.0.0.1:8702 >/dev/null; do sleep 0.05; done

once() { # port question connections
  printf 'wrk.method="POST" wrk.headers["Content-Type"]="application/json" wrk.body=io.open("%s"):read("*a")' "$work/$2.json" >"$work/wrk.lua"
  wrk -t1 -c"$3" -d"${seconds}s" -s "$work/wrk.lua" "http://127.0.0.1:$1/graphql" | awk '/Requests\/sec/ {print $2}'
}
median() { sort -g | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }

printf '%-10s %12s %14s %14s %8s\n' question connections bare/s nicgraph/s ratio
for question in trivial lookup thousand; do
  for connections in 1 32; do
    : >"$work/a"; : >"$work/b"
    for _ in $(seq "$rounds"); do
      once 8702 "$question" "$connections" >>"$work/a"
      once 8701 "$question" "$connections" >>"$work/b"
    done
    a=$(median <"$work/a") b=$(median <"$work/b")
    printf '%-10s %12s %14s %14s %8s\n' "$question" "$connections" "$a" "$b" "$(awk "BEGIN {printf \"%.2f\", $b/$a}")"
  done
done
