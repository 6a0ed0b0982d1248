# Every task of the project; `make` alone lists them. Each one sets up what it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
SOURCES := shared functions local tests

.PHONY: help run test check format lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.ready ## Serve both functions and the page on http://127.0.0.1:8787 (PORT, .env and every setting apply)
	@$(BIN)/python -m local.run

test: $(VENV)/.ready ## Run the tests (ARGS='tests/unit -k retry' narrows them down)
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.ready ## What CI runs: format, lint, strict types, tests
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(MAKE) test

format: $(VENV)/.ready ## Format the code and mend what the linter can
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

lock: $(VENV)/.ready ## Renew requirements/*.txt from pyproject.toml (versions and hashes only)
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command 'make lock' pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command 'make lock' --group dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt

clean: ## Remove everything that make created
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The runtime's own Python 3.13 if there is one, else any 3.11 or newer. A name on PATH may be a shim that does not
# run, and a distribution may ship Python without venv: so each candidate is tried.
$(VENV)/.ready: requirements/dev.txt
	@set -e; shopt -s nullglob; \
	for python in $(PYTHON) python3.13 $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.13*/bin/python3.13 python3.14 python3.12 python3.11 python3; do \
	  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "make: Python 3.11 or newer with its venv module is needed (Debian: apt-get install python3-venv)" >&2; exit 1; fi; \
	echo "Setting up $(VENV) with $$("$$found" --version) (once, about a minute)"; \
	"$$found" -m venv --clear $(VENV); \
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt; \
	touch $@
