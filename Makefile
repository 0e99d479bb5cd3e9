# Every target makes what it needs; `make help` lists them. The work is done in scripts/steps.sh.
.DEFAULT_GOAL := help
.PHONY: help run test check test-all assets bench bench-million lighthouse lint lock messages rules screenshots audit

steps := sh scripts/steps.sh
base := machine venv packages
tools := machine venv test_packages
all := test_machine venv test_packages assets
long := long_test_machine venv test_packages assets
python := .venv/bin/python

help:  ## What there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:  ## The portal on http://127.0.0.1:8000, with a worker (HOST, PORT)
	@$(steps) $(base) assets database catalogue serve

test:  ## The tests, about 13 minutes on two cores (ARGS="-k sending" for some)
	@$(steps) $(all) tests

check:  ## Style, types, words, import contracts and unit tests, at most 90 seconds
	@$(steps) $(tools) assets lint types words unit_tests

test-all:  ## Every test, also the long ones: before an issue is called resolved
	@$(steps) $(long) long_tests

assets:  ## Styles, scripts and translations
	@$(steps) $(base) assets

bench:  ## How fast, as multiples of a bare Flask hello (table, bench/results.json)
	@$(steps) $(all)
	@$(python) -m bench

bench-million:  ## What a SIS pays with a million applications stored (minutes, 10 GB of disk)
	@$(steps) $(all)
	@$(python) -m bench million

lighthouse:  ## Lighthouse's four scores on a telephone, each 100 (table; about 2 minutes)
	@$(steps) $(all)
	@$(python) -m scripts.lighthouse

lint:  ## Style and types only
	@$(steps) $(tools) lint types

lock:  ## The lock files anew from requirements*.in (UPGRADE=1: newer versions)
	@$(steps) $(tools)
	@sh scripts/lock.sh

messages:  ## The translations brought up to date with the texts in the code
	@$(steps) $(tools)
	@$(python) -m scripts.messages

rules:  ## How many tests show each rule of docs/rules.md
	@$(steps) $(tools) 2>/dev/null || $(steps) $(tools)
	@$(python) -m scripts.rules

screenshots:  ## Every page as a picture, in screenshots/
	@$(steps) $(all)
	@$(python) -m scripts.screenshots

audit:  ## Known holes in the packages used
	@$(steps) $(tools)
	@sh scripts/audit.sh
