# Dezhi 德治. `make` alone lists what can be done here.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PORT ?= 8000
# The first interpreter that is new enough; another one: make PYTHON=/path/to/python3.12 …
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && exit; done; echo python3)
BIN := .venv/bin
# One more than there are cores, because browsers and servers are waited for. In the order of the folders: the long files
# lie in the middle, and the many short ones of web even the ends out.
SPREAD := -n $(shell n=$$(nproc); echo $$(( n < 4 ? n + 1 : 4 ))) --dist loadfile --no-loadscope-reorder

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: .runtime assets ## Serve the demo village in this terminal (PORT=8000; DEZHI_DATA_DIR=where it keeps its data)
	@exec $(BIN)/dezhi demo --port $(PORT)

dev: .dev assets ## Prepare .venv for who writes code or plugins: everything installed, the pages built

test: .dev .browser assets ## Prove everything on both databases: tests, types, style, floors, browser
	@export TMPDIR=$$($(PYTHON) tools/scratch.py); trap 'rm -rf "$$TMPDIR"' EXIT; \
	$(BIN)/pytest $(SPREAD) -m "not alone"; \
	$(BIN)/pytest $(SPREAD) -m "not alone" --database=postgres
	@$(BIN)/pytest -m alone $$(grep -rl --include='test_*.py' 'mark\.alone' tests)  # on the disk: they measure

check: .dev ## Style, types and floors only (seconds)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=platform $(BIN)/lint-imports --no-logo

bench: .dev assets ## Measure against pgbench and an empty handler, into build/bench.json (ONLY="a figure or group")
	@PYTHONPATH=platform:tests/kit:plugins/dezhi-hello/src:plugins/dezhi-yinger/src $(BIN)/python -m bench $(ONLY)

sim: .dev ## Simulate bad days of the ledger's writers, by seeds (SEEDS=300; SEED=a history to replay; BUG=one to plant)
	@PYTHONPATH=platform:tests/kit $(BIN)/python -m sim \
		$(if $(SEEDS),--seeds $(SEEDS)) $(if $(SEED),--seed $(SEED)) $(if $(BUG),--bug $(BUG))

rows: .dev ## Every row of the catalogue with the tests that prove it; renews the status tables
	@$(BIN)/python tests/kit/rows.py

pictures: .dev .browser assets ## Remake the README's pictures from the running demo
	@$(BIN)/python tests/kit/pictures.py

assets: ## Build scripts and styles from npm packages, if anything changed
	@$(PYTHON) tools/assets.py

wheels: .dev assets ## Build our wheels and fetch those they need into dist/, for a machine without a network
	@rm -rf dist
	$(BIN)/pip wheel -q --no-deps --no-build-isolation -w dist . $(wildcard plugins/*)
	$(BIN)/pip download -q --require-hashes --no-deps --only-binary=:all: -d dist -r requirements/runtime.txt

messages: .dev ## Collect the texts of all pages for translators
	@$(BIN)/python tools/messages.py

red-lines: .dev ## Learn again what lines are like, after changes in tests/core/redlines/
	@$(BIN)/python tools/redlines_weights.py

lock: .dev ## Renew the pinned versions in requirements/ and package-lock.json
	$(BIN)/python tools/lock.py

.runtime .dev:
	@$(PYTHON) tools/environment.py $(@:.%=%)

.browser:
	@$(PYTHON) tools/browser.py

.PHONY: help run dev test check bench sim rows pictures assets wheels messages red-lines lock .runtime .dev .browser
