"""One command of every tool, what it writes, and what was there before."""
import json
import shutil

from torture import ATTENTION, content, is_whole

OLD = b"what was here before\n"


class Case:
    """A command in a folder `base`, which has its inputs and, if `old`, other outputs under the same names."""

    def __init__(self, world, base, tool, *arguments, outputs, old=True, changes=False):
        self.world, self.base, self.outputs, self.changes = world, base, outputs, changes
        self.name, self.command = tool, world.command(tool, *arguments)
        done = world.folder(base)
        world.must(done, tool, *arguments)
        self.new = {name: content(done / name) for name in outputs}
        if old:
            for name in outputs:
                (base / name).write_bytes(OLD)
        self.before = {name: content(base / name) for name in outputs}

    def broken(self, folder):
        """The outputs in `folder` that are neither as before nor new, with why."""
        return [f"{name} is half" for name in self.outputs if not self.is_sound(folder, name)]

    def is_sound(self, folder, name):
        found = content(folder / name)
        return found in (self.before[name], self.new[name]) or (self.changes and self.is_timing(name, found))

    def is_timing(self, name, found):
        """Whether `found` is a whole output that differs from one run to the next."""
        if name.endswith(".json"):
            json.loads(found)
        return found.endswith(b"</svg>\n") if name.endswith(".svg") else found.endswith(b"\n")

    def unfinished(self, folder):
        """The outputs in `folder` that are not new."""
        return [
            name for name in self.outputs
            if content(folder / name) != self.new[name] and not (
                self.changes and content(folder / name) not in (None, self.before[name]))]


class TrainingCase(Case):
    """A run folder: every file in it is whole, and the same command goes on to the same end."""

    def broken(self, folder):
        run, new = folder / "run", self.new["run"]
        found = [f"{path.name} is half" for path in run.glob("*.h5") if not is_whole(path)]
        pointer = content(run / "checkpoint")
        if pointer is not None and not (run / pointer.decode().strip()).exists():
            found.append("checkpoint names nothing")
        if not new["lcurve.out"].startswith(content(run / "lcurve.out") or b""):
            found.append("lcurve.out is not a beginning of the whole one")
        return found


def all_cases(world):
    # With one checkpoint there is no older one to fall back to.
    base = world.training(training={"numb_steps": 12, "save_freq": 4, "disp_freq": 2, "max_ckpt_keep": 1})
    for seed, name in [(1, "raw"), (2, "other")]:
        world.must(base, "dp-synth", "cluster", name, "--frames", 1, "--seed", seed)
    world.must(base, "dp-stat", "input.json", "-o", "stat.h5")
    world.must(base, "dp-train", "input.json", "-o", "done")
    world.must(base, "dp-freeze", "done/", "-o", "m.h5")

    def inputs(*names):
        folder = world.folder()
        for name in names:
            (shutil.copytree if (base / name).is_dir() else shutil.copy)(base / name, folder / name)
        return folder

    def case(names, tool, *arguments, kind=Case, **options):
        return kind(world, inputs(*names), tool, *arguments, **options)

    reported = inputs()
    shutil.copytree(base / "done", reported / "run")
    shutil.copy(base / "m.h5", reported / "model.h5")
    replacing = inputs()
    shutil.copytree(base / "other", replacing / "raw")
    stopped = inputs("input.json", "data.h5")
    world.run(stopped, "dp-train", "input.json", "--until", 5)
    short = {"numb_steps": 6, "save_freq": 4, "disp_freq": 2, "max_ckpt_keep": 1}
    attention = world.training(model={"descriptor": ATTENTION}, training=short)
    evaluation = ["--detail", "d", "--predictions", "p.h5", "--deviation", "devi.out"]
    detail = [f"d.{name}.out" for name in ["e", "e_peratom", "f", "v", "v_peratom", "s"]]
    synth = ["dp-synth", "cluster", "raw", "--frames", 1, "--seed", 1, "-j", 1]
    train = ["input.json", "data.h5"], "dp-train", "input.json", "-j", 1
    profile = ["prof.txt", "prof.json", "prof.trace.json", "prof.svg"]
    return [
        case([], *synth, outputs=["raw"], old=False),
        Case(world, replacing, *synth, "--force", outputs=["raw"], old=False),
        case(["raw"], "dp-convert", "raw", "out.h5", outputs=["out.h5"]),
        case(["raw"], "dp-convert", "raw", "out.xyz", outputs=["out.xyz"]),
        case(["data.h5"], "dp-convert", "data.h5", "npy/", outputs=["npy"], old=False),
        case(["input.json", "data.h5"], "dp-stat", "input.json", "-o", "s.h5", "-j", 1, outputs=["s.h5"]),
        case(*train, kind=TrainingCase, outputs=["run"], old=False),
        TrainingCase(world, stopped, *train[1:], outputs=["run"], old=False),
        TrainingCase(world, attention, *train[1:], outputs=["run"], old=False),
        case(["done"], "dp-freeze", "done/", "-o", "model.h5", outputs=["model.h5"]),
        case(["m.h5", "data.h5"], "dp-eval", "m.h5", "data.h5", "-j", 1, *evaluation,
             outputs=[*detail, "p.h5", "devi.out"]),
        case(["done"], "dp-plot", "done/", "-o", "curve.svg", outputs=["curve.svg"]),
        Case(world, reported, "dp-report", ".", "--system", "it", "-o", "page.html", outputs=["page.html"]),
        case(["input.json", "data.h5"], "dp-profile", "input.json", "--steps", 2, "-j", 1, "-o", "prof",
             outputs=profile, changes=True),
    ]
