#!/usr/bin/env python3
"""Check dp-stat and dp-eval against DeePMD-kit itself.

    python3 Tests/Systems/Peers/check_eval.py [--bin .build/debug] [--data FOLDER] [--elements O H] [--cutoff 4.0]

Runs `dp --pt neighbor-stat`, the start of `dp --pt train`, `dp --pt test` and `dp --pt model-devi` on the same data,
by default the fixtures.  Needs a Python with DeePMD-kit (PyTorch backend); without one it says so.
Exit code 0: everything agrees, or nothing could be checked; 1: something does not.
"""

import argparse
import importlib.util
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "Tests/Support/Fixtures"
MODELS = ["se_e2_a_oneside", "se_e2_a_twoside", "se_e2_a_resnetdt", "se_e2_a_pairexcl", "train_init"]
QUANTITIES = {
    "Energy MAE ": ("energy", "mae"), "Energy RMSE ": ("energy", "rmse"),
    "Energy MAE/Natoms": ("energy_per_atom", "mae"), "Energy RMSE/Natoms": ("energy_per_atom", "rmse"),
    "Force  MAE": ("force", "mae"), "Force  RMSE": ("force", "rmse"),
    "Virial MAE ": ("virial", "mae"), "Virial RMSE ": ("virial", "rmse"),
    "Virial MAE/Natoms": ("virial_per_atom", "mae"), "Virial RMSE/Natoms": ("virial_per_atom", "rmse"),
    "Stress MAE": ("stress", "mae"), "Stress RMSE": ("stress", "rmse"),
}


