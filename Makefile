# Every task of the project; `make` alone lists them. Each one sets up what it needs.
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
SAM_VENV := .venv-sam
BENCH_VENV := .venv-bench
CLIENTS_VENV := .venv-clients
REHEARSE_VENV := .venv-rehearse
SAM := SAM_CLI_TELEMETRY=0 $(SAM_VENV)/bin/sam
ARCH ?= arm64
# A release that was stolen is mostly found within days: nothing newer than a week is taken.
LOCK = $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --exclude-newer '7 days' --custom-compile-command 'make lock'
COVERED := tests/unit tests/contract tests/faults tests/infra/test_startup.py \
  tests/local/test_lambda_runtime.py tests/local/test_exec_wrapper.py
SOURCES := shared functions local tests benchmarks

.PHONY: help run workbench-offline test test-clients coverage check format lock build deploy rollback invoke rehearse costs reconcile prices key openapi client observability parsers libraries exports log-lines bench bench-client bench-syntax bench-renders bench-extraction bench-costs bench-standin bench-stream bench-chat bench-edits clean python313 build-SharedLayer build-TokenLayer build-GenerateArtifactFunction build-GenerateArtifactFixFunction build-ChatCompletionsFunction

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.ready ## Serve all functions and the page on http://127.0.0.1:8787 (PORT, .env and every setting apply)
	@$(BIN)/python -m local.emulator

workbench-offline: $(VENV)/.ready ## Install the libraries of artifacts from npm, so that the page works without a network (needs npm)
	@$(BIN)/python -m local.emulator.install_libraries

test: $(VENV)/.ready ## Run the tests on all cores, those of coverage first, those that measure last (ARGS='tests/unit -k retry' chooses some)
	@$(if $(ARGS),$(BIN)/python -m pytest $(ARGS),$(MAKE) coverage && $(BIN)/python -m pytest -n auto -m "not alone" $(addprefix --ignore=,$(COVERED)) && $(BIN)/python -m pytest -m alone)

test-clients: $(VENV)/.ready $(CLIENTS_VENV)/.ready ## Call the chat function with OpenAI clients: Python's, and JavaScript's where npm is (ARGS='-k litellm' chooses some)
	@if command -v npm >/dev/null; then $(MAKE) -s tests/clients/node_modules/.package-lock.json; \
	else echo "npm is missing: the clients for JavaScript are skipped (Debian: apt-get install npm)" >&2; fi
	@$(BIN)/python -m pytest tests/clients $(ARGS)

coverage: $(VENV)/.ready ## Run the tests of shared/ and functions/; fail where they reach less than 98 % of the branches
	@rm -f .coverage*
	@$(BIN)/coverage run -m pytest -q -n auto -m "not alone" $(COVERED)
	@$(BIN)/coverage combine -q && $(BIN)/coverage json -q -o .coverage-report.json && $(BIN)/coverage report --skip-covered --sort=-miss | sed -n 1,20p
	@$(BIN)/python -m tests.support.coverage_gate .coverage-report.json 98

check: $(VENV)/.ready ## What CI runs: format, lint, strict types, tests
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(MAKE) test

format: $(VENV)/.ready ## Format the code and mend what the linter can
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

lock: $(VENV)/.ready ## Renew requirements/*.txt from pyproject.toml (versions and hashes only), with releases of a week ago or older
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements/lock.txt
	$(LOCK) --group lock -o requirements/lock.txt
	$(LOCK) --group dev pyproject.toml -o requirements/dev.txt
	$(LOCK) -c requirements/dev.txt pyproject.toml -o requirements/runtime.txt
	$(LOCK) --group sam -o requirements/sam.txt
	$(LOCK) -c requirements/dev.txt --group bench pyproject.toml -o requirements/bench.txt
	$(LOCK) --group clients -o requirements/clients.txt
	$(LOCK) --group rehearse -o requirements/rehearse.txt

