# Each target installs what it needs the first time and is quick the second.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PORT ?= 8700
DEMO_LANG ?= en
PY := .venv/bin/python

.PHONY: demo test check build bench bench-suggestions bench-table audit clean plugin-zip pictures

demo: build
	@$(PY) -m widget_server.cli demo --port $(PORT) --lang $(DEMO_LANG)

test: .venv/.dev build .wordpress/.ready tests/wordpress/php/node_modules/.package-lock.json
	@scripts/packages test
	@scripts/with-node npm --prefix widget_js test
	@$(MAKE) --no-print-directory check
	@$(PY) -m pytest -n 2 --dist loadgroup -q

check: .venv/.dev build
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@scripts/with-node npm --prefix widget_js run check

build: widget_server/static/widget/manifest.json

plugin-zip: .venv/.core
	@$(PY) scripts/plugin-zip

pictures: .venv/.dev build
	@$(PY) scripts/pictures

# All parts, whatever the first finds.
bench: .venv/.dev build benchmarks/lighthouse/node_modules/.package-lock.json
	@scripts/packages bench
	@met=0; for part in benchmarks benchmarks.visitors benchmarks.console; do $(PY) -m $$part || met=1; done; $(MAKE) --no-print-directory bench-suggestions || met=1; exit $$met

# SUGGESTIONS: a folder with tasks.json; without it a small one of our own.
bench-suggestions: .venv/.dev
	@$(PY) -m benchmarks.suggestions --scale 10000 $(if $(SUGGESTIONS),--data "$(SUGGESTIONS)")

# What the last `make bench` measured, into the README.
bench-table: .venv/.dev
	@$(PY) -m benchmarks.table

# Which packages of the lock files have known holes.
audit: .venv/.core
	@$(PY) scripts/audit

clean:
	rm -rf .venv .demo .wordpress dist widget_js/node_modules tests/wordpress/php/node_modules benchmarks/lighthouse/node_modules widget_server/static

.venv/.core: requirements.txt pyproject.toml
	@scripts/packages demo
	@scripts/venv requirements.txt
	@touch $@

.venv/.dev: .venv/.core requirements-dev.txt
	@scripts/packages test
	@scripts/venv requirements-dev.txt
	@touch $@

widget_js/node_modules/.package-lock.json: widget_js/package.json widget_js/package-lock.json | .venv/.core
	@echo "Installing what builds the widget" >&2
	@scripts/with-node npm --prefix widget_js ci --no-audit --no-fund --loglevel error
	@touch $@

# The oldest WordPress we promise, a current one, and the newest, whose run only informs.
.wordpress/.ready: tests/wordpress/fetch-core | .venv/.dev
	@tests/wordpress/fetch-core bookworm .wordpress/bookworm
	@tests/wordpress/fetch-core trixie .wordpress/trixie
	@tests/wordpress/fetch-core sid .wordpress/sid || echo "The newest WordPress cannot be had now." >&2
	@touch $@

# Programs of the npm registry that only a test or a benchmark runs.
PROGRAMS := tests/wordpress/php benchmarks/lighthouse
$(PROGRAMS:%=%/node_modules/.package-lock.json): %/node_modules/.package-lock.json: %/package.json %/package-lock.json | .venv/.core
	@scripts/with-node npm --prefix $* ci --no-audit --no-fund --loglevel error
	@touch $@

WIDGET := $(shell find widget_js -path widget_js/node_modules -prune -o -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.json' -o -name '*.mjs' \) -print 2>/dev/null)
widget_server/static/widget/manifest.json: widget_js/node_modules/.package-lock.json $(WIDGET)
	@scripts/with-node npm --prefix widget_js run build --silent
	@touch $@
