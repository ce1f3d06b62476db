.DEFAULT_GOAL := help
.PHONY: help install build up test check format types bench attack integration shots soak deb fix clean

SOURCES := $(shell find bin cloud edge firmware-sim proto -name '*.ts' -o -name '*.proto' 2>/dev/null)
CONSOLE := $(shell find console -type f 2>/dev/null) proto/words/fault.ts proto/words/result.ts

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

build: dist/.built dist/console/.built dist/man/.built ## install dependencies and compile; after it ./bin/tongguan works

install: node_modules/.installed ## install exactly what the lockfile names

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

dist/.built: node_modules/.installed tsconfig.json tsconfig.build.json deploy/bundle-edge.mjs $(SOURCES)
	npx --no-install tsc -p tsconfig.build.json
	mkdir -p dist/proto/schema && cp proto/schema/*.proto dist/proto/schema/
	cp package.json dist/package.json
	node deploy/bundle-edge.mjs
	@touch $@

dist/console/.built: node_modules/.installed deploy/build-console.mjs $(CONSOLE)
	node deploy/build-console.mjs
	@touch $@

dist/man/.built: dist/.built
	./bin/tongguan man --out dist/man
	@touch $@

up: dist/.built dist/console/.built ## a fleet, its agents, the cloud, the exporter and a recipient on this machine; ctrl-C stops
	./bin/tongguan up $(ARGS)

check: format types test ## what CI runs; the fastest failure comes first

format: node_modules/.installed ## formatting and lint, changing nothing
	npx --no-install biome ci --error-on-warnings

types: node_modules/.installed ## strict type check of sources and tests
	npx --no-install tsc --noEmit -p .
	npx --no-install tsc --noEmit -p console

test: dist/.built dist/console/.built ## unit, contract, property, vector, house and end-to-end tests; no network
	npx --no-install vitest run

bench: dist/.built ## speed and memory against baselines of the same run; `make bench ARGS="--only ingest"`
	npx --no-install tsc -p tsconfig.bench.json
	mkdir -p build/bench/proto/schema && cp proto/schema/*.proto build/bench/proto/schema/ && cp package.json build/bench/
	node build/bench/test/bench/run.js $(ARGS)

attack: node_modules/.installed ## what an attacker learns from what left the vehicle, against targets; `make attack ARGS="--traces DIR"`
	npx --no-install tsc -p tsconfig.attacks.json
	mkdir -p build/attack/js/proto/schema && cp proto/schema/*.proto build/attack/js/proto/schema/ && cp package.json build/attack/js/
	node build/attack/js/test/attacks/run.js $(ARGS)

integration: dist/.built dist/console/.built ## real sockets, real processes, a browser, mosquitto_pub; says what is missing
	@command -v mosquitto_pub >/dev/null || echo 'mosquitto_pub is missing (Debian: mosquitto-clients); its tests are skipped'
	@test -x "$${CHROMIUM:-/usr/bin/chromium}" || echo 'chromium is missing (or name one in CHROMIUM); its tests are skipped'
	INTEGRATION=1 npx --no-install vitest run test/mqtt test/integration-exporter test/console-browser test/e2e

shots: dist/.built dist/console/.built ## every page of the console as pictures in build/shots, over the tour; wants chromium
	node deploy/shoot-console.mjs

SEED ?= $(shell date +%s)
SEEDS ?= 200
soak: dist/.built ## simulations and the end-to-end replay with fresh seeds; `make soak SEED=42 SEEDS=1` replays one
	@echo SEED=$(SEED) SEEDS=$(SEEDS)
	SEED=$(SEED) SEEDS=$(SEEDS) npx --no-install vitest run test/simulation
	SEED=$(SEED) npx --no-install vitest run test/e2e

fix: node_modules/.installed ## apply every safe formatting and lint repair
	npx --no-install biome check --write

deb: dist/.built dist/man/.built ## the agent as a Debian package for this architecture, in build/deb
	./deploy/edge/build-deb.sh

clean: ## remove what was built; data directories stay
	rm -rf dist build
