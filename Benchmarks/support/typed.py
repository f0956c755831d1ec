"""DPA-1 and models that pass messages evaluated: with a model in memory, and in LAMMPS if DeePMD-kit's plugin loads its `.pth`."""

import json

from support.dynamics import deepmd, simulate
from support.evaluation import energy_difference
from support.processes import say
from support.water import KINDS, OWN_CUTOFFS, TYPES, write_input

#: What Python evaluates: the first frame of a file, three times and then so many times as asked.
EVALUATION = """\
import json, sys, time
import numpy as np
from deepmd.infer import DeepPot
frame, steps = json.load(open("frame.json")), int(sys.argv[2])
model = DeepPot(sys.argv[1])
coord, cell = np.array(frame["coord"]).reshape(1, -1), np.diag(frame["edges"]).reshape(1, 9)
for _ in range(3):
    energy = model.eval(coord, cell, frame["types"])[0]
start = time.perf_counter()
for _ in range(steps):
    model.eval(coord, cell, frame["types"])
print("result", json.dumps({"seconds": (time.perf_counter() - start) / steps, "energy": energy.item()}))
"""


def models(setting, name):
    """A folder with a model of `KINDS`: `model.pth` and, for our program, `model.dp`."""
    folder, peer = setting.work / f"models-{name}", setting.peer
    if not (folder / "model.dp").exists():
        folder.mkdir(parents=True, exist_ok=True)
        given = write_input(
            folder / "input.json", setting.systems, [], steps=5, seed=1, display=5, decay=1, precision=KINDS[name].precision,
            descriptor=name)
        peer.train(folder, given, setting.threads, "--pt")
        peer.call(folder, "--pt", "freeze", "-o", "model.pth", threads=setting.threads)
        peer.call(folder, "convert-backend", "model.pth", "model.dp", threads=setting.threads)
    return folder


def theirs(setting, folder, model, steps):
    """Energy, force and virial of the frame by DeePMD-kit in Python: its energy, seconds, peak memory in MB."""
    done = setting.peer.python(folder, "evaluate.py", model, steps, threads=setting.threads)
    found = json.loads(done.output[done.output.rindex("result ") + 7:].split("\n")[0])
    return found | {"steps": steps, "megabytes": done.megabytes}


def ours(setting, folder, model, steps):
    """The same by dp-profile; the memory is that of the steps, without what measures the machine."""
    output = setting.tool(
        folder, "dp-profile", model, "water.xyz", "--steps", steps, "--json", threads=setting.threads).output
    found = json.loads(output[output.index("{"):])
    return {"seconds": found["seconds_per_frame"], "steps": steps, "megabytes": found["memory"]["peak"] / 1e6}


def evaluate(setting, name):
    """Energy and force of one frame by both programs, from the same parameters, on all threads."""
    say(f"energy and force: {KINDS[name].title}")
    made, folder, frame = models(setting, name), setting.folder(f"{name}-evaluation"), setting.frame()
    (folder / "water.xyz").write_text(frame.extended_xyz())
    (folder / "evaluate.py").write_text(EVALUATION)
    (folder / "frame.json").write_text(json.dumps({
        "edges": frame.edges, "coord": [x for _, position, _ in frame.atoms for x in position],
        "types": [TYPES.index(element) for element, _, _ in frame.atoms]}))
    energy = theirs(setting, folder, made / "model.pth", 1)["energy"]
    steps = max(2, round((30 if name == "dpa1-0" else 3) * setting.seconds))
    found = {"energy_difference": energy_difference(setting, folder, made / "model.dp", frame, energy)}
    return found | setting.alternate({
        "ours": lambda: ours(setting, folder, made / "model.dp", steps),
        "theirs": lambda: theirs(setting, folder, made / "model.pth", max(2, steps // 4))})


def dynamics(setting, name):
    """Molecular dynamics of one frame in LAMMPS; `problem` says why DeePMD-kit's library does not run it.

    Of models that pass messages, ours also run eight copies of the frame.
    """
    say(f"molecular dynamics: {KINDS[name].title}")
    made, folder = models(setting, name), setting.folder(f"{name}-dynamics")
    (folder / "water.data").write_text(setting.frame().lammps_data())
    steps = max(3, round((60 if name == "dpa1-0" else 4) * setting.seconds))
    measures = {"ours": lambda: simulate(setting, folder, deepmd(made / "model.dp"), steps, True)}
    if name in OWN_CUTOFFS:
        large = setting.folder(f"{name}-dynamics-large")
        (large / "water.data").write_text(setting.frame().repeated(2, 2, 2).lammps_data())
        measures["large"] = lambda: simulate(setting, large, deepmd(made / "model.dp"), max(3, steps // 8), True)
    try:
        simulate(setting, folder, deepmd(made / "model.pth"), 1, False)
        measures["theirs"] = lambda: simulate(setting, folder, deepmd(made / "model.pth"), max(3, steps // 4), False)
        problem = None
    except SystemExit as failure:
        lines = [line for line in str(failure).split("\n") if "rror" in line]
        problem = (lines or [str(failure)])[0].strip()
        say(f"DeePMD-kit's library does not run the .pth: {problem}")
    return {"problem": problem} | setting.alternate(measures)
