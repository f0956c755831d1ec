"""Trainings that diverge: exit 65 with the batch, and a last checkpoint that is whole and finite."""
from torture import is_whole


def run(world):
    rates = world.amount([1e3, 1e300], [10.0 ** power for power in range(2, 308, 6)])
    stopped = 0
    for precision in ["float64", "float32"]:
        for rate in rates:
            folder = world.training(
                learning_rate={"start_lr": rate, "stop_lr": rate / 10},
                model={"fitting_net": {"neuron": [8, 8], "seed": 1, "precision": precision, "activation_function": "relu"}},
                training={"numb_steps": 60, "save_freq": 3, "disp_freq": 1})
            done = world.run(folder, "dp-train", "input.json")
            place = f"{precision}, start_lr {rate:g}"
            world.expect(done.returncode in (0, 65), f"{place}: exit {done.returncode}: {done.stderr}")
            for path in (folder / "run").glob("*.h5"):
                world.expect(is_whole(path), f"{place}: {path.name} is not whole")
            if done.returncode == 65:
                stopped += 1
                check(world, folder, done, place)
    return f"{stopped} of {2 * len(rates)} trainings diverged, each with its batch named and a good checkpoint kept"


def check(world, folder, done, place):
    message = next(line for line in done.stderr.splitlines() if line.startswith("dp-train: step"))
    named = "data.h5#/" in message or "no longer finite" in message
    world.expect(named, f"{place}: {message}")
    if any((folder / "run").glob("*.h5")):
        info = world.run(folder, "dp-freeze", "run/", "-o", "last.h5")
        world.expect(info.returncode == 0, f"{place}: the last checkpoint: {info.stderr.strip()}")
        world.expect("warning" not in info.stderr, f"{place}: the last checkpoint is not good: {info.stderr.strip()}")
