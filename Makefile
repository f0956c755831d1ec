# Deep Potential models: from raw data to a trained, frozen, evaluated model.
# `make help` says what there is; docs/PIPELINE.md says how it works.

SYSTEM ?= water
# The folder to make it in.
WORK ?=
PREFIX ?= /usr/local
DESTDIR ?=

# A text as one word of the shell, whatever is in it; a variable's text as it was given, `$` and all.
quoted = '$(subst ','\'',$1)'
as-given = $(call quoted,$(value $1))
unfit := $(shell pipelines/names 'this folder='$(call as-given,CURDIR) \
  $(foreach v,SYSTEM WORK BIN PREFIX DESTDIR STEPS SEED PATIENCE JOBS NP BATCHES,$v=$(call as-given,$v)))
$(if $(unfit),$(error $(unfit)))
# Not every shell knows that `~` behind `=` is the home folder.
override WORK := $(patsubst ~/%,$(HOME)/%,$(WORK))
override PREFIX := $(patsubst ~/%,$(HOME)/%,$(PREFIX))
ifneq ($(filter-out /%,$(PREFIX)),)
$(error PREFIX=$(PREFIX) has to begin with /: files that are installed say where they are)
endif

work := $(or $(WORK),build/$(SYSTEM))
# What `make train` was told last holds, unless it is told otherwise; the number of steps only for other targets.
ifeq ($(filter verify slurm,$(MAKECMDGOALS)),)
ifneq ($(filter train,$(MAKECMDGOALS)),)
STEPS ?=
endif
-include $(work)/settings.mk
endif
STEPS ?=
SEED ?=
PATIENCE ?=
JOBS ?=
RAW ?=
MARCH ?=
ifneq ($(filter x86-64 x86-64-v2,$(MARCH)),)
$(error MARCH=$(MARCH) has no AVX2 and FMA, without which training takes 20 to 30 times as long: MARCH=x86-64-v3)
endif
ifneq ($(MARCH),)
export MARCH
endif
# What `make test-clients` runs: clients, or cases of them; all if empty.
CLIENTS ?=
# A folder with the tools of another build; if set, nothing is built here.
BIN ?=
# Ranks of statistics, training and evaluation, by mpirun; or another command that starts them.
NP ?=
LAUNCH ?= $(if $(NP),$(here)/pipelines/mpirun $(NP))
# Mini-batches of a training step: they decide the result, ranks do not.
BATCHES ?=
# What `make slurm` asks for; docs/SLURM.md.
NODES ?= 1
NTASKS ?= $(NODES)
CPUS ?=
TIME ?=
PARTITION ?=
SBATCHFLAGS ?=
# Damaged files for each reader that `make fuzz` tries, and the seed of their damage.
CASES ?= 1000000
FUZZSEED ?= 1

tools  := dp-synth dp-convert dp-stat dp-train dp-freeze dp-eval dp-profile dp-plot dp-report dp-ipi dp
here   := $(CURDIR)
bin    := $(if $(BIN),$(abspath $(BIN)),$(here)/.build/release)
# The system's own input.json; without one dp-train suggests one that fits the data.
config := $(wildcard pipelines/$(SYSTEM)/input.json)
# The user's raw data, the system's own, or what dp-synth makes: whose last system is for validation.
given  := $(or $(value RAW),$(wildcard pipelines/$(SYSTEM)/raw))
raw    := $(or $(given),$(work)/raw)
synth  := $(if $(given),,$(work)/raw)
# The validation data where there are some, as they stand when it is asked.
validation = $(shell cd $(work) && ls validation.h5 2>/dev/null)
# The data that predictions are compared on.
predicted = $(or $(validation),training.h5)
batches := $(filter-out 1,$(or $(BATCHES),$(NP)))
jobs   := $(if $(JOBS),OMP_NUM_THREADS=$(JOBS))
stage  := cd $(work) && $(jobs) $(here)/pipelines/stage
launch := $(if $(LAUNCH),--launch '$(LAUNCH)')

