"""Another program at work while something is measured, on a CPU of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile


class Load:
    """A shell command that runs again and again on the last of this process's CPUs, which does without that CPU."""

    def __init__(self, command):
        *ours, last = sorted(os.sched_getaffinity(0))
        if not ours:
            sys.exit("a load beside what is measured needs a second CPU")
        self.command, self.messages = command, tempfile.NamedTemporaryFile()
        # Each turn has a shell of its own, and there is no next turn once this process is gone.
        turns = f"while kill -0 $PPID 2>/dev/null && (\n{command}\n) 2>\"$0\"; do :; done"
        self.process = subprocess.Popen(
            ["sh", "-c", turns, self.messages.name], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=lambda: os.sched_setaffinity(0, [last]))
        os.sched_setaffinity(0, ours)

    def __enter__(self):
        # Ends as an exception does, which stops the command.
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def check(self):
        """Ends this program if the command failed: what was measured since was not beside it."""
        if self.process.poll() is not None:
            problem = self.messages.read().decode(errors="replace")[-500:]
            sys.exit(f"the load ended, because its command failed: {self.command}\n{problem}".rstrip())
