"""Running programs: threads, wall-clock time, peak memory."""

import dataclasses
import os
import subprocess
import sys
import time

#: How OpenMP, TensorFlow as DeePMD-kit sets it up, and dp-* are told how many threads to use.
THREADS = ("OMP_NUM_THREADS", "DP_INTRA_OP_PARALLELISM_THREADS")


@dataclasses.dataclass
class Run:
    """A finished process: what it wrote, wall-clock seconds, peak resident memory in MB (10^6 bytes)."""

    output: str
    seconds: float
    megabytes: float


def run(folder, *command, threads=1, **more):
    """Runs a command in `folder`, with more variables, and adds what it writes to `folder`/log; ends if it fails."""
    command = list(map(str, command))
    variables = {name: str(threads) for name in THREADS} | {
        "DP_INTER_OP_PARALLELISM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", **more}
    with open(folder / "log", "ab+") as log:
        begin = log.seek(0, os.SEEK_END)
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | variables, stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(begin)
        output = log.read().decode(errors="replace")
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} failed in {folder}:\n{output[-2000:]}")
    return Run(output, seconds, usage.ru_maxrss * 1024 / 1e6)


def say(text):
    """Tells what goes on, on standard error."""
    print(text, file=sys.stderr, flush=True)
