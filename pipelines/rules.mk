# The files of a pipeline and what makes them, for the Makefile; docs/PIPELINE.md says how it works.
# Every stage is asked each time and decides by content whether to run.

# The system's own input.json; without one dp-train suggests one that fits the data.
config := $(wildcard pipelines/$(SYSTEM)/input.json)
# The user's raw data, the system's own, or what dp-synth makes: whose last system is for
# validation.  What follows a - in the system's name is another model for the same data.
given  := $(or $(value RAW),$(wildcard pipelines/$(SYSTEM)/raw))
raw    := $(or $(given),$(work)/raw)
synth  := $(if $(given),,$(work)/raw)
# What more dp-synth is to make for a system.
synth-options := $(if $(wildcard pipelines/$(SYSTEM)/synth),$(file <pipelines/$(SYSTEM)/synth))
# The validation data where there are some, as they stand when it is asked.
validation = $(shell cd $(work) && ls validation.h5 2>/dev/null)
# The data that predictions are compared on.
predicted = $(or $(validation),training.h5)
batches := $(filter-out 1,$(or $(BATCHES),$(NP)))
jobs   := $(if $(JOBS),OMP_NUM_THREADS=$(JOBS))
stage  := cd $(work) && $(jobs) $(here)/pipelines/stage
launch := $(if $(LAUNCH),--launch '$(LAUNCH)')

systems := $(notdir $(patsubst %/input.json,%,$(wildcard pipelines/*/input.json)))
pipeline_goals := data convert stat train freeze eval plot report profile verify slurm
ifneq ($(filter $(or $(MAKECMDGOALS),help),$(pipeline_goals)),)
ifeq ($(given)$(filter $(SYSTEM),$(systems)),)
$(error no pipelines/$(SYSTEM): there are $(systems); for data of your own give RAW=file or folder)
endif
endif

# What the report is made of.
reported := errors.txt errors.json errors-training.json predictions.h5 training.json data.json \
  validation.json

# The settings that later commands go on with, and those of them that this one has from an earlier
# one.
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

$(work)/raw: FORCE | tools $(work)
	@$(stage) raw -- $(bin)/dp-synth $(firstword $(subst -, ,$(SYSTEM))) raw/ $(synth-options) $(if $(SEED),--seed $(SEED))

$(work)/training.h5: $(synth) FORCE | tools $(work)
	@$(jobs) pipelines/convert $(work) $(bin)/dp-convert $(call quoted,$(raw)) $(if $(given),,last)

# There may be none: then what asks for them does without.
$(work)/validation.h5: $(work)/training.h5 ;

$(work)/training.json: $(work)/training.h5 FORCE
	@$(stage) --stdout training.json training.h5 -- $(bin)/dp-convert --quiet --check --json training.h5

$(work)/validation.json: $(work)/validation.h5 FORCE
	@$(if $(validation),$(stage) --stdout validation.json validation.h5 -- \
	  $(bin)/dp-convert --quiet --check --json validation.h5)

$(work)/input.json: $(work)/training.h5 $(work)/validation.h5 FORCE
	@pipelines/configure $(work) $(bin)/dp-train '$(STEPS)' $(config)

# The part of the input that statistics depend on, so that a new number of steps leaves them alone.
$(work)/stat.json: $(work)/input.json FORCE | tools
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
