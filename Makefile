# Two commands matter: make demo shows it, make test proves it.

.PHONY: help demo test prove lint types lock messages translations clean
.DEFAULT_GOAL := help

export PORT DATA RESET PYTHON

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: ## a running site with the demo programme (PORT=8000 DATA=./data RESET=1)
	@./scripts/demo.sh

test: ## every check on both databases and in the browser, at most 20 minutes
	@./scripts/test.sh

prove: ## the same with full counts; writes docs/figures.md
	@LMS_PROVE=1 ./scripts/test.sh

lint: ## ruff and the import contracts
	@./scripts/in_venv.sh sh -c 'ruff check . && ruff format --check . && lint-imports'

types: ## mypy, strict
	@./scripts/in_venv.sh mypy

lock: ## write the lock files anew from pyproject.toml (UPGRADE=1 for newer versions)
	@./scripts/lock.sh

messages: ## gather what code and templates say into every .po; then translate what is empty
	@./scripts/in_venv.sh python scripts/translations.py

translations: ## compile every .po to the .mo beside it
	@./scripts/in_venv.sh python scripts/compile_translations.py

clean: ## remove what was built, the virtual environment too; never the data folder
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	@find lms plugins tests scripts benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	@find lms plugins -name '*.mo' -delete
