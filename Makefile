# Deep Potential models: from raw data to a trained, frozen, evaluated model.
# `make help` says what there is; docs/PIPELINE.md says how it works.

SYSTEM ?= water
# The folder to make it in.
WORK ?=
PREFIX ?= /usr/local
DESTDIR ?=

# A text as one word of the shell, whatever is in it; a variable's text as it was given, `$` and
# all.
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
# What `make train` was told last holds, unless it is told otherwise; the number of steps only for
# other targets.
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
# Where Swift builds; packages for others have a folder of their own.
SCRATCH ?=
built  := $(here)/$(or $(SCRATCH),.build)/release
bin    := $(if $(BIN),$(abspath $(BIN)),$(built))
dist-bin := $(if $(BIN),$(bin),$(here)/.build/dist/release $(if \
  $(MARCH),,$(here)/.build/dist-v4/release))
# The commit that last changed the program, "+" behind it when there are changes since.
sources := Sources Package.swift
export DP_COMMIT := $(or $(shell git log -1 --abbrev=12 --format=%h -- $(sources) 2>/dev/null)$(if \
  $(shell git status --porcelain -- $(sources) 2>/dev/null),+),unknown)

# What starts several ranks, where they are asked for.
launcher := $(if $(NP)$(filter-out 1,$(NTASKS)),mpirun:openmpi-bin)

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help build tools library packages test fuzz lint torture data convert stat train freeze eval plot \
  report profile gallery verify slurm test-build test-slurm test-mpich test-hosts test-clients \
  test-tensorboard test-report test-bare test-dist dist deb wheel for-others clean install man \
  completions remember FORCE

help: ## Show this list.
	@echo 'make <what> [SYSTEM=$(SYSTEM)] [STEPS=n] [SEED=n] [JOBS=n] [NP=n] [RAW=data] [MARCH=cpu]'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
	  awk -F '|' '{ printf "%-18s %s\n", $$1, $$2 }'
	@echo
	@echo 'Systems:           $(systems)'
	@echo 'Your own data:     make train SYSTEM=name RAW=data.xyz   (docs/PIPELINE.md)'

# The program

# Line numbers for debuggers cost an eighth of a build's time: DEBUG_INFO=dwarf has them. Names of
# functions are there without them.
DEBUG_INFO ?= none
swift-build := swift build -c release -debug-info-format $(DEBUG_INFO)$(if \
  $(SCRATCH), --scratch-path $(SCRATCH))

build: tools library ## Build the tools, and the library for LAMMPS and programs in C.

tools: packages ## Build the tools alone, in .build/release.
	$(if $(BIN),,$(swift-build) --target tools)

# The archive keeps objects of packages that are no longer used: after a change of the packages it
# is made anew.
fresh-archive = find $(bin)/libdeepmd_c.a ! -newer Package.swift -delete 2>/dev/null; 

library: packages ## Link libdeepmd_c.so, the models for LAMMPS and programs in C.
	$(if $(BIN),,@$(fresh-archive)$(swift-build) --product deepmd_c)
	@pipelines/link-library $(bin)

packages:
	@$(if $(BIN),,pipelines/packages $(launcher))

test: test-build ## Build and run all tests.
	swift test -c release --skip-build

test-build: launcher := mpirun:openmpi-bin libgfortran
test-build: packages
	@$(fresh-archive)$(swift-build) --build-tests
	@pipelines/link-library $(bin)

# With the address sanitizer, which has a program of its own; a reader alone: make fuzz-npy.
readers := npy raw xyz dump json dataset model checkpoint statistics graph torch yaml
fuzz: $(readers:%=fuzz-%) ## Feed damaged files to all readers: CASES=n of them each.

$(readers:%=fuzz-%): fuzz-%: build/seeds
	ASAN_OPTIONS=$(asan) .build/asan/release/fuzz-readers $* --seeds build/seeds/$* \
	  --cases $(CASES) --seed $(FUZZSEED)

