"""Models that DeePMD-kit itself trains and freezes here, by TensorFlow and by PyTorch, given to our tools and to LAMMPS.

The frameworks take 2 GB, so they are installed once in a virtual environment of their own, build/clients/deepmd; or
DEEPMD names the folder of one that has `deepmd-kit[cpu,torch]`.
"""
import json
import os
import pathlib
import subprocess
import sys

import numpy as np

from client_lammps import HEAD, MOVING, SYSTEM, lammps, static, table, write_data
from world import CHECKOUT, FIXTURES

REQUIREMENTS = []

#: One version of what the models are made with.
PACKAGES = ["deepmd-kit[cpu,torch]==3.2.0"]
DATA = [f"{FIXTURES}/train_data.hdf5#/{name}" for name in "ab"]

PAIRS = {"sel": [60, 90], "rcut": 4.0, "rcut_smth": 0.5, "neuron": [4, 8], "seed": 1}
MIXED = {"sel": 150, "rcut": 4.0, "rcut_smth": 0.5, "neuron": [4, 8], "axis_neuron": 3, "attn": 6, "seed": 1}
TENSORFLOW = {
    "se_e2_a": {"type": "se_e2_a", "axis_neuron": 3, **PAIRS},
    "se_e2_a of types": {"type": "se_e2_a", "type_one_side": True, "exclude_types": [[0, 1]], "axis_neuron": 3, **PAIRS},
    "se_e2_r": {"type": "se_e2_r", "exclude_types": [[0, 0]], **PAIRS},
    "se_e2_r of types": {"type": "se_e2_r", "type_one_side": True, "exclude_types": [[0, 0]], **PAIRS},
    "se_e3": {"type": "se_e3", **PAIRS, "sel": [20, 30]},
    "se_atten": {"type": "se_atten", "attn_layer": 1, **MIXED},
}
PYTORCH = {
    "se_e2_a": {"type": "se_e2_a", "axis_neuron": 3, **PAIRS},
    "se_e2_r": {"type": "se_e2_r", "type_one_side": True, "exclude_types": [[0, 0]], **PAIRS},
    "dpa1": {"type": "dpa1", "attn_layer": 2, "tebd_dim": 4, **MIXED},
    "dpa1 of electrons": {
        "type": "dpa1", "attn_layer": 0, "tebd_dim": 4, "tebd_input_mode": "strip", "use_econf_tebd": True, **MIXED},
}

TENSOR = {"type": "tensor", "pref": 1.0, "pref_atomic": 0.0}
DENSITY = {"type": "dos", **{f"{end}_pref_{name}": float(name == "dos") for end in ["start", "limit"] for name in [
    "dos", "cdf", "ados", "acdf"]}}
PROPERTY = {"type": "property", "loss_func": "smooth_mae"}
#: Other outputs than energies: what recorded model makes the labels, the fitting net, the loss.
TENSORFLOW_OUTPUTS = {
    "dipole": ("train_dipole", {"type": "dipole", "sel_type": [1]}, TENSOR),
    "polar": ("train_polar", {"type": "polar", "sel_type": [1], "scale": [1.5, 0.7]}, TENSOR),
    "polar of pairs": ("train_polar", {"type": "polar", "fit_diag": False, "scale": [1.5, 0.7]}, TENSOR),
    "dos": ("train_dos", {"type": "dos", "numb_dos": 5}, DENSITY),
}
PYTORCH_OUTPUTS = {
    "dipole": ("train_dipole", {"type": "dipole"}, TENSOR),
    "polar": ("train_polar", {"type": "polar", "scale": [1.5, 0.7]}, TENSOR),
    "polar of pairs": ("train_polar", {"type": "polar", "fit_diag": False, "shift_diag": False}, TENSOR),
    "dos": ("train_dos", {"type": "dos", "numb_dos": 5}, DENSITY),
    "property": ("train_property", {"type": "property", "property_name": "gap", "task_dim": 3}, PROPERTY),
    "intensive property": (
        "train_property", {"type": "property", "property_name": "gap", "task_dim": 3, "intensive": True}, PROPERTY),
}


def deepmd(world):
    """The command `dp` of DeePMD-kit, installed if it is not there."""
    given = os.environ.get("DEEPMD")
    folder = pathlib.Path(given) if given else CHECKOUT / "build/clients/deepmd"
    if not (folder / "bin/dp").exists():
        if given:
            raise RuntimeError(f"DEEPMD={given}: has no bin/dp")
        print(f"installing {' '.join(PACKAGES)} in {folder}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/pip", "--quiet", "install", *PACKAGES], check=True)
    world.environment["TF_CPP_MIN_LOG_LEVEL"] = "3"
    return folder / "bin/dp"


