"""Full disks, files that may not grow, folders that may not be written: exit 74 or 73, the old output intact."""
import os
import pathlib
import resource
import shutil
import signal
import subprocess

from cases import all_cases
from torture import leftovers

NOBODY = 65534


def run(world):
    cases = all_cases(world)
    parts = [limited(world, cases)]
    if os.geteuid() == 0:
        parts += [full(world, cases), read_only(world, cases), forbidden(world, cases)]
    else:
        parts.append(forbidden(world, cases) + ", full and read-only file systems SKIPPED (not root)")
    return "; ".join(parts)


def check(world, case, folder, done, place, codes):
    """An exit code of `codes` with the name of an output, nothing half and nothing left behind."""
    words = done.stderr.strip().split("\n")[0]
    world.expect(done.returncode in codes, f"{place}: exit {done.returncode}: {words}")
    world.expect(any(name in done.stderr for name in case.outputs) or "prof" in words or "d." in words,
                 f"{place}: names no output: {words}")
    world.expect(not leftovers(folder), f"{place}: leaves {leftovers(folder)}")
    for problem in case.broken(folder):
        world.fail(f"{place}: {problem}")


def sizes(world, case):
    """Sizes from nothing to what the largest output needs."""
    largest = 0
    for new in case.new.values():
        largest = max([largest] + [len(data) for data in (new.values() if isinstance(new, dict) else [new])])
    steps = world.amount(2, 24)
    return sorted({largest * step // steps for step in range(steps)})


def limited(world, cases):
    """No file may become larger than so many bytes."""
    runs = 0
    for case in cases:
        for size in sizes(world, case):
            folder = world.folder(case.base)

            def limit():
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            done = subprocess.run(
                case.command, cwd=folder, capture_output=True, text=True, preexec_fn=limit, timeout=300)
            check(world, case, folder, done, f"{case.name} with files of {size} bytes", {74})
            runs += 1
    return f"{runs} runs with limited files"


def mounted(folder, options, body):
    """Calls `body` while a small file system is mounted on `folder`; False if that is not possible."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "torture", str(folder)], capture_output=True)
    if done.returncode != 0:
        return False
    try:
        body()
    finally:
        subprocess.run(["umount", str(folder)], check=True)
    return True


def full(world, cases):
    """A file system with room for the inputs and a part of the outputs."""
    runs = 0
    for case in cases:
        for size in sizes(world, case):
            folder = world.folder()

            def body():
                shutil.copytree(case.base, folder, dirs_exist_ok=True)
                status = os.statvfs(folder)
                free = status.f_bavail * status.f_frsize
                filler = max(0, free - size // 2 // 4096 * 4096)
                (folder / "filler").write_bytes(bytes(filler))
                done = subprocess.run(case.command, cwd=folder, capture_output=True, text=True, timeout=300)
                check(world, case, folder, done, f"{case.name} on a disk with {size // 2} bytes", {74})
            if not mounted(folder, "size=32m", body):
                return "full file systems SKIPPED (mount is not allowed)"
            runs += 1
    return f"{runs} on full file systems"


def read_only(world, cases):
    runs = 0
    for case in cases:
        folder = world.folder()

        def body():
            shutil.copytree(case.base, folder, dirs_exist_ok=True)
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
            done = subprocess.run(case.command, cwd=folder, capture_output=True, text=True, timeout=300)
            check(world, case, folder, done, f"{case.name} on a read-only disk", {73})
        if not mounted(folder, "size=32m", body):
            return "read-only file systems SKIPPED (mount is not allowed)"
        runs += 1
    return f"{runs} read-only"


def forbidden(world, cases):
    """A folder that the user may read but not write; root gives up being root for it."""
    runs = 0
    root = os.geteuid() == 0
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if root else []
    for case in cases:
        folder = world.folder(case.base)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        if root:
            for parent in folder.parents[:3]:
                if parent != pathlib.Path("/tmp"):
                    parent.chmod(0o755)
        done = subprocess.run(become + case.command, cwd=folder, capture_output=True, text=True, timeout=300)
        if root and done.returncode in (126, 127):
            return "forbidden folders SKIPPED (another user cannot run the tools here)"
        check(world, case, folder, done, f"{case.name} in a forbidden folder", {73})
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)
        runs += 1
    return f"{runs} in forbidden folders"
