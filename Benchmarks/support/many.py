"""Data of many small systems, made without any library: liquids of O and H with labels that nobody computed.

Speed does not depend on what the labels say; forces add up to zero, so that dp-stat finds nothing odd.
"""

import argparse
import array
import json
import os
import pathlib
import random
import shutil
import struct
import threading

from support.processes import say
from support.report import machine, update
from support.setting import Setting

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIZES = range(10, 201, 10)
#: Atoms per cubic ångström, as in water.
DENSITY = 0.1


def liquid(atoms, chance):
    """Positions and cell: a grid with holes, every atom a little off its place."""
    side = 1
    while side**3 < atoms:
        side += 1
    length = (atoms / DENSITY) ** (1 / 3)
    step = length / side
    places = chance.sample(range(side**3), atoms)
    coord = []
    for place in places:
        x, rest = divmod(place, side * side)
        for k in (x, *divmod(rest, side)):
            coord.append(step * (k + 0.3 * chance.random()))
    return coord, [length, 0, 0, 0, length, 0, 0, 0, length]


def frame(atoms, chance):
    """The numbers of one frame by their names."""
    coord, box = liquid(atoms, chance)
    force = [chance.random() for _ in range(3 * atoms)]
    for k in range(3):
        mean = sum(force[k::3]) / atoms
        force[k::3] = [value - mean for value in force[k::3]]
    return {"coord": coord, "box": box, "force": force, "energy": [-150.0 * atoms + chance.random()]}


def write_array(path, rows):
    """Writes rows of float64 numbers as a .npy file."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        for row in rows:
            file.write(array.array("d", row).tobytes())


def write_system(folder, frames):
    """Writes frames of one number of atoms as a folder that dp-convert reads."""
    atoms = len(frames[0]["force"]) // 3
    (folder / "set.000").mkdir(parents=True)
    (folder / "type.raw").write_text("".join(f"{int(i % 3 > 0)}\n" for i in range(atoms)))
    (folder / "type_map.raw").write_text("O\nH\n")
    for name in frames[0]:
        write_array(folder / "set.000" / f"{name}.npy", [frame[name] for frame in frames])


def write_data(folder, systems, frames, seed=1):
    """Writes `systems` of `frames` frames each below folder/many, and the same frames as one system for each number of
    atoms below folder/few.
    """
    chance, large = random.Random(seed), {atoms: [] for atoms in SIZES}
    for index in range(systems):
        atoms = SIZES[index % len(SIZES)]
        found = [frame(atoms, chance) for _ in range(frames)]
        # As users have it: folders of folders, not one with everything.
        write_system(folder / "many" / f"{index // 1000:03}" / f"{index:06}", found)
        # As arrays, not lists: there are many.
        large[atoms].extend({name: array.array("d", values) for name, values in one.items()} for one in found)
    for atoms, found in large.items():
        if found:
            write_system(folder / "few" / f"{atoms:03}", found)


class Runs(Setting):
    """Runs of our tools in the working folder."""

    def __init__(self, options):
        options.seconds = 0
        super().__init__(options, None, [], None)

    def timed(self, tool, *arguments):
        """Seconds and peak memory of a run."""
        say(" ".join(map(str, [tool, *arguments])))
        done = self.tool(self.work, tool, *arguments)
        return {"seconds": done.seconds, "megabytes": done.megabytes}


def write_input(path, data, batch="1", display=1_000_000):
    """An input of a training on `data`, with water's network, that shows errors every `display` steps."""
    path.write_text(json.dumps({
        "model": {
            "type_map": ["O", "H"],
            "descriptor": {"type": "se_e2_a", "rcut": 6.0, "rcut_smth": 0.5, "sel": "auto", "neuron": [25, 50, 100],
                           "axis_neuron": 16, "seed": 1},
            "fitting_net": {"neuron": [240, 240, 240], "seed": 1}},
        "learning_rate": {"decay_steps": 5000, "start_lr": 1e-3, "stop_lr": 1e-5},
        "training": {
            "training_data": {"systems": [data], "batch_size": int(batch) if batch.isdigit() else batch},
            "numb_steps": 2, "seed": 1, "disp_freq": display, "save_freq": 1_000_000}}, indent=1) + "\n")


