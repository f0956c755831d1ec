"""Runs a tool under strace, which makes one of its system calls fail or kills it there."""
import collections
import pathlib
import re
import shutil
import subprocess

# `123 write(5</tmp/out.h5.123.tmp>, ...) = -1 ENOSPC (No space left on device) (INJECTED)`
CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
CHANGES = [
    "write", "pwrite64", "writev", "fsync", "rename", "renameat2", "mkdir", "unlink", "unlinkat", "rmdir", "ftruncate"]
CALLS = ["openat", "read", "pread64", "close", "flock", *CHANGES]
SYSTEM = ("/lib", "/usr", "/opt", "/etc", "/proc", "/sys", "/dev", "anon_inode", "socket")


def problem():
    """Why strace cannot be used here; None if it can."""
    if not shutil.which("strace"):
        return "strace is not installed (pipelines/packages strace)"
    done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True)
    return None if done.returncode == 0 else f"strace may not trace here: {done.stderr.strip()}"


def traced(command, folder, inject=None):
    """Runs `command`; gives the finished process and the lines of its calls."""
    log = pathlib.Path(f"{folder}.strace")
    options = ["-f", "-qq", "-y", "-o", log, "-e", "signal=none", "-e", "trace=" + ",".join(CALLS)]
    if inject:
        options += ["-e", f"inject={inject}"]
    if not inject or "signal=" not in inject:
        options.append("--seccomp-bpf")  # much faster, but signals are not injected with it
    done = subprocess.run(
        ["strace", *options, *command], cwd=folder, capture_output=True, text=True, errors="replace", timeout=300)
    lines = log.read_text(errors="replace").splitlines()
    log.unlink()
    return done, lines


def calls(command, folder):
    """The calls of `command` that have to do with its inputs and outputs, as (name, number, whether they change a file).

    strace counts the calls of one name in one thread, and so is the number.  Calls on libraries and devices are left out,
    and those that have the number of a call on a library in another thread or process: without it nothing starts.
    """
    _, lines = traced(command, folder)
    count, found, libraries = collections.Counter(), set(), set()
    for line in lines:
        if match := CALL.match(line):
            thread, name, arguments = match.groups()
            count[thread, name] += 1
            if ".so" in path(folder, arguments):
                libraries.add((name, count[thread, name]))
            elif not path(folder, arguments).startswith(SYSTEM):
                changes = name in CHANGES or (name == "openat" and "O_CREAT" in arguments)
                found.add((name, count[thread, name], changes))
    return sorted(call for call in found if call[:2] not in libraries)


def path(folder, arguments):
    """The first path in the arguments of a call, relative to `folder` if it is in there; "." for the folder itself."""
    found = re.search(r'[<"]([^<>"]*)[>"]', re.sub(r"^AT_FDCWD<[^>]*>", "", arguments))
    name = found[1] if found else ""
    return "." if name == str(folder) else name.removeprefix(f"{folder}/")


def injected(lines):
    """The call that was made to fail, as (name, arguments); None if there was none."""
    for line in lines:
        if "(INJECTED)" in line and (match := CALL.match(line)):
            return match[2], match[3]
    return None
