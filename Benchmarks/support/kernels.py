"""Kernels on one thread against what the CPU can do: runs kernel-benchmarks."""

import json

from support.processes import run, say


def measure(setting):
    """What `kernel-benchmarks --json` says; its tables are printed as they are."""
    say("kernels")
    return json.loads(run(setting.folder("kernels"), setting.bin / "kernel-benchmarks", "--json").output)
