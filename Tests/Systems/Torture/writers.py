"""Two writers on one run folder, many readers beside a writer, and file systems without locks."""
import os
import socket
import subprocess
import time

import strace
from trainings import Reference


def run(world):
    reference = Reference(world, "float64")
    rounds = world.amount(2, 20)
    refused = sum(second_writer(world, reference) for _ in range(rounds))
    reads = readers(world, reference)
    return f"{refused} second writers refused, {reads} readers beside a writer, {unlocked(world, reference)}"


def start(world, folder):
    process = subprocess.Popen(
        world.command("dp-train", "input.json", "-j", 1), cwd=folder, stderr=subprocess.PIPE, text=True)
    while not (folder / "run/lcurve.out").exists() and process.poll() is None:
        time.sleep(0.002)
    return process


def second_writer(world, reference):
    folder = world.folder(reference.base)
    first = start(world, folder)
    os.kill(first.pid, 19)  # STOP, so that it is there as long as we look
    second = world.run(folder, "dp-train", "input.json")
    os.kill(first.pid, 18)
    first.communicate()
    holder = f"process {first.pid} on {socket.gethostname()}"
    world.expect(second.returncode == 75, f"a second writer exits {second.returncode}: {second.stderr}")
    world.expect(holder in second.stderr, f"a second writer does not name {holder}: {second.stderr}")
    world.expect(first.returncode == 0, f"the first writer exits {first.returncode}")
    reference.check_finished(folder)
    return 1


def readers(world, reference):
    """dp-eval and dp-freeze while checkpoints are written."""
    folder, reads = world.folder(reference.base), 0
    writer = start(world, folder)
    while writer.poll() is None:
        if (folder / "run/checkpoint").exists():
            for command in [["dp-eval", "run/", "data.h5", "--quiet"], ["dp-freeze", "run/", "-o", f"{reads}.h5"]]:
                done = world.run(folder, *command)
                world.expect(done.returncode == 0, f"{command[0]} beside a writer: {done.stderr}")
                reads += 1
    writer.communicate()
    reference.check_finished(folder)
    return reads


def unlocked(world, reference):
    """The whole training, and reading, where every lock is refused."""
    if why := strace.problem():
        return f"without locks SKIPPED: {why}"
    folder = world.folder(reference.base)
    for command in [["dp-train", "input.json", "-j", "2"], ["dp-eval", "run/", "data.h5"]]:
        done, _ = strace.traced(world.command(*command), folder, "flock,fcntl:error=ENOLCK")
        world.expect(done.returncode == 0, f"{command[0]} without locks: exit {done.returncode}: {done.stderr}")
    reference.check_finished(folder)
    return "a training without locks"
