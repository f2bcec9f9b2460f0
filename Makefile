# Explainer Articles: `make help` lists the commands. Nothing but Python 3.11 or newer and make is
# needed; what a command needs besides is installed by it, into .venv.

SPHINXOPTS ?=
# Every warning ends a build, after all of them are shown. `make html STRICT=` only shows them.
STRICT     ?= -n -W --keep-going
PYTEST     ?= -n auto --dist worksteal
APT        ?= apt.txt

PY     := .venv/bin/python
SPHINX  = $(PY) -m sphinx -M

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# Their values come from the command line and reach the scripts untouched by the shell.
export theme slug title only

##@ Read
html: .venv/.site  ## the site, in _build/html
	@$(SPHINX) html . _build -q $(STRICT) $(SPHINXOPTS)
	@echo "Open file://$(CURDIR)/_build/html/index.html"

latexpdf: .venv/.site tex  ## the book as PDF; for binding: make latexpdf PRINT=twoside
	@$(SPHINX) latex . _build -q $(STRICT) $(if $(PRINT),-t $(PRINT)) $(SPHINXOPTS)
	@PYTHONPATH=_ext $(PY) -m book.typeset _build/latex $(if $(STRICT),,--show-only)

epub text: .venv/.site  ## the book as EPUB, as plain text
	@$(SPHINX) $@ . _build $(STRICT) $(SPHINXOPTS)

##@ Write
new: .venv/.site  ## a new article: make new theme=… slug=… title="…"
	@PYTHONPATH=_ext $(PY) -m authoring.new --theme "$$theme" --slug "$$slug" --title "$$title"

live: .venv/.site  ## a preview that reloads on save and shows drafts
	@$(PY) -u -m sphinx_autobuild . _build/live/html -d _build/live/doctrees -q -n -t live \
	  --ignore '.*' --ignore '*/.*' --ignore '*/__pycache__*' --ignore .venv --ignore _build \
	  --ignore tests --re-ignore '(\.sw.|\.part|~)$$' $(SPHINXOPTS)

linkcheck: .venv/.site  ## do the links to other sites still work?
	@$(SPHINX) linkcheck . _build -q $(SPHINXOPTS)

##@ Check
check: .venv/.tests .venv/.labs  ## what a pull request must pass: lint, types, spelling, code in articles, a fresh build
	@failed=; \
	run() { echo "$$*"; "$$@" || failed="$$failed $$3"; }; \
	run $(PY) -m ruff check .; \
	run $(PY) -m ruff format --check .; \
	run $(PY) -m mypy; \
	run $(PY) -m codespell_lib; \
	run $(PY) -m sphinxlint _ext labs tests conf.py; \
	run $(PY) -m labs.run --stale; \
	run $(PY) -m pytest -q tests/labs/test_articles.py; \
	rm -rf _build/check; \
	run $(SPHINX) html . _build/check -q $(STRICT) $(SPHINXOPTS); \
	if [ "$$failed" ]; then echo "Not passed, see above:$$failed" >&2; exit 1; fi

test: .venv/.tests system  ## all tests but the two below; one page of each kind
	@$(PY) -m pytest $(PYTEST) --ignore tests/labs -m "sample or not pages"

test-pages: .venv/.tests system  ## what takes longer with each article: every page, the book
	@$(PY) -m pytest $(PYTEST) --ignore tests/labs -m pages

test-labs: .venv/.tests .venv/.labs  ## the tests of the experiments
	@$(PY) -m pytest $(PYTEST) tests/labs

fuzz: .venv/.tests  ## look for faults at random: make fuzz FUZZ_EXAMPLES=5000
	@FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),2000) $(PY) -m pytest $(PYTEST) -m fuzz

results: .venv/.labs  ## run the experiments again; one of them: make results only=slug
	@$(PY) -m labs.run $$only

bench: .venv/.site  ## what our extensions cost, next to bare Sphinx: make bench N=30
	@$(PY) tests/bench/bench.py --articles $(or $(N),30)

weigh: .venv/.tests system  ## what the first page of a visit loads, how far it jumps: make weigh page=articles/….html
	@$(PY) tests/bench/weigh.py $(page)

##@ Look after
reference: .venv/.site  ## rewrite what follows from schemas, messages, tags, chains and addresses
	@PYTHONPATH=_ext $(PY) -m authoring.reference
	@PYTHONPATH=_ext $(PY) -m authoring.editor
	@PYTHONPATH=_ext $(PY) -m authoring.published

requirements: $(PY)  ## compile the requirements again; newest versions: make requirements UPGRADE=1
	@$(PY) -m venv --clear _build/uv
	@_build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@for file in requirements tests/requirements requirements-labs; do \
	  echo "Compiling $$file.txt"; \
	  _build/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) \
	    $$file.in --output-file $$file.txt || exit 1; \
	done
	@rm -rf _build/uv

clean:  ## remove everything built
	rm -rf _build

help:  ## this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z -]+:.*## / { printf "  %-20s %s\n", $$1, $$2 }' Makefile
	@printf '\nAny other Sphinx builder works too, such as make dirhtml; SPHINXOPTS is honoured.\n'

# Not for calling by hand ------------------------------------------------------------------------

.PHONY: html latexpdf epub text new live linkcheck check test test-pages fuzz test-labs results \
  bench weigh reference requirements clean help system tex

# Any other goal is a Sphinx builder. `-M` gives gettext doctrees of its own.
.DEFAULT:
	@$(MAKE) --silent .venv/.site
	@$(SPHINX) $@ . _build $(STRICT) $(SPHINXOPTS)

# The first Python that is new enough and can make a virtual environment; `make PYTHON=…` names one.
$(PY):
	@for python in $(or $(PYTHON),python3 python python3.14 python3.13 python3.12 python3.11); do \
	  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Creating .venv with $$("$$python" --version)"; \
	    exec "$$python" -m venv --clear .venv; \
	  fi; \
	done; \
	echo "This needs Python 3.11 or newer with venv (on Debian and Ubuntu: apt-get install" \
	  "python3-venv). If you have one elsewhere: make PYTHON=/path/to/python3" >&2; \
	exit 1

# A stamp is newer than its requirements once they are installed.
define install
@echo "Installing $<"
@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
@touch $@
endef
.venv/.site: requirements.txt | $(PY)
	$(install)
.venv/.tests: tests/requirements.txt | .venv/.site
	$(install)
.venv/.labs: requirements-labs.txt | .venv/.site
	$(install)

# What apt.txt lists, for the book only what it names for it: installed where that is allowed, else
# named. Once equivalents are there by other means, `make test APT=` skips the question.
system: WANTED = p
tex: WANTED = /make latexpdf/,$$p
system tex:
	@packages=$$(sed -n '$(WANTED)' $(APT) /dev/null | sed 's/#.*//') || exit 1; \
	missing=; for package in $$packages; do \
	  status=$$(dpkg-query --show --showformat '$${db:Status-Status}' $$package 2>/dev/null); \
	  [ "$$status" = installed ] || missing="$$missing $$package"; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing$$missing"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq; \
	  apt-get install -qq --no-install-recommends -o DPkg::Lock::Timeout=600 $$missing >/dev/null; \
	else \
	  echo "This needs$$missing. On Debian and Ubuntu: sudo apt-get install$$missing" >&2; \
	  echo "Elsewhere install their equivalents, then: make $(MAKECMDGOALS) APT=" >&2; \
	  exit 1; \
	fi
