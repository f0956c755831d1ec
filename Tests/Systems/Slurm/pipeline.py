"""What all cases share: the cluster, a small system, and what `make train` makes of it."""
import os
import pathlib
import subprocess
import time

from cluster import descendants, wait_until
from world import World, outside_make

SYSTEM, STEPS = "cluster", 3000


class SlurmWorld(World):
    def __init__(self, cluster, checkout, tools, scratch):
        super().__init__(tools, scratch)
        self.cluster, self.checkout = cluster, checkout
        self.reference = scratch / "plain"
        start = time.monotonic()
        done = self.make("train", self.reference, JOBS=1)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        self.steps_per_second = STEPS / (time.monotonic() - start)

    def make(self, goal, work, **variables):
        variables = {"SYSTEM": SYSTEM, "STEPS": STEPS, "WORK": work, "BIN": self.tools, **variables}
        return subprocess.run(
            ["make", "-C", self.checkout, goal, *[f"{k}={v}" for k, v in variables.items()]],
            env=outside_make(self.cluster.environment), capture_output=True, text=True)

    def submit(self, work, **variables):
        """`make slurm`: the numbers of the jobs by name."""
        done = self.make("slurm", work, **{"CPUS": 1, **variables})
        if done.returncode != 0:
            raise RuntimeError(f"make slurm: exit {done.returncode}: {done.stderr}")
        lines = [line.split() for line in (work / "slurm/jobs").read_text().splitlines()]
        self.expect(len(lines) == 4, f"make slurm submitted {len(lines)} jobs")
        return {name: int(number) for number, name in lines}

    def sbatch(self, *arguments, folder=None):
        """Submits a job; its number."""
        return int(self.cluster.command("sbatch", "--parsable", *map(str, arguments), cwd=folder or self.scratch))

    def log(self, work, name):
        return "".join(path.read_text() for path in sorted((work / "slurm").glob(f"{name}-*.log")))

    def wait_for_steps(self, run, job, restarts=0):
        """Waits until a job that was started so often again is training."""
        def started():
            found = self.cluster.job(job)
            return found.get("Restarts") == str(restarts) and found["JobState"] == "RUNNING"

        wait_until(started, 120, f"start {restarts + 1} of job {job}")
        curve, start = run / "lcurve.out", time.time()
        wait_until(lambda: curve.exists() and curve.stat().st_mtime > start, 120, f"steps in {run.parent.name}")

    def expect_states(self, jobs, **states):
        """Waits for the end of jobs and compares their states."""
        for name, state in states.items():
            found = self.cluster.wait(jobs[name]).get("JobState")
            self.expect(found == state, f"job {name} ended {found}, not {state}")

    def trainings(self):
        """The processes of dp-train."""
        return sorted(p for p in descendants(os.getpid()) if command_of(p) == "dp-train")

    def expect_done(self, jobs, work, reference=None):
        """That all jobs end well, and have made what `make train` makes."""
        self.expect_states(jobs, convert="COMPLETED", stat="COMPLETED", train="COMPLETED", evaluate="COMPLETED")
        if self.failures:
            for name in jobs:
                print(f"--- {name}\n{self.log(work, name)}")
        return self.expect_same(work, reference or self.reference)

    def expect_same(self, folder, reference):
        """That two folders hold the same files, but for notes of make and logs of jobs; their number.

        A checkpoint that only one of them has was made by an interruption, or made one too many by it."""
        found, wanted = artifacts(folder), artifacts(reference)
        names = [name for name in sorted(set(found) | set(wanted))
                 if "model.ckpt" not in name or name in found and name in wanted]
        for name in names:
            self.expect(found.get(name) == wanted.get(name), f"{folder.name}/{name} differs")
        last = (reference / "run/checkpoint").read_text().strip()
        self.expect(f"run/{last}" in names, f"{folder.name}: no {last}")
        return len(names)


def artifacts(folder):
    """The bytes of every file of a pipeline's folder by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".made" and path.name not in ["settings.mk", "run.making", "timing.jsonl"]
        and path.parent.name != "slurm"}


def command_of(process):
    try:
        return pathlib.Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""