def train(world, dp, backend, name, descriptor, surveys=False, fitting={}, loss=None, data=DATA):
    """A folder in which DeePMD-kit has trained a model for some steps."""
    folder = world.folder / f"{backend} {name}".strip("-").replace(" ", "-")
    folder.mkdir()
    model = {"type_map": ["O", "H"], "descriptor": descriptor, "fitting_net": {**fitting, "neuron": [10, 10], "seed": 1}}
    (folder / "input.json").write_text(json.dumps({
        "model": model,
        "learning_rate": {"type": "exp", "start_lr": 0.003, "stop_lr": 1e-5, "decay_steps": 10},
        "loss": loss or {
            "type": "ener", "start_pref_e": 1, "limit_pref_e": 1, "start_pref_f": 100, "limit_pref_f": 10},
        "training": {
            "training_data": {"systems": data, "batch_size": 1}, "numb_steps": 30, "save_freq": 30, "disp_freq": 30,
            "seed": 1}}))
    # Only compression needs the smallest distance.
    extra = [] if surveys else ["--skip-neighbor-stat"]
    world.run(dp, backend, "train", "input.json", *extra, folder=folder)
    return folder


def compare(world, dp, backend, model, tolerance):
    """That dp-eval's predictions for a model are those of `dp test`: energies, forces and virials of both systems."""
    worst = 0
    for index, data in enumerate(DATA):
        # DeePMD-kit takes what follows a point for an ending, and replaces it.
        name = f"{model.name.replace('.', '-')}-{index}"
        theirs, ours = model.parent / f"theirs-{name}", model.parent / f"ours-{name}"
        world.run(dp, backend, "test", "-m", model.name, "-s", data, "-d", theirs.name, folder=model.parent)
        world.run(world.tools / "dp-eval", model.name, data, "--detail", ours.name, folder=model.parent)
        for kind, columns in [("e", 1), ("f", 3), ("v", 9)]:
            found, wanted = (np.loadtxt(f"{path}.{kind}.out", ndmin=2)[:, columns:] for path in [ours, theirs])
            worst = max(worst, world.expect_same(f"{backend} {model.parent.name}/{model.name}: {kind}", found, wanted, tolerance))
    return worst


def tensorflow(world):
    """Graphs of each descriptor: what TensorFlow predicts with them."""
    dp, worst = deepmd(world), 0
    for name, descriptor in TENSORFLOW.items():
        folder = train(world, dp, "--tf", name, descriptor)
        world.run(dp, "--tf", "freeze", "-o", "model.pb", folder=folder)
        worst = max(worst, compare(world, dp, "--tf", folder / "model.pb", 1e-9))
    return f"graphs of {len(TENSORFLOW)} descriptors, as `dp test` has them to {worst:.0e}"


def compare_values(world, dp, backend, model, data, tolerance):
    """That dp-eval's predictions of another output are those of `dp test`, for all frames of a system."""
    name, worst, files = model.name.replace(".", "-"), 0, 0
    theirs, ours = model.parent / f"theirs-{name}", model.parent / f"ours-{name}"
    world.run(dp, backend, "test", "-m", model.name, "-s", data, "-d", theirs.name, folder=model.parent)
    world.run(world.tools / "dp-eval", model.name, data, "--detail", ours.name, folder=model.parent)
    for path in sorted(model.parent.glob(f"{theirs.name}.*")):
        suffix = path.name.removeprefix(theirs.name)
        wanted, found = np.loadtxt(path, ndmin=2), np.loadtxt(f"{ours}{suffix}", ndmin=2)
        files += 1
        worst = max(worst, world.expect_same(f"{backend} {model.parent.name}/{model.name}: {suffix}", found, wanted, tolerance))
    world.expect(files > 0, f"{model}: dp test wrote no details")
    return worst


def outputs(world):
    """Dipoles, polarizabilities, densities of states and properties: what both backends predict."""
    dp, worst, count = deepmd(world), 0, 0
    for backend, kinds in {"--tf": TENSORFLOW_OUTPUTS, "--pt": PYTORCH_OUTPUTS}.items():
        for name, (source, fitting, loss) in kinds.items():
            labels = world.folder / f"{source}.h5"
            if not labels.exists():
                world.run(
                    world.tools / "dp-eval", FIXTURES / f"outputs/{source}.dp", *DATA, "--predictions", labels)
            data = [f"{labels}#/{system}" for system in "ab"]
            folder = train(
                world, dp, backend, name, {"type": "se_e2_a", "axis_neuron": 3, **PAIRS}, fitting=fitting, loss=loss,
                data=data)
            files = ["model.pb"] if backend == "--tf" else ["model.pth", "model.ckpt-30.pt"]
            world.run(dp, backend, "freeze", "-o", files[0], folder=folder)
            for file in files:
                worst = max(worst, compare_values(world, dp, backend, folder / file, data[0], 1e-9))
                count += 1
    return f"{count} models of other outputs than energies, as `dp test` has them to {worst:.0e}"


