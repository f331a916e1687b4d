# Everything here works on a fresh machine with Python 3.11 or newer and make. Nothing needs to be activated.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PY := .venv/bin/python
PIP_INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --no-input --only-binary=:all: --no-compile
ARGS ?=
NAME ?=
# Test processes; WORKERS=0 runs everything in one, as a debugger wants it.
WORKERS ?= 2

.PHONY: help run test check clients bench prove openapi lock format clean ready ready-dev ready-bench

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run: ready ## Run Mentorskap with demonstration data and a private PostgreSQL
	@exec $(PY) -m app.cli run $(ARGS)

test: ready-dev ## Run the tests, but for those of `make check` (ARGS="-k name" goes to pytest, WORKERS=0 for one process)
ifeq ($(strip $(ARGS)),)
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile --ignore=tests/contracts --cov --cov-report= --cov-fail-under=95
	@$(PY) -m coverage report --fail-under=95 --format=total >/dev/null
	@$(PY) -m coverage report --fail-under=100 --include='app/domain/*,app/features/access/*,app/kit/tokens.py'
else
	@exec $(PY) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)
endif

check: ready-dev ## Check format, style, types, layers and the contract tests
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy
	@$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile tests/contracts

clients: ready-dev ## Generate and check the TypeScript and Python clients (`make check` does it too)
	@exec $(PY) -m openapi.clients

bench: ready-bench ## Measure (NAME=x for one bench); prints one JSON object per line
	@exec $(PY) -m bench $(NAME)

prove: ready-dev ## Run the long campaigns (NAME=x for one) and write evidence/prove.json
	@exec $(PY) -m bench.prove $(NAME)

openapi: ready ## Write the OpenAPI document
	@exec $(PY) -m app.cli openapi $(ARGS)

format: ready-dev ## Put every file into the house's format
	@$(PY) -m ruff format --quiet .
	@$(PY) -m ruff check --quiet --fix .

LOCK := $(PY) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --no-strip-extras

lock: ready-dev ## Resolve the dependencies anew (LOCK_ARGS=--upgrade takes the newest versions)
	@$(PIP_INSTALL) uv
	@$(LOCK) $(LOCK_ARGS) pyproject.toml --extra embedded -o requirements.lock
	@$(LOCK) $(LOCK_ARGS) pyproject.toml -c requirements.lock -o requirements-server.lock
	@$(LOCK) $(LOCK_ARGS) pyproject.toml --extra embedded --extra fast --group dev -c requirements.lock -o requirements-dev.lock
	@$(LOCK) $(LOCK_ARGS) pyproject.toml --extra embedded --extra fast --group dev --group bench -c requirements-dev.lock -o requirements-bench.lock
	@$(LOCK) $(LOCK_ARGS) --group pyproject.toml:clients -o requirements-clients.lock

clean: ## Remove the environment, caches and evidence; the data in .data stays
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov evidence build ./*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is complete when it holds a copy of the lock it was made from: content decides, not file times.
ready:
	@$(PY) -c "" 2>/dev/null && cmp -s requirements.lock .venv/runtime.lock || { \
	  $(MAKE_ENVIRONMENT); \
	  echo "Installing what Mentorskap needs (about a minute, once) …" >&2; \
	  $(PIP_INSTALL) --require-hashes -r requirements.lock; \
	  cp requirements.lock .venv/runtime.lock; }

ready-dev:
	@$(PY) -c "" 2>/dev/null && cmp -s requirements-dev.lock .venv/dev.lock || { \
	  $(MAKE_ENVIRONMENT); \
	  echo "Installing what developing Mentorskap needs (about a minute, once) …" >&2; \
	  $(PIP_INSTALL) --require-hashes -r requirements-dev.lock; \
	  cp requirements-dev.lock .venv/dev.lock; cp requirements.lock .venv/runtime.lock; }

ready-bench: ready-dev
	@cmp -s requirements-bench.lock .venv/bench.lock || { \
	  $(PIP_INSTALL) --require-hashes -r requirements-bench.lock; \
	  cp requirements-bench.lock .venv/bench.lock; }

# A half-made or broken environment is made anew. Some systems package Python without venv: those are passed over.
define MAKE_ENVIRONMENT
$(PY) -m pip --version >/dev/null 2>&1 || { \
	    for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	      $$python -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1 && break || python=; \
	    done; \
	    [ -n "$$python" ] || { echo "Mentorskap needs Python 3.11 or newer with its venv module: found none. Install it (Debian, Ubuntu: apt install python3 python3-venv) and try again." >&2; exit 1; }; \
	    $$python -m venv --clear .venv; }
endef
