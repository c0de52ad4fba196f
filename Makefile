# Two commands on a fresh machine: `make demo` and `make test`. Each does its own set-up.
# Needs Python 3.11+ with venv, and make. Node (20+) only for `make test-clients`.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
CLIENTS := tests/clients/node_modules/.package-lock.json
PICTURE := tests/picture/node_modules/.package-lock.json
BIND ?= 127.0.0.1
WORKERS ?= 2

DATABASE ?= sqlite
INSTANCES ?= 1
MINUTES ?= 20

.PHONY: help setup demo test test-clients check bench crash soak picture clients lock clean

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

setup: $(READY)  ## virtual environment with everything, from the hashed lock file

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)   ## play the Friday-hospital day; STAY=1 leaves it up, KILL=point kills the bot there
	@$(RUN) -m tests.demo --bind $(BIND) $(if $(STAY),--stay) $(if $(KILL),--kill $(KILL))

test: $(READY)   ## every test; those with matrix-js-sdk too where Node is
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory clients || true; fi
	$(RUN) -m pytest -n $(WORKERS) --dist loadfile

clients: $(CLIENTS) $(PICTURE)

$(PICTURE): tests/picture/package-lock.json
	cd tests/picture && npm ci --silent --no-audit --no-fund

$(CLIENTS): tests/clients/package-lock.json
	cd tests/clients && npm ci --silent --no-audit --no-fund

test-clients: $(READY)  ## only the tests with a client that nobody here wrote
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory clients; fi
	$(RUN) -m pytest -m clients

check: $(READY)  ## lint, types, import contract
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

bench: $(READY)  ## figures as ratios in one run; no test asserts a time
	@$(RUN) -m tests.bench

crash: $(READY)  ## kill -9 during 400 updates on Telegram, and between the states of its pages
	@$(RUN) -m tests.crash --database $(DATABASE) --instances $(INSTANCES) $(if $(SEED),--seed $(SEED))

soak: $(READY)   ## MINUTES of 20 alarms each, while servers, lines and disks fail at random
	@$(RUN) -m tests.soak --database $(DATABASE) --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

picture: $(READY)  ## the picture in the README, from a real run (needs Node for the fonts)
	cd tests/picture && npm ci --silent --no-audit --no-fund
	@$(RUN) -m tests.picture

lock: $(READY)   ## renew the hashed lock files (needs uv: pip install uv)
	for part in run dev; do \
	  $(PYTHON) -m uv pip compile --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet \
	    $$( [ $$part = dev ] && echo --extra dev ) pyproject.toml --output-file requirements/$$part.txt; \
	done

clean:           ## remove what set-up made
	rm -rf $(VENV) tests/clients/node_modules tests/picture/node_modules build *.egg-info
