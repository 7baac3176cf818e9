# Needs Python 3.11 or newer with venv, and make. Another Python: make test PYTHON=python3.12
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The lock files are complete, so nothing is resolved; bytecode is made of what is imported, when it is imported.
INSTALL := $(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps --no-compile
ARGS ?=

.PHONY: demo test lint bench clean

demo: $(VENV)/ready-to-run
	@$(BIN)/gopy demo $(ARGS)

# Several files at once, each whole: what a file shares (a browser, a server) is made once. In the order of their names,
# or the file with the one longest test would begin last.
test: $(VENV)/ready-to-develop
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/ready-to-develop
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy

bench: $(VENV)/ready-to-develop
	@$(BIN)/python -m benchmarks $(ARGS)

# The data folder stays: it may hold answers.
clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Góp Ý needs Python 3.11 or newer: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)

# What runs is a part of what develops; a stamp is older than a changed lock file, and then it is installed anew.
$(VENV)/ready-to-run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what is needed (once)..."
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-build-isolation -e .
	@touch $@

$(VENV)/ready-to-develop: requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what is needed (once)..."
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@$(INSTALL) --no-build-isolation -e .
	@touch $@ $(VENV)/ready-to-run
