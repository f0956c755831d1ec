"""kill -9 of one rank of a training at random moments, resumed on other numbers of ranks until it is done."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

from trainings import KINDS, Reference

MINI_BATCHES = 4
LAUNCHER = pathlib.Path(__file__).resolve().parents[3] / "pipelines/mpirun"


def run(world):
    if not shutil.which("mpirun"):
        return "left out: mpirun is not installed"
    wanted, kills, runs, files, slowest = world.amount(4, 60), 0, 0, 0, 0.0
    kinds = world.amount(["means"], ["float64", "kalman", "means"])
    references = [Reference(world, kind, "--mini-batches", MINI_BATCHES) for kind in kinds]
    while kills < wanted or runs < len(references):
        reference = references[runs % len(references)]
        folder = world.folder(reference.base)
        more, longest = train(world, reference, folder)
        kills, slowest = kills + more, max(slowest, longest)
        files += reference.check_finished(folder)
        runs += 1
    return (
        f"{kills} kills of a rank in {runs} trainings of {len(kinds)} kinds on 1 to 4 ranks, each job over within "
        f"{slowest:.1f} s; {files} files compared with those of one process")


def train(world, reference, folder):
    """Starts a training until it ends by itself; gives the number of kills, and the longest time from one to the end."""
    kills, longest = 0, 0.0
    while True:
        process = subprocess.Popen(
            launch(world, world.random.choice([2, 3, 4])), cwd=folder,
            stderr=subprocess.PIPE, text=True)
        try:
            # After some kills it may end: on a busy machine it would never do so between two.
            wait = 0.5 + world.random.uniform(0, 1.5) * reference.seconds if kills < 10 else None
            _, messages = process.communicate(timeout=wait)
        except subprocess.TimeoutExpired:
            killed = kill_one(world, ranks(process.pid))
            kills += killed
            start = time.monotonic()
            _, messages = process.communicate(timeout=60)
            longest = max(longest, time.monotonic() - start)
            if killed:
                world.expect(longest < 5, f"{reference.kind}: the job went on for {longest:.1f} s")
                reference.check_interrupted(folder)
                if process.returncode != 0:
                    continue
        world.expect(process.returncode == 0, f"resuming exits {process.returncode}: {messages}")
        return kills, longest


def kill_one(world, victims):
    """Kills one of `victims`, and says whether it did: a training may end between the look and the kill."""
    if not victims:
        return False
    try:
        os.kill(world.random.choice(victims), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def launch(world, count):
    command = world.command("dp-train", "input.json", "--mini-batches", MINI_BATCHES, "--quiet")
    return [str(LAUNCHER), str(count), *command]


def ranks(launcher):
    """The processes of dp-train that `launcher` has started, or what it started."""
    found = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in found.stdout.splitlines()]
    parents = {int(process): int(parent) for process, parent, _ in rows}

    def is_below(process):
        return process == launcher or (process in parents and is_below(parents[process]))

    return [int(process) for process, _, name in rows if name == "dp-train" and is_below(int(process))]
