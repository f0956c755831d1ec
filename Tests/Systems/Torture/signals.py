"""INT, TERM and USR1 at random moments: exit 75 with a checkpoint, and an exact resume."""
import signal
import subprocess
import time

from trainings import KINDS, Reference

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1]


def run(world):
    rounds, sent = world.amount(1, 10), 0
    for kind in world.amount(["means"], list(KINDS)):
        reference = Reference(world, kind)
        for number in NUMBERS * rounds:
            folder = world.folder(reference.base)
            sent += stop(world, reference, folder, number)
            world.must(folder, "dp-train", "input.json", "-j", world.random.choice([1, 2, 4]), "--quiet")
            reference.check_finished(folder, stopped=True)
    return f"{sent} trainings stopped with exit 75, a checkpoint in the step, and the same end"


def stop(world, reference, folder, number):
    command = world.command("dp-train", "input.json", "-j", 2)
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        while not catches(process.pid, number):
            time.sleep(0.002)
        time.sleep(world.random.uniform(0, 0.6) * reference.seconds)
        process.send_signal(number)
        _, messages = process.communicate()
    if process.returncode == 0:  # it was done before
        return 0
    name = number.name.removeprefix("SIG")
    world.expect(process.returncode == 75, f"{name}: exit {process.returncode}: {messages}")
    world.expect(f"stopped by {name} after step" in messages, f"{name}: {messages}")
    step = messages.split("after step ")[1].split(" ")[0] if "after step " in messages else "?"
    world.expect((folder / f"run/model.ckpt-{step}.h5").exists(), f"{name}: no checkpoint after step {step}")
    world.expect(not (folder / "run/lock").exists(), f"{name}: the lock's file is still there")
    reference.check_interrupted(folder)
    return 1


def catches(process, number):
    """Whether a process has a handler for a signal."""
    try:
        with open(f"/proc/{process}/status") as status:
            mask = next(line.split()[1] for line in status if line.startswith("SigCgt"))
    except (FileNotFoundError, StopIteration):
        return True
    return int(mask, 16) >> (number - 1) & 1
