"""Flipped bits and cut files: whatever reads a file of ours notices, and says so with exit 65."""
import concurrent.futures

# What is damaged, and a command that reads it.
READERS = {
    "model.h5": ["dp-freeze", "--info", "model.h5"],
    "checkpoint.h5": ["dp-freeze", "checkpoint.h5", "-o", "out.h5"],
    "stat.h5": ["dp-train", "input.json", "--check", "--statistics", "stat.h5"],
    "set.h5": ["dp-convert", "--check", "set.h5"],
}


def run(world):
    base = world.training()
    world.must(base, "dp-convert", "data.h5", "set.h5")
    world.must(base, "dp-stat", "input.json", "-o", "stat.h5")
    world.must(base, "dp-train", "input.json")
    world.must(base, "dp-freeze", "run/", "-o", "model.h5")
    (base / "run/model.ckpt-20.h5").rename(base / "checkpoint.h5")
    flips, cuts = world.amount(30, 2000), world.amount(10, 200)
    jobs = [(name, False) for name in READERS for _ in range(flips // len(READERS))]
    jobs += [(name, True) for name in READERS for _ in range(cuts // len(READERS))]
    folders = [world.folder(base) for _ in range(2)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        chosen = [(job, world.random.random(), world.random.randrange(8)) for job in jobs]
        results = list(pool.map(lambda half: [damage(world, half[0], *job) for job in half[1]],
                                [(folders[0], chosen[::2]), (folders[1], chosen[1::2])]))
    noticed = sum(map(sum, results))
    truncations = sum(is_cut for _, is_cut in jobs)
    counts = f"{len(jobs) - truncations} flipped bits and {truncations} truncations"
    return f"{counts} in {len(READERS)} kinds of files, {noticed} noticed; {fallback(world)}"


def damage(world, folder, job, where, bit):
    """Damages a file, reads it, and puts it right; whether it was noticed."""
    name, is_cut = job
    path = folder / name
    whole = path.read_bytes()
    at = int(where * len(whole))
    if is_cut:
        path.write_bytes(whole[:at])
    else:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1:])
    done = world.run(folder, *READERS[name])
    path.write_bytes(whole)
    what = f"{name} {'cut' if is_cut else f'with bit {bit} flipped'} at {at}"
    world.expect(done.returncode == 65, f"{what}: exit {done.returncode}: {done.stderr.strip()}")
    world.expect(name in done.stderr, f"{what}: not named: {done.stderr.strip()}")
    return done.returncode == 65


def fallback(world):
    """A damaged newest checkpoint: the one before it, one warning, the same end."""
    rounds = world.amount(2, 40)
    whole = world.training(training={"save_freq": 4})
    base = world.folder(whole)
    world.must(whole, "dp-train", "input.json")
    world.run(base, "dp-train", "input.json", "--until", 13)
    for _ in range(rounds):
        folder = world.folder(base)
        path = folder / "run/model.ckpt-13.h5"
        data = bytearray(path.read_bytes())
        data[world.random.randrange(len(data))] ^= 1 << world.random.randrange(8)
        path.write_bytes(data)
        done = world.run(folder, "dp-train", "input.json")
        world.expect(done.returncode == 0, f"a damaged newest checkpoint: exit {done.returncode}: {done.stderr}")
        world.expect(done.stderr.count("warning") == 1, f"not one warning: {done.stderr}")
        for name in ["model.ckpt-20.h5", "lcurve.out"]:
            same = (folder / "run" / name).read_bytes() == (whole / "run" / name).read_bytes()
            world.expect(same, f"{name} differs after falling back")
    return f"{rounds} damaged newest checkpoints, resumed from the one before"
