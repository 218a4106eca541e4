#!/usr/bin/env bash
# A question about the spread of a practice over HTTP, on an imported study: time when it is
# asked first, again, and of other periods, and the memory of import and server. Needs Go, curl and Linux.
#   bench/spread.sh [PEOPLE] [TIES-EACH]
set -euo pipefail
cd "$(dirname "$0")/.."
people=${1:-100000} ties=${2:-10} address=127.0.0.1:8703
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT

go build -o "$work/nicgraph" ./cmd/nicgraph
go run ./bench/tables/write -of study -people "$people" -ties "$ties" "$work/tables"

memory() { awk -v name="$2:" '$1 == name {printf "%d MB", $2 / 1000}' "/proc/$1/status"; }
processor() { awk '{printf "%.1f", ($14 + $15) / 100}' "/proc/$1/stat"; } # seconds
ask() { # name question
  local before after
  before=$(processor "$server")
  printf '%-22s %8s s' "$1" "$(curl -s -o "$work/answer" -w '%{time_total}' -H 'Content-Type: application/json' -d "{\"query\": \"$2\"}" "http://$address/graphql")"
  after=$(processor "$server")
  printf ', %s s of processor, memory %s\n' "$(awk "BEGIN {print $after - $before}")" "$(memory "$server" VmRSS)"
  if grep -q '"errors"' "$work/answer"; then head -c 300 "$work/answer"; echo; fi
}

"$work/nicgraph" import "$work/tables" --data "$work/data" >/dev/null 2>&1 &
import=$! peak=unknown
while now=$(memory "$import" VmHWM 2>/dev/null) && [ -n "$now" ]; do # none once it has ended
  peak=$now
  sleep 0.2
done
wait "$import"
echo "$people people with $ties ties each; import: $peak at most; load average $(cut -d' ' -f1 /proc/loadavg)"

"$work/nicgraph" serve --quiet --data "$work/data" --listen "$address" >/dev/null &
server=$!
until curl -sf "http://$address/healthz" >/dev/null; do sleep 0.1; done
echo "server before a question: memory $(memory "$server" VmRSS)"

spread='spread(input: {practice: \"practice\", population: {study: \"study\"}})'
curve="{ $spread { counts { population adopters pairs } curve { period new cumulative } } }"
people10="{ $spread { members(first: 10) { exposure { period value } threshold infectiousness susceptibility } } }"
trees="{ $spread { reproduction { period adopters } cascades { treeCount largest meanStructuralVirality } } }"
for round in first again; do
  ask "curve, $round" "$curve"
  ask "ten people, $round" "$people10"
  ask "trees, $round" "$trees"
done
for last in 9 8 7 6 5 4 3 2; do # panels of their own: the cache keeps the newest ones only
  ask "curve to period $last" "{ ${spread/input: \{/input: {lastPeriod: $last, } { curve { period new } } }"
done
echo "server after all of them: memory $(memory "$server" VmRSS), at most $(memory "$server" VmHWM)"