build: $(VENV)/.ready $(SAM_VENV)/.ready ## Build layers and functions for ARCH (arm64), with bytecode of Python 3.13; needs a Python 3.13
	@$(MAKE) -s python313 >/dev/null
	@for template in template.yaml observability.yaml; do $(SAM) validate --lint --region us-east-1 --template $$template || exit 1; done
	@set -o pipefail; ARCH=$(ARCH) $(SAM) build --parameter-overrides Architecture=$(ARCH) | sed '/^Commands you can use next/,$$d'
	@$(BIN)/python -m local.build narrow-architecture .aws-sam/build $(ARCH)

deploy: $(VENV)/.ready $(SAM_VENV)/.ready ## Build and deploy to AWS; asks the first time (ARGS='Models=… --yes', ARGS='--help' lists options)
	@$(BIN)/python -m local.deploy $(ARGS)

rollback: $(VENV)/.ready ## Let the deployed functions' addresses call the version before (ARGS='--to 12', ARGS='--help' lists options)
	@$(BIN)/python -m local.deploy.rollback $(ARGS)

invoke: $(VENV)/.ready $(SAM_VENV)/.ready ## Run events/ (or EVENT=file) through `sam local invoke`, in a container (Docker or podman)
	@$(BIN)/python -m local.invoke --check-engine
	@$(MAKE) build ARCH=$$(uname -m | sed 's/aarch64/arm64/')
	@PATH="$(abspath $(SAM_VENV))/bin:$$PATH" $(BIN)/python -m local.invoke $(EVENT)

rehearse: $(VENV)/.ready $(SAM_VENV)/.ready ## Deploy, call, roll back and delete the bundle in an AWS emulator on loopback; needs a Python 3.13 (ARGS='--help' lists options)
	@$(MAKE) -s python313 >/dev/null && $(MAKE) -s $(REHEARSE_VENV)/.ready
	@PATH="$(abspath $(SAM_VENV))/bin:$$PATH" $(BIN)/python -m local.rehearse --emulator $(REHEARSE_VENV)/bin/ministack $(ARGS)

costs: $(VENV)/.ready ## What was spent, and by whom: the saved queries on a log (LOG=file, or standard input; ARGS='--help' lists options)
	@$(BIN)/python -m local.costs $(ARGS) $(LOG)

reconcile: $(VENV)/.ready ## Ask OpenRouter what its calls of unknown cost really cost (LOG=file, or standard input; ARGS='--help' lists options)
	@$(BIN)/python -m local.reconcile $(ARGS) $(LOG)

prices: $(VENV)/.ready ## Print the catalog of models in force, and where a host's own list says otherwise (ARGS='--help' lists options)
	@$(BIN)/python -m local.prices $(ARGS)

key: $(VENV)/.ready ## Make an API key for a caller (NAME=web-shop; FILE=keys.json adds its hash there; ARGS='--help' lists options)
	@$(BIN)/python -m local.keys $(if $(ARGS),$(ARGS),$(if $(FILE),--file "$(FILE)") -- "$(NAME)")

openapi: $(VENV)/.ready ## Write docs/openapi.json from the models and the errors (ARGS='--check' compares)
	@$(BIN)/python -m local.docgen.openapi $(ARGS)

client: $(VENV)/.ready ## Write the types of docs/client/client.ts from docs/openapi.json, and client.js from it (ARGS='--check' compares)
	@$(BIN)/python -m local.docgen.client $(ARGS)

observability: $(VENV)/.ready ## Write observability.yaml from its queries, widgets and alarms in local/observability/ (ARGS='--check' compares)
	@$(BIN)/python -m local.observability $(ARGS)

parsers: ## Make the bundles of Babel's and Mermaid's parsers from npm's sources (maintainers; needs node and npm)
	@cd local/parsers && npm ci --ignore-scripts --no-audit --no-fund --silent && node build.mjs

libraries: ## List the files behind every module that a component may import, for the renderer (maintainers; needs node and npm)
	@cd local/parsers && npm ci --ignore-scripts --no-audit --no-fund --silent
	@cd local/parsers/frame && npm ci --ignore-scripts --no-audit --no-fund --silent
	@node local/parsers/libraries.mjs