# The commit that last changed the program, "+" behind it when there are changes since.
sources := Sources Package.swift
export DP_COMMIT := $(or $(shell git log -1 --abbrev=12 --format=%h -- $(sources) 2>/dev/null)$(if \
  $(shell git status --porcelain -- $(sources) 2>/dev/null),+),unknown)

systems := $(notdir $(patsubst %/input.json,%,$(wildcard pipelines/*/input.json)))
pipeline_goals := data convert stat train freeze eval plot report profile verify slurm
ifneq ($(filter $(or $(MAKECMDGOALS),help),$(pipeline_goals)),)
ifeq ($(given)$(filter $(SYSTEM),$(systems)),)
$(error no pipelines/$(SYSTEM): there are $(systems); for data of your own give RAW=file or folder)
endif
endif

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help build library packages test fuzz lint torture data convert stat train freeze eval plot \
  report profile gallery verify slurm test-build test-slurm test-mpich test-hosts test-clients \
  test-tensorboard test-report test-bare clean install man completions remember FORCE

help: ## Show this list.
	@echo 'make <what> [SYSTEM=$(SYSTEM)] [STEPS=n] [SEED=n] [JOBS=n] [NP=n] [RAW=data] [MARCH=cpu]'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
	  awk -F '|' '{ printf "%-18s %s\n", $$1, $$2 }'
	@echo
	@echo 'Systems:           $(systems)'
	@echo 'Your own data:     make train SYSTEM=name RAW=data.xyz   (docs/PIPELINE.md)'

# The program

# The archive keeps objects of packages that are no longer used: after a change of the packages it is made anew.
fresh-archive = find $(bin)/libdeepmd_c.a ! -newer Package.swift -delete 2>/dev/null; 

build: packages ## Build the tools in .build/release.
	$(if $(BIN),,@$(fresh-archive)swift build -c release)

library: build ## Link libdeepmd_c.so, the models for LAMMPS and programs in C.
	@pipelines/link-library $(bin)

packages:
	@$(if $(BIN),,pipelines/packages)

test: test-build ## Build and run all tests.
	swift test -c release --skip-build

test-build: packages
	@$(fresh-archive)swift build -c release --build-tests
	@pipelines/link-library $(bin)

# With the address sanitizer, which has a program of its own; a reader alone: make fuzz-npy.
readers := npy raw xyz dump json dataset model checkpoint statistics
fuzz: $(readers:%=fuzz-%) ## Feed damaged files to all readers: CASES=n of them each.

$(readers:%=fuzz-%): fuzz-%: build/seeds
	ASAN_OPTIONS=$(asan) .build/asan/release/fuzz-readers $* --seeds build/seeds/$* \
	  --cases $(CASES) --seed $(FUZZSEED)

# What malloc cannot give is an error, as without the sanitizer; libhdf5 forgets to free a lot.  Time goes to
# allocations: noting where each was made, and remembering many that were freed, would double it.
asan := detect_leaks=0:allocator_may_return_null=1:max_allocation_size_mb=4096:symbolize=0
asan := $(asan):malloc_context_size=0:quarantine_size_mb=2:detect_stack_use_after_return=0

build/seeds: build FORCE
	swift build -c release --sanitize=address --scratch-path .build/asan --product fuzz-readers
	Tests/Fuzz/make-seeds $(bin) $@

lint: ## Check the format of the sources.
	swift format lint --strict -r Sources Tests Benchmarks Package.swift

torture: build ## Kill the tools, fail their system calls, damage their files: long; SHORT=1.
	@$(if $(BIN),,pipelines/packages strace python3 ps:procps mount setpriv:util-linux)
	Tests/Torture/run --bin $(bin) $(if $(SHORT),--short)

test-slurm: build ## Try make slurm on a Slurm of one machine, started for it.
	@$(if $(BIN),,PATH=$$PATH:/usr/sbin pipelines/packages slurmctld slurmd)
	Tests/Slurm/run --bin $(bin)

test-mpich: test-build ## Build with MPICH instead of Open MPI, and run the tests of several ranks.
	@pipelines/packages mpirun.mpich:mpich mpicc.mpich:libmpich-dev
	Tests/MPICH/run

test-tensorboard: build build/tensorboard ## Have TensorBoard, installed from PyPI, read what dp-train writes for it.
	build/tensorboard/bin/python Tests/Peers/check_tensorboard.py --bin $(bin)

build/tensorboard:
	@pipelines/packages python3 python3-venv
	python3 -m venv $@.new
	$@.new/bin/pip install -q tensorboard
	mv $@.new $@ && sed -i 's,$@.new,$@,g' $@/bin/tensorboard

test-bare: ## Run .ci/run in a bare Debian, made in build/bare: needs root; BINDS=folders to mount there.
	@pipelines/packages debootstrap
	Tests/Bare/run build/bare $(BINDS)

test-report: build ## Look at a report in headless Chromium: KEEP=folder for the pictures.
	@$(if $(BIN),,pipelines/packages chromium python3)
	Tests/Report/run --bin $(bin) $(if $(KEEP),--keep $(abspath $(KEEP)))

test-clients: library ## Install i-PI, ASE, ... from PyPI in build/clients, and run models in them.
	@$(if $(BIN),,pipelines/packages python3 python3-venv)
	Tests/Clients/run --bin $(bin) $(CLIENTS)

test-hosts: build ## Try several hosts: network namespaces of this machine; needs root.
	@$(if $(BIN),,pipelines/packages ip:iproute2 pgrep:procps unshare:util-linux)
	Tests/Hosts/run --bin $(bin)

# The pipeline.  Every stage is asked each time and decides by content whether to run.

data: $(synth) ## Make the raw data (or take yours: RAW=file or folder).
convert: $(work)/training.h5 $(work)/validation.h5 ## Convert them to HDF5.
stat: $(work)/stat.h5 ## Compute statistics.
freeze: $(work)/model.h5 ## Train, and write the model file.

train: remember $(work)/errors.txt $(work)/errors-training.txt ## Do it all: train, freeze, evaluate.
	@pipelines/summary $(SYSTEM) $(work) $(bin) $(if $(WORK),WORK=$(WORK))

eval: $(work)/errors.txt $(work)/errors-training.txt ## Show the model's errors, by system.
	@cd $(work) && echo 'Training data:' && cat errors-training.txt && \
	  if [ -e errors.txt ]; then echo 'Validation data:' && cat errors.txt; else cat validation.txt; fi

reported := errors.txt errors.json errors-training.json predictions.h5 data.json validation.json
report: $(reported:%=$(work)/%) ## Make a page about the model: curves, errors, data, digests.
	@cd $(work) && $(bin)/dp-report . --system $(SYSTEM) -o report.html

profile: $(work)/input.json $(work)/stat.h5 $(work)/validation.h5 ## Say where training time goes.
	@cd $(work) && $(jobs) $(bin)/dp-profile input.json \
	  --statistics stat.h5 -o profile
	@echo && echo 'In $(work): profile.txt, .json, .trace.json (ui.perfetto.dev), .svg (browser)'

plot: $(work)/plots/data.svg $(work)/plots/curve.svg $(work)/plots/predictions.svg ## Draw it all.
	@echo && echo 'In $(work)/plots: data.svg, curve.svg, predictions.svg'

gallery: build ## Make docs/gallery and docs/GALLERY.md from the example systems.
	@pipelines/gallery BIN=$(bin) $(if $(JOBS),JOBS=$(JOBS))

verify: build ## Make all twice, in two folders, and compare the bytes (STEPS=200).
	@pipelines/verify $(SYSTEM) BIN=$(bin) STEPS=$(or $(STEPS),200) $(if $(SEED),SEED=$(SEED)) \
	  $(if $(given),RAW=$(call quoted,$(given)))

slurm: build | $(work) ## Submit it all to Slurm: NODES= NTASKS= CPUS= TIME= PARTITION=.
	@$(foreach v,NODES NTASKS CPUS TIME PARTITION SBATCHFLAGS,$v='$($v)') \
	  pipelines/slurm/submit $(work) SYSTEM=$(SYSTEM) BIN=$(bin) \
	  $(foreach v,STEPS SEED RAW JOBS PATIENCE,$v=$(call as-given,$v)) BATCHES=$(or $(BATCHES),$(NTASKS))

# The settings that later commands go on with, and those of them that this one has from an earlier one.
settings := SEED RAW JOBS NP MARCH PATIENCE BIN
hash     := \#
remembered := $(foreach v,$(settings) BATCHES,$(if \
  $(and $(value $v),$(filter file,$(origin $v))),$(call quoted,$v=$(value $v))))

remember: | $(work)
	@printf '%s\n' 'STEPS ?= $(STEPS)' 'BATCHES ?= $(batches)' $(foreach v,$(settings),$(if \
	  $(value $v),$(call quoted,$v ?= $(subst $(hash),\$(hash),$(value $v))))) >$(work)/settings.mk
	@$(if $(strip $(remembered)),printf '    as the last time:' && printf ' %s' $(remembered) && echo)

$(work):
	@mkdir -p $@

$(work)/raw: FORCE | build $(work)
	@$(stage) raw -- $(bin)/dp-synth $(SYSTEM) raw/ $(if $(SEED),--seed $(SEED))

$(work)/training.h5: $(synth) FORCE | build $(work)
	@$(jobs) pipelines/convert $(work) $(bin)/dp-convert $(call quoted,$(raw)) $(if $(given),,last)

# There may be none: then what asks for them does without.
$(work)/validation.h5: $(work)/training.h5 ;

$(work)/training.json: $(work)/training.h5 FORCE
	@$(stage) --stdout training.json training.h5 -- $(bin)/dp-convert --quiet --check --json training.h5

$(work)/validation.json: $(work)/validation.h5 FORCE
	@$(if $(validation),$(stage) --stdout validation.json validation.h5 -- \
	  $(bin)/dp-convert --quiet --check --json validation.h5)

$(work)/input.json: $(work)/training.json $(work)/validation.h5 FORCE
	@pipelines/configure $(work) $(bin)/dp-train '$(STEPS)' $(config)

# The part of the input that statistics depend on, so that a new number of steps leaves them alone.
$(work)/stat.json: $(work)/input.json FORCE | build
	@$(bin)/dp-stat --settings $< >$@

$(work)/stat.h5: $(work)/stat.json $(work)/training.h5 FORCE
	@$(stage) $(launch) stat.h5 stat.json training.h5 -- \
	  $(bin)/dp-stat input.json training.h5 -o stat.h5

$(work)/run: $(work)/input.json $(work)/stat.h5 $(work)/validation.h5 FORCE
	@$(stage) --keep $(launch) run input.json stat.h5 training.h5 $(validation) -- \
	  $(bin)/dp-train input.json --statistics stat.h5 -o run/ \
	  $(if $(batches),--mini-batches $(batches)) \
	  $(if $(STEPS),--steps $(STEPS)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(PATIENCE),--patience $(PATIENCE))

$(work)/model.h5: $(work)/run FORCE
	@$(stage) model.h5 run -- $(bin)/dp-freeze run/ -o model.h5

$(work)/errors.txt: $(work)/model.h5 $(work)/validation.h5 FORCE
	@$(if $(validation),$(stage) --stdout $(launch) errors.txt model.h5 validation.h5 -- \
	  $(bin)/dp-eval model.h5 validation.h5)
	@$(if $(validation),pipelines/keep-errors $(work))

$(work)/plots:
	@mkdir -p $@

$(work)/plots/data.svg: $(work)/stat.h5 FORCE | $(work)/plots
	@$(stage) plots/data.svg stat.h5 -- $(bin)/dp-plot stat.h5 -o plots/data.svg

$(work)/plots/curve.svg: $(work)/run FORCE | $(work)/plots
	@$(stage) plots/curve.svg run/lcurve.out -- $(bin)/dp-plot run/lcurve.out -o plots/curve.svg

$(work)/plots/predictions.svg: $(work)/predictions.h5 $(work)/validation.h5 FORCE | $(work)/plots
	@$(stage) plots/predictions.svg predictions.h5 $(predicted) -- \
	  $(bin)/dp-plot predictions.h5 $(predicted) -o plots/predictions.svg

$(work)/errors-training.txt: $(work)/model.h5 $(work)/training.h5 FORCE
	@$(stage) --stdout $(launch) errors-training.txt model.h5 training.h5 -- \
	  $(bin)/dp-eval model.h5 training.h5

# What the report is made of, besides.

$(work)/errors.json $(work)/errors-training.json: $(work)/errors%.json: $(work)/model.h5 \
  $(work)/training.h5 $(work)/validation.h5 FORCE
	@$(if $(or $*,$(validation)),$(stage) --stdout $(launch) errors$*.json model.h5 \
	  $(or $(*:-%=%),validation).h5 -- $(bin)/dp-eval --quiet --json model.h5 $(or $(*:-%=%),validation).h5)

$(work)/predictions.h5: $(work)/model.h5 $(work)/validation.h5 FORCE
	@$(stage) --silent $(launch) predictions.h5 model.h5 $(predicted) -- \
	  $(bin)/dp-eval --quiet model.h5 $(predicted) --predictions predictions.h5

$(work)/data.json: $(work)/stat.json $(work)/training.h5 FORCE
	@$(stage) --stdout $(launch) data.json stat.json training.h5 -- \
	  $(bin)/dp-stat --quiet --json input.json training.h5

clean: ## Remove what the pipeline made for SYSTEM.
	rm -rf $(work)

# Installation

install: man completions library ## Install tools, library, man pages, completions: PREFIX= DESTDIR=.
	install -d $(foreach d,bin share/man/man1 share/bash-completion/completions \
	  share/zsh/site-functions share/fish/vendor_completions.d,'$(DESTDIR)$(PREFIX)/$(d)')
	install $(tools:%=$(bin)/%) '$(DESTDIR)$(PREFIX)/bin/'
	install -m 644 $(tools:%=build/man/%.1) '$(DESTDIR)$(PREFIX)/share/man/man1/'
	install -m 644 $(tools:%=build/completions/%) \
	  '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/'
	install -m 644 $(tools:%=build/completions/_%) '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/'
	install -m 644 $(tools:%=build/completions/%.fish) \
	  '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/'
	install -d $(foreach d,lib/pkgconfig lib/cmake/deepmd_c include/deepmd,'$(DESTDIR)$(PREFIX)/$(d)')
	install $(bin)/libdeepmd_c.so '$(DESTDIR)$(PREFIX)/lib/'
	install -m 644 Sources/CDeepMD/deepmd/*.h '$(DESTDIR)$(PREFIX)/include/deepmd/'
	sed 's|@PREFIX@|$(PREFIX)|' pipelines/deepmd_c.pc >'$(DESTDIR)$(PREFIX)/lib/pkgconfig/deepmd_c.pc'
	install -m 644 pipelines/deepmd_c-config.cmake '$(DESTDIR)$(PREFIX)/lib/cmake/deepmd_c/'

man: build ## Write man pages to build/man.
	swift package plugin generate-manual --date $(or $(shell git log -1 --format=%cs),2026-01-01)
	@mkdir -p build/man
	for tool in $(tools); do \
	  pipelines/manpage .build/plugins/GenerateManual/outputs/$$tool/$$tool.1 \
	    >build/man/$$tool.1 || exit; \
	done

completions: build ## Write shell completions to build/completions.
	@mkdir -p build/completions
	for tool in $(tools); do \
	  $(bin)/$$tool --generate-completion-script bash >build/completions/$$tool && \
	  $(bin)/$$tool --generate-completion-script zsh >build/completions/_$$tool && \
	  $(bin)/$$tool --generate-completion-script fish >build/completions/$$tool.fish || exit; \
	done

FORCE:
