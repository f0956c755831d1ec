#!/usr/bin/env python3
"""Check that extended XYZ headers are read as ASE reads them; where ASE reads less, the table says what is right.

    python3 Tests/Systems/Peers/check_xyz.py [folder of dp-convert, default .build/release]
    python3 Tests/Systems/Peers/check_xyz.py --record     write Tests/Support/Fixtures/xyz_headers.json anew

The fixture holds each file, what ASE made of it and what we are to make of it; the tests of the reader run on it without ASE.
Exit code 0: ASE answers as recorded and dp-convert reads what it is to read; 1: something differs.
"""

import io
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
FIXTURE = ROOT / "Tests/Support/Fixtures" / "xyz_headers.json"

P = "Properties=species:S:1:pos:R:3:forces:R:3"
LATTICE = "6 0 0 1 7 0 0.5 0.25 8"
CELL = [float(word) for word in LATTICE.split()]
L = f'Lattice="{LATTICE}"'
NESTED = "[[6,0,0],[1,7,0],[0.5,0.25,8]]"
NINE = "1 2 3 4 5 6 7 8 9"
ROWS = ["O 0 0 0 1 2 3", "H 1 0 0 4 5 6"]
PLAIN = ["O 0 0 0", "H 1 0 0"]
FORCE = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
SYMMETRIC = [1.0, 6.0, 5.0, 6.0, 2.0, 4.0, 5.0, 4.0, 3.0]
ROWWISE = [float(n) for n in range(1, 10)]

