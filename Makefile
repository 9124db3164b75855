# make demo   set up .venv and assess the bank example into demo/
# make test   set up .venv and run every test and check
# make bench  speed and memory beside other libraries, written to reports/benchmarks.md
# make fix    format and repair what the linter can repair

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
BIN := .venv/bin

.PHONY: demo test bench fix lint types imports kernels unit checked-unit

demo:
	@$(PYTHON) tools/bootstrap.py
	@$(BIN)/netgraph example bank demo/bank --overwrite
	@$(BIN)/netgraph assess demo/bank -o demo/out
	@echo
	@echo "The data findings above belong to the example: some of its records are missing on purpose."
	@echo "Open demo/out/report.html in a browser, then demo/out/assessment.xlsx."

# The searches are compiled first: else both halves of the tests compile them. The slow types are
# checked beside the tests, of which one holds the imports to their direction.
test: .venv-test
	@$(MAKE) --no-print-directory -j2 types checked-unit

checked-unit: lint kernels
	@$(MAKE) --no-print-directory unit

lint: .venv-test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv-test
	$(BIN)/mypy

imports: .venv-test
	$(BIN)/lint-imports --no-cache

kernels: .venv-test
	$(BIN)/python -m netgraph.diversity.compile_ahead

unit: .venv-test
	$(BIN)/pytest -n 2 --dist worksteal -q

bench: .venv-test
	$(BIN)/python -m tests.benchmarks

fix: .venv-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: .venv-test
.venv-test:
	@$(PYTHON) tools/bootstrap.py test
