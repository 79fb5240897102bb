# What people type. Everything else is plain cargo.

export CARGO_TERM_COLOR ?= auto

# One cargo at a time; the last line of `make test` is what the last tests say of themselves.
.NOTPARALLEL:

.PHONY: run test test-sqlite test-postgres check format schema deny bench bench-postgres bench-growth bench-callbacks

run: ## build for speed, then serve on 127.0.0.1:8080 with the data in ./data
	cargo build --release --locked
	LECTERN_DEMO=true LECTERN_CALLBACK_ALLOW_PRIVATE=true LECTERN_DOCUMENT_ALLOW_PRIVATE=true ./target/release/lectern serve

test: test-sqlite test-postgres ## everything the service promises, over real sockets, on both databases

test-sqlite: ## all tests, on SQLite
	env -u TEST_POSTGRES_URL tests/with-converter cargo test --locked

# Those that --include-ignored adds are of PostgreSQL alone, those that are left out of SQLite alone.
test-postgres: ## the same on PostgreSQL: a throw-away cluster, or the server of TEST_POSTGRES_URL
	tests/with-converter tests/with-postgres cargo test --locked --test api --test store -- --include-ignored \
		--skip faults::disk --skip faults::statements

check: deny ## what has to be clean before it lands
	cargo fmt --check
	cargo clippy --locked --all-targets -- --deny warnings
	RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --document-private-items

format:
	cargo fmt

# With the tables of the migrations in a throw-away cluster.
schema: ## write src/store/schema.rs; needs the diesel CLI, see diesel.toml
	env -u TEST_POSTGRES_URL tests/with-postgres sh -c 'DATABASE_URL="$$TEST_POSTGRES_URL" diesel migration run'

deny: ## licences, sources and doubles of what we build on; needs no network once cargo-deny is there
	@command -v cargo-deny >/dev/null || cargo install cargo-deny --locked
	cargo fetch --locked
	cargo deny --offline check bans licenses sources

bench: ## what each call costs on SQLite, as shares of one that touches no database; and 100,000 live members
	cargo bench --locked --bench api
	cargo bench --locked --bench presence

bench-postgres: ## the same on a throw-away PostgreSQL that writes to the disk as it should
	POSTGRES_FSYNC=on tests/with-postgres sh -c 'cargo bench --locked --bench api -- --database-url "$$TEST_POSTGRES_URL"'

bench-growth: ## the same with 10,000 classes and with 5 million; takes ten minutes and 6 GB
	cargo bench --locked --bench api -- --classes 10000
	cargo bench --locked --bench api -- --classes 5000000

bench-callbacks: ## how fast events are delivered, as ratios
	cargo bench --locked --bench callbacks
