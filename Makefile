# Two commands: `make run` and `make test`. The rest are their parts. `make` alone lists them.

PY := .venv/bin/python
PORT ?= 8000
ARGS ?=
UNIT := accounts board rooms cobra bench
# The hash of what comes in.
HASH := $(PY) -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest()[:16])'
export PORT

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run dev bench bench-scale bench-growth test test-services audit test-unit test-e2e lint types types-and-unit format lock messages clean \
	venv setup setup-test database browser

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: setup database ## the site with its demo community, on http://localhost:8000 (PORT=… changes it)
	@exec $(PY) manage.py runserver

dev: export DEBUG = 1
dev: setup database ## the same, reloading when a file changes
	@exec $(PY) manage.py runserver

test: setup-test browser lint types-and-unit test-e2e ## everything: lint, types, unit tests, end-to-end tests
	@echo "✓ make test: lint, types, unit tests, end-to-end tests"

bench: setup-test browser ## load and cost, beside named references (half an hour)
	@$(CLEAN_ENV); $(PY) -m bench.fan_out; CHROMIUM=$$(.ci/browser whole) $(PY) -m bench.felt

bench-scale: setup-test ## what more listeners and rooms cost, beside named references (five minutes)
	@$(CLEAN_ENV); $(PY) -m bench.scale $(ARGS)

bench-growth: setup-test ## what pages and searches cost among 200,000 posts (ARGS='--scale 1000000')
	@$(CLEAN_ENV); $(PY) -m bench.growth $(ARGS)

test-services: setup-test ## with private PostgreSQL, Redis, Pushpin, nginx: unit tests, several processes, faults
	@$(CLEAN_ENV); $(PY) -m services && \
		PROPERTY_CASES=50 $(PY) -m services $(PY) -m pytest $(UNIT) -m database -n 3 $(ARGS) && $(PY) -m pytest services -n 3 --maxschedchunk 1 $(ARGS)
	@echo "✓ make test-services: unit tests on PostgreSQL; several processes, faults"

audit: setup-test ## do the pinned packages have known holes? (where the package index can be asked)
	@$(PY) -c 'import uv' 2>/dev/null || $(PY) -m pip install -qq --disable-pip-version-check uv
	@out=$$($(PY) -m uv tool run --quiet pip-audit --disable-pip --require-hashes -r requirements.txt 2>&1) \
		&& echo "✓ make audit: no known holes" \
		|| case "$$out" in \
			*"known vulnerabilit"*) printf '%s\n' "$$out"; echo "✗ make audit"; exit 1 ;; \
			*) echo "· make audit: the index could not be asked, so nothing is said of known holes" ;; \
		esac

# ---- set-up -------------------------------------------------------------------------------------------------------

# Made anew when it is missing, half made, or its Python has vanished or is too old.
venv:
	@$(PY) -c 'import sys, pip; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 15))' 2>/dev/null || { \
		python=$$(.ci/find-python) || exit 1; \
		rm -rf .venv; \
		"$$python" -m venv .venv || { rm -rf .venv; exit 1; }; \
	}

