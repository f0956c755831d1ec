"""The memory of a training does not grow: less than 1 MiB in 10,000 steps.

The first 80,000 steps warm up: caches of frames, buffers, the allocator's pools, and tables, which become finer by leaps
while nets become sharper.  The short form ends before that and only looks for a leak of a kilobyte a step.
"""
import subprocess
import time

MEBIBYTE = 1 << 20


def run(world):
    steps, warm, limit = world.amount((10_000, 2000, 10), (220_000, 80_000, 1))
    folder = world.training(training={"numb_steps": steps, "disp_freq": 200, "save_freq": 2000})
    samples = []
    with subprocess.Popen(world.command("dp-train", "input.json", "-j", 2, "--quiet"), cwd=folder) as process:
        while process.poll() is None:
            if sample := (last_step(folder), resident(process.pid)):
                samples.append(sample)
            time.sleep(0.02)
    world.expect(process.returncode == 0, f"the training exits {process.returncode}")
    late = [(step, size) for step, size in samples if size and step >= warm]
    growth = slope(late) * 10_000 / MEBIBYTE
    world.expect(growth < limit, f"grows by {growth:.2f} MiB in 10,000 steps")
    return f"{growth:.3f} MiB in 10,000 steps, measured from step {late[0][0]} to {late[-1][0]}"


def slope(samples):
    """Bytes per step, from the line of least squares."""
    count = len(samples)
    x, y = (sum(values) / count for values in zip(*samples))
    return sum((a - x) * (b - y) for a, b in samples) / sum((a - x) ** 2 for a, _ in samples)


def last_step(folder):
    """The last step in the learning curve."""
    try:
        with open(folder / "run/lcurve.out", "rb") as curve:
            curve.seek(0, 2)
            curve.seek(max(0, curve.tell() - 400))
            return int(curve.read().split(b"\n")[-2].split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return 0


def resident(process):
    """Bytes in memory."""
    try:
        with open(f"/proc/{process}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))
    except (FileNotFoundError, StopIteration, ProcessLookupError):
        return 0
