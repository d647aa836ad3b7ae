# Two commands: `make demo` (the main job on DuckDB) and `make test` (the whole suite).
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
# Byte code is made where it is needed, and kept: hundreds of processes need it, most of what is installed never.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := pip install -qq --no-compile -c constraints.txt

.PHONY: help install bench demo docs test test-fast test-slow lint typecheck lint-sql clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.demo: pyproject.toml constraints.txt
	@echo "Installing pinned dependencies into $(VENV), once ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/$(INSTALL) -e '.[dbt]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(INSTALL) -e '.[dev]'
	@touch $(VENV)/.demo $@

demo: $(VENV)/.demo ## the main job on generated bills: load, build, export, validate, margin
	@cd integration_tests && ../$(BIN)/python -m demo

install: $(VENV)/.dev ## virtual environment with everything for development

test: lint typecheck test-fast test-slow ## the whole test suite

test-fast: $(VENV)/.dev ## tests that finish in seconds
	$(BIN)/pytest -n auto -m 'not slow'

test-slow: $(VENV)/.dev ## tests that build whole projects or large files
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m slow

lint: $(VENV)/.dev ## ruff on Python
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-sql: $(VENV)/.dev ## sqlfluff on the models (also part of the slow tests)
	$(BIN)/sqlfluff lint models

typecheck: $(VENV)/.dev ## mypy --strict on the library
	$(BIN)/mypy

docs: $(VENV)/.dev ## the parts of the documentation that come from the code
	$(BIN)/python docs/generate.py

bench: $(VENV)/.dev ## speed and memory against a bare scan and the official validator
	$(BIN)/python benchmarks/run.py

clean: ## remove what was built, keep the environment
	rm -rf .venv-cloud .venv-litellm demo_output integration_tests/target integration_tests/logs integration_tests/dbt_packages
