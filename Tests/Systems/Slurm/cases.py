"""The cases, each a function of the world that gives a line about what it saw."""
import os
import shutil
import signal
import subprocess

from cluster import wait_until

ALL = ["pipeline", "preemption", "timelimit", "cancellation", "failure", "standstill", "unstarted", "ranks"]


def pipeline(world):
    work = world.scratch / "pipeline"
    jobs = world.submit(work, CPUS="")  # the whole node
    again = world.make("slurm", work)
    world.expect("scancel" in again.stderr, f"a second make slurm was not refused: {again.stdout}")
    count = world.expect_done(jobs, work)
    return f"{len(jobs)} jobs made the {count} files of make train"


def preemption(world):
    work = world.scratch / "preemption"
    jobs = world.submit(work)
    for time in range(2):
        world.wait_for_steps(work / "run", jobs["train"], time)
        urgent = world.sbatch("--partition=urgent", "--exclusive", "--output=/dev/null", "--wrap=sleep 1")
        world.cluster.wait(urgent)
    count = world.expect_done(jobs, work)
    restarts = int(world.cluster.job(jobs["train"])["Restarts"])
    world.expect(restarts == 2, f"the training was preempted {restarts} times, not twice")
    kept = world.log(work, "train").count(", from model.ckpt-")
    world.expect(kept == 2, f"only {kept} of two preempted trainings left a checkpoint")
    return f"preempted twice, {count} files the same"


def timelimit(world):
    # Slurm looks at its clock twice a minute: the signal comes 5 to 35 seconds after the start.
    steps, log = int(world.steps_per_second * 90), world.scratch / "timelimit.log"
    work, plain = world.scratch / "timelimit", world.scratch / "uninterrupted"
    for folder in [work, plain]:
        folder.mkdir()
        for name in ["input.json", "stat.h5", "training.h5", "validation.h5"]:
            shutil.copy(world.reference / name, folder)
    train = [world.tools / "dp-train", "input.json", "--statistics", "stat.h5", "-o", "run/", "--steps", str(steps)]
    job = world.sbatch(
        "--time=1", "--signal=USR1@25", f"--output={log}", world.checkout / "pipelines/slurm/train.sbatch", *train,
        folder=work)
    with subprocess.Popen([*train, "-j", "1", "--quiet"], cwd=plain) as uninterrupted:
        wait_until(lambda: world.cluster.job(job).get("Restarts") == "1", 180, f"the end of time of job {job}")
        world.cluster.command("scontrol", "update", f"job={job}", "TimeLimit=UNLIMITED")
        world.expect(uninterrupted.wait() == 0, "the training without Slurm failed")
    state, said = world.cluster.wait(job)["JobState"], log.read_text()
    world.expect(state == "COMPLETED", f"the job ended {state}: {said}")
    world.expect("stopped by USR1" in said and "to be continued from" in said, f"it was not interrupted: {said}")
    return f"continued after USR1, {world.expect_same(work, plain)} files the same"


def cancellation(world):
    work = world.scratch / "cancellation"
    jobs = world.submit(work)
    world.wait_for_steps(work / "run", jobs["train"])
    world.cluster.command("scancel", str(jobs["train"]))
    world.expect_states(jobs, train="CANCELLED", evaluate="CANCELLED")
    world.expect(not (work / "model.h5").exists(), "there is a model of a canceled training")
    count = world.expect_done(world.submit(work), work)
    return f"evaluation canceled with the training; submitted again, {count} files the same"


def failure(world):
    work, raw = world.scratch / "failure", world.scratch / "damaged"
    raw.mkdir()
    (raw / "type.raw").write_text("0 0 nonsense\n")
    jobs = world.submit(work, SYSTEM="damaged", RAW=raw)
    world.expect_states(jobs, convert="FAILED", stat="CANCELLED", train="CANCELLED", evaluate="CANCELLED")
    log = world.log(work, "convert")
    world.expect("type.raw" in log and "wait for it are canceled" in log, f"the log does not say why: {log}")
    return "a stage that failed canceled those behind it and said why"


def standstill(world):
    log = world.scratch / "standstill.log"
    job = world.sbatch(f"--output={log}", world.checkout / "pipelines/slurm/train.sbatch", "sh", "-c", "exit 75")
    found = world.cluster.wait(job)
    world.expect(found["JobState"] == "FAILED" and found["ExitCode"] == "75:0", f"ended {found['JobState']}")
    world.expect(found["Restarts"] == "0", f"was started {found['Restarts']} times again")
    world.expect("not a step was done" in log.read_text(), f"does not say why: {log.read_text()}")
    return "exit code 75 without a step done is the end"


def unstarted(world):
    log = world.scratch / "unstarted.log"
    script = world.checkout / "pipelines/slurm/train.sbatch"
    job = world.sbatch("--hold", f"--output={log}", script, "true")
    (world.cluster.folder / f"spmix_appdir_0_{job}.0").mkdir()  # as a crash of the node leaves it
    world.cluster.command("scontrol", "release", str(job))
    found = world.cluster.wait(job)
    world.expect(found["JobState"] == "FAILED" and found["ExitCode"] == "74:0", f"ended {found['JobState']}")
    world.expect("srun started no task" in log.read_text(), f"the log does not say why: {log.read_text()}")
    return "a training that Slurm could not start has failed"


def ranks(world):
    work, plain = world.scratch / "ranks", world.scratch / "rank"
    size = {"STEPS": 800, "BATCHES": 2}
    world.make("train", plain, JOBS=1, **size)
    jobs = world.submit(work, NTASKS=2, **size)
    world.wait_for_steps(work / "run", jobs["train"])
    os.kill(world.trainings()[-1], signal.SIGKILL)
    wait_until(lambda: not world.trainings(), 5, "the other rank to end")
    world.expect_states(jobs, train="FAILED", evaluate="CANCELLED")
    jobs = world.submit(work, NTASKS=2, **size)
    world.wait_for_steps(work / "run", jobs["train"])
    world.cluster.command("scancel", "--signal=USR1", str(jobs["train"]))
    count = world.expect_done(jobs, work, plain)
    restarts = world.cluster.job(jobs["train"])["Restarts"]
    world.expect(restarts == "1", f"the training was started again {restarts} times, not once")
    return f"one of 2 ranks killed, both stopped by USR1, {count} files those of one rank"
