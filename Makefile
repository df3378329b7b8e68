# Everything runs in .venv, which `make dev` creates; pip takes its settings from your environment as usual.
# What a target may be given: PYTHON, ARGS (for pytest), INPUTS (for samples), SECONDS and TARGETS (for fuzz).

PYTHON ?= python3
ARGS ?=
INPUTS ?= ../shared/inputs
SECONDS ?= 60
TARGETS ?= snapshot diagnosis foreign archive redact site checks topology requirements dns policy report worker-log firewall-rules

BIN := .venv/bin
AUDIT := .venv-audit
STAMP := .venv/.installed
CODE := $(wildcard src tests bench tools)

.DEFAULT_GOAL := help
.PHONY: help dev demo test test-airflow test-dataplane test-solver fuzz lint style types bench samples docs wheel audit sbom clean
.PRECIOUS: .venv-airflow-%/.installed

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

dev: $(STAMP) ## create .venv and install mwaanet with its development tools

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: $(STAMP) ## diagnose the embedded broken environment (its exit code 1 is the point)
	@$(BIN)/mwaanet diagnose env --demo || test $$? -eq 1

test: $(STAMP) ## run the tests (ARGS='-m "not slow" -n 2' to choose)
	$(BIN)/pytest $(ARGS)

test-airflow: $(STAMP) .venv-airflow-2/.installed .venv-airflow-3/.installed ## run the probing DAG in Apache Airflow 2 and 3
	$(BIN)/pytest tests/with_airflow/airflow_runs.py $(ARGS)

test-dataplane: $(STAMP) ## let the Linux kernel judge 500 random networks, as root (TOPOLOGIES=n, FIRST_SEED=n)
	$(BIN)/pytest tests/dataplane/full_run.py $(ARGS)

test-solver: $(STAMP) ## let an SMT solver judge sets of packets in 500 random networks (TOPOLOGIES=n, FIRST_SEED=n)
	$(BIN)/pytest tests/solver/full_run.py $(ARGS)

fuzz: $(STAMP) ## let Atheris look for inputs that crash, hang or fill memory, each target for SECONDS (TARGETS="site dns")
	$(BIN)/python -m pip install --quiet --editable '.[dev,fuzz]'
	for target in $(TARGETS); do \
		PYTHONPATH=src:tests:. $(BIN)/python tests/hostile/fuzz.py $$target build/fuzz/$$target -max_total_time=$(SECONDS) || exit 1; \
	done

.venv-airflow-%/.installed: tests/with_airflow/requirements-%.txt
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --requirement $<
	touch $@

lint: style types ## check style, format and types

style: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy --strict $(CODE)

bench: $(STAMP) ## measure speed and memory on generated environments
	$(BIN)/python bench/run.py
	$(BIN)/python bench/collection.py

samples: $(STAMP) ## run mwaanet on a folder of real inputs and compare with what is expected (INPUTS=folder)
	$(BIN)/python tools/samples.py $(INPUTS)

docs: $(STAMP) ## write the generated pages of docs/ again
	$(BIN)/python tools/docs.py

wheel: $(STAMP) ## build dist/*.whl, the same bytes every time for the same commit
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --wheel --no-isolation --outdir dist

audit: $(STAMP) $(AUDIT)/.installed ## look up every installed package among the known vulnerabilities; one not found fails too
	$(AUDIT)/bin/pip-audit --strict --skip-editable --path "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

sbom: $(AUDIT)/.installed ## write dist/mwaanet.cdx.json: what an installation of the wheel consists of
	rm -rf build/sbom && $(PYTHON) -m venv build/sbom && build/sbom/bin/python -m pip install --quiet .
	build/sbom/bin/python -m pip uninstall --quiet --yes pip setuptools
	mkdir -p dist
	$(AUDIT)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--output-file dist/mwaanet.cdx.json build/sbom/bin/python

$(AUDIT)/.installed:
	test -x $(AUDIT)/bin/python || $(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet 'pip-audit>=2.9' 'cyclonedx-bom>=7.0'
	touch $@

# The packages that decide verdicts.
JUDGED := model net paths names access

.PHONY: coverage
coverage: $(STAMP) ## lines and branches that tests reach; fails where a package that decides verdicts has under 95 %
	$(BIN)/pytest --cov --cov-report= -m "not slow" $(JUDGED:%=tests/%) tests/graph $(ARGS)
	@failed=; for package in $(JUDGED); do echo; echo "$$package"; \
		$(BIN)/coverage report --include="src/mwaanet/$$package/*" --fail-under=95 || failed=1; done; test -z "$$failed"

TIME ?= 20

.PHONY: mutation
mutation: $(STAMP) ## change net and paths in small ways; fails where no test notices (TIME=minutes, goes on where it stopped)
	$(BIN)/python tools/mutation.py --minutes $(TIME)

clean: ## remove build products and caches (.venv and .venv-* stay)
	rm -rf build dist htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests $(wildcard bench tools) -name __pycache__ -type d -prune -exec rm -rf {} +