# (header, lines of atoms, what is right).  "ase": what ASE reads.  An object: ASE's answer with
# these changed, or all of it if ASE refuses the file.  A text: an error that contains it.
CASES = [
    # As ASE writes them.
    (f'{L} {P} energy=-1.5 pbc="T T T"', ROWS, "ase"),
    (f"{L} {P}", ROWS, "ase"),
    (f'{P} energy=-1.5 pbc="F F F"', ROWS, "ase"),
    (f'{L} {P} energy=-1.5 pbc="F F F"', ROWS, "ase"),
    (f'{L} {P} energy=-1.5 stress="0.1 0.4 0.5 0.4 0.2 0.6 0.5 0.6 0.3" pbc="T T T"', ROWS, "ase"),
    (f'{L} {P} virial="{NINE}" pbc="T T T"', ROWS, "ase"),
    (f'{L} {P}:tags:I:1 energy=-1.5 free_energy=-2.5', [row + " 7" for row in ROWS], "ase"),
    (f'{L} {P} config_type="a b" energy=-1.5', ROWS, "ase"),
    (f"{L} {P} free_energy=-2.5", ROWS, {"energy": -2.5}),
    (f'{L} {P} energy=-1.5 note="_JSON {{\\"a\\": [1, 2]}}"', ROWS, "ase"),
    # Blanks, quotes and brackets.
    (f'Lattice = "{LATTICE}" {P.replace("=", " = ")} energy = -1.5', ROWS, "ase"),
    (f"Lattice= '{LATTICE}' {P} energy =-1.5", ROWS, "ase"),
    (f"Lattice={{{LATTICE}}} {P} energy=-1.5", ROWS, "ase"),
    (f"Lattice=[{LATTICE.replace(' ', ', ')}] {P} energy=-1.5", ROWS, "ase"),
    (f'Lattice="{LATTICE.replace(" ", ",")}" {P} energy=-1.5', ROWS, "ase"),
    (f'\tLattice="{LATTICE.replace(" ", "   ")}"\t{P}\tenergy=-1.5  ', ROWS, "ase"),
    (f'{L} {P} energy=-1.5 title="a \\"b\\" = c"', ROWS, "ase"),
    (f"{L} {P} energy=-1.5 equation=a=b=c", ROWS, "ase"),
    (f'energy=-1.5 pbc="T T T" {P} {L}', ROWS, "ase"),
    (f'{L} {P} energy=-1.5 comment="after a relaxation, energy=-1.4"', ROWS, "ase"),
    (f'{L} Properties="species:S:1:pos:R:3:forces:R:3" energy="-1.5"', ROWS, "ase"),
    (f"{L} {P} energy={{-1.5}}", ROWS, "ase"),
    (f"{L} {P} config_type= energy=-1.5", ROWS, {"energy": -1.5}),
    (f"{L} {P} name=Bob's energy=-1.5", ROWS, {"energy": -1.5}),
    (f'{P} Lattice="{LATTICE} energy=-1.5', ROWS, 'Lattice=""6" found'),
    # Keys in quotes, which ASE reads as words that mean nothing.
    (f'{L} "{P}" energy=-1.5', ROWS, 'Properties="species:S:1:pos:R:3:forces:R:3" stands in quotes'),
    (f"{L} '{P} energy=-1.5'", ROWS, "stands in quotes"),
    (f"{L} {{{P}}} energy=-1.5", ROWS, "stands in quotes"),
    (f'{L} energy=-1.5 comment="{P}"', ROWS, "stands in quotes"),
    (f"{L} energy=-1.5 comment={P}", ROWS, "stands in quotes"),
    (f'{L} {P} "energy=-1.5"', ROWS, 'energy="-1.5" stands in quotes'),
    (f'{L} {P} "STRESS={{1 2 3 4 5 6}}"', ROWS, "stands in quotes"),
    (f"{P} 'Lattice=\"{LATTICE}\"' energy=-1.5", ROWS, "seems to name a cell"),
    (f'{P} comment="cell=[6, 7, 8]" energy=-1.5', ROWS, "seems to name a cell"),
    (f'{P} "cell=[6, 7, 8]" pbc="F F F" energy=-1.5', ROWS, "ase"),
    # Other spellings of the cell.
    (f'LATTICE="{LATTICE}" {P} energy=-1.5', ROWS, {"cell": CELL}),
    (f'lattice="{LATTICE}" {P} energy=-1.5', ROWS, {"cell": CELL}),
    (f'cell="{LATTICE}" {P} energy=-1.5', ROWS, {"cell": CELL}),
    (f'Cell="{LATTICE}" {P} energy=-1.5 pbc="T T T"', ROWS, {"cell": CELL}),
    (f"Lattice={NESTED} {P} energy=-1.5", ROWS, {"symbols": ["O", "H"], "cell": CELL, "energy": -1.5, "force": FORCE}),
    (f'Lattice="{NESTED.replace(",", ", ")}" {P} energy=-1.5', ROWS,
     {"symbols": ["O", "H"], "cell": CELL, "energy": -1.5, "force": FORCE}),
    (f'Lattice="_JSON {NESTED}" {P} energy=-1.5', ROWS,
     {"symbols": ["O", "H"], "cell": CELL, "energy": -1.5, "force": FORCE}),
    (f'Lattice="6.0D0 0 0 1.0d+00 7 0 0.5 2.5D-1 8" {P} energy=-1.5', ROWS,
     {"symbols": ["O", "H"], "cell": CELL, "energy": -1.5, "force": FORCE}),
    (f"Lattice={LATTICE} {P} energy=-1.5", ROWS,
     {"symbols": ["O", "H"], "cell": CELL, "energy": -1.5, "force": FORCE}),
    (f'cell="6 7 8" {P} energy=-1.5', ROWS, {"cell": [6.0, 0, 0, 0, 7.0, 0, 0, 0, 8.0]}),
    (f'cell="6 7 8 90 90 90" {P} energy=-1.5', ROWS, {"cell": [6.0, 0, 0, 0, 7.0, 0, 0, 0, 8.0]}),
    (f"Lattice=None {P} energy=-1.5", ROWS, 'Lattice="None"'),
    (f'Lattice="6 0 0 0 6 0 0 0" {P} energy=-1.5', ROWS, 'Lattice="6 0 0 0 6 0 0 0"'),
    (f'Lattice="6 0 0 0 6 0 0 0 six" {P} energy=-1.5', ROWS, "six"),
    (f'cell="6 0 0 0 6" {P} energy=-1.5', ROWS, 'cell="6 0 0 0 6"'),
    (f"Lattice= {P} energy=-1.5", ROWS, 'Lattice=""'),
    (f'{L} cell="9 0 0 0 9 0 0 0 9" {P}', ROWS, "different cells"),
    (f'Lattice "{LATTICE}" {P}', ROWS, "seems to name a cell"),
    # Periodicity.
    (f"{L} {P} pbc=T", ROWS, "ase"),
    (f"{L} {P} pbc=F", ROWS, "ase"),
    (f"{L} {P} pbc=[T,T,T]", ROWS, "ase"),
    (f"{L} {P} pbc=[T, T, T]", ROWS, "ase"),
    (f'{L} {P} pbc="1 1 1"', ROWS, "ase"),
    (f'{L} {P} pbc="true true true"', ROWS, "ase"),
    (f'{L} {P} pbc="False False False"', ROWS, "ase"),
    (f"{L} {P} pbc=1 1 1", ROWS, "ase"),
    (f"{L} {P} pbc=1 1 0", ROWS, "some directions only"),
    (f'{L} {P} PBC="F F F"', ROWS, {"cell": None}),
    (f'{L} {P} pbc="T T F"', ROWS, "some directions only"),
    (f'{L} {P} pbc="yes yes yes"', ROWS, "yes yes yes"),
    (f'{P} pbc="T T T"', ROWS, "without Lattice"),
    # Elements.
    (f"{L} Properties=Z:I:1:pos:R:3 energy=-1.5", ["8 0 0 0", "1 1 0 0"], "ase"),
    (f"{L} Properties=numbers:I:1:pos:R:3 energy=-1.5", ["8 0 0 0", "1 1 0 0"], "ase"),
    (f"{L} Properties=symbols:S:1:positions:R:3 energy=-1.5", PLAIN, "ase"),
    (f"{L} Properties=pos:R:3:species:S:1 energy=-1.5", ["0 0 0 O", "1 0 0 H"], "ase"),
    (f"{L} Properties=species:S:1:pos:R:3:Z:I:1", ["O 0 0 0 8", "H 1 0 0 1"], "ase"),
    (f"{L} Properties=species:S:1:pos:R:3", ["8 0 0 0", "1 1 0 0"], {"symbols": ["O", "H"], "cell": CELL}),
    (f"{L} properties=species:S:1:pos:R:3:forces:R:3 energy=-1.5", ROWS, {"force": FORCE}),
    (f"{L} Properties=Z:I:1:pos:R:3", ["119 0 0 0", "1 1 0 0"], "no element has the number 119"),
    (f"{L} Properties=species:S:1:pos:R:3:Z:I:1", ["O 0 0 0 7", "H 1 0 0 1"], "the columns disagree"),
    # Labels in other spellings.
    (f"{L} {P} Energy=-1.5", ROWS, {"energy": -1.5}),
    (f"{L} {P} energy=-1.5D+00", ROWS, {"symbols": ["O", "H"], "cell": CELL, "energy": -1.5, "force": FORCE}),
    (f"{L} {P} energy=-1.5 Energy=-1.5", ROWS, {"energy": -1.5}),
    (f"{L} {P} energy=-1.5 Energy=-1.6", ROWS, "differ"),
    (f"{L} {P} energy=*****", ROWS, 'energy="*****"'),
    (f'{L} {P} energy="-1.5 eV"', ROWS, 'energy="-1.5 eV"'),
    (f"{L} {P} energy=-1.5 hartree", ROWS, "followed by 'hartree'"),
    (f"{L} {P} energy=None", ROWS, 'energy="None"'),
    (f'{L} {P} Virial="{NINE}"', ROWS, {"virial": [1.0, 4, 7, 2, 5, 8, 3, 6, 9]}),
    (f'{L} {P} virials="{NINE}"', ROWS, {"virial": [1.0, 4, 7, 2, 5, 8, 3, 6, 9]}),
    (f"{L} {P} virial=[[1,2,3],[4,5,6],[7,8,9]]", ROWS,
     {"symbols": ["O", "H"], "cell": CELL, "force": FORCE, "virial": ROWWISE}),
    (f'{L} {P} virial="1 2 3 4 5 6"', ROWS, {"symbols": ["O", "H"], "cell": CELL, "force": FORCE, "virial": SYMMETRIC}),
    (f'{L} {P} virial="1 2 3 4"', ROWS, 'virial="1 2 3 4"'),
    (f'{L} {P} stress="1 2 x 4 5 6 7 8 9"', ROWS, 'stress="1 2 x'),
    (f"{L} Properties=species:S:1:pos:R:3:force:R:3 energy=-1.5", ROWS, "ase"),
    (f"{L} Properties=species:S:1:pos:R:3:Forces:R:3 energy=-1.5", ROWS, {"force": FORCE}),
    (f"{L} Properties=species:S:1:pos:R:3:fx:R:1:fy:R:1:fz:R:1", ROWS, {"force": FORCE}),
    (f"{L} {P}:force:R:3", ["O 0 0 0 1 2 3 1 2 3", "H 1 0 0 4 5 6 4 5 6"], {"force": FORCE}),
    (f"{L} {P}:force:R:3", ["O 0 0 0 1 2 3 1 2 3", "H 1 0 0 4 5 6 4 5 7"], "force differ"),
    (f"{L} {P}:dft_forces:R:3", ["O 0 0 0 1 2 3 0 0 0", "H 1 0 0 4 5 6 0 0 0"],
     {"notice": "dft_forces is left out"}),
    (f"{L} Properties=species:S:1:pos:R:3:forces:R:2", ["O 0 0 0 1 2", "H 1 0 0 4 5"], "has 2 numbers"),
    (f"{L} {P} REF_energy=-1.5", ROWS, {"notice": "--labels energy=REF_energy"}),
    (f'{L} {P} energy=-1.5 dipole="1 2"', ROWS, {"notice": "dipole is left out"}),
    # Units.
    (f"{L} {P} energy=-1.5 energy_units=eV length_units=angstrom", ROWS, "ase"),
    (f"{L} {P} energy=-1 energy-unit=Hartree force-unit=eV/Ang", ROWS,
     {"energy": -27.211386245988, "notice": "energy from Hartree"}),
    (f"{L} {P} energy=-1.5 energy-unit=foot-pound", ROWS, "foot-pound"),
    # Plain comments.
    ("", PLAIN, "ase"),
    ("water molecule, step 12", PLAIN, "ase"),
    ("the energy is high", PLAIN, {"symbols": ["O", "H"], "cell": None, "energy": None}),
    ("don't move", PLAIN, "ase"),
    ("relaxed, energy=-1.5", PLAIN, "ase"),
    ("i = 3, time = 1.5, E = -17.1", PLAIN, "ase"),
    ("Atoms. Timestep: 0", PLAIN, {"notice": "1 frame has no cell: taken as isolated molecules; give --cell or --no-pbc"}),
    ("Atoms. Timestep: 0", ["1 0 0 0", "2 1 0 0"], "LAMMPS's type 1"),
    ("CELL(abcABC): 10 10 10 90 90 90 Step: 0", PLAIN, "seems to name a cell"),
]


def content(header, rows):
    return f"{len(rows)}\n{header}\n" + "".join(row + "\n" for row in rows)


def ase_reads(text):
    """What ASE reads: an object, or its error as a text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return contents(text)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def contents(text):
    import ase.io

    atoms = ase.io.read(io.StringIO(text), format="extxyz")
    results = atoms.calc.results if atoms.calc else {}
    periodic = bool(atoms.pbc.all())
    virial = atoms.info.get("virial")
    if virial is None and "stress" in results and periodic:
        virial = -atoms.get_stress(voigt=False) * atoms.get_volume()
    energy = results.get("energy")
    return {
        "symbols": atoms.get_chemical_symbols(), "cell": numbers(atoms.cell[:]) if periodic else None,
        "energy": None if energy is None else float(energy),
        "force": numbers(results.get("forces", atoms.arrays.get("force"))), "virial": numbers(virial),
    }


def numbers(array):
    return None if array is None else np.asarray(array, float).ravel().tolist()


EMPTY = {"symbols": None, "cell": None, "energy": None, "force": None, "virial": None, "notice": None}


def expected(ase, right):
    """What we are to read: an object, or a part of the error's text."""
    if right == "ase":
        if isinstance(ase, str):
            raise ValueError(f"ASE refuses the file: {ase}")
        return {**EMPTY, **ase}
    if isinstance(right, str):
        return right
    return {**EMPTY, **({} if isinstance(ase, str) else ase), **right}


def table():
    entries = []
    for header, rows, right in CASES:
        text = content(header, rows)
        ase = ase_reads(text)
        entries.append({"text": text, "ase": ase, "expected": expected(ase, right)})
    return entries


def difference(tool, folder, number, entry):
    """What dp-convert reads otherwise than it is to; None if nothing."""
    path, out = folder / f"{number}.xyz", folder / f"{number}"
    path.write_text(entry["text"])
    run = subprocess.run([tool, path, f"{out}/"], capture_output=True, text=True)
    right = entry["expected"]
    if isinstance(right, str):
        return None if run.returncode == 65 and right in run.stderr else f"exit {run.returncode}: {run.stderr}"
    if run.returncode:
        return run.stderr
    if right["notice"] and right["notice"] not in run.stderr:
        return f"does not say '{right['notice']}': {run.stderr}"
    [system] = [found.parent for found in out.glob("*/type.raw")]
    names = (system / "type_map.raw").read_text().split()
    symbols = [names[int(word)] for word in (system / "type.raw").read_text().split()]
    if symbols != right["symbols"]:
        return f"reads {symbols}"
    for name, file in [("cell", "box"), ("energy", "energy"), ("force", "force"), ("virial", "virial")]:
        file = system / f"set.000/{file}.npy"
        if (right[name] is None) == file.exists():
            return f"{name}: {right[name]} is right"
        if right[name] is not None and not np.allclose(np.load(file).ravel(), right[name], rtol=1e-12, atol=1e-12):
            return f"{name}: {np.load(file).ravel().tolist()}, not {right[name]}"
    return None


def check(tool, folder):
    """The differences from the fixture of what this ASE and this dp-convert read, in words; and the number of headers."""
    recorded, problems = json.loads(FIXTURE.read_text()), []
    for number, (entry, now) in enumerate(zip(recorded, table(), strict=True)):
        if entry["text"] != now["text"] or isinstance(entry["ase"], str) != isinstance(now["ase"], str) or (
                not isinstance(now["ase"], str) and entry["ase"] != now["ase"]):
            problems.append(f"{entry['text']}ASE: {now['ase']}, recorded: {entry['ase']}")
        if found := difference(tool, folder, number, entry):
            problems.append(f"{entry['text']}{found}")
    return problems, len(recorded)


def main():
    if "--record" in sys.argv:
        lines = [json.dumps(entry, ensure_ascii=False) for entry in table()]
        FIXTURE.write_text("[\n" + ",\n".join(lines) + "\n]\n")
        print(f"{FIXTURE}: {len(lines)} headers")
        return 0
    tools = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build" / "release").resolve()
    with tempfile.TemporaryDirectory() as folder:
        problems, count = check(tools / "dp-convert", pathlib.Path(folder))
    for problem in problems:
        print(f"FAILED: {problem}")
    print(f"{count} headers, {len(problems)} read otherwise than they should be")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