# What malloc cannot give is an error, as without the sanitizer; libhdf5 forgets to free a lot.
# Time goes to allocations: noting where each was made, and remembering many that were freed, would
# double it.
asan := detect_leaks=0:allocator_may_return_null=1:max_allocation_size_mb=4096:symbolize=0
asan := $(asan):malloc_context_size=0:quarantine_size_mb=2:detect_stack_use_after_return=0

build/seeds: tools FORCE
	$(swift-build) --sanitize=address --scratch-path .build/asan --product fuzz-readers
	Tests/Systems/Fuzz/make-seeds $(bin) $@

lint: ## Check the format of the sources.
	swift format lint --strict -r Sources Tests Benchmarks Package.swift
	@pipelines/lint-comments

torture: tools ## Kill the tools, fail their system calls, damage their files: long; SHORT=1.
	@$(if $(BIN),,pipelines/packages strace python3 ps:procps mount setpriv:util-linux)
	Tests/Systems/Torture/run --bin $(bin) $(if $(SHORT),--short)

test-slurm: tools ## Try make slurm on a Slurm of one machine, started for it.
	@$(if $(BIN),,PATH=$$PATH:/usr/sbin pipelines/packages slurmctld slurmd)
	Tests/Systems/Slurm/run --bin $(bin)

test-mpich: test-build ## Run the tests of several ranks with MPICH instead of Open MPI.
	@pipelines/packages mpirun.mpich:mpich
	Tests/Systems/MPICH/run

test-tensorboard: tools build/tensorboard ## Have TensorBoard, installed from PyPI, read what dp-train writes for it.
	build/tensorboard/bin/python Tests/Systems/Peers/check_tensorboard.py --bin $(bin)

build/tensorboard:
	@pipelines/packages python3 python3-venv
	python3 -m venv $@.new
	$@.new/bin/pip install -q tensorboard
	mv $@.new $@ && sed -i 's,$@.new,$@,g' $@/bin/tensorboard

test-bare: ## Run .ci/run in a bare Debian, made in build/bare: needs root; BINDS=folders to mount there.
	@pipelines/packages debootstrap
	Tests/Systems/Bare/run build/bare $(BINDS)

test-report: tools ## Look at a report in headless Chromium: KEEP=folder for the pictures.
	@$(if $(BIN),,pipelines/packages chromium python3)
	Tests/Systems/Report/run --bin $(bin) $(if $(KEEP),--keep $(abspath $(KEEP)))

test-clients: build ## Install i-PI, ASE, ... from PyPI in build/clients, and run models in them.
	@$(if $(BIN),,pipelines/packages python3 python3-venv)
	Tests/Systems/Clients/run --bin $(bin) $(CLIENTS)

test-hosts: tools ## Try several hosts: network namespaces of this machine; needs root.
	@$(if $(BIN),,pipelines/packages ip:iproute2 pgrep:procps unshare:util-linux)
	Tests/Systems/Hosts/run --bin $(bin)

# The pipeline

include pipelines/rules.mk

data: $(synth) ## Make the raw data (or take yours: RAW=file or folder).
convert: $(work)/training.h5 $(work)/validation.h5 ## Convert them to HDF5.
stat: $(work)/stat.h5 ## Compute statistics.
freeze: $(work)/model.h5 ## Train, and write the model file.

train: remember $(work)/errors.txt $(work)/errors-training.txt ## Do it all: train, freeze, evaluate.
	@$(bin)/dp-report $(work) --summary --system $(SYSTEM)

eval: $(work)/errors.txt $(work)/errors-training.txt ## Show the model's errors, by system.
	@cd $(work) && echo 'Training data:' && cat errors-training.txt && \
	  if [ -e errors.txt ]; then echo 'Validation data:' && cat errors.txt; else cat validation.txt; fi

report: $(reported:%=$(work)/%) ## Make a page about the model: curves, errors, data, digests.
	@cd $(work) && $(bin)/dp-report . --system $(SYSTEM) -o report.html

profile: $(work)/input.json $(work)/stat.h5 $(work)/validation.h5 ## Say where training time goes.
	@cd $(work) && $(jobs) $(bin)/dp-profile input.json \
	  --statistics stat.h5 -o profile
	@echo && echo 'In $(work): profile.txt, .json, .trace.json (ui.perfetto.dev), .svg (browser)'

