# What one does with this repository. Every target sets itself up when it has to.
#
#   make run      build examples/hello and serve it        make test     the tests
#   make check    formatting, lint, types, import rules    make bench    the figures of docs/performance.md
#   make golden   rewrite golden files (read the diff)     make soak     everything long; writes docs/figures.md
#   make native   the runtime's native module, in place, where its sources changed (every target does that)
#
# `make native-checked` builds it with the address and undefined behaviour sanitizers; the process that imports it
# needs LD_PRELOAD=$(gcc -print-file-name=libasan.so) and ASAN_OPTIONS=detect_leaks=0. The next `make native`
# puts the usual one back.
#
# PYTHON chooses the interpreter (3.11 or later is looked for otherwise), VENV the environment's folder, PORT
# where `make run` serves.

VENV ?= .venv
PYTHON ?=
PORT ?= 8000
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
BENCHES = $(filter-out bench/soak.py,$(shell grep -l __main__ bench/*.py))

SERVER := runtime/conduit/server
CONFIGURED := $(BIN)/python -c 'import sys, sysconfig; print(sysconfig.get_config_var(sys.argv[1]))'

.PHONY: setup setup-bench native native-checked run test check bench golden soak clean

setup: $(VENV)/.installed
	@$(MAKE) --silent --no-print-directory $(VENV)/.native
setup-bench: $(VENV)/.installed-bench

$(VENV)/.installed: pyproject.toml setup.py
	@python=$$(for name in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python; do \
	    "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; \
	done); \
	test -n "$$python" || { echo "conduitc needs Python 3.11 or later; none found (set PYTHON=...)" >&2; exit 2; }; \
	test -x $(BIN)/python || { echo "creating $(VENV) with $$python"; "$$python" -m venv $(VENV); }
	@echo "installing conduitc and what its tests need"
	@$(PIP) install --editable '.[fast,dev,test]'
	@touch $@ $(VENV)/.native

native: setup

$(VENV)/.native: runtime/conduit/http/_speed.pyx $(wildcard $(SERVER)/*.pyx $(SERVER)/*.pxd $(SERVER)/*.pxi $(SERVER)/*.h)
	@echo "compiling the runtime's native modules"
	@rm -rf build/native $(SERVER)/*.so runtime/conduit/http/*.so
	@$(BIN)/python -W ignore setup.py --quiet build_ext --inplace \
	    --build-lib build/native --build-temp build/native
	@touch $@

native-checked: setup
	mkdir -p build
	$(BIN)/cython -3 --module-name conduit.server._native -o build/_native.c $(SERVER)/_native.pyx
	$(CC) -shared -fPIC -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	    -I$(SERVER) -I$$($(CONFIGURED) INCLUDEPY) build/_native.c -o $(SERVER)/_native$$($(CONFIGURED) EXT_SUFFIX)
	touch -t 200001010000 $(VENV)/.native

$(VENV)/.installed-bench: $(VENV)/.installed
	@echo "installing the peers that the benches compare with"
	@$(PIP) install --editable '.[bench]'
	@touch $@

run: setup
	$(BIN)/conduitc build examples/hello/app.py -o dist
	$(BIN)/conduitc run dist --port $(PORT)

test: setup
	$(BIN)/pytest

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

bench: setup-bench
	@for script in $(BENCHES); do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

golden: setup
	CONDUIT_GOLDEN=update $(BIN)/pytest tests/golden tests/effects tests/rules tests/numeric/test_cases.py \
	    tests/house/test_examples.py tests/introspect/test_forms.py
	@git --no-pager diff --stat -- docs tests

soak: setup-bench
	$(BIN)/python bench/soak.py

clean:
	rm -rf $(VENV) build dist *.egg-info .coverage .coverage.* .hypothesis .import_linter_cache \
	    .mypy_cache .pytest_cache .ruff_cache .soak $(SERVER)/*.so
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
