# make demo    seeds/ -> out/graph.ttl, out/graph.html, out/extractions.jsonl
# make test    all tests (`make test PYTEST="-m 'not slow'"` for the quick ones)
# make lint    ruff, mypy and bandit
# make docs    the documentation site -> site/index.html
# make messages  bring the catalogue of translations up to date with the code, and say what is to be translated
# make bench   speed and memory over seeds/
# make fuzz    look for inputs that break something, five minutes long (`make fuzz SECONDS=3600`)
# make models  train the bundled models anew (hours; needs the data, see docs/)
# make clean   remove what demo, test and lint wrote
#
# Every target first makes .venv if it is not there, and brings it up to date when pyproject.toml has changed.

PYTHON ?= python3
PYTEST ?=
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# PyTorch is installed first and by version. A bare `torch` on Linux brings a CUDA build of several gigabytes that kg does
# not need. Where a CPU build lies at hand this version picks it. Elsewhere set PIP_EXTRA_INDEX_URL to PyTorch's index of CPU
# builds before `make`; to keep the torch that .venv has already: `make demo TORCH=torch`.
TORCH ?= torch==2.13.0

.PHONY: demo test lint docs messages bench fuzz models clean
.DELETE_ON_ERROR:

demo: $(READY)
	$(BIN)/kg build seeds -o out

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile $(PYTEST)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit -q -r kg bench -c pyproject.toml

docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

messages: $(READY)
	$(BIN)/python -m kg.messages

bench: $(READY)
	$(BIN)/python bench/seeds.py

SECONDS ?= 300
fuzz: $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[fuzz,html]'
	nice -n 15 $(BIN)/python -m tests.fuzz --seconds $(SECONDS)

models: $(VENV)/.ready-train
	$(BIN)/python -m kg.training.all
	rm -f build/models/events.pt build/models/groups.pt build/events/*.pickle
	$(BIN)/python -m kg.training.pack --out build/pack
	$(BIN)/python -m kg.training.groups --models build/pack
	$(BIN)/python -m kg.training.events --models build/pack
	$(BIN)/python -m kg.training.pack --out build/pack
	$(BIN)/python -m kg.training.scores --models build/pack
	$(BIN)/python -m kg.training.pack
	$(BIN)/python -m kg.training.report

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kg needs Python 3.11 or newer, and $(PYTHON) is %d.%d: say `make PYTHON=python3.11`" % sys.version_info[:2])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet '$(TORCH)'
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

$(VENV)/.ready-train: $(READY)
	$(BIN)/python -m pip install --quiet --editable '.[train]'
	@touch $@

# build/ holds hours of training and stays.
clean:
	rm -rf dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find out -mindepth 1 ! -name .gitkeep -delete
	find kg tests bench -name __pycache__ -prune -exec rm -rf {} +
