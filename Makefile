.DEFAULT_GOAL := help
.PHONY: help install build up test check format types bench attack integration shots soak emulator deb release release-check tools deploy-lint fix clean

SOURCES := $(shell find bin cloud edge firmware-sim proto -name '*.ts' -o -name '*.proto' 2>/dev/null)
CONSOLE := $(shell find console -type f 2>/dev/null) proto/words/fault.ts proto/words/result.ts

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

build: dist/.built dist/console/.built dist/man/.built ## install dependencies and compile; after it ./bin/tongguan works

install: node_modules/.installed ## install exactly what the lockfile names

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

dist/.built: node_modules/.installed tsconfig.json tsconfig.build.json deploy/bundle.mjs deploy/bundle-command.mjs deploy/notices.mjs $(SOURCES) | swept
	npx --no-install tsc -p tsconfig.build.json
	mkdir -p dist/proto/schema && cp proto/schema/*.proto dist/proto/schema/
	cp package.json dist/package.json
	node deploy/bundle.mjs
	@touch $@

# Each time, since a source that is gone makes nothing else newer; it is quick.
.PHONY: swept
swept:
	@node deploy/sweep-dist.mjs

dist/console/.built: node_modules/.installed deploy/build-console.mjs deploy/notices.mjs $(CONSOLE)
	node deploy/build-console.mjs
	@touch $@

dist/man/.built: dist/.built
	rm -rf dist/man
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
	node test/run/run.mjs $(ARGS)

bench: dist/.built ## speed and memory against baselines of the same run; `make bench ARGS="--only ingest"`
	npx --no-install tsc -p tsconfig.bench.json
	mkdir -p build/bench/proto/schema && cp proto/schema/*.proto build/bench/proto/schema/ && cp package.json build/bench/
	node deploy/bundle.mjs build/bench
	node build/bench/test/bench/run.js $(ARGS)

attack: node_modules/.installed ## what an attacker learns from what left the vehicle, against targets; `make attack ARGS="--traces DIR"`
	npx --no-install tsc -p tsconfig.attacks.json
	mkdir -p build/attack/js/proto/schema && cp proto/schema/*.proto build/attack/js/proto/schema/ && cp package.json build/attack/js/
	node build/attack/js/test/attacks/run.js $(ARGS)

integration: dist/.built dist/console/.built kafka ## what `make test` leaves out: Kafka, PostgreSQL, a broker of somebody else's, a browser, a vehicle in a network of its own; says what is missing
	@command -v mosquitto_pub >/dev/null || echo 'mosquitto_pub is missing (Debian: mosquitto-clients); its tests are skipped'
	@command -v mosquitto >/dev/null || test -x /usr/sbin/mosquitto || echo 'mosquitto is missing (Debian: mosquitto); its tests are skipped'
	@test -x "$${CHROMIUM:-/usr/bin/chromium}" || echo 'chromium is missing (or name one in CHROMIUM); its tests are skipped'
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo 'a PostgreSQL server is missing (Debian: postgresql); its tests are skipped'
	TONGGUAN_INTEGRATION=1 node test/run/run.mjs test/integration-kafka test/integration-mqtt test/integration-postgres test/integration-roles test/console-browser
	node deploy/emulator/namespaces.mjs --days 2

# Jars by Maven and the client by npm, both of pinned versions, once; what cannot be had is said, and its tests are skipped.
# Headers of Node that lie beside it are taken from there: else node-gyp fetches them from nodejs.org.
CACHE := build/kafka
.PHONY: kafka
kafka: node_modules/.installed
	@command -v kcat >/dev/null || echo 'kcat is missing (Debian: kcat); tests over Kafka are skipped'
	@command -v java >/dev/null || echo 'java 17 is missing (Debian: openjdk-17-jre-headless); tests over Kafka are skipped'
	@if test ! -f $(CACHE)/broker/.fetched; then \
	  if command -v mvn >/dev/null && mvn -q -B -f deploy/kafka/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=$(CURDIR)/$(CACHE)/broker; then touch $(CACHE)/broker/.fetched; \
	  else echo 'jars of Apache Kafka are missing and mvn cannot fetch them (Debian: maven); tests over Kafka are skipped'; fi; fi
	@if test ! -f $(CACHE)/client/.built; then mkdir -p $(CACHE)/client && cp deploy/kafka/package.json deploy/kafka/package-lock.json $(CACHE)/client/ && \
	  home=$$(node -p 'path.resolve(process.execPath, "../..")') && \
	  if test -f $$home/include/node/node.h; then export npm_config_nodedir=$$home; fi && \
	  if npm ci --prefix $(CACHE)/client --no-audit --no-fund; then touch $(CACHE)/client/.built; \
	  else echo 'node-rdkafka could not be built (wants g++, make, python3); tests over Kafka are skipped'; fi; fi
	@if test -f $(CACHE)/client/.built; then ln -sfn ../build/kafka/client/node_modules/node-rdkafka node_modules/node-rdkafka; fi

shots: dist/.built dist/console/.built ## every page of the console as pictures in build/shots, over the tour; wants chromium
	node deploy/shoot-console.mjs

SEED ?= $(shell date +%s)
SEEDS ?= 200
# The longest scenario is silent for minutes; see test/run/still.ts.
LONGEST_MS := 3600000
soak: dist/.built ## simulations, the end-to-end replay with fresh seeds, and every scenario in its long form; `make soak SEED=42 SEEDS=1` replays one
	@echo SEED=$(SEED) SEEDS=$(SEEDS)
	SEED=$(SEED) SEEDS=$(SEEDS) npx --no-install vitest run test/simulation
	SEED=$(SEED) npx --no-install vitest run test/e2e
	SCENARIOS=long STILL_MS=$(LONGEST_MS) npx --no-install vitest run test/unit/bin/scenarios

emulator: dist/.built ## the packaged agent on emulated 64-bit Arm, and in a network of its own; `make emulator ARGS="--seconds 20"`
	@./deploy/emulator/build-arm.sh && node deploy/emulator/emulate.mjs $(ARGS) || { test $$? = 3 && echo 'emulator: skipped'; }
	node deploy/emulator/namespaces.mjs

fix: node_modules/.installed ## apply every safe formatting and lint repair
	npx --no-install biome check --write

deb: build ## agent, cloud and exporter as Debian packages for this architecture, in build/deb
	./deploy/edge/build-deb.sh
	./deploy/cloud/build-deb.sh
	./deploy/exporter/build-deb.sh

release: build ## everything of a release in build/release/out: npm package, Debian packages, bill of materials, checksums
	./deploy/release/build.sh
	@if test -d build/tools/node_modules; then node deploy/release/validate-bill.mjs build/release/out/*.cdx.json; \
	  else echo 'the bill of materials is not held against its schema: `make tools` first'; fi

release-check: build ## build the release of this commit twice, the second time elsewhere, and compare every byte
	./deploy/release/check.sh

# Pinned, into a directory of their own: nothing of them is in the product. What cannot be had is said by who would have used it.
tools: ## linters and schemas that `make release` and `make deploy-lint` check with, in build/tools
	mkdir -p build/tools && cp deploy/tools/package.json deploy/tools/package-lock.json build/tools/ && cd build/tools && npm ci --no-audit --no-fund
	-python3 -m pip install --quiet --upgrade --target build/tools/python kubernetes-validate==1.37.0
	-GOBIN=$(CURDIR)/build/tools/bin go install github.com/zegl/kube-score/cmd/kube-score@v1.20.0

deploy-lint: ## what is in deploy/ by the linters of its kind; says which are missing
	./deploy/lint.sh

clean: ## remove what was built; data directories stay
	rm -rf dist build