def ours(tool, *arguments):
    run = subprocess.run(
        [OPTIONS.bin / tool, *map(str, arguments)], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return run.stdout.decode()


def theirs(*arguments, folder=None):
    """Runs DeePMD-kit; returns what it logged."""
    run = subprocess.run(
        [sys.executable, "-m", "deepmd", "--pt", *map(str, arguments)], cwd=folder, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    text = run.stdout.decode()
    assert run.returncode == 0, text[-2000:]
    return text


def agree(what, found, expected, tolerance):
    """Expects numbers to agree, relative to the largest of them or to 1e-3 if that is more."""
    found, expected = np.ravel(np.asarray(found, float)), np.ravel(np.asarray(expected, float))
    assert found.shape == expected.shape, f"{what}: {found.shape} numbers, expected {expected.shape}"
    scale = max(np.max(np.abs(expected), initial=0.0), 1e-3)
    worst = np.max(np.abs(found - expected), initial=0.0) / scale
    assert worst <= tolerance, f"{what}: differs by {worst:.3g} (relative), allowed {tolerance:g}"
    print(f"  {what}: differs by {worst:.2g}")


def make_input(work):
    """An input for DeePMD-kit and for us whose statistics see every frame."""
    model = {
        "type_map": OPTIONS.elements,
        "descriptor": {
            "type": "se_e2_a", "rcut": OPTIONS.cutoff, "rcut_smth": 0.5, "sel": OPTIONS.sel, "neuron": [4, 8],
            "axis_neuron": 4, "type_one_side": True, "seed": 1},
        "fitting_net": {"neuron": [8, 8], "seed": 1},
        "data_stat_nbatch": 1000000,
    }
    training = {
        "training_data": {"systems": [str(s) for s in OPTIONS.systems], "batch_size": 1},
        "stat_file": str(work / "stat.hdf5"), "numb_steps": 1, "seed": 1, "disp_freq": 1, "save_freq": 1}
    document = {
        "model": model, "training": training,
        "learning_rate": {"type": "exp", "start_lr": 1e-3, "stop_lr": 1e-5, "decay_steps": 10},
        "loss": {"type": "ener"}}
    (work / "theirs.json").write_text(json.dumps(document))
    del training["stat_file"]
    (work / "ours.json").write_text(json.dumps(document))


def check_statistics(work):
    """davg, dstd and bias against the start of a training, which keeps its sums in stat_file."""
    import h5py

    make_input(work)
    theirs("train", "theirs.json", "--skip-neighbor-stat", folder=work)
    sums, bias = {}, None

    def visit(name, item):
        nonlocal bias
        last = name.split("/")[-1]
        if isinstance(item, h5py.Dataset) and re.fullmatch("[ra]_[0-9]+", last):
            sums[last] = item[()]
        elif last == "bias_atom_energy":
            bias = item[()]

    with h5py.File(work / "stat.hdf5") as file:
        file.visititems(visit)
    found = json.loads(ours("dp-stat", work / "ours.json", "--json"))["statistics"]
    for index in range(len(OPTIONS.elements)):
        (n, s, q), (na, sa, qa) = sums[f"r_{index}"], sums[f"a_{index}"]
        mean, name = s / n, OPTIONS.elements[index]
        radial = max(np.sqrt(max(q / n - mean**2, 0)), 0.01)
        angular = max(np.sqrt(max(qa / na - (sa / na) ** 2, 0)), 0.01)
        agree(f"davg {name}", found["davg"][index], [mean, 0, 0, 0], 1e-11)
        agree(f"dstd {name}", found["dstd"][index], [radial] + 3 * [angular], 1e-11)
    agree("energy bias", found["out_bias"], bias, 1e-10)


def wrapped(system, work):
    """A copy of a system with all atoms inside the cell: `dp neighbor-stat` misses neighbors of atoms outside."""
    copy = work / "wrapped" / system.name
    shutil.copytree(system, copy, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for path in [] if (system / "nopbc").exists() else copy.glob("set.*/coord.npy"):
        coord, box = np.load(path).astype(float), np.load(path.with_name("box.npy")).astype(float)
        for x, cell in zip(coord.reshape(len(box), -1, 3), box.reshape(-1, 3, 3)):
            x -= np.floor(x @ np.linalg.inv(cell)) @ cell
        np.save(path, coord)
    return copy


def check_neighbors(work):
    for system in OPTIONS.systems:
        text = theirs(
            "neighbor-stat", "-s", wrapped(system, work), "-r", OPTIONS.cutoff, "-t", *OPTIONS.elements, folder=work)
        make_input(work)
        report = json.loads(ours("dp-stat", work / "ours.json", system, "--json"))["data"]["neighbors"]
        distance = float(re.search("min_nbor_dist: ([0-9.]+)", text).group(1))
        counts = [int(x) for x in re.search(r"max_nbor_size: \[([0-9 ]+)\]", text).group(1).split()]
        # The log has six digits after the point.
        agree(f"closest distance of {system.name}", report["min_nbor_dist"], distance, 1e-6)
        agree(f"neighbor counts of {system.name}", report["max_nbor_size"], counts, 0)


def blocks(text):
    """The errors that `dp test` logged, system by system, then those of all."""
    found = []
    for line in text.splitlines():
        if "testing system" in line or "weighted average" in line:
            found.append({})
        for words, place in QUANTITIES.items():
            match = re.search(re.escape(words) + r"\s*: (\S+) eV", line)
            if match and found:
                found[-1][place] = float(match.group(1))
    return found


def check_errors(work):
    data = FIXTURES / "train_data.hdf5"
    for name in MODELS:
        model = work / f"{name}.pth"
        theirs("convert-backend", FIXTURES / f"{name}.dp", model)
        text = theirs("test", "-m", model, "-s", data, "-d", work / f"theirs-{name}")
        prefix = work / f"ours-{name}"
        found = json.loads(ours("dp-eval", FIXTURES / f"{name}.dp", data, "--json", "--detail", prefix))
        for errors, system in zip(blocks(text), found["systems"] + [found["overall"]], strict=True):
            places = sorted(errors)
            agree(
                f"errors of {name}, {system.get('system', 'overall').split('#')[-1]}",
                [system["errors"][q][kind] for q, kind in places], [errors[p] for p in places], 1e-6)
        for kind in ["e", "e_peratom", "f", "v", "v_peratom", "s"]:
            agree(
                f"detail {kind} of {name}", np.loadtxt(f"{prefix}.{kind}.out"),
                np.loadtxt(work / f"theirs-{name}.{kind}.out"), 1e-10)


def check_deviation(work):
    files = [FIXTURES / name for name in ("se_e2_a_oneside.dp", "train_init.dp", "samples/trained_by_pytorch.dp")]
    models = []
    for file in files:
        models.append(work / f"deviating-{file.stem}.pth")
        theirs("convert-backend", file, models[-1])
    for system, flags in ("a", []), ("b", ["--atomic"]), ("a", ["--relative", "0.5"]):
        output = work / "theirs.out"
        output.unlink(missing_ok=True)
        theirs("model-devi", "-m", *models, "-s", FIXTURES / "data" / system, "-o", output, *flags)
        found = ours("dp-eval", files[0], FIXTURES / "data" / system, *flags, "-m", *files[1:])
        agree(
            f"deviation of data/{system} {' '.join(flags)}", np.loadtxt(found.splitlines()),
            np.loadtxt(output), 1e-6)


CHECKS = {
    "neighbors": check_neighbors, "statistics": check_statistics, "errors": check_errors,
    "deviation": check_deviation}


def main():
    missing = [name for name in ["deepmd", "torch", "h5py", "numpy"] if not importlib.util.find_spec(name)]
    if missing:
        print(f"skipped: {', '.join(missing)} cannot be imported by {sys.executable}")
        return 0
    backend = subprocess.run([sys.executable, "-c", "import deepmd.pt"], stderr=subprocess.PIPE)
    if backend.returncode != 0:
        print(f"skipped: DeePMD-kit's PyTorch backend does not load: {backend.stderr.decode().splitlines()[-1]}")
        return 0
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in OPTIONS.only:
            print(name)
            try:
                CHECKS[name](pathlib.Path(folder))
            except Exception as error:
                failed += 1
                print(f"  FAILED: {error}")
                if not isinstance(error, AssertionError):
                    traceback.print_exc()
    print("all agrees" if failed == 0 else f"{failed} checks failed")
    return min(failed, 1)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--bin", type=pathlib.Path, default=ROOT / ".build" / "debug")
parser.add_argument("--data", type=pathlib.Path, default=FIXTURES / "data", help="folder of npy systems")
parser.add_argument("--elements", nargs="+", default=["O", "H"])
parser.add_argument("--cutoff", type=float, default=4.0)
parser.add_argument("--only", nargs="+", choices=list(CHECKS), default=list(CHECKS))
parser.add_argument("--sel", nargs="+", type=int, default=[46, 92])
OPTIONS = parser.parse_args()
OPTIONS.bin = OPTIONS.bin.resolve()
OPTIONS.systems = sorted(path.parent.resolve() for path in OPTIONS.data.glob("*/type.raw"))
if importlib.util.find_spec("numpy"):
    import numpy as np
sys.exit(main())
