# `make` builds every document, `make test` proves it, `make check` says what changed. All set up
# .venv by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A file stays with one process, and the files come in the order of tests/conftest.py.
TESTS := -n 3 --dist loadfile --no-loadscope-reorder
# make test OPTIONS="--durations 10 --cov" also tells the slowest tests, and the lines they reach.
OPTIONS :=

.PHONY: build test check lint lab bench clean
.DEFAULT_GOAL := build

build: $(VENV)/.ready
	$(BIN)/nenpo build

test: $(VENV)/.ready-test
	$(BIN)/python -m pytest $(TESTS) $(OPTIONS)

# What the documents say against accepted/: fails on a changed fact or text.
check: build
	$(BIN)/nenpo check

lint: $(VENV)/.ready-test
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 src/nenpo && $(BIN)/lint-imports --no-logo

lab: $(VENV)/.ready-lab
	$(BIN)/jupyter lab notebooks

# Needs the system's pango for one peer and a Chromium for two; without them it says so.
bench: $(VENV)/.ready-bench
	$(BIN)/python benchmarks/per_document.py

# A set-up either completes or leaves no .venv behind.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) tools/set_up.py $(VENV) requirements.lock
	@touch $@

$(VENV)/.ready-%: requirements-%.lock $(VENV)/.ready
	@$(PYTHON) tools/set_up.py $(VENV) requirements.lock requirements-$*.lock
	@touch $@

# Leaves outputs/README.md, which is committed.
clean:
	rm -rf $(VENV)
	[ ! -d outputs ] || find outputs -mindepth 1 ! -path outputs/README.md -delete