exports: ## Write which names the packages export that a component may import (maintainers; PACKAGES='react @acme/ui' for your own)
	@cd local/parsers && npm ci --ignore-scripts --no-audit --no-fund --silent
	@frame=local/parsers/frame; \
	if [[ -n "$(PACKAGES)" ]]; then frame=$$(mktemp -d) && trap 'rm -rf "$$frame"' EXIT && echo '{"private":true}' > $$frame/package.json && \
	  (cd $$frame && npm install --ignore-scripts --no-audit --no-fund --silent $(PACKAGES)); \
	else (cd $$frame && npm ci --ignore-scripts --no-audit --no-fund --silent); fi; \
	node local/parsers/exports.mjs $$frame

log-lines: $(VENV)/.ready ## Write the log lines' part of docs/operations.md from their models (ARGS='--check' compares)
	@$(BIN)/python -m local.docgen.log_lines $(ARGS)

bench: $(VENV)/.ready ## The bundle as deployed against handlers on the openai SDK, httpx and urllib; needs a Python 3.13 (ARGS='--help' lists options)
	@$(BIN)/python -m benchmarks.bundle $(ARGS)

bench-client: $(BENCH_VENV)/.ready ## Three clients against one host: ours, the openai SDK, bare httpx (ARGS='--help' lists options)
	@$(BENCH_VENV)/bin/python -m benchmarks.client $(ARGS)

bench-extraction: $(VENV)/.ready ## How long it takes to find the artifact in ordinary and hostile answers (ARGS='--help' lists options)
	@$(BIN)/python -m benchmarks.extraction $(ARGS)

bench-syntax: $(VENV)/.ready ## The syntax check against published code and the TypeScript compiler; needs node and npm (ARGS='--help' lists options)
	@$(BIN)/python -m benchmarks.syntax $(ARGS)

bench-renders: $(VENV)/.ready ## The check of every kind against the renderers themselves; needs node, npm and Chromium (ARGS='--help' lists options)
	@$(BIN)/python -m benchmarks.renders $(ARGS)

bench-costs: $(VENV)/.ready ## How long `make costs` takes for 10,000 requests (ARGS='--help' lists options)
	@$(BIN)/python -m benchmarks.costs $(ARGS)

bench-standin: $(VENV)/.ready ## How much CPU time the stand-in takes for a request (ARGS='--against FOLDER' compares with another checkout)
	@$(BIN)/python -m benchmarks.standin $(ARGS)

bench-stream: $(VENV)/.ready ## How soon a caller sees the first status, and each line of code (ARGS='--help' lists options)
	@$(BIN)/python -m benchmarks.stream $(ARGS)

bench-chat: $(VENV)/.ready ## What the chat function adds to a stream, against a bare proxy (ARGS='--help' lists options)
	@$(BIN)/python -m benchmarks.chat $(ARGS)

bench-edits: $(VENV)/.ready ## What an edit saves against a rewrite, and from how many lines on (ARGS='--help' lists options)
	@$(BIN)/python -m benchmarks.edits $(ARGS)

clean: ## Remove everything that make created
	rm -rf $(VENV) $(SAM_VENV) $(BENCH_VENV) $(CLIENTS_VENV) $(REHEARSE_VENV) tests/clients/node_modules .libraries .aws-sam .pytest_cache .mypy_cache .ruff_cache .hypothesis .corpus
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- What `sam build` calls, a target for each resource; it names the folder to fill in ARTIFACTS_DIR.

# Wheels of the functions' processor and C library, whatever machine builds. Bytecode is part of the layer because
# /var/task is read-only: without it every cold start compiles everything. It is not checked against the source's time,
# which does not survive the zip. Isolated (-I), so that no PYTHON* variable changes it: equal sources give equal bytes.
WHEELS_arm64 := manylinux2014_aarch64 manylinux_2_28_aarch64
WHEELS_x86_64 := manylinux2014_x86_64 manylinux_2_28_x86_64
COMPILE = $$( $(PYTHON313) ) -I -m compileall -q -j 0 --invalidation-mode unchecked-hash

# What only AUTH_MODE=jwt imports, a third of all bytes, is in a layer of its own.
TOKEN_REQUIREMENTS := cffi cryptography pycparser
BUILD = $(BIN)/python -m local.build

