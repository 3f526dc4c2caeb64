# `make demo` and `make test` need Python 3.11 or newer with venv and pip, and make; each sets up .venv when it must.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types wheel lock clean

demo: .venv/ready
	@$(BIN)/stance label
	@echo
	@$(BIN)/stance train
	@echo
	@$(BIN)/stance predict --model iraq2002 seeds/demo/article.txt

test: .venv/ready
	$(BIN)/pytest -n 2

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready
	$(BIN)/mypy

.venv/ready: requirements/build.lock requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "stance needs Python 3.11 or newer; run make PYTHON=python3.12, say." >&2; exit 2; }
	@echo "setting up .venv (once, about a minute) ..." >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes -r requirements/dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

wheel: .venv/ready
	$(BIN)/python -m hatchling build -t wheel

# Needs uv, which resolves for every platform at once.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group build -o requirements/build.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group dev pyproject.toml -o requirements/dev.lock

clean:
	rm -rf .venv outputs multirun build dist
