"""Programs that a user with a CPU could take instead of this one: how each is trained, judged and run.

A peer is a class with `train(folder, minutes)`, which gives steps and seconds, then `errors(folder)`, root mean squares over the
validation frames in eV an atom and eV/Å, and `step(folder, steps)`, seconds of a step of molecular dynamics of one frame on one
thread.
"""

import json
import os
import re

from support.dynamics import deepmd, simulate
from support.processes import run
from support.setting import difference
from support.water import write_input

#: Errors and dynamics by a calculator of ASE: of DeePMD-kit's models, and of MACE's.
WITH_ASE = """\
import json, sys, time
import ase.io, ase.md.velocitydistribution, ase.md.verlet, ase.units
import numpy as np
name, what, steps = sys.argv[1:4]
if name.endswith(".model"):
    import torch
    torch.set_num_threads(1)
    from mace.calculators import MACECalculator
    calculator = MACECalculator(model_paths=name, device="cpu", default_dtype="float32")
else:
    from deepmd.calculator import DP
    calculator = DP(model=name)
frames = ase.io.read("../valid.xyz", ":")
if what == "errors":
    energies, forces = [], []
    for frame in frames:
        known = frame.get_potential_energy(), frame.get_forces()
        frame.calc = calculator
        energies.append((frame.get_potential_energy() - known[0]) / len(frame))
        forces.append(frame.get_forces() - known[1])
    found = [float(np.sqrt(np.mean(np.square(values)))) for values in (energies, forces)]
else:
    frame = frames[0]
    frame.calc = calculator
    ase.md.velocitydistribution.MaxwellBoltzmannDistribution(frame, temperature_K=330, rng=np.random.default_rng(7))
    run = ase.md.verlet.VelocityVerlet(frame, 0.5 * ase.units.fs)
    run.run(3)
    start = time.perf_counter()
    run.run(int(steps))
    found = (time.perf_counter() - start) / int(steps)
print("result", json.dumps(found))
"""
POD_TERMS = """\
species O H
rin 0.5
rcut 5.0
bessel_polynomial_degree 4
inverse_polynomial_degree 8
number_of_environment_clusters 1
onebody 1
twobody_number_radial_basis_functions 8
threebody_number_radial_basis_functions 6
threebody_angular_degree 5
fourbody_number_radial_basis_functions 5
fourbody_angular_degree 3
fivebody_number_radial_basis_functions 0
fivebody_angular_degree 0
"""
POD_FITTING = """\
file_format extxyz
file_extension xyz
path_to_training_data_set "train"
path_to_test_data_set "valid"
fraction_training_data_set 1
randomize_training_data_set 0
fitting_weight_energy 100.0
fitting_weight_force 1.0
fitting_regularization_parameter 1e-10
error_analysis_for_training_data_set 0
error_analysis_for_test_data_set 1
basename_for_output_files water
precision_for_pod_coefficients 10
"""


class Ours:
    """se_e2_a as in DeePMD-kit's water example, or with smaller nets, trained by dp-train."""

    def __init__(self, setting, data, nets=None):
        self.setting, self.data, self.nets = setting, data, nets
        self.title = "this program, se_e2_a" + ("" if nets is None else ", small nets")

    def train(self, folder, minutes):
        def measure(steps):
            write_training(folder, self.data, steps, nets=self.nets)
            return self.setting.tool(folder, "dp-train", "input.json", "-o", f"run-{steps}")

        step = difference(3, 203, measure)["seconds"]
        steps = round(60 * minutes / step)
        seconds = measure(steps).seconds
        self.setting.tool(folder, "dp-freeze", f"run-{steps}", "-o", "model.h5")
        return steps, seconds

    def errors(self, folder):
        output = self.setting.tool(folder, "dp-eval", "model.h5", self.data[-1], "--json").output
        errors = json.loads(output[output.index("{"):])["overall"]["errors"]
        return [errors["energy_per_atom"]["rmse"], errors["force"]["rmse"]]

    def step(self, folder, steps):
        return simulate(self.setting, folder, deepmd(folder / "model.h5"), steps, True)["seconds"]