build-SharedLayer:
	$(call install,without)
	@tar -C . --exclude __pycache__ -cf - shared | tar -C "$(ARTIFACTS_DIR)/python" -xf -
	@$(BUILD) ca-roots "$(ARTIFACTS_DIR)/python/certifi/cacert.pem" "$(ARTIFACTS_DIR)/python/shared/ca_roots"
	@$(COMPILE) -s "$(ARTIFACTS_DIR)" -p /opt "$(ARTIFACTS_DIR)/python"

build-TokenLayer:
	$(call install,only)
	@$(COMPILE) -s "$(ARTIFACTS_DIR)" -p /opt "$(ARTIFACTS_DIR)/python"

# Puts the locked requirements into the layer's folder, `only` those of the tokens or all `without` them, and takes out
# what is listed as unused.
define install
@$(if $(WHEELS_$(ARCH)),,$(error ARCH must be arm64 or x86_64, not '$(ARCH)'))
@requirements=$$($(BUILD) $(1) requirements/runtime.txt $(TOKEN_REQUIREMENTS)) && \
$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r <(echo "$$requirements") \
  --target "$(ARTIFACTS_DIR)/python" --no-compile --only-binary :all: --implementation cp --python-version 3.13 \
  $(addprefix --platform ,$(WHEELS_$(ARCH))) && \
$(BUILD) remove-unused "$(ARTIFACTS_DIR)/python" local/build/$(@:build-%=unused-%).txt
endef

build-GenerateArtifactFunction: FUNCTION := generate_artifact
build-GenerateArtifactFixFunction: FUNCTION := generate_artifact_fix
build-ChatCompletionsFunction: FUNCTION := chat_completions
build-GenerateArtifactFunction build-GenerateArtifactFixFunction build-ChatCompletionsFunction:
	@cp functions/$(FUNCTION)/app.py "$(ARTIFACTS_DIR)/"
	@$(COMPILE) -s "$(ARTIFACTS_DIR)" -p /var/task "$(ARTIFACTS_DIR)"

# ---- Environments

# A name on PATH may be a shim that does not run, and a distribution may ship Python without venv: so each candidate is
# tried. `$(1)` is what it has to be able to do.
PYENV = $${PYENV_ROOT:-$$HOME/.pyenv}/versions
define find_python
for python in $(PYTHON) python3.13 $$(ls -d $(PYENV)/3.13*/bin/python3.13 2>/dev/null) $(2); do \
  if "$$python" -c '$(1)' 2>/dev/null; then echo "$$python"; exit 0; fi; \
done
endef
PYTHON313 = ($(call find_python,import sys; sys.exit(sys.version_info[:2] != (3$(comma) 13))); \
  echo "make: Python 3.13, which the functions run on, is needed to build (PYTHON=… names one)" >&2; exit 1)
ANY_PYTHON = ($(call find_python,import ensurepip$(comma) sys$(comma) venv; sys.exit(sys.version_info < (3$(comma) 11)),python3.14 python3.12 python3.11 python3); \
  echo "make: Python 3.11 or newer with its venv module is needed (Debian: apt-get install python3-venv; macOS: brew install python)" >&2; exit 1)
comma := ,

python313:
	@$(PYTHON313)

$(VENV)/.ready: requirements/dev.txt
	$(call set_up,$(VENV),$<)
$(SAM_VENV)/.ready: requirements/sam.txt
	$(call set_up,$(SAM_VENV),$<)
$(BENCH_VENV)/.ready: requirements/bench.txt
	$(call set_up,$(BENCH_VENV),$<)
$(CLIENTS_VENV)/.ready: requirements/clients.txt
	$(call set_up,$(CLIENTS_VENV),$<)
# The functions run in the emulator's own Python, which has to be the one that they are built for.
$(REHEARSE_VENV)/.ready: ANY_PYTHON = $(PYTHON313)
$(REHEARSE_VENV)/.ready: requirements/rehearse.txt
	$(call set_up,$(REHEARSE_VENV),$<)

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json
	@cd tests/clients && npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules/.package-lock.json

define set_up
@python=$$( $(ANY_PYTHON) ) || exit 1; \
echo "Setting up $(1) with $$("$$python" --version) (once, about a minute)" >&2; \
"$$python" -m venv --clear $(1) && \
$(1)/bin/pip install -q --disable-pip-version-check --no-deps --require-hashes -r $(2) && \
touch $(1)/.ready
endef
