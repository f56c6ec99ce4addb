# Trunkline's everyday commands; `make` alone lists them. Each one sets up what it needs first.

IN_ENV := scripts/in-env

.DEFAULT_GOAL := help
.PHONY: help run dev build setup setup-test test check lint unit e2e screenshots bench bench-dev

help: ## list these commands
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

run: ## set up, build and serve with the in-process LiveKit
	@scripts/run

dev: setup ## the same, rebuilt and reloaded at every edit
	@# Hashed names are given once, by a build; what is rebuilt later has none, and would not be found.
	@LEPTOS_HASH_FILES=false $(IN_ENV) cargo leptos watch -- serve --sandbox

build: setup ## the one self-contained binary: target/release/trunkline
	@scripts/test build

setup: ## put compiler and build tools in place
	@scripts/setup

setup-test: ## and what the tests need: browser, PostgreSQL
	@scripts/setup --test

test: setup-test ## everything below, as the CI runs it
	@scripts/test

check: setup ## does it compile, for the server and for the browser
	@$(IN_ENV) cargo check --workspace --exclude frontend --all-targets
	@$(IN_ENV) cargo check --package frontend --target wasm32-unknown-unknown

lint: setup ## formatting, who may depend on whom, clippy
	@scripts/test format dependencies clippy

unit: setup-test ## the Rust tests, on SQLite and on a private PostgreSQL
	@scripts/test unit

e2e: setup-test ## build, then the browser tests
	@scripts/test build browser

bench: setup-test ## what it costs, as ratios measured in one run
	@scripts/test build
	@$(IN_ENV) scripts/with-redis cargo run --release --package bench

bench-dev: setup-test ## from saving a file to the changed page, under make dev
	@$(IN_ENV) node bench/dev-loop.mjs

screenshots: setup-test ## pictures of every page, by end2end/screenshots.spec.ts
	@scripts/test build
	@SCREENSHOTS=1 $(IN_ENV) npx playwright test -c end2end --project screenshots
