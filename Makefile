# Everything here needs only python3 (3.11 to 3.14) and make; `make help` lists the targets.
PYTHON ?= python3
UV_VERSION := 0.13.8
BIN := .venv/bin
READY := .venv/.ready
WORKERS := $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
SOURCES := bot coworkers adapters storage config tests bench

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench chaos

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

setup: $(READY) ## .venv/ with everything that the locked versions name

$(READY): uv.lock pyproject.toml Makefile
	@$(PYTHON) -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 15)))' || \
	  { echo "Deskmate needs Python 3.11 to 3.14; name one with make PYTHON=python3.12 setup." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --quiet --frozen --inexact --python $(BIN)/python
	@touch $(READY)

demo: $(READY) ## the slow-laptop story in this terminal, then a conversation (ONCE=1 ends after the story)
	@$(BIN)/deskmate demo $(if $(ONCE),--once)

test: $(READY) ## the tests
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal tests # journeys wait more than they work, and come in bunches

check: $(READY) ## format, lint, types, import contracts, duplication
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/pylint --disable=all --enable=duplicate-code bot coworkers adapters storage config

bench: $(READY) ## the benchmarks, as ratios against the reference in the same run
	@$(BIN)/python -m bench

chaos: $(READY) ## the whole kill and fault suite (a sample of it is in make test)
	@$(BIN)/pytest -p no:cacheprovider -m "chaos" --chaos tests
