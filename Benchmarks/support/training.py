"""Training: the time of a step, memory, the start, statistics."""

import shutil

from support.processes import say
from support.setting import difference, enough
from support.water import KINDS, write_input

#: Batch sizes whose cost per frame is compared: divisors of the 80 frames of a system, so that no
#: batch is smaller.
BATCHES = [1, 2, 4, 8, 16, 40, 80]
#: Steps of the shorter run: those that are not counted.
FEW = 3


class Training:
    """Runs of both programs on one input but for the number of steps; DeePMD-kit's by one of its backends."""

    def __init__(self, setting, name, systems, batch=1, precision="default", descriptor="se_e2_a", backend="--tf"):
        self.setting, self.systems, self.batch, self.precision = setting, systems, batch, precision
        self.descriptor, self.backend = descriptor, backend
        self.folder = setting.folder(name)
        self.statistics = self.folder / "stat.h5"
        setting.tool(self.folder, "dp-stat", self.given("stat", FEW), "-o", self.statistics)

    def given(self, name, steps):
        """An input that shows errors once, after the last step, and saves once."""
        return write_input(
            self.folder / f"{name}.json", self.systems, [], steps=steps, seed=1, batch=self.batch,
            precision=self.precision, display=steps, decay=1, descriptor=self.descriptor)

    def ours(self, steps):
        """One run of dp-train, with statistics at hand."""
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        return self.setting.tool(
            self.folder, "dp-train", self.given("ours", steps), "--statistics", self.statistics, "-o", "run")

    def theirs(self, steps):
        """One run of `dp train`."""
        return self.setting.peer.train(self.folder, self.given("theirs", steps), self.setting.threads, self.backend)

    def our_steps(self, seconds):
        """Steps of our longer run, so that the difference takes about `seconds`."""
        return FEW + enough(seconds, FEW, lambda steps: self.ours(steps).seconds)


def train(setting, name, batch, precision):
    """A step of both programs; theirs counts for about ten seconds at the usual speed."""
    say(f"training: {precision}, batch {batch}")
    training = Training(setting, name, setting.systems, batch, precision)
    ours = training.our_steps(setting.seconds)
    measures = {"ours": lambda: difference(FEW, ours, training.ours)}
    if setting.peer:
        theirs = FEW + max(2, round(16 * setting.seconds / batch))
        measures["theirs"] = lambda: difference(FEW, theirs, training.theirs)
    return setting.alternate(measures)


def train_typed(setting, name):
    """A step of batch 1 of a model of `KINDS`, DeePMD-kit's by PyTorch; and of se_e2_a with ours."""
    kind = KINDS[name]
    say(f"training: {kind.title}")
    training = Training(
        setting, name, setting.systems, precision=kind.precision, descriptor=name, backend="--pt")
    plain = Training(setting, f"{name}-plain", setting.systems, precision=kind.precision)
    ours, others = training.our_steps(setting.seconds), plain.our_steps(setting.seconds)
    measures = {
        "ours": lambda: difference(FEW, ours, training.ours),
        "se_e2_a": lambda: difference(FEW, others, plain.ours)}
    if setting.peer:
        theirs = FEW + max(3, round(3 * setting.seconds / kind.seconds))
        measures["theirs"] = lambda: difference(FEW, theirs, training.theirs)
    return setting.alternate(measures)


def start(setting):
    """Whole processes of one step of batch 1."""
    say("start to the end of the first step")
    training = Training(setting, "start", setting.systems)
    measures = {"ours": lambda: training.ours(1).seconds}
    if setting.peer:
        measures["theirs"] = lambda: training.theirs(1).seconds
    return setting.alternate(measures)


def survey(setting):
    """Statistics of 80 frames: dp-stat does all, `dp neighbor-stat` counts neighbors only."""
    say("statistics of 80 frames")
    folder = setting.folder("statistics")
    given = write_input(folder / "input.json", [setting.survey], [], steps=1, seed=1)
    measures = {"ours": lambda: setting.tool(folder, "dp-stat", given, "-o", "stat.h5").seconds}
    if setting.peer:
        measures["theirs"] = lambda: setting.peer.survey(folder, setting.survey, setting.threads).seconds
    return setting.alternate(measures)


def batches(setting):
    """A step of ours for growing batches, taking turns."""
    measures = {}
    for batch in BATCHES:
        say(f"training: batch {batch}")
        training = Training(setting, f"batch-{batch}", setting.systems, batch)
        many = training.our_steps(setting.seconds / 2)
        measures[str(batch)] = lambda training=training, many=many: difference(FEW, many, training.ours)
    return setting.alternate(measures)