class DeePMDKit:
    """The same model, trained by a backend of DeePMD-kit."""

    #: What a backend calls a frozen model.
    MODELS = {"--tf": "model.pb", "--pt": "model.pth", "--jax": "model.jax"}
    TITLES = {"--tf": "TensorFlow", "--pt": "PyTorch", "--jax": "JAX"}

    def __init__(self, setting, data, backend):
        self.setting, self.data, self.backend, self.model = setting, data, backend, self.MODELS[backend]
        self.title = f"DeePMD-kit, {self.TITLES[backend]}, se_e2_a" + (", one-sided" if backend == "--jax" else "")

    def train(self, folder, minutes):
        peer, threads = self.setting.peer, self.setting.threads

        def measure(steps):
            # JAX cannot train the other kind in version 3.2.
            kind = "se_e2_a one-sided" if self.backend == "--jax" else "se_e2_a"
            write_training(folder, self.data, steps, descriptor=kind)
            return peer.train(folder, "input.json", threads, self.backend)

        few = 4 if self.backend == "--jax" else 20
        step = difference(few, 3 * few, measure)["seconds"]
        # TensorFlow saves only after steps that it displays.
        steps = max(20, round(60 * minutes / step) // 20 * 20)
        (folder / "checkpoint").unlink(missing_ok=True)  # freeze takes what this names
        seconds = measure(steps).seconds
        peer.call(folder, self.backend, "freeze", "-o", self.model, threads=threads)
        if self.backend == "--tf":
            peer.call(
                folder, "--tf", "compress", "-i", self.model, "-o", "compressed.pb", "-t", "input.json", threads=threads)
        return steps, seconds

    def errors(self, folder):
        return with_ase(self.setting.peer.dp[0], folder, self.model, "errors", self.setting.threads)

    def step(self, folder, steps):
        if self.backend == "--tf":
            return simulate(self.setting, folder, deepmd(folder / "compressed.pb"), steps, False)["seconds"]
        return with_ase(self.setting.peer.dp[0], folder, self.model, "dynamics", 1, steps)


class MACE:
    """MACE with 64 scalar channels, two layers and a cutoff of 5 Å, in float32.

    Its epochs are short, so that the learning rate falls to a hundredth in twenty of them.  It keeps the parameters that are
    best on one frame, which is one of the training.
    """

    title = "MACE, 64 channels"

    def __init__(self, setting, python):
        self.setting, self.python = setting, python

    def train(self, folder, minutes):
        lines = (folder.parent / "train.xyz").read_text().split("\n")
        size = int(lines[0]) + 2
        frames = ["\n".join(lines[start:start + size]) + "\n" for start in range(0, len(lines) - 1, size)]
        few = 8
        (folder / "few.xyz").write_text("".join(frames[:few]))
        (folder / "one.xyz").write_text(frames[0])

        def measure(epochs, name="few.xyz"):
            return run(
                folder, self.python.parent / "mace_run_train", "--name", f"{name}-{epochs}", "--train_file", name,
                "--valid_file", "one.xyz", "--model", "MACE", "--num_channels", 64, "--max_L", 0, "--r_max", 5.0,
                "--default_dtype", "float32", "--device", "cpu", "--batch_size", 1, "--valid_batch_size", 1,
                "--max_num_epochs", epochs, "--E0s", "average", "--energy_key", "energy", "--forces_key", "forces",
                "--scheduler", "ExponentialLR", "--lr_scheduler_gamma", 0.01 ** (1 / max(1, epochs - 1)), "--seed", 1,
                threads=self.setting.threads)

        step = difference(1, 3, measure)["seconds"] / few
        total = 60 * minutes / step
        count = max(1, min(len(frames), round(total / 20)))
        epochs = max(1, round(total / count))
        (folder / "train.xyz").write_text("".join(frames[number * len(frames) // count] for number in range(count)))
        seconds = measure(epochs, "train.xyz").seconds
        [model] = folder.glob(f"train.xyz-{epochs}.model")
        model.rename(folder / "mace.model")
        return count * epochs, seconds

    def errors(self, folder):
        return with_ase(self.python, folder, "mace.model", "errors", self.setting.threads)

    def step(self, folder, steps):
        return with_ase(self.python, folder, "mace.model", "dynamics", 1, steps)


class POD:
    """Proper orthogonal descriptors (an atomic cluster expansion of up to four bodies), linear: fitted by LAMMPS."""

    title = "POD (LAMMPS), linear, on one thread"

    def __init__(self, setting):
        self.setting = setting

    def train(self, folder, _):
        for name in ("train", "valid"):
            (folder / name).mkdir()
            (folder / name / "water.xyz").symlink_to(folder.parent / f"{name}.xyz")
        (folder / "pod.txt").write_text(POD_TERMS)
        (folder / "data.txt").write_text(POD_FITTING)
        (folder / "in.fit").write_text("units metal\nfitpod pod.txt data.txt\n")
        done = run(folder, self.setting.peer.lmp, "-in", "in.fit", threads=self.setting.threads)
        self.fit = done.output
        return None, done.seconds

    def errors(self, folder):
        row = re.findall(r"^All files +\S+ +\S+ +\S+ +(\S+) +\S+ +(\S+)", self.fit, re.M)[-1]
        return list(map(float, row))

    def step(self, folder, steps):
        pair = "pair_style pod\npair_coeff * * pod.txt water_coefficients.pod O H"
        return simulate(self.setting, folder, pair, steps, False)["seconds"]


def write_training(folder, data, steps, **options):
    """Writes an input whose learning rate ends with its steps."""
    write_input(
        folder / "input.json", data[:-1], [], steps, 1, display=max(1, steps // 20), decay=max(1, steps // 200), **options)


def with_ase(python, folder, model, what, threads, steps=0):
    """What `WITH_ASE` finds with a model."""
    (folder / "evaluate.py").write_text(WITH_ASE)
    command = [python, "evaluate.py", model, what, steps]
    if threads == 1:  # whatever pool of threads a program makes
        command = ["taskset", "-c", min(os.sched_getaffinity(0)), *command]
    output = run(folder, *command, threads=threads, TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD="1").output
    return json.loads(re.findall(r"^result (.*)$", output, re.M)[-1])
