# Two commands matter on a new machine: `make site` and `make test`. Everything lives in .venv, nothing else is touched.

PYTHON ?= python3
BASE_URL ?=
export BASE_URL

BIN := .venv/bin
LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header pyproject.toml --extra rdf --extra realtime
# Only wheels, and only those whose hash is committed: no package's own build script ever runs here.
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all:

.DEFAULT_GOAL := help
.PHONY: help setup site test test-peers bench check demo serve lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 : \2/p' Makefile | awk -F ' : ' '{ printf "%-18s %s\n", $$1, $$2 }'

setup: .venv/run.stamp ## make .venv with what the website needs (again only when the lock files change)

site: .venv/run.stamp ## build the whole website into site/ (BASE_URL=https://... for its public address)
	@$(BIN)/cityproof build --out site $${BASE_URL:+--base-url "$${BASE_URL%/}/"}

test: .venv/test.stamp ## run all tests
	@$(BIN)/python -m pytest

test-peers: .venv/test.stamp ## read other people's servers, run on this machine (installs them in .cache/peers)
	@CITYPROOF_PEERS=1 $(BIN)/python -m pytest tests/peers

bench: .venv/run.stamp ## measure our web client beside curl, our build beside Hugo, our nets (see benchmarks/README.md)
	@PYTHONPATH=. $(BIN)/python benchmarks/fetch.py
	@PYTHONPATH=. $(BIN)/python benchmarks/build.py
	@PYTHONPATH=. $(BIN)/python benchmarks/topics.py

check: .venv/test.stamp ## check style, types, the city files and the workflows
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/cityproof check
	@$(BIN)/zizmor --quiet --offline --persona auditor .github

demo: .venv/run.stamp ## an invented city, read for real and rendered to site-demo/, with no internet
	@$(BIN)/cityproof demo

serve: .venv/run.stamp ## build, show the website on this machine, rebuild what changes
	@$(BIN)/cityproof serve

lock: | .venv/pyvenv.cfg ## renew requirements/*.txt from pyproject.toml
	@test -x .cache/lock/bin/uv || { $(BIN)/python -m venv .cache/lock && .cache/lock/bin/python -m pip install --quiet uv; }
	@.cache/lock/bin/$(LOCK) --output-file requirements/run.txt
	@.cache/lock/bin/$(LOCK) --extra test --constraints requirements/run.txt --output-file requirements/test.txt
	@if grep -n '://' requirements/run.txt requirements/test.txt; then echo "make lock: a lock file names a host; see the line above" >&2; exit 1; fi

clean: ## remove everything that the commands above made (not .cache)
	rm -rf .venv site site-demo

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Cityproof needs Python 3.11 or newer, and '$(PYTHON)' is older or missing: install one, or name another with 'make $(MAKECMDGOALS) PYTHON=python3.12'." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "'$(PYTHON) -m venv' failed: on Debian and Ubuntu install python3-venv, then run this again." >&2; exit 1; }

# The checkout is put on the path by a one-line .pth file (relative, so it needs no build tool and no absolute path).
.venv/run.stamp: requirements/run.txt requirements/launcher | .venv/pyvenv.cfg
	@echo "Installing what is listed in requirements/run.txt ..."
	@$(INSTALL) -r requirements/run.txt
	@cd .venv/lib/python3*/site-packages && echo ../../../.. > cityproof.pth
	@install -m 755 requirements/launcher $(BIN)/cityproof
	@touch $@

.venv/test.stamp: requirements/test.txt .venv/run.stamp
	@echo "Installing what is listed in requirements/test.txt ..."
	@$(INSTALL) -r requirements/test.txt
	@touch $@
