# Two commands matter: `make demo` and `make test`. Each sets up first when needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out/demo
PACK ?=
PORT ?= 8315
SERVE ?= 1
SIZE ?= 10k,100k

.PHONY: setup demo test check bench fmt docs lock system clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本（可用 make PYTHON=python3.12 指定）"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || sh tools/need.sh /nonexistent python3-venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	$(BIN)/python -m compileall -q src
	$(BIN)/yike warm
	@touch $@

demo: setup
	$(BIN)/yike demo --data $(OUT) --port $(PORT) $(if $(PACK),--pack $(PACK)) $(if $(filter 0,$(SERVE)),--no-serve)

system:
	@sh tools/need.sh chromium chromium
	@ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || sh tools/need.sh /nonexistent libatomic1
	@sh tools/need.sh /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	PYTHONPATH=tests $(BIN)/mypy
	$(BIN)/yike standards check
	$(BIN)/pytest -q -n 2 --dist loadfile -m "not real and not slow and not browser"

test: setup system
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	PYTHONPATH=tests $(BIN)/mypy
	$(BIN)/yike standards check
	$(BIN)/pytest -q -n 2 --dist loadfile
	YIKE_TEST_DB=postgres $(BIN)/pytest -q -n 2 --dist loadfile tests/web

bench: setup
	$(BIN)/python benchmarks/access_bench.py --sizes $(SIZE) --peers --write
	$(BIN)/python benchmarks/build_bench.py --size 100k
	$(BIN)/python benchmarks/isochrone_bench.py src/yike/sources/bundled/helsinki-center/helsinki.osm.pbf
	$(BIN)/python benchmarks/siting_bench.py --sizes 12x500,200x2k --peers --peer-limit 60

fmt: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup
	$(BIN)/python -m yike.cli.document docs/reference
	$(BIN)/python -m yike.standards.document docs/reference

lock:
	sh tools/lock.sh

clean:
	rm -rf $(VENV) out
