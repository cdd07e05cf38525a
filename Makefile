# Each target sets up what it needs by itself: Python 3.11 or newer and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

.PHONY: help demo up test chaos bench lint lock demo-packages clean

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Polypress needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(UV) --require-hashes -r requirements/dev.txt
	$(UV) --no-deps -e .
	touch $@

demo: $(READY) ## Run the main job on a copy of the sample project under var/demo
	$(BIN)/python -m tools.demo

up: $(READY) ## Run the queue for the sample project: Redis, hub and a worker, until Ctrl-C
	$(BIN)/polypress models install packages
	$(BIN)/polypress up

test: $(READY) ## Run the whole suite: style, types, import contracts, tests with coverage
	$(BIN)/python -m tools.programs
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term

lint: $(READY) ## Only style, types and import contracts
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

chaos: $(READY) ## All fault tests in full: the queue, review, damaged catalogs, mangled answers, publishing: some thirty-five minutes
	$(BIN)/python tests/workers/chaos/full.py
	$(BIN)/python tests/simulation/full.py
	$(BIN)/python tests/adapters/pofile/long_forms.py
	$(BIN)/python tests/mangling/full.py
	$(BIN)/python -m tools.programs && $(BIN)/python tests/publishing/full.py

bench: $(READY) ## Measure speed, memory, risk and what survives: decoding, the queue, review
	$(BIN)/python -m benchmarks.decoding
	$(BIN)/python -m benchmarks.planning
	$(BIN)/python -m benchmarks.scaling
	$(BIN)/python -m benchmarks.queue_path
	$(BIN)/python -m benchmarks.merging
	$(BIN)/python -m benchmarks.change
	$(BIN)/python -m benchmarks.publishing
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.checks
	$(BIN)/python -m benchmarks.risk
	$(BIN)/python -m tools.programs && $(BIN)/python -m benchmarks.serving
	$(BIN)/python tests/survival/full.py

lock: $(READY) ## Pin all dependencies again after a change of pyproject.toml
	for extra in "" dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url $${extra:+--extra $$extra} pyproject.toml --output-file requirements/$${extra:-run}.txt; done

demo-packages: ## Train the demo packages again (an hour and a half on two cores)
	test -x .venv-train/bin/python || $(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip install --quiet -r tools/demo_packages/requirements.txt
	.venv-train/bin/python -m tools.demo_packages.build

clean: ## Remove what the other targets made
	rm -rf $(VENV) .venv-train .tools var build *.egg-info
