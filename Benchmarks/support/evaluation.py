"""Energy and force with a model in memory, and what an atom costs in large frames."""

import json

from support.processes import say
from support.setting import difference
from support.training import FEW, Training

#: Copies of a frame along x, y and z: 192 to 24,576 atoms.
SUPERCELLS = [(1, 1, 1), (2, 2, 1), (4, 2, 2), (4, 4, 4), (8, 4, 4)]


def evaluate(setting, folder, model, data, threads, steps):
    """Our energy, force and virial of one frame, so many times, by dp-profile; and what it says of the machine."""
    output = setting.tool(
        folder, "dp-profile", model, data, "--steps", steps, "--json", threads=threads).output
    found = json.loads(output[output.index("{"):])
    return {"seconds": found["seconds_per_frame"], "steps": steps, "machine": found["machine"][-1]}


def energy_difference(setting, folder, model, frame, energy):
    """Our energy of the frame less `energy`, in eV: the error that dp-eval finds if that is the label."""
    frame.energy = energy
    (folder / "water.xyz").write_text(frame.extended_xyz())
    output = setting.tool(folder, "dp-eval", model, "water.xyz", "--json").output
    return json.loads(output[output.index("{"):])["overall"]["errors"]["energy"]["mae"]


def energy_and_force(setting):
    """One frame, on one thread and on all: the compressed model in LAMMPS, and ours from the same parameters."""
    models, folder, frame = setting.work / "models", setting.folder("energy-force"), setting.frame()
    setting.peer.make_models(models, setting.systems, setting.threads)
    (folder / "water.data").write_text(frame.lammps_data())
    energy = setting.peer.simulate(folder, models / "model.pb", 1, setting.threads)["energy"]
    found = {"energy_difference": energy_difference(setting, folder, models / "model.dp", frame, energy)}
    for threads in sorted({1, setting.threads}):
        say(f"energy and force, threads: {threads}")
        steps = max(10, round(30 * setting.seconds))
        found[str(threads)] = setting.alternate({
            "ours": lambda: evaluate(setting, folder, models / "model.dp", "water.xyz", threads, steps),
            "theirs": lambda: setting.peer.simulate(folder, models / "compressed.pb", steps, threads)})
    return found


def atoms(setting):
    """What growing frames cost: energy and force, and a training step of one frame, taking turns."""
    folder, frame = setting.folder("atoms"), setting.frame()
    small = Training(setting, "atoms-model", setting.systems)
    small.ours(1)
    setting.tool(folder, "dp-freeze", small.folder / "run", "-o", "model.h5")
    evaluations, trainings = {}, {}
    for counts in SUPERCELLS:
        cell = frame.repeated(*counts)
        say(f"{len(cell.atoms)} atoms")
        count = str(len(cell.atoms))
        data = folder / f"{count}.xyz"
        data.write_text(cell.extended_xyz())
        steps = max(2, round(8000 * setting.seconds / len(cell.atoms)))
        evaluations[count] = lambda data=data, steps=steps: evaluate(
            setting, folder, "model.h5", data, setting.threads, steps)
        training = Training(setting, f"atoms-{count}", [data])
        many = training.our_steps(setting.seconds / 2)
        trainings[count] = lambda training=training, many=many: difference(FEW, many, training.ours)
    return {"energy_and_force": setting.alternate(evaluations), "training": setting.alternate(trainings)}
