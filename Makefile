# `make demo` and `make test` need Python 3.11 or newer with venv and pip, and make; each sets up .venv when it must.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types wheel reference models-table bench lock clean

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

# The model that ships, from its sources: fetched (from the web, or a folder as FROM=…), labelled, trained, compared.
reference: .venv/ready
	$(BIN)/stance fetch iraq-inquiry $(if $(FROM),--from $(FROM)/iraq-inquiry)
	$(BIN)/stance fetch ungdc-57 $(if $(FROM),--from $(FROM)/ungdc-57)
	for corpus in iraq2002 iraq2002-plain iraq-inquiry ungdc-57; do $(BIN)/stance label documents=seeds/$$corpus || exit; done
	rm -rf build/reference
	$(BIN)/stance train experiment=reference models=build
	diff -r build/reference/1 models/reference/1 && echo "the same, byte for byte, as models/reference/1"

# Every figure of docs/models.md; takes an hour.
models-table: .venv/ready
	$(BIN)/python benchmarks/models.py

# How fast, beside peers, into benchmarks/RESULTS.md (pip install --group bench brings fastText).
bench: .venv/ready
	$(BIN)/python benchmarks/speed.py

wheel: .venv/ready
	$(BIN)/python -m hatchling build -t wheel

# Needs uv, which resolves for every platform at once.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group build -o requirements/build.lock
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 --group dev pyproject.toml -o requirements/dev.lock

clean:
	rm -rf .venv outputs multirun build dist
