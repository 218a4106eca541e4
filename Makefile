# Two targets do everything on a fresh machine: `make run` and `make test`.

VULN = go tool -modfile=internal/tools/govulncheck.mod govulncheck
LINT = go tool -modfile=internal/tools/golangci.mod golangci-lint

.DEFAULT_GOAL := help
.PHONY: help run build generate check audit test update fuzz bench microbench

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: build ## build, load the curated data on first start, serve GraphiQL (needs only Go)
	./nicgraph serve

build: ## build the one binary
	go build -trimpath -o nicgraph ./cmd/nicgraph

generate: ## derive the served schema from the domain SDL
	go run ./internal/generate

check: audit ## generated code fresh, formatting, vet, lint, known vulnerabilities
	go test ./internal/generate
	$(LINT) fmt --diff
	go vet ./...
	$(LINT) run

audit: ## known vulnerabilities in what the program calls; says so where their list cannot be had
	@found=$$($(VULN) ./... 2>&1); code=$$?; echo "$$found"; \
	case "$$code $$found" in \
		0*) ;; \
		*"govulncheck: fetching vulnerabilities: "*) echo "audit: NOT DONE, for the list of vulnerabilities cannot be had from here; run make audit where it can." ;; \
		*) exit $$code ;; \
	esac

test: check ## everything: checks, unit and corpus tests on both stores, HTTP audits, clients, browser
	go run ./internal/neo4jtest/run -- go test -race -timeout 20m $$(go list ./... | grep -v /internal/clients)
	go test -timeout 20m ./internal/clients

update: ## rewrite the golden files of plans and statements; review the difference
	go test ./internal/schema ./internal/cypher ./internal/spec -run "Golden|Rule|Query|Marks|Statement|Write|Schema" -update
	go test ./internal/clients -run "Genqlient|Guide" -update

FUZZTIME ?= 10m
fuzz: ## fuzz every reader of outside input, FUZZTIME each
	@go test -list '^Fuzz' ./... | awk '/^Fuzz/ {f[++n]=$$1} /^ok/ {for (i=1;i<=n;i++) print f[i], $$2; n=0}' | while read target package; do \
		echo "$$target in $$package for $(FUZZTIME)"; \
		go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 50x "$$package" || exit 1; \
	done

SCALE ?= 1
bench: ## nicgraph beside other servers, on made-up data of any SCALE: answers compared, then times
	go run ./bench/compare -scale $(SCALE)

microbench: ## benchmarks of the hot paths
	go test -run '^$$' -bench . -benchmem ./internal/... ./bench/...
