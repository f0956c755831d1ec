"""What all measurements share."""

import json
import shutil

from support.processes import run
from support.water import first_frame


class Setting:
    """Programs, data, threads and rounds, and a folder for files.

    `peer` is None where only our program is measured.  `systems` are trained on; `survey` is a system of 80 frames.
    """

    def __init__(self, options, peer, systems, survey):
        self.bin, self.work, self.threads, self.rounds = options.bin, options.work, options.jobs, options.rounds
        self.seconds = options.seconds
        self.peer, self.systems, self.survey = peer, systems, survey

    def folder(self, name):
        """An empty folder below the working folder."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def tool(self, folder, name, *arguments, threads=None):
        """Runs one of our tools."""
        threads = threads or self.threads
        return run(folder, self.bin / name, *arguments, "--quiet", "-j", threads, threads=threads)

    def alternate(self, measures):
        """Calls every function once a round, another one first each time; gives lists of their results by name."""
        names, found = list(measures), {name: [] for name in measures}
        for index in range(self.rounds):
            for name in names[index % len(names):] + names[:index % len(names)]:
                found[name].append(measures[name]())
        return found

    def frame(self):
        """The first frame of the data."""
        path = self.work / "frames.xyz"
        self.tool(self.work, "dp-convert", self.systems[0], path)
        return first_frame(path)


def enough(seconds, few, measure, limit=10_000):
    """How many repetitions take about `seconds`, at most `limit`; `measure` times a run of `few` or more.

    Never fewer than eight: memory touched for the first time costs a process a little more or less each time.
    """
    base, guess = measure(few), 1
    while True:
        spent = measure(few + guess) - base
        if spent > 0.3 * seconds or guess == limit:
            return min(limit, max(8, round(guess * seconds / max(spent, 1e-3))))
        guess = min(limit, 4 * guess)


def difference(few, many, measure):
    """Seconds of one repetition: a run of `few` is subtracted from a run of `many`; with the raw numbers."""
    first, second = measure(few), measure(many)
    return {
        "seconds": (second.seconds - first.seconds) / (many - few), "few": few, "many": many,
        "seconds_few": first.seconds, "seconds_many": second.seconds, "megabytes": second.megabytes}
