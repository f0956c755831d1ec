"""What all parts share: folders, runs of the tools, and a small training."""
import hashlib
import itertools
import json
import os
import pathlib
import random
import shutil
import subprocess

from world import FIXTURES, World

SEAL = b"\ndeep-potential sha256:"

# Twelve parameters of a network each, so that a step takes a fraction of a millisecond.
INPUT = {
    "model": {
        "type_map": ["O", "H"],
        "descriptor": {
            "type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8], "axis_neuron": 2, "seed": 1},
        "fitting_net": {"neuron": [8, 8], "seed": 1}},
    "learning_rate": {"decay_steps": 5, "start_lr": 0.001, "stop_lr": 1e-5},
    "loss": {"start_pref_v": 0.5, "limit_pref_v": 1},
    "training": {
        "training_data": {"systems": ["data.h5#/a", "data.h5#/b"], "batch_size": 2},
        "validation_data": {"systems": ["data.h5#/c"], "batch_size": 2, "numb_btch": 2},
        "numb_steps": 20, "seed": 10, "disp_freq": 5, "save_freq": 10}}
# Such a one of a model that is run as a program, with a table for each pair of types.
ATTENTION = {
    "type": "se_atten", "rcut": 4.0, "sel": 16, "neuron": [4, 8], "axis_neuron": 2, "attn_layer": 1, "attn": 4, "seed": 1}


class TortureWorld(World):
    """The surroundings of one part; a failure is a broken promise."""

    def __init__(self, tools, scratch, options):
        super().__init__(tools, scratch)
        self.short, self.random = options.short, random.Random(options.seed)
        self.numbers = itertools.count()
        scratch.mkdir(parents=True)

    def amount(self, short, long):
        """A number for the short form, and one for the long form."""
        return short if self.short else long

    def folder(self, like=None):
        """A new folder, empty or a copy of `like`."""
        path = self.scratch / str(next(self.numbers))
        if like:
            shutil.copytree(like, path)
        else:
            path.mkdir()
        return path

    def remove(self, folder):
        """Makes room, unless something went wrong."""
        if not self.failures:
            shutil.rmtree(folder, ignore_errors=True)

    def command(self, tool, *arguments):
        return [str(self.tools / tool), *map(str, arguments)]

    def run(self, folder, tool, *arguments, **options):
        """Runs a tool in `folder`; its messages are in `stderr` of the result."""
        return subprocess.run(
            self.command(tool, *arguments), cwd=folder, capture_output=True, text=True, timeout=300, **options)

    def must(self, folder, tool, *arguments):
        """Runs a tool that has to succeed, outside of what is tested."""
        done = self.run(folder, tool, *arguments)
        if done.returncode != 0:
            raise SystemExit(f"{tool} {' '.join(map(str, arguments))}: {done.returncode}\n{done.stderr}")
        return done

    def training(self, **changes):
        """A folder with `data.h5` and the `input.json` of a training; `training={...}` changes that section."""
        path = self.folder()
        shutil.copy(FIXTURES / "train_data.hdf5", path / "data.h5")
        text = json.loads(json.dumps(INPUT))
        for section, values in changes.items():
            text.setdefault(section, {}).update(values)
        (path / "input.json").write_text(json.dumps(text, indent=1))
        return path


def is_whole(path):
    """Whether the last line of a file holds the SHA-256 of what stands before it."""
    data = path.read_bytes()
    at = data.rfind(SEAL)
    return at >= 0 and data[at + len(SEAL):] == hashlib.sha256(data[:at]).hexdigest().encode() + b"\n"


def leftovers(folder):
    """The temporaries in `folder` and below."""
    return [name for _, folders, files in os.walk(folder) for name in folders + files if name.endswith(".tmp")]


def content(path):
    """The bytes of a file, or of every file in a folder by name but for those with times; None if nothing is there."""
    path = pathlib.Path(path)
    if path.is_dir():
        return {str(p.relative_to(path)): p.read_bytes() for p in sorted(path.rglob("*"))
                if p.is_file() and p.name != "timing.jsonl" and "tfevents" not in p.name}
    return path.read_bytes() if path.exists() else None
