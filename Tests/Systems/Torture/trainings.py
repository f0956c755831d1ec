"""Trainings that are interrupted and must end as if they had not been."""
import time

from torture import ATTENTION, content, is_whole

# What the state of a training consists of differs from one to the other.
KINDS = {
    "float64": {},
    "kalman": {"optimizer": {"type": "LKF", "kf_blocksize": 200}},
    "means": {  # sums over batches, averaged weights, full validation with its best models, TensorBoard's files
        "optimizer": {"type": "AdamW"},
        "training": {"acc_freq": 3, "enable_ema": True, "ema_decay": 0.9, "gradient_max_norm": 1.0, "tensorboard": True},
        "validating": {
            "full_validation": True, "ema_full_validation": True, "validation_freq": 3, "full_val_start": 0,
            "validation_metric": "F:RMSE", "max_best_ckpt": 3, "save_best_dir": "best"}},
    "float32": {"model": {"fitting_net": {"neuron": [8, 8], "seed": 1, "precision": "float32"}}},
    "attention": {"model": {"descriptor": ATTENTION}},
    "kalman32": {"optimizer": {"type": "LKF", "kf_blocksize": 200, "kf_precision": "float32"}},
}
RHYTHM = {"save_freq": 7, "disp_freq": 3, "max_ckpt_keep": 3}


class Reference:
    """A training of one kind, done without interruption."""

    def __init__(self, world, kind, *options):
        self.world, self.kind = world, kind
        changes = KINDS[kind]
        training = {"numb_steps": world.amount(100, 400), **RHYTHM, **changes.get("training", {})}
        self.base = world.training(**{**changes, "training": training})
        folder, start = world.folder(self.base), time.monotonic()
        world.must(folder, "dp-train", "input.json", "-j", 1, "--quiet", *options)
        self.seconds = time.monotonic() - start
        self.artifacts = self.finished(folder)

    def finished(self, folder):
        """Checkpoints, learning curve and model of a training that is done."""
        self.world.must(folder, "dp-freeze", "run/", "-o", "model.h5")
        return {**content(folder / "run"), "model.h5": content(folder / "model.h5")}

    def check_interrupted(self, folder):
        """What must hold at any moment: whole checkpoints, a curve as far as it goes."""
        run, kind = folder / "run", self.kind
        for path in run.rglob("*.h5"):
            self.world.expect(is_whole(path), f"{kind}: {path.name} is not whole")
        if (run / "checkpoint").exists():
            name = (run / "checkpoint").read_text()
            self.world.expect((run / name.strip()).exists(), f"{kind}: checkpoint names {name!r}, which is not there")
        for path in [*run.glob("*.out"), *run.glob("*.log"), run / "metrics.jsonl"]:
            self.world.expect(
                self.artifacts[path.name].startswith(content(path) or b""), f"{kind}: {path.name} is no beginning of the whole one")

    def check_finished(self, folder, stopped=False):
        """That a resumed training gave the bytes of the uninterrupted one.

        One that was stopped has a checkpoint of that step, which takes the place of an older one if it is among the last.
        """
        found = self.finished(folder)
        names = set(found) | set(self.artifacts)
        if stopped:
            names -= {name for name in names ^ (set(found) & set(self.artifacts)) if ".ckpt-" in name}
        for name in sorted(names):
            self.world.expect(
                found.get(name) == self.artifacts.get(name), f"{self.kind}: {name} {difference(found.get(name), self.artifacts.get(name))} after resuming")
        return len(found)


def difference(found, expected):
    """In a word, what is wrong with a file."""
    return "is missing" if found is None else "is left over" if expected is None else "differs"