def evict(path, ended):
    """Puts a file out of the page cache again and again until `ended`."""
    with open(path, "rb") as file:
        while not ended.wait(0.05):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def step_times(setting, kinds, frames, few=40):
    """For each name of `kinds` a list of timed steps; a kind is data, cache, batch size and whether the disk is cold.

    About `frames` frames of 105 atoms are timed, after `few` steps that are not: by dp-train's own clock, so that opening the
    data, seconds that vary, does not count.  Statistics depend on the batch size: they are computed once for each.
    """
    def step(data, cache, batch="1", cold=False):
        name = f"{data}-{batch.replace(':', '-')}"
        write_input(setting.work / f"{name}.json", f"{data}.h5", batch, display=few)
        if not (setting.work / f"{name}.stat.h5").exists():
            setting.tool(setting.work, "dp-stat", f"{name}.json", "-o", f"{name}.stat.h5")
        many = few * (1 + (frames // 8 if batch == "auto:800" else frames) // few)
        shutil.rmtree(setting.work / "run", ignore_errors=True)
        ended = threading.Event()
        thread = threading.Thread(target=evict, args=(setting.work / f"{data}.h5", ended))
        say(f"steps: {data}, --cache {cache}, batch size {batch}{', cold' if cold else ''}")
        if cold:
            thread.start()
        try:
            done = setting.tool(setting.work, "dp-train", f"{name}.json", "--statistics", f"{name}.stat.h5",
                                "--steps", many, "--cache", cache, "-o", "run")
        finally:
            ended.set()
        lines = map(json.loads, (setting.work / "run" / "timing.jsonl").read_text().splitlines())
        at = {line["step"]: line["seconds"] for line in lines if line["event"] == "step"}
        return {"seconds": (at[many] - at[few]) / (many - few), "few": few, "many": many,
                "seconds_besides": done.seconds - at[many], "megabytes": done.megabytes}

    return setting.alternate({name: lambda kind=kind: step(*kind) for name, kind in kinds.items()})


def main(description, name, measure, markdown):
    """Both scripts: options, measurements that are kept, a table."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-j", "--jobs", type=int, default=len(os.sched_getaffinity(0)), help="threads")
    parser.add_argument("--systems", type=int, default=50_000, help="how many systems there are")
    parser.add_argument("--rounds", type=int, default=3, help="how often a step is timed; medians count")
    parser.add_argument("--data", type=pathlib.Path, help="the folder for the data (default: beside the working folder)")
    parser.add_argument("--show", action="store_true", help="measure nothing, print the table of earlier runs")
    parser.add_argument("--update", type=pathlib.Path, help="put the table between the marks in this file, too")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / ".build" / "release", help="our tools")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / name)
    options = parser.parse_args()
    options.bin, options.work = options.bin.absolute(), options.work.absolute()
    options.data = (options.data or options.work.parent / f"systems-{options.systems}").absolute()
    options.work.mkdir(parents=True, exist_ok=True)
    kept = options.work / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    if not options.show:
        if not (options.bin / "dp-train").exists():
            print(f"skipped: no dp-train in {options.bin} (make build, or --bin FOLDER)")
            return

        def remember(key, what):
            if key not in results:
                results[key] = what()
                kept.write_text(json.dumps(results, indent=1) + "\n")

        results |= {"machine": machine(options, None), "systems": options.systems}
        if not (options.data / "whole").exists():
            say(f"making {options.systems} systems in {options.data}")
            shutil.rmtree(options.data, ignore_errors=True)
            write_data(options.data, options.systems, 2)
            (options.data / "whole").touch()
        for data in ("many", "few"):
            write_input(options.work / f"{data}.json", f"{data}.h5")
        measure(Runs(options), options, remember)
        kept.write_text(json.dumps(results, indent=1) + "\n")
    text = markdown(results)
    print(text)
    if options.update:
        update(options.update, text, name)