# $(call install,NAME,FILES): installs the last of FILES, unless a stamp says that their content is what is there.
install = \
	sum=$$(cat $(2) | $(HASH)); \
	[ -e ".venv/.$(1)-$$sum" ] || { \
		echo "패키지 설치 중 · installing what $(lastword $(2)) pins"; \
		rm -f .venv/.$(1)-[0-9a-f]*; \
		$(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $(lastword $(2)) || { \
			echo "✗ 설치하지 못했습니다. 패키지 저장소(PyPI)에 닿는지 확인해 주세요." >&2; \
			echo "✗ Could not install $(lastword $(2)): is the package registry (PyPI) reachable?" >&2; \
			exit 1; \
		}; \
		touch ".venv/.$(1)-$$sum"; \
	}

setup: venv
	@$(call install,requirements,requirements.txt)

setup-test: venv
	@$(call install,requirements-test,requirements.txt requirements-test.txt)

database: setup
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py load_demo --if-allowed

browser: setup-test
	@.ci/browser >/dev/null

# ---- the parts of `make test` -------------------------------------------------------------------------------------

# Tests describe the site of somebody who has set nothing.
CLEAN_ENV := unset DJANGO_SETTINGS_MODULE PYTEST_ADDOPTS SECRET_KEY DEBUG HOST PORT ALLOWED_HOSTS SITE_URL TRUSTED_PROXIES \
	DATABASE_URL REDIS_URL GRIP_URL MAIL_URL MAIL_FROM CONTACT_MAIL EMAIL_VERIFICATION \
	LINE_RATE POST_RATE SEARCH_RATE AUTH_RATE STREAM_RATE NEWCOMER_FOR NEWCOMER_LINE_RATE NEWCOMER_LINKS REPEAT_FOR \
	GITHUB_CLIENT_ID GITHUB_CLIENT_SECRET METRICS_TOKEN LOG_FORMAT MEDIA_URL MEDIA_STORAGE

# Each linter is silent when content; all of them run, so that one round shows everything.
lint: setup-test ## style, templates, layers, migrations
	@$(CLEAN_ENV); failed=; \
	check() { \
		name=$$1; shift; \
		out=$$("$$@" 2>&1) || { printf '%s\n' "$$out"; failed="$$failed, $$name"; }; \
	}; \
	check "ruff check" $(PY) -m ruff check --quiet; \
	check "ruff format" $(PY) -m ruff format --check; \
	check djade find templates -name '*.html' -exec .venv/bin/djade --check --target-version 6.1 {} +; \
	check "layers" $(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo; \
	check "manage.py check" $(PY) manage.py check --fail-level WARNING; \
	check "pending migrations" $(PY) manage.py makemigrations --check --dry-run; \
	[ -z "$$failed" ] || { echo "✗ lint: $${failed#, } (make format mends what it can)"; exit 1; }

types: setup-test ## mypy
	@$(CLEAN_ENV); $(PY) -m mypy --no-error-summary $(ARGS)

test-unit: setup-test ## unit tests (ARGS='-k room' narrows)
	@$(CLEAN_ENV); $(PY) -m pytest $(UNIT) -n 2 $(ARGS)

test-e2e: setup-test ## end-to-end tests in a real browser (CHROMIUM=chromium ARGS=--headed shows it)
	@$(CLEAN_ENV); CHROMIUM=$$(.ci/browser) && export CHROMIUM && $(PY) -m pytest e2e -n 3 --maxschedchunk 1 $(ARGS)

# At the same time: mypy waits for no test, and is heard after them.
types-and-unit: setup-test
	@$(CLEAN_ENV); log=$$(mktemp) || exit 1; \
	trap 'kill "$$mypy" 2>/dev/null; rm -f "$$log"' EXIT; trap 'exit 130' INT TERM; \
	$(PY) -m mypy --no-error-summary >"$$log" 2>&1 & mypy=$$!; \
	$(PY) -m pytest $(UNIT) -n 2 $(ARGS); unit=$$?; \
	wait "$$mypy"; types=$$?; cat "$$log"; \
	[ "$$types" = 0 ] || echo "✗ types: mypy"; \
	[ "$$unit" = 0 ] || echo "✗ unit tests: pytest"; \
	[ "$$types$$unit" = 00 ]

# ---- chores -------------------------------------------------------------------------------------------------------

format: setup-test ## formats Python and templates, and mends what ruff can
	@$(PY) -m ruff check --fix --quiet; $(PY) -m ruff format --quiet
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 6.1 {} +

lock: venv ## requirements*.in -> requirements*.txt, pinned and hashed (ARGS=--upgrade takes newer ones)
	@$(PY) -c 'import uv' 2>/dev/null || $(PY) -m pip install -qq --disable-pip-version-check uv
	@for name in requirements requirements-test; do \
		$(PY) -m uv pip compile --quiet --generate-hashes --universal --python-version 3.12 --no-header $(ARGS) \
			"$$name.in" -o "$$name.txt" || exit 1; \
	done

messages: setup ## translations: collects the texts into locale/, compiles them
	@command -v msgfmt >/dev/null || { \
		echo "✗ gettext이 필요합니다 · gettext is needed (Debian, Ubuntu: apt-get install gettext)." >&2; exit 1; }
	@$(PY) manage.py makemessages --locale ko --no-location --no-wrap --verbosity 0
	@$(PY) manage.py compilemessages --ignore .venv --verbosity 0

clean: ## removes what the commands made, but never the data in var/
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
