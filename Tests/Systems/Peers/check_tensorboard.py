#!/usr/bin/env python3
"""Check that TensorBoard reads what dp-train writes for it.

    python3 Tests/Systems/Peers/check_tensorboard.py [--bin .build/release]

Trains with `tensorboard: true`, stopped once and gone on, and loads the event files by TensorBoard's own reader and by its
data server.  Needs a Python with TensorBoard (`make test-tensorboard` installs one).  Exit code 1: something does not agree.
"""
import argparse
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from tensorboard.backend.event_processing import event_accumulator, event_multiplexer

ROOT = pathlib.Path(__file__).resolve().parents[3]
FREQUENCY = 3


def train(tools, folder):
    """A run folder with a log, of a training that was stopped after 7 and after 13 steps and gone on from 10."""
    sys.path += [str(ROOT / "Tests/Support"), str(ROOT / "Tests/Systems/Torture")]
    from torture import INPUT
    text = json.loads(json.dumps(INPUT))
    text["training"].update(tensorboard=True, tensorboard_freq=FREQUENCY)
    text["validating"] = {"full_validation": True, "validation_freq": 5, "full_val_start": 0}
    (folder / "input.json").write_text(json.dumps(text))
    shutil.copy(ROOT / "Tests/Support/Fixtures/train_data.hdf5", folder / "data.h5")
    for stop in [7, 13, None]:
        subprocess.run(
            [tools / "dp-train", "input.json", "--quiet", *(["--until", str(stop)] if stop else [])],
            cwd=folder, check=stop is None, stderr=subprocess.DEVNULL if stop else None)
        if stop == 13:
            (folder / "run/model.ckpt-13.h5").unlink()
    return folder / "run"


def wanted(run):
    """What metrics.jsonl says: values by run, tag and step, and the steps of the training's run."""
    values = {}
    for line in (run / "metrics.jsonl").read_text().splitlines()[1:]:
        row = json.loads(line)
        if row["event"] == "validation":
            for quantity, errors in row["errors"].items():
                for name, value in errors.items():
                    values["validation", f"full/{quantity}_{name}", row["step"]] = value
            continue
        for name, value in (row["validation"] or {}).items():
            if value is not None:
                values["validation", name, row["step"]] = value
        if row["step"] == 1 or row["step"] % FREQUENCY == 0:
            values["training", "learning_rate", row["step"]] = row["learning_rate"]
            for name, value in row["training"].items():
                if value is not None:
                    values["training", name, row["step"]] = value
    return values


def check(name, found, values, problems):
    """That `found`, steps and values by run and tag, has the wanted values once each, and the training's steps."""
    for (run, tag, step), value in values.items():
        points = [x for at, x in found.get((run, tag), []) if at == step]
        if len(points) != 1 or not math.isclose(points[0], value, rel_tol=1e-6):
            problems.append(f"{name}: {run} {tag} at step {step} is {points}, not {value}")
    steps = [step for step, _ in found.get(("training", "rmse"), [])]
    if steps != [1, 3, 6, 9, 12, 15, 18]:
        problems.append(f"{name}: the steps of training are {steps}")


def by_reader(log):
    """What the event accumulator finds."""
    multiplexer = event_multiplexer.EventMultiplexer({}, size_guidance=event_accumulator.STORE_EVERYTHING_SIZE_GUIDANCE)
    multiplexer.AddRunsFromDirectory(str(log))
    multiplexer.Reload()
    return {
        (run, tag): [(event.step, event.value) for event in multiplexer.Scalars(run, tag)]
        for run, tags in multiplexer.Runs().items() for tag in tags["scalars"]}


def by_server(log, values):
    """What the web server says."""
    command = [pathlib.Path(sys.executable).parent / "tensorboard", "--logdir", log, "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            address = next(word for line in server.stderr for word in line.split() if word.startswith("http://127"))
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                runs = ask(address, "runs")
                if set(runs) >= {"training", "validation"}:
                    break
                time.sleep(0.5)
            time.sleep(2)
            found = {}
            for run, tag in {key[:2] for key in values}:
                points = ask(address, f"plugin/scalars/scalars?tag={tag}&run={run}") or []
                found[run, tag] = [(step, value) for _, step, value in points]
            return found
        finally:
            server.kill()


def ask(address, what):
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/data/{what}") as answer:
            return json.load(answer)
    except urllib.error.HTTPError:
        return {}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default=ROOT / ".build/release", type=pathlib.Path, help="folder with the tools")
    tools = parser.parse_args().bin.resolve()
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        run = train(tools, pathlib.Path(scratch))
        values = wanted(run)
        check("reader", by_reader(run / "log"), values, problems)
        check("server", by_server(run / "log", values), values, problems)
    print("\n".join(problems) or f"{len(values)} values of {len({k[:2] for k in values})} curves: all the same")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
