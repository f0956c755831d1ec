"""Makes every system call on inputs and outputs of every tool fail, or kills the tool there, one call in each run."""
import collections
import concurrent.futures
import os
import re

import strace
from cases import all_cases
from torture import leftovers

ERRORS = {
    "write": ["ENOSPC", "EDQUOT", "EIO"], "pwrite64": ["ENOSPC", "EIO"], "writev": ["ENOSPC", "EIO"],
    "rename": ["ENOSPC", "EIO"], "renameat2": ["ENOSPC", "EIO"], "mkdir": ["ENOSPC", "EDQUOT"],
    "fsync": ["EIO", "ENOSPC"], "ftruncate": ["EIO"], "read": ["EIO"], "pread64": ["EIO"], "close": ["EIO"],
    "flock": ["ENOLCK"]}
# The exit codes of docs/ARCHITECTURE.md; a bug, an abort and a crash are not among them.
KNOWN = {0, 65, 66, 73, 74, 75}


def run(world):
    if why := strace.problem():
        return f"SKIPPED: {why}"
    jobs = [(case, fault) for case in all_cases(world) for fault in faults(world, case)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tally = collections.Counter(pool.map(lambda job: inject(world, *job), jobs))
    codes = ", ".join(f"{count} {end}" for end, count in sorted(tally.items()))
    return f"{len(jobs)} runs: {codes}"


def faults(world, case):
    """What to inject, `write:error=ENOSPC:when=3`: everything, or a sample of it."""
    found = []
    for call, number, changes in strace.calls(case.command, world.folder(case.base)):
        errors = ERRORS.get(call, []) if call != "openat" else ["ENOSPC", "EIO"] if changes else ["EIO"]
        # Killed before a call that changes no file is killed before the next one that does.
        for what in [f"error={error}" for error in errors] + ["signal=KILL"] * changes:
            found.append(f"{call}:{what}:when={number}")
    return world.random.sample(found, min(len(found), 12)) if world.short else found


def inject(world, case, fault):
    """One run; gives how it ended."""
    folder = world.folder(case.base)
    done, lines = strace.traced(case.command, folder, fault)
    place = f"{case.name} {fault}"
    for problem in case.broken(folder):
        world.fail(f"{place}: {problem}")
    if done.returncode in (137, -9):
        again(world, case, folder, place)
        return "killed"
    check_error(world, case, folder, place, done, strace.injected(lines))
    world.remove(folder)
    return f"exit {done.returncode}"


def check_error(world, case, folder, place, done, injected):
    code, words = done.returncode, done.stderr.strip().split("\n")[0]
    world.expect(code in KNOWN, f"{place}: exit {code}: {words}")
    # A folder that cannot be opened cannot be removed either; the next writer does.
    if not (injected and injected[0] == "openat" and re.search(r"\.tmp.*O_DIRECTORY", injected[1])):
        world.expect(not leftovers(folder), f"{place}: leaves {leftovers(folder)}")
    if code == 0:
        world.expect(not case.unfinished(folder), f"{place}: exit 0 without {case.unfinished(folder)}")
    if injected and (name := output(folder, *injected)) is not None:
        world.expect(code == 74, f"{place}: exit {code} instead of 74: {words}")
        world.expect(name in done.stderr, f"{place}: does not name {name}: {words}")


def output(folder, call, arguments):
    """The output that a failed call was to write; None if it wrote none, or its failure may be ignored."""
    if call in ("close", "flock", "read", "pread64") or (call == "openat" and "O_CREAT" not in arguments):
        return None
    if call == "write" and arguments.startswith(("1<", "2<")):
        return "standard output" if arguments[0] == "1" else None
    path = strace.path(folder, arguments)
    if path.startswith("/"):  # a scratch folder of the tool's own
        return None
    return "" if path == "." else re.sub(r"\.\d+\.tmp.*", "", path)


def again(world, case, folder, place):
    """The same command after a kill: it finishes the work, and cleans up."""
    if not case.unfinished(folder) and not leftovers(folder):
        return world.remove(folder)  # it was done
    done = world.run(folder, case.command[0], *case.command[1:])
    world.expect(done.returncode == 0, f"{place}, then again: exit {done.returncode}: {done.stderr.strip()}")
    world.expect(not case.unfinished(folder), f"{place}, then again: {case.unfinished(folder)} not as without a kill")
    world.expect(not leftovers(folder), f"{place}, then again: leaves {leftovers(folder)}")
    world.remove(folder)
