"""The Python module deep_potential in scripts that were written for DeePMD-kit, and in ASE, in the same process."""
import os
import pathlib
import re
import sys

import numpy as np

from clients import ELEMENTS

# ASE and NumPy are installed for client_ase.
REQUIREMENTS = []

KINDS = ["cubic", "triclinic", "small", "free"]

#: A script written for DeePMD-kit.
SCRIPT = """
import sys
import numpy as np
from deepmd.infer import DeepPot
given, model = np.load(sys.argv[1]), DeepPot(sys.argv[2], auto_batch_size=True)
cells = given["cells"] if "cells" in given else None
energy, force, virial, atom_energy, atom_virial = model.eval(given["coords"], cells, given["types"], atomic=True)
np.savez(sys.argv[3], energy=energy, force=force, virial=virial, atom_energy=atom_energy, atom_virial=atom_virial)
"""

#: The same for its calculator.
DYNAMICS = """
import sys
import numpy as np
from ase import Atoms, units
from ase.md.verlet import VelocityVerlet
from deepmd.calculator import DP
given = np.load(sys.argv[1])
atoms = Atoms(given["names"], positions=given["coords"][0], cell=given["cells"][0], pbc=True, calculator=DP(model=sys.argv[2]))
atoms.set_velocities(given["velocities"])
rows = []
note = lambda: rows.append([atoms.get_potential_energy(), *atoms.positions.ravel(), *atoms.get_forces().ravel(), *atoms.get_stress()])
note()
dynamics = VelocityVerlet(atoms, 0.5 * units.fs)
dynamics.attach(note)
dynamics.run(20)
np.save(sys.argv[3], rows)
"""


def run_script(world, text, *arguments):
    """Runs a script with our module's name in place of DeePMD-kit's."""
    changed = re.sub(r"^from deepmd\b", "from deep_potential", text, flags=re.MULTILINE)
    world.expect(changed != text, "the script imports nothing of deepmd")
    script = world.folder / "script.py"
    script.write_text(changed)
    world.environment |= {
        "PYTHONPATH": str(world.checkout / "Sources/Python"),
        "DEEP_POTENTIAL_LIBRARY": str(world.tools / "libdeepmd_c.so")}
    world.run(sys.executable, script, *arguments)


def agreement(world):
    """Ten frames of each kind in one call: all results are dp-eval's, or add up to them."""
    worst = 0
    for kind in KINDS:
        types, cells, positions = world.frames(kind)
        energies, forces, virials = world.evaluated(world.model, ELEMENTS, types, cells, positions)
        given, found = world.folder / f"{kind}.npz", world.folder / f"{kind}-found.npz"
        np.savez(given, types=types, coords=positions, **({} if cells is None else {"cells": cells}))
        run_script(world, SCRIPT, given, world.model, found)
        found = np.load(found)
        pairs = {
            "energy": (found["energy"][:, 0], energies), "forces": (found["force"], forces),
            "atoms' energies": (found["atom_energy"].sum((1, 2)), energies),
            "atoms' virials": (found["atom_virial"].sum(1), found["virial"])}
        if cells is not None:
            pairs["virial"] = found["virial"].reshape(-1, 3, 3), virials
        worst = max(worst, *(world.expect_same(f"{kind}: {what}", *pair) for what, pair in pairs.items()))
    return f"10 frames of {len(KINDS)} kinds, as dp-eval has them to {worst:.0e} eV and eV/Å"


def dynamics(world):
    """ASE moves atoms by 20 steps in the same process; energy, forces and stress are dp-eval's all the way."""
    types, cells, positions = world.frames("triclinic", 1)
    velocities = np.random.default_rng(1).normal(size=positions[0].shape) * 0.02
    given, found = world.folder / "given.npz", world.folder / "found.npy"
    np.savez(given, names=[ELEMENTS[t] for t in types], coords=positions, cells=cells, velocities=velocities)
    run_script(world, DYNAMICS, given, world.model, found)
    rows, atoms = np.load(found), len(types)
    coords, force = rows[:, 1:1 + 3 * atoms].reshape(-1, atoms, 3), rows[:, 1 + 3 * atoms:-6].reshape(-1, atoms, 3)
    energies, forces, virials = world.evaluated(world.model, ELEMENTS, types, np.repeat(cells, len(rows), axis=0), coords)
    stress = -(virials + virials.transpose(0, 2, 1)) / 2 / np.linalg.det(cells[0])
    moved = np.abs(coords[-1] - coords[0]).max()
    world.expect(len(rows) == 22 and moved > 0.01, f"{len(rows)} rows, moved by {moved} Å")
    worst = max(
        world.expect_same("energy", rows[:, 0], energies), world.expect_same("forces", force, forces),
        world.expect_same("stress", rows[:, -6:], stress.reshape(-1, 9)[:, [0, 4, 8, 5, 2, 1]]))
    return f"20 steps of {atoms} atoms, as dp-eval has them to {worst:.0e} eV and eV/Å"


def document(world):
    """The lines under Python in docs/CLIENTS.md, with the module and the library where make install puts them."""
    text = (world.checkout / "docs/CLIENTS.md").read_text()
    section = text[text.index("## Python"):text.index("## i-PI")]
    lines = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    prefix = world.folder / "usr/local"
    installed = prefix / "lib/python3/dist-packages"
    world.expect(str(installed.relative_to(world.folder)) in section, f"{installed} is not in the document")
    installed.mkdir(parents=True)
    rules = world.run("make", "-n", "-C", world.checkout, "install", f"BIN={world.tools}", f"PREFIX={prefix}").replace("\\\n", "")
    wanted = [rule for rule in rules.splitlines() if "deep_potential" in rule or rule.endswith(f"libdeepmd_c.so '{prefix}/lib/'")]
    world.run("sh", "-e", "-c", "\n".join(wanted), folder=world.checkout)
    fixtures = world.checkout / "Tests/Support/Fixtures"
    for name, fixture in [("model", "se_e2_a_oneside"), ("another", "se_e2_a_resnetdt")]:
        (world.folder / f"{name}.h5").symlink_to(fixtures / f"{fixture}.dp")
    world.environment |= {"PYTHONPATH": str(installed), "DEEP_POTENTIAL_LIBRARY": ""}
    printed = float(world.run(sys.executable, "-c", lines + "print(energy[0, 0], force[0, 0, 0])").split()[0])
    example = world.run(sys.executable, world.checkout / "docs/example/three_atoms.py", "model.h5", "another.h5")
    world.expect(f"largest deviation of a force: {printed:.10f}" in example, f"{printed} and the example: {example}")
    return f"{len(lines.splitlines())} lines of Python and three_atoms.py"


def peer(world):
    """The same calls of DeePMD-kit's module and ours side by side, by a Python that has DeePMD-kit: DEEPMD_PYTHON."""
    python = os.environ.get("DEEPMD_PYTHON")
    if not python:
        return "skipped: DEEPMD_PYTHON names no Python with DeePMD-kit, PyTorch and ASE"
    script = world.checkout / "Tests/Systems/Peers/check_python.py"
    said = world.run(pathlib.Path(python), script, "--library", world.tools / "libdeepmd_c.so").strip()
    world.expect("the same" in said, said)
    return said.splitlines()[-1]


CASES = {"agreement": agreement, "dynamics": dynamics, "document": document, "peer": peer}
