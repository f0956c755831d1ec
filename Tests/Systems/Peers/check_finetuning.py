#!/usr/bin/env python3
"""Check that energy biases and full validation are DeePMD-kit's.

    python3 Tests/Systems/Peers/check_finetuning.py [folder of the tools, default .build/release]

`dp --pt change-bias` and `dp-freeze --change-bias` change the bias of the same model on the same data;
`dp --pt train` and `dp-train` start from it without moving it, adapt its bias, and write the same validation log.
Exit code 0: all agrees, or there is no DeePMD-kit; 1: something does not.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build" / "release").resolve()
DP = shutil.which("dp", path=os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ.get("PATH", "")]))
MODEL, DATA = ROOT / "Tests/Support/Fixtures/samples/trained_by_pytorch.dp", ROOT / "Tests/Support/Fixtures/data"

try:
    import h5py
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(0)
if DP is None:
    print("skipped: there is no dp")
    sys.exit(0)

SYSTEMS = [str(DATA / name) for name in "abc"]
INPUT = json.loads((ROOT / "Tests/Support/Fixtures/samples/input.json").read_text()) | {
    # So small that nothing moves.
    "learning_rate": {"type": "exp", "start_lr": 1e-30, "stop_lr": 1e-31, "decay_steps": 5},
    "loss": {f"{part}_pref_{term}": 1 for part in ("start", "limit") for term in "efv"},
    "validating": {"full_validation": True, "validation_freq": 1, "full_val_start": 1.5, "validation_metric": "V:MAE"},
    "training": {
        "training_data": {"systems": SYSTEMS[:1], "batch_size": 1},
        "validation_data": {"systems": SYSTEMS, "batch_size": 1},
        "numb_steps": 3, "seed": 1, "disp_freq": 1, "save_freq": 3}}


def run(folder, *command):
    done = subprocess.run([str(c) for c in command], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout + done.stderr


def bias(path):
    """The energy of an atom of each type in a model file."""
    with h5py.File(path) as file:
        model = json.loads(file.attrs["json"])["model"]
        places = model["@variables"]["out_bias"], model["fitting"]["@variables"]["bias_atom_e"]
        return sum(np.ravel(file[place][()]) for place in places)


def agree(what, ours, theirs, tolerance):
    worst = np.max(np.abs(np.asarray(ours) - theirs) / np.abs(theirs))
    print(f"{what:28} {worst:9.1e}", flush=True)
    return worst <= tolerance


def check_bias(work):
    run(work, DP, "convert-backend", "m.dp", "m.pth")
    result = True
    for name, theirs, ours in [
            ("change", ["-s", DATA, "-m", "change"], ["--change-bias", DATA]),
            ("set", ["-s", DATA, "-m", "set"], ["--change-bias", DATA, "--bias-mode", "set"]),
            ("values", ["-b", "-431.5", "-5.25"], ["--bias-values", "-431.5,-5.25"])]:
        run(work, DP, "--pt", "change-bias", "m.pth", *theirs, "-o", f"{name}.pth")
        run(work, DP, "convert-backend", f"{name}.pth", f"{name}.dp")
        run(work, BIN / "dp-freeze", "m.dp", "-o", f"{name}.h5", *ours)
        result &= agree(f"bias, {name}", bias(work / f"{name}.h5"), bias(work / f"{name}.dp"), 1e-9)
    return result


def check_training(work):
    (work / "in.json").write_text(json.dumps(INPUT))
    run(work, DP, "--pt", "train", "in.json", "--init-frz-model", "m.pth", "--skip-neighbor-stat")
    run(work, BIN / "dp-train", "in.json", "--init-frz-model", "m.dp", "-o", "run")
    ours, theirs = ((work / name).read_text().splitlines() for name in ("run/val.log", "val.log"))
    # Which of equal models is the best depends on the last bit.
    rows = [[line for line in log if not line.startswith("# saved")] for log in (ours, theirs)]
    print(f"{'validation log':28} {'the same' if rows[0] == rows[1] else 'differs'}", flush=True)
    log = run(work, DP, "--pt", "train", "in.json", "--finetune", "model.ckpt-3.pt", "--skip-neighbor-stat")
    theirs = [float(x) for x in re.search(r"Change output bias.* to \[(.*)\]", log)[1].split()]
    run(work, BIN / "dp-train", "in.json", "--finetune", "m.dp", "-o", "tuned")
    # The log of dp has nine digits.
    tuned = agree("bias, fine-tuned", bias(work / "tuned/model.ckpt-3.h5"), theirs, 2e-8)
    return rows[0] == rows[1] and tuned


with tempfile.TemporaryDirectory() as folder:
    work = pathlib.Path(folder)
    shutil.copy(MODEL, work / "m.dp")
    results = [check_bias(work), check_training(work)]
sys.exit(0 if all(results) else 1)