def compressed(world):
    """A graph whose nets TensorFlow has replaced by tables."""
    dp = deepmd(world)
    folder = train(world, dp, "--tf", "se_e2_a", TENSORFLOW["se_e2_a"], surveys=True)
    world.run(dp, "--tf", "freeze", "-o", "model.pb", folder=folder)
    world.run(dp, "--tf", "compress", "-i", "model.pb", "-o", "compressed.pb", folder=folder)
    worst = compare(world, dp, "--tf", folder / "compressed.pb", 1e-9)
    return f"a compressed graph, as `dp test` has it to {worst:.0e}"


def pytorch(world):
    """Modules and checkpoints of each descriptor: what PyTorch predicts with them."""
    dp, worst = deepmd(world), 0
    for name, descriptor in PYTORCH.items():
        folder = train(world, dp, "--pt", name, descriptor)
        world.run(dp, "--pt", "freeze", "-o", "model.pth", folder=folder)
        for model in ["model.pth", "model.ckpt-30.pt"]:
            worst = max(worst, compare(world, dp, "--pt", folder / model, 1e-9))
    return f"modules and checkpoints of {len(PYTORCH)} descriptors, as `dp test` has them to {worst:.0e}"


def conversions(world):
    """YAML that we write is read by DeePMD-kit, and its own .pt2 and .yaml are read here."""
    dp, dot = deepmd(world), FIXTURES / "se_e2_a_oneside.dp"
    frozen = world.folder / "frozen.h5"
    world.run(world.tools / "dp-freeze", dot, "-o", frozen)
    world.run(world.tools / "dp", "convert-backend", dot, "ours.yaml")
    world.run(dp, "convert-backend", "ours.yaml", "theirs.dp")
    # Its YAML writer knows no NumPy numbers, which models from HDF5 have.
    world.run(dp, "convert-backend", "ours.yaml", "theirs.yaml")
    world.run(dp, "convert-backend", dot, "theirs.pt2")
    wanted = world.run(world.tools / "dp-eval", frozen, *DATA, "--json").replace(str(frozen), "")
    for name in ["ours.yaml", "theirs.dp", "theirs.yaml", "theirs.pt2"]:
        found = world.run(world.tools / "dp-eval", name, *DATA, "--json").replace(name, "")
        world.expect(found == wanted, f"{name} is another model")
    return "YAML of both programs and a .pt2 are the model that they were made of"


def lammps_graph(world):
    """LAMMPS with a graph of TensorFlow, on one and two processes."""
    dp = deepmd(world)
    folder = train(world, dp, "--tf", "se_e2_a", TENSORFLOW["se_e2_a"])
    world.run(dp, "--tf", "freeze", "-o", "graph.pb", folder=folder)
    graph, names = folder / "graph.pb", ["O", "H"]
    found, cells, positions = world.frames("triclinic", 1)
    seen = found != 2
    energies, forces, _ = world.evaluated(graph, names, found[seen], cells, positions[:, seen])
    energy, _, _, force = static(
        world, graph, "O H", found[seen], cells[0].tolist(), positions[0][seen], "frame")
    worst = max(world.expect_same("energy", energy, energies[0]), world.expect_same("forces", force, forces[0]))
    write_data(world.folder / "water.data", 2, found[seen], cells[0].tolist(), positions[0][seen])
    script = HEAD.format(boundary="p p p") + MOVING.format(dump="out.dump", replicate="replicate 3 3 3")
    script = script.replace("velocity", SYSTEM.format(models=graph, names="O H") + "velocity", 1)
    ends = [table(lammps(world, script + "fix 1 all nve\nrun 20\n", ranks=count)[0])[:, 1:3] for count in [1, 2]]
    worst = max(worst, world.expect_same("energies on 2 processes", ends[1], ends[0], 1e-8))
    return f"{27 * seen.sum()} atoms, 20 steps by graph.pb on 1 and 2 processes, the same to {worst:.0e}"


CASES = {
    "tensorflow": tensorflow, "compressed": compressed, "pytorch": pytorch, "outputs": outputs, "conversions": conversions, "lammps": lammps_graph,
}
