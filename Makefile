# The commands that people type. Everything else is plain cargo.

.DEFAULT_GOAL := help

export CARGO_TERM_COLOR ?= auto

# One cargo at a time; the last line of `make test` is the summary of the last run.
.NOTPARALLEL:

# The classroom page. Its built files are committed, so that only who changes the page needs Node.
WEB := web/classroom

.PHONY: help run web check-web test test-sqlite test-postgres test-runner check fuzz-api format schema deny package bench bench-postgres bench-growth bench-callbacks bench-realtime bench-instances bench-media soak-media

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build for speed, then serve on 127.0.0.1:8080 with the data in ./data
	cargo build --release --locked
	LECTERN_DEMO=true LECTERN_CALLBACK_ALLOW_PRIVATE=true LECTERN_DOCUMENT_ALLOW_PRIVATE=true ./target/release/lectern serve

web: ## build the classroom page after a change of its sources; needs Node
	cd $(WEB) && npm ci && npm run build

# The tests set the clock, which Node can since version 20; Debian 12 has 18.
WITH_NODE_20 = $(shell [ "$$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || echo npm exec --yes --package=node@20 --)

# What is committed must be what the sources give.
check-web: web ## types and unit tests of the classroom page, and whether its committed files are those of its sources; needs Node
	cd $(WEB) && npm run check && $(WITH_NODE_20) npm test
	@changed="$$(git status --porcelain $(WEB)/dist)" && if [ -n "$$changed" ]; then \
		echo "$$changed"; echo "$(WEB)/dist is not what its sources give: run make web, and commit it" >&2; exit 1; fi

# cargo-nextest runs the tests of all binaries side by side: less than half the time. It takes the arguments of cargo test.
ifneq ($(shell command -v cargo-nextest),)
CARGO_TEST := cargo nextest run --locked
else
CARGO_TEST := cargo test --locked
endif

test: test-sqlite test-postgres ## everything the service promises, over real sockets, on both databases

test-sqlite: test-runner ## all tests, on SQLite
	env -u TEST_POSTGRES_URL tests/with-converter $(CARGO_TEST)

# The tests that --include-ignored adds need PostgreSQL. Those that are skipped need SQLite, or take minutes for the paths of
# packets, which no database touches.
test-postgres: test-runner ## the same on PostgreSQL: a throw-away cluster, or the server of TEST_POSTGRES_URL
	tests/with-converter tests/with-postgres $(CARGO_TEST) --test api --test store -- --include-ignored \
		--skip cross::faults::disk --skip cross::faults::statements --skip media::networks --skip media::slow_network

test-runner:
	@command -v cargo-nextest >/dev/null || \
		echo "cargo-nextest is not installed, so cargo test runs the tests, which takes longer: cargo install --locked cargo-nextest"

# In no run of make test: it needs Python and, the first time, the network; it takes a quarter of an hour.
fuzz-api: ## generated requests to every call that /openapi.json describes, and whether it describes each answer
	tests/fuzz-api

check: deny ## formatting, lints, documentation of the code, dependencies: everything must be clean
	cargo fmt --check
	cargo clippy --locked --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --document-private-items

format: ## format the code
	cargo fmt

# With the tables of the migrations in a throw-away cluster.
schema: ## write src/store/schema.rs; needs the diesel CLI, see diesel.toml
	env -u TEST_POSTGRES_URL tests/with-postgres sh -c 'DATABASE_URL="$$TEST_POSTGRES_URL" diesel migration run'

deny: ## licences, sources and versions of the dependencies; needs no network once cargo-deny is installed
	@command -v cargo-deny >/dev/null || cargo install cargo-deny --locked
	cargo fetch --locked
	cargo deny --offline check bans licenses sources

package: ## a Debian package with the program, its service and its settings, in target/debian
	@command -v cargo-deb >/dev/null || cargo install cargo-deb --locked
	cargo deb --locked --output target/debian/lectern.deb
	deploy/check-package target/debian/lectern.deb

bench: ## cost of each call on SQLite, as a share of a call without database access; and of 100,000 live members
	cargo bench --locked --bench api
	cargo bench --locked --bench presence

bench-postgres: ## cost of each call on a throw-away PostgreSQL cluster with fsync on
	POSTGRES_FSYNC=on tests/with-postgres sh -c 'cargo bench --locked --bench api -- --database-url "$$TEST_POSTGRES_URL"'

bench-growth: ## cost of each call with 10,000 classes and with 5 million; takes ten minutes and 6 GB
	cargo bench --locked --bench api -- --classes 10000
	cargo bench --locked --bench api -- --classes 5000000

bench-realtime: ## messages of classes, sent to 1,000 connections, as a ratio to a bare broadcast
	cargo bench --locked --bench realtime
	cargo bench --locked --bench realtime -- --kind signals

bench-instances: ## how long a message takes from one instance to clients of another, on a throw-away PostgreSQL cluster
	POSTGRES_FSYNC=on tests/with-postgres sh -c 'cargo bench --locked --bench realtime -- --database-url "$$TEST_POSTGRES_URL" --instances 2 --pace 100'

bench-media: ## voice and picture: packets passed on in a second of CPU as a ratio to a bare loop, delay, memory
	cargo bench --locked --bench media

soak-media: ## voice and picture for an hour: memory and delay of each minute
	cargo bench --locked --bench media -- --seconds 60 --periods 60

bench-callbacks: ## delivery rate and latency of events, as ratios
	cargo bench --locked --bench callbacks
