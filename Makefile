# Two commands for everybody: `make demo` and `make test`. Both make or reuse .venv.

PYTHON ?= python3
PYTHON_3_13 ?= $(firstword $(wildcard $(HOME)/.pyenv/versions/3.13*/bin/python) python3.13)
PYTHON_3_12 ?= $(firstword $(wildcard $(HOME)/.pyenv/versions/3.12*/bin/python) python3.12)
BIN := .venv/bin
READY := .venv/ready

.PHONY: help demo test adversaries browser hostile-files layers nightly colab calibrate-cpu calibrate-gpu build check
.PHONY: verify clean

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/'

$(READY): pyproject.toml course/pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt "setuptools>=77" wheel
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable course --editable ".[dev]"
	$(BIN)/python -m compileall -q -x answers autograder solutions course
	touch $(READY)

demo: $(READY) ## the main job on a simulated class: grade, gradebook, feedback
	$(BIN)/autograder demo

test: $(READY) ## all tests, with the slowest ten
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

adversaries: $(READY) ## hostile code among honest students, in both modes of isolation
	$(BIN)/python -m pytest tests/adversaries/test_adversaries.py tests/adversaries/test_fairness.py

hostile-files: $(READY) ## broken and hostile hand-ins, and notebooks changed at random (ADVERSARIES=all: each by the whole path)
	$(BIN)/python -m pytest tests/adversaries/test_files.py tests/adversaries/test_mutator.py

browser: $(READY) ## the README's commands as they stand, and nbgrader's formgrader in Chromium
	$(BIN)/python -m pytest tests/browser

layers: $(READY) ## what each layer of isolation stops that no other would
	$(BIN)/python tests/adversaries/layers.py

colab: $(READY) ## all lessons and checks under Colab's two newest versions (PYTHON_3_13=... PYTHON_3_12=...)
	tools/colab.sh 3.13 $(PYTHON_3_13) $(RESULTS:%=%/colab-3.13.json)
	tools/colab.sh 3.12 $(PYTHON_3_12) $(RESULTS:%=%/colab-3.12.json)

nightly: RESULTS ?= benchmarks/results
nightly: $(READY) colab ## the long runs: Colab's versions, all fixtures, killed processes, every hostile hand-in by the whole path
	$(BIN)/autograder build --check --whole
	FAULT_ROUNDS=30 $(BIN)/python -m pytest tests/test_faults.py
	ADVERSARIES=all $(BIN)/python -m pytest tests/adversaries/test_files.py

calibrate-cpu calibrate-gpu: LESSON ?= 04_vit
calibrate-cpu calibrate-gpu: SEEDS ?= 5
calibrate-cpu: $(READY) ## measure a trained item's bar, hours at most, goes on when stopped (LESSON=04_vit SEEDS=5 DATASET=cifar10)
	$(BIN)/autograder calibrate $(LESSON) --budget cpu --seeds $(SEEDS) $(DATASET:%=--dataset %)

calibrate-gpu: $(READY) ## the same under the budget for a GPU; run it where there is one
	$(BIN)/autograder calibrate $(LESSON) --budget gpu --seeds $(SEEDS) $(DATASET:%=--dataset %)

build: $(READY) ## students' notebooks and fixtures from their sources
	$(BIN)/autograder build

check: $(READY) ## what the tests do not: stale files, style, types
	$(BIN)/autograder build --check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

verify: $(READY) ## references and known mistakes through the real engine
	$(BIN)/autograder verify

clean: ## remove the environments
	rm -rf .venv .venv-colab-*
