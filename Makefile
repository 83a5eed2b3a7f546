# Every target explains itself: `make` or `make help` lists them.
# Arguments go in ARGS: make test ARGS="-run Sag ./internal/plan"

# One set of flags for all targets. Other flags are another build cache: two of
# them in use and everything is compiled twice. (The version is a matter of the
# linker alone, so it is set below, and not by -buildvcs, which moreover refuses
# to build as root in somebody else's checkout.)
export GOFLAGS := -buildvcs=false
version := $(shell git describe --always --dirty --tags 2>/dev/null || echo unknown)
link    := -ldflags "-X main.build=$(version)"

templ       := go tool templ
staticcheck := go tool -modfile=.ci/tools/go.mod staticcheck
sources     := $(wildcard cmd internal migrations web)
generated    = find web -name '*_templ.go' 2>/dev/null | LC_ALL=C sort | xargs cat | cksum

.DEFAULT_GOAL := help
.PHONY: help run build generate format check test mutate-access bench migrate screenshots

help: ## list what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## serve on 127.0.0.1:8080 with a private Postgres and the demo municipality (PORT=… to change)
	@exec bin/samspil run $(ARGS)

build: ## compile the program to bin/samspil
	@go build $(link) -o bin/samspil ./cmd/samspil

generate: ## write the Go files of the templ pages anew
	@$(templ) generate -path web

format: ## put the Go and templ files in their one form
	@gofmt -w $(sources)
	@$(templ) fmt web && $(templ) fmt web # one pass does not always come to rest

check: ## all that can be said without running: format, vet, staticcheck, generated files
	@echo "gofmt";       out=$$(gofmt -l $(sources)) && { test -z "$$out" || { echo "Not formatted, run gofmt -w on: $$out"; exit 1; }; }
	@echo "templ fmt";   $(templ) fmt -fail $(wildcard web) || { $(templ) fmt web; git status --short -- '*.templ'; echo "Pages were not formatted; they are now: commit them."; exit 1; }
	@echo "templ generate"; before=$$($(generated)); $(templ) generate -path web || exit 1; test "$$before" = "$$($(generated))" || \
		{ echo "The generated files were not those of the pages; they are now: commit them."; git status --short -- '*_templ.go'; exit 1; }
	@echo "go vet";      go vet ./...
	@echo "staticcheck"; $(staticcheck) ./...

test: ## all tests, with a throwaway Postgres and a real browser (ARGS=… for go test, -race for the race detector)
	@go build -o bin/testrun ./internal/testrun
	@exec bin/testrun $(ARGS)

mutate-access: ## break each rule of access once, and see that a test notices
	@go build -o bin/mutate ./internal/mutate
	@exec bin/mutate $(ARGS)

bench: ## measure pages at 100,000 cases, each beside the bare SQL of the same page
	@go build -o bin/bench ./internal/bench
	@exec bin/bench $(ARGS)

migrate: build ## bring the database in DATABASE_URL to the newest form
	@exec bin/samspil migrate $(ARGS)

screenshots: ## take the pictures of the README anew
	@go build -o bin/screens ./internal/screens
	@exec bin/screens $(ARGS)
