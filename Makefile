# `make demo` and `make test` set up everything they need; see README.md.
VENV ?= .venv
BIN := $(VENV)/bin
EXAMPLE ?= examples/cedar-ridge
OUT ?= build/demo
AS_OF ?= 2026-12-15

.PHONY: demo test check bench docs set-up set-up-heavy set-up-servers clean

set-up:
	@scripts/set-up

# PyTorch, JAX, Spark and more, for the tests that need them; SKIP_HEAVY=1 leaves them out
set-up-heavy: set-up
	@scripts/set-up-heavy

# PostgreSQL, Chromium and more, for the tests of the desk; SKIP_SERVERS=1 installs none of them
set-up-servers: set-up
	@scripts/set-up-servers

demo: set-up
	@$(BIN)/python scripts/demo.py $(EXAMPLE) $(OUT) $(AS_OF)

# everything, with the desk on SQLite; then what touches a database once more on PostgreSQL
test: set-up-heavy set-up-servers
	$(BIN)/pytest -n auto --dist loadgroup
	$(BIN)/pytest -n auto --dist loadgroup tests/desk --desk-database postgresql

check: set-up
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# what `python -m benchmarks --help` takes, such as BENCH="--only meter --samples 20000000 --spark"
BENCH ?=

bench: set-up
	$(BIN)/python -m benchmarks $(BENCH)

docs: set-up
	$(BIN)/python scripts/make_reference.py

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache
