# `make help` lists the targets. All generated files are in .venv and .local; you may delete both.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed
.PHONY: help run reset test test-plain-engine check mutants random random-engine races fuzz bench chaos screenshots lock engine chromium
.DEFAULT_GOAL := help

help: ## this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

run: $(READY) ## the whole system on this machine, until Ctrl-C
	@$(BIN)/python -m deploy.local.run

reset: $(READY) ## delete data, passwords and logs of `make run`
	@$(BIN)/python -m deploy.local.reset

test: $(READY) engine chromium ## all checks and tests, against a real database and a real engine
	@$(BIN)/python -m tests.layers

test-plain-engine: $(READY) engine ## the tests of the flows, on a plain Camunda without our additions
	@PLAIN_ENGINE=1 $(BIN)/python -m pytest tests/process

check: $(READY) ## style, types, imports, models and unit tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m order_api.cli lint bpmn_models
	@$(BIN)/python -m pytest tests/unit

mutants: $(READY) ## change one thing at a time in the money arithmetic: a unit test must fail each time
	@$(BIN)/python -m tests.mutants

random: $(READY) ## 10,000 random orders and acts: the bill adds up after each act, and a second reckoning agrees
	@RANDOM_SEQUENCES=10000 $(BIN)/python -m pytest -s tests/unit/test_bill_random.py

random-engine: $(READY) engine ## 200 random orders and acts on a real engine: documents and bank agree with a second reckoning and previews
	@RANDOM_ORDERS=200 PREVIEW_ROUNDS=50 $(BIN)/python -m pytest -s tests/process/test_random_orders.py tests/process/test_bank.py

bench: $(READY) engine ## how many orders a second this machine handles; BASE=<commit> compares with that commit
	@BASE=$(BASE) $(BIN)/python -m tests.bench

chaos: $(READY) engine ## kill every part while up to 300 orders run, and check that nothing is lost or done twice
	@CHAOS_ORDERS=300 $(BIN)/python -m pytest tests/chaos

races: $(READY) engine ## let each pair of acts on an order meet 50 times, and count who wins
	@RACES=50 $(BIN)/python -m pytest -s tests/chaos/test_unit_races.py tests/integration/test_refund_races.py tests/integration/test_return_races.py

fuzz: $(READY) ## right, wrong and hostile requests for a minute, or SECONDS=3600 for an hour
	@FUZZ_SECONDS=$(or $(SECONDS),60) RANDOM_SEED=$${RANDOM_SEED:-$$RANDOM} $(BIN)/python -m pytest -s tests/integration/test_fuzz.py

screenshots: $(READY) engine chromium ## pictures of the console for docs/
	@$(BIN)/python -m tests.screenshots

lock: ## write the lock files anew from setup.cfg
	@test -x .local/uv/bin/uv || { $(PYTHON) -m venv .local/uv && .local/uv/bin/pip install --quiet uv; }
	@$(LOCK) --all-extras --output-file requirements.lock
	@$(LOCK) --output-file deploy/compose/requirements.lock
LOCK = .local/uv/bin/uv pip compile setup.cfg --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

engine: $(READY) # build the workflow engine when its sources changed
	@$(BIN)/python -m deploy.local.build_engine

chromium: # for the browser tests
	@deploy/local/install_chromium.sh

$(READY): requirements.lock setup.cfg
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This needs Python 3.11 or newer: install it and name it, as in 'make PYTHON=python3.12 run'."; exit 1; }
	@echo "Installing the Python packages of requirements.lock into .venv (first time: about a minute)"
	@$(PYTHON) -m venv .venv || \
	  { echo "Python cannot make a virtual environment: install its venv module (on Debian: apt-get install python3-venv)."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock || \
	  { echo "The packages could not be installed: check the network (and pip's proxy or index settings), then run again."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