plot: $(work)/plots/data.svg $(work)/plots/curve.svg $(work)/plots/predictions.svg ## Draw it all.
	@echo && echo 'In $(work)/plots: data.svg, curve.svg, predictions.svg'

gallery: tools ## Make docs/gallery and docs/GALLERY.md from the example systems.
	@pipelines/gallery BIN=$(bin) $(if $(JOBS),JOBS=$(JOBS))

verify: tools ## Make all twice, in two folders, and compare the bytes (STEPS=200).
	@pipelines/verify $(SYSTEM) BIN=$(bin) STEPS=$(or $(STEPS),200) $(if $(SEED),SEED=$(SEED)) \
	  $(if $(given),RAW=$(call quoted,$(given)))

slurm: tools | $(work) ## Submit it all to Slurm: NODES= NTASKS= CPUS= TIME= PARTITION=.
	@$(foreach v,NODES NTASKS CPUS TIME PARTITION SBATCHFLAGS,$v='$($v)') \
	  pipelines/slurm/submit $(work) SYSTEM=$(SYSTEM) BIN=$(bin) \
	  $(foreach v,STEPS SEED RAW JOBS PATIENCE,$v=$(call as-given,$v)) BATCHES=$(or $(BATCHES),$(NTASKS))

clean: ## Remove what the pipeline made for SYSTEM.
	rm -rf $(work)

# Installation

install: build man completions ## Install tools, library, Python module, man pages: PREFIX= DESTDIR=.
	install -d '$(DESTDIR)$(PREFIX)/bin'
	bin='$(bin)' v4= && . pipelines/dist/common.sh && tools_below '$(DESTDIR)$(PREFIX)/bin'
	pipelines/install-files $(bin)/libdeepmd_c.so '$(DESTDIR)$(PREFIX)' '$(PREFIX)' $(tools)

man: tools ## Write man pages to build/man.
	$(swift-build) --product generate-manual
	@mkdir -p build/man/generated
	@for tool in $(tools); do \
	  $(built)/generate-manual $(bin)/$$tool --output-directory build/man/generated \
	    --date $(or $(shell git log -1 --format=%cs),2026-01-01) && \
	  pipelines/manpage build/man/generated/$$tool.1 >build/man/$$tool.1 || exit; \
	done

completions: tools ## Write shell completions to build/completions.
	@mkdir -p build/completions
	@for tool in $(tools); do \
	  $(bin)/$$tool --generate-completion-script bash >build/completions/$$tool && \
	  $(bin)/$$tool --generate-completion-script zsh >build/completions/_$$tool && \
	  $(bin)/$$tool --generate-completion-script fish >build/completions/$$tool.fish || exit; \
	done

# Packages for machines without Swift

dist: for-others ## Pack all that runs without Swift and root into build/deep-potential-*.tar.xz.
	@pipelines/dist/archive $(dist-bin)

deb: for-others ## Pack build/deep-potential_*.deb for this Debian.
	@$(if $(BIN),,pipelines/packages dpkg-deb:dpkg)
	@pipelines/dist/deb $(dist-bin)

wheel: for-others ## Pack build/deep_potential-*.whl for pip: the tools and the Python module.
	@$(if $(BIN),,pipelines/packages python3)
	@pipelines/dist/wheel $(dist-bin)

# For any CPU with AVX2, and again for those with AVX-512, in folders of their own; or for MARCH=
# alone; BIN= takes tools that are there.
for-others:
	@$(if $(BIN)$(MARCH),,$(MAKE) --no-print-directory SCRATCH=.build/dist-v4 MARCH=x86-64-v4 build)
	@$(MAKE) --no-print-directory SCRATCH=.build/dist MARCH=$(or $(MARCH),x86-64-v3) \
	  build man completions

test-dist: dist deb wheel ## Use the three in bare Debians, from dp-synth to LAMMPS: needs root and a network.
	@pipelines/packages debootstrap qemu-x86_64:qemu-user
	Tests/Systems/Dist/run build

FORCE:
