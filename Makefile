# Everything a user or a contributor runs. `make` alone lists it.
#
# Needs Python 3.11 or newer, git and make. All that is installed goes into .tools (the installer)
# and .venv (Didban), from requirement files whose every line carries a hash. A C++ compiler is
# used where there is one; without it the same answers come from Python, slower.

SHELL := /bin/sh
UV := tools/uv
PYTHON_BIN := .venv/bin/python
INSTALL := $(UV) pip install --quiet --python .venv --require-hashes
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --no-header --no-annotate --exclude-newer "7 days"
# Two at a time, file by file, in our order: slow files first (tests/conftest.py).
TESTS := pytest -n 2 --dist loadfile --no-loadscope-reorder
# What the compiled kernels are made of; _*.cpp are generated.
KERNELS := $(wildcard src/didban/match/kernels/*.pyx \
           src/didban/match/kernels/*.hpp)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

.PHONY: demo
demo: .venv/.didban ## build invented lists, screen invented passengers, tell the story
	@.venv/bin/didban demo

.PHONY: test
test: .venv/.dev .venv/.didban .tools/.chromium .tools/.java ## run every test (ARGS="-k mrz" for some)
	@CHROMIUM=$$(cat .tools/.chromium) $(PYTHON_BIN) -m $(TESTS) $(ARGS)

.PHONY: coverage
coverage: .venv/.dev .venv/.didban ## run every test and show which lines and branches none reaches
	@.venv/bin/coverage erase
	@.venv/bin/coverage run -m $(TESTS) $(ARGS)
	@.venv/bin/coverage combine --quiet
	@.venv/bin/coverage report

.PHONY: check
check: .venv/.dev .venv/.didban ## ruff, mypy and the layers
	@.venv/bin/ruff format --check
	@.venv/bin/ruff check
	@.venv/bin/mypy
	@.venv/bin/lint-imports

.PHONY: format
format: .venv/.dev ## let ruff format and mend what it can
	@.venv/bin/ruff format
	@.venv/bin/ruff check --fix

.PHONY: reference
reference: .venv/.dev .venv/.didban ## rewrite the generated parts of docs/reference
	@$(PYTHON_BIN) -m tools.reference

.PHONY: catalogues
catalogues: .venv/.dev .venv/.didban ## bring the translations up to what the pages say
	@$(PYTHON_BIN) -m tools.catalogues

.PHONY: screenshots
screenshots: .venv/.dev .venv/.didban .tools/.chromium ## picture every screen, in English and Persian
	@CHROMIUM=$$(cat .tools/.chromium) $(PYTHON_BIN) -m tools.screenshots $(ARGS)

.PHONY: bench
bench: .venv/.dev .venv/.didban ## measure speed and accuracy beside the peers
	@PATH="$(CURDIR)/tools:$$PATH" $(PYTHON_BIN) -m benchmarks $(ARGS)

.PHONY: lock
lock: .tools/.installed ## recompile requirements/*.txt (ARGS=--upgrade for newer versions)
	@$(COMPILE) pyproject.toml --extra node --extra spark --group dev -o requirements/dev.txt $(ARGS)
	@$(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/core.txt
	@$(COMPILE) pyproject.toml -c requirements/dev.txt --extra serve -o requirements/serve.txt
	@$(COMPILE) pyproject.toml -c requirements/dev.txt --extra device -o requirements/device.txt
	@$(COMPILE) pyproject.toml -c requirements/dev.txt --extra node -o requirements/node.txt
	@$(COMPILE) pyproject.toml -c requirements/dev.txt --extra spark -o requirements/spark.txt
	@$(COMPILE) --group build -c requirements/dev.txt -o requirements/build.txt
	@$(COMPILE) --group installer -o requirements/installer.txt $(ARGS)
	@$(COMPILE) --group npm -o requirements/npm.txt $(ARGS)
	@$(COMPILE) requirements/peers.in --override requirements/peers-override.txt \
	    -o requirements/peers.txt $(ARGS)

.PHONY: clean
clean: ## remove everything that was installed or built here
	rm -rf .tools .venv .benchmarks build dist node_modules screenshots src/didban/web/static/vendor .coverage* .hypothesis .*_cache src/*.egg-info
	rm -f src/didban/match/kernels/_*.cpp src/didban/match/kernels/*.so
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------------------- the two rooms
# Each stamp is touched when its step is done, so a second `make` starts at once.

.tools/.installed: requirements/installer.txt
	@echo "Setting up the installer ..."
	@python=$$(tools/find-python) && "$$python" -m venv --clear .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	    --requirement requirements/installer.txt
	@touch $@

.venv/.created: .tools/.installed
	@$(UV) venv --quiet --clear --python .tools/bin/python .venv
	@touch $@

.venv/.needed: .venv/.created requirements/node.txt requirements/build.txt
	@echo "Installing what Didban needs ..."
	@$(INSTALL) -r requirements/node.txt -r requirements/build.txt
	@touch $@

.venv/.dev: .venv/.needed requirements/dev.txt
	@echo "Installing what the tests need ..."
	@$(INSTALL) --no-build-isolation -r requirements/dev.txt  # pyspark has no wheel
	@touch $@

.venv/.assets: .venv/.created package-lock.json tools/assets.py
	@echo "Fetching what the pages load ..."
	@$(PYTHON_BIN) tools/assets.py --npm "$$(tools/find-npm)"
	@touch $@

.tools/.chromium: .tools/.installed
	@tools/find-chromium >$@ || true

.tools/.java: .tools/.installed
	@tools/find-java >$@ || true

.venv/.didban: .venv/.needed .venv/.assets pyproject.toml setup.py $(KERNELS)
	@echo "Building Didban ..."
	@$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@$(PYTHON_BIN) -c "import didban.match.kernels._native" 2>/dev/null || echo \
	    "No C++ compiler was usable: the kernels in Python are used (same answers, slower)."
	@touch $@
