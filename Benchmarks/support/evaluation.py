"""Energy and force with a model in memory, and what an atom costs in large frames."""

import json

from support.processes import say
from support.setting import difference, enough
from support.training import FEW, Training

#: Copies of a frame along x, y and z: 192 to 24,576 atoms.
SUPERCELLS = [(1, 1, 1), (2, 2, 1), (4, 2, 2), (4, 4, 4), (8, 4, 4)]


class Evaluation:
    """Our dp-eval on the first so many of equal frames: all of them are read, so that reading cancels."""

    def __init__(self, setting, folder, model, frame):
        self.setting, self.folder, self.model = setting, folder, model
        self.copies = max(4, 100_000 // len(frame.atoms))
        self.data = folder / f"{len(frame.atoms)}.h5"
        text = folder / "copies.xyz"
        text.write_text(frame.extended_xyz() * self.copies)
        setting.tool(folder, "dp-convert", text, self.data)
        text.unlink()

    def ours(self, count, threads):
        """One run of dp-eval."""
        return self.setting.tool(
            self.folder, "dp-eval", self.model, self.data, "-n", count, "--json", threads=threads)

    def measure(self, threads, seconds):
        """A function that times a frame by difference, over about so many seconds."""
        def once(count):
            return self.ours(count, threads)
        many = 2 + enough(seconds, 2, lambda count: once(count).seconds, limit=(self.copies - 2))
        return lambda: difference(2, many, once)

    def energy_error(self):
        """Our energy less the label, in eV."""
        return json.loads(self.ours(1, 1).output)["overall"]["errors"]["energy"]["mae"]


def energy_and_force(setting):
    """One frame, on one thread and on all: the compressed model in LAMMPS, and ours from the same parameters."""
    models, folder, frame = setting.work / "models", setting.folder("energy-force"), setting.frame()
    setting.peer.make_models(models, setting.systems, setting.threads)
    (folder / "water.data").write_text(frame.lammps_data())
    energy = setting.peer.simulate(folder, models / "model.pb", 1, setting.threads)["energy"]
    frame.energy = energy  # the label: what dp-eval finds as its error is the difference between the programs
    evaluation = Evaluation(setting, folder, models / "model.dp", frame)
    found = {"energy_difference": evaluation.energy_error(), "energy": energy}
    for threads in sorted({1, setting.threads}):
        say(f"energy and force, threads: {threads}")
        steps = max(10, round(30 * setting.seconds))
        found[str(threads)] = setting.alternate({
            "ours": evaluation.measure(threads, setting.seconds),
            "theirs": lambda threads=threads: setting.peer.simulate(
                folder, models / "compressed.pb", steps, threads)})
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
        evaluation = Evaluation(setting, folder, folder / "model.h5", cell)
        evaluations[str(len(cell.atoms))] = evaluation.measure(setting.threads, setting.seconds / 2)
        training = Training(setting, f"atoms-{len(cell.atoms)}", [evaluation.data])
        many = training.our_steps(setting.seconds / 2)
        trainings[str(len(cell.atoms))] = (
            lambda training=training, many=many: difference(FEW, many, training.ours))
    return {"energy_and_force": setting.alternate(evaluations), "training": setting.alternate(trainings)}
