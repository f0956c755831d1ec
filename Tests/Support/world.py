"""What the test systems share: the tools, expectations that did not hold, and how a run ends."""
import os
import pathlib
import signal
import sys

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = CHECKOUT / "Tests/Support/Fixtures"


class World:
    """The surroundings of a test: the tools, a scratch folder, and the failures so far."""

    def __init__(self, tools, scratch):
        self.tools, self.scratch, self.failures = tools, scratch, []

    def fail(self, text):
        self.failures.append(text)
        print(f"    FAILED: {text}", flush=True)

    def expect(self, holds, text):
        if not holds:
            self.fail(text)


def add_tools(parser):
    """Gives a parser of arguments the option that `found_tools` reads."""
    parser.add_argument("--bin", help="folder with the tools (default: .build/release)")


def found_tools(parser, options):
    """The folder with the tools; a usage error if they are not there."""
    tools = pathlib.Path(options.bin or CHECKOUT / ".build/release").resolve()
    if not (tools / "dp-train").exists():
        parser.error(f"{tools} holds no dp-train: run make build, or give --bin")
    return tools


def outside_make(environment=os.environ):
    """The environment without the variables by which make speaks to a make that it calls."""
    return {k: v for k, v in environment.items() if not k.startswith("MAKE") and k != "MFLAGS"}


def exit_on_signals():
    """Makes TERM and HUP end the script by SystemExit, so that it stops what it has started."""
    for number in [signal.SIGTERM, signal.SIGHUP]:
        signal.signal(number, lambda *_: sys.exit(1))
