# Each target first installs missing packages, then runs its command.
VENV := .venv
TOOLS := $(VENV)/tools
# requirements.lock or requirements-cpu.lock here installs only files whose sha256 is in the lock (docs/dependencies.md).
REQUIREMENTS ?= requirements.txt
SUPPORTED := import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3 python; do \
	$$name -c '$(SUPPORTED)' 2>/dev/null && echo $$name && break; done)
BUNDLE ?= bundle
PIP_INSTALL := install --disable-pip-version-check --quiet
COMPILE := $(TOOLS)/bin/uv pip compile requirements.txt --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock-requirements"
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONNOUSERSITE := 1

.PHONY: repro app promote rollback test test-slow test-long review experiments docs-tables reader-pack verify lock \
	lock-requirements bundle reproduce-check faults fuzz schemathesis

repro: lock
	@$(VENV)/bin/dvc repro
	@echo
	@$(VENV)/bin/python -m medsum.evaluation.table
	@git diff --quiet -- dvc.lock 2>/dev/null || echo "dvc.lock has changed: your code, data or parameters differ from the last commit, or your processor rounds differently. All of these are fine."

app: lock
	@test -d models/serving || $(VENV)/bin/dvc repro export
	@$(VENV)/bin/python app.py

promote: lock
	@$(VENV)/bin/python -m medsum.review.promote $${BEFORE:+--before "$$BEFORE"}

rollback: lock
	@$(VENV)/bin/python -m medsum.review.promote --rollback

test: lock $(VENV)/installed-dev
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/pytest -n 2

test-slow: lock $(VENV)/installed-dev
	@$(VENV)/bin/pytest -n 2 --dist loadfile -m "slow and not long"

test-long: lock $(VENV)/installed-dev
	@$(VENV)/bin/pytest -m long

review: lock
	@$(VENV)/bin/python -m medsum.review.changes "$${BASE:-origin/main}"

experiments: lock
	@$(VENV)/bin/python -m medsum.review.experiments

docs-tables: lock
	@$(VENV)/bin/python -m medsum.review.doc_tables

reader-pack: lock
	@$(VENV)/bin/python -m medsum.review.reader_pack $(NOTES)

verify: lock
	@$(VENV)/bin/python -m medsum.review.verify

# BUNDLE_OPTIONS: see `python -m medsum.bundle --help`.
bundle: lock $(TOOLS)/installed
	@PATH="$$PATH:$(CURDIR)/$(TOOLS)/bin" $(VENV)/bin/python -m medsum.bundle $(BUNDLE) $(BUNDLE_OPTIONS)

reproduce-check: lock
	@$(VENV)/bin/python -m medsum.review.reproduce $(PROJECT)

# KILLS: how many kills, shared by four commands; SEED: another one has other moments.
faults: lock $(VENV)/installed-dev
	@MEDSUM_KILLS=$${KILLS:-40} MEDSUM_KILLS_SEED=$${SEED:-1} $(VENV)/bin/pytest -n 2 -m slow tests/pipeline/test_faults.py

# CASES: how many damaged files and requests; SEED: another one damages them in other ways.
fuzz: lock $(VENV)/installed-dev
	@MEDSUM_FUZZ_CASES=$${CASES:-20000} MEDSUM_FUZZ_SEED=$${SEED:-1} $(VENV)/bin/pytest -n0 -s -m slow tests/fuzz

# CASES: how many requests for each path of the API; SEED: another one makes others.
schemathesis: lock $(VENV)/installed-dev
	@MEDSUM_SCHEMATHESIS_CASES=$${CASES:-1000} MEDSUM_SCHEMATHESIS_SEED=$${SEED:-1} \
		$(VENV)/bin/pytest -n0 -m slow tests/api/test_schema.py

lock: $(VENV)/installed
	@$(VENV)/bin/python -m medsum.core.lock

# CPU_WHEELS is a folder or a page with torch's builds for CPUs, if the index has none.
lock-requirements: lock $(TOOLS)/installed
	@$(COMPILE) --output-file requirements.lock
	@sed -n 's/^torch==.*/&+cpu/p' requirements.txt | $(COMPILE) $(addprefix --find-links=,$(CPU_WHEELS)) \
		--constraints - --output-file requirements-cpu.lock

$(VENV)/installed: $(REQUIREMENTS)
	@"$(PYTHON)" -c '$(SUPPORTED)' 2>/dev/null || { echo "Error: $(if $(PYTHON),$(PYTHON) is not,no command python3 or python is)" \
		"Python 3.11, 3.12 or 3.13 with its module venv; install one (on Debian: apt install python3-venv)," \
		"or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip $(PIP_INSTALL) -r $(REQUIREMENTS)
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@$(VENV)/bin/pip $(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# An environment of its own, so that tools do not mix with the project's packages.
$(TOOLS)/installed: requirements-tools.txt $(VENV)/installed
	@$(VENV)/bin/python -m venv $(TOOLS)
	@$(TOOLS)/bin/pip $(PIP_INSTALL) -r requirements-tools.txt
	@touch $@
