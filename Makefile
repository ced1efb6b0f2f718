# Each target first installs missing packages, then runs its command.
PYTHON ?= python3.11
VENV := .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONNOUSERSITE := 1

.PHONY: repro app test test-slow test-long review experiments docs-tables verify lock

repro: lock
	@$(VENV)/bin/dvc repro
	@echo
	@$(VENV)/bin/python -m medsum.evaluation.table
	@git diff --quiet -- dvc.lock 2>/dev/null || echo "dvc.lock has changed: your code, data or parameters differ from the last commit, or your processor rounds differently. All of these are fine."

app: lock
	@test -d models/serving || $(VENV)/bin/dvc repro export
	@$(VENV)/bin/python app.py

test: lock $(VENV)/installed-dev
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/pytest -n 2

test-slow: lock $(VENV)/installed-dev
	@$(VENV)/bin/pytest -m "slow and not long"

test-long: lock $(VENV)/installed-dev
	@$(VENV)/bin/pytest -m long

review: lock
	@$(VENV)/bin/python -m medsum.review.changes "$${BASE:-origin/main}"

experiments: lock
	@$(VENV)/bin/python -m medsum.review.experiments

docs-tables: lock
	@$(VENV)/bin/python -m medsum.review.doc_tables

verify: lock
	@$(VENV)/bin/python -m medsum.review.verify

lock: $(VENV)/installed
	@$(VENV)/bin/python -m medsum.core.lock

$(VENV)/installed: requirements.txt
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --disable-pip-version-check --quiet -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@$(VENV)/bin/pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	@touch $@
