# `make demo` and `make test` set up everything they need; see README.md.
VENV ?= .venv
BIN := $(VENV)/bin
EXAMPLE ?= examples/cedar-ridge
OUT ?= build/demo
AS_OF ?= 2026-12-15

.PHONY: demo test check bench docs set-up set-up-heavy clean

set-up:
	@scripts/set-up

# PyTorch, JAX, Spark and more, for the tests that need them; SKIP_HEAVY=1 leaves them out
set-up-heavy: set-up
	@scripts/set-up-heavy

demo: set-up
	@$(BIN)/python scripts/demo.py $(EXAMPLE) $(OUT) $(AS_OF)

test: set-up-heavy
	$(BIN)/pytest -n auto

check: set-up
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# rows of links: the fabric dump, then the list as CSV
LINKS ?= 1000000
CSV_LINKS ?= 10000000

bench: set-up
	$(BIN)/python -m benchmarks $(LINKS) $(CSV_LINKS)

docs: set-up
	$(BIN)/python scripts/make_reference.py

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache
