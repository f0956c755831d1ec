#!/usr/bin/env python3
"""Check that data sets pass between dp-convert and the programs it works with.

    python3 Tests/Systems/Peers/check_data.py [folder of dp-convert, default .build/debug]

Uses whatever of dpdata, ASE and DeePMD-kit can be imported and says what it leaves out.  Exit code 0:
everything that could be checked agrees; 1: something does not.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import traceback

try:
    import numpy as np
except ImportError:
    print("skipped: numpy is not installed")
    sys.exit(0)

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build" / "debug").resolve()
DATA = ROOT / "Tests/Support/Fixtures" / "data"
SYSTEMS = ["a", "b", "c"]  # c has no cell and two sets


def convert(*arguments):
    subprocess.run([BIN / "dp-convert", "--quiet", *map(str, arguments)], check=True)


def summaries(path):
    run = subprocess.run(
        [BIN / "dp-convert", "--quiet", "--check", "--json", str(path)], check=True, stdout=subprocess.PIPE
    )
    return json.loads(run.stdout)["systems"]


def digests(path):
    return sorted(s["sha256"] for s in summaries(path))


def stored(system, name):
    """The array as the fixture's npy files hold it, sets joined; None if there is none."""
    files = sorted((DATA / system).glob(f"set.*/{name}.npy"))
    return np.concatenate([np.load(f) for f in files]) if files else None


def agree(what, found, expected, tolerance=0.0):
    found, expected = np.ravel(found), np.ravel(expected)
    assert found.shape == expected.shape, f"{what}: {found.shape} numbers, expected {expected.shape}"
    worst = np.max(np.abs(found - expected), initial=0.0)
    assert worst <= tolerance, f"{what}: differs by {worst}"


def check_dpdata_reads(work):
    import dpdata

    for path, form in [(work / "all.h5", "deepmd/hdf5"), (work / "npy", "deepmd/npy")]:
        for name in SYSTEMS:
            place = f"{path}#/{name}" if form == "deepmd/hdf5" else str(path / name)
            system = dpdata.LabeledSystem(place, fmt=form)
            pairs = [("coords", "coord"), ("energies", "energy"), ("forces", "force"), ("virials", "virial")]
            for theirs, ours in pairs:
                expected = stored(name, ours)
                assert (expected is None) == (theirs not in system.data), f"{place}: {ours}"
                if expected is not None:
                    agree(f"{place} {ours}", system[theirs], expected)
            assert system.data.get("nopbc", False) == (name == "c"), f"{place}: nopbc"
    several = dpdata.MultiSystems()
    several.load_systems_from_file(str(work / "all.h5"), fmt="deepmd/hdf5")
    assert several.get_nframes() == 15, f"{several.get_nframes()} frames in MultiSystems"


def check_dpdata_writes(work):
    import dpdata

    names = ["O", "H"]
    systems = dpdata.MultiSystems(type_map=names)
    for name in SYSTEMS:
        systems.append(dpdata.LabeledSystem(str(DATA / name), fmt="deepmd/npy"))
    for form in ["deepmd/hdf5", "deepmd/npy", "deepmd/raw", "deepmd/npy/mixed", "deepmd/hdf5/mixed"]:
        target = work / ("theirs-" + form.replace("/", "-") + (".h5" if "hdf5" in form else ""))
        options = {} if form == "deepmd/raw" else {"prec": np.float64}
        if "hdf5" in form:
            options = {"comp_prec": np.float64}
        elif "npy" in form:
            options = {"comp_prec": np.float64}
        systems.to(form, str(target), **options)
        found = summaries(target)
        assert sum(s["frames"] for s in found) == 15, f"{form}: {found}"
        again = work / f"again-{target.name}.h5"
        convert(target, again)
        assert digests(again) == digests(target), form
        if "mixed" in form:
            back = work / f"mixed-{target.name}-npy"
            convert(again, f"{back}/")
            loaded = dpdata.MultiSystems()
            loaded.load_systems_from_file(str(again), fmt="deepmd/hdf5/mixed")
            assert loaded.get_nframes() == 15, f"{form} back: {loaded.get_nframes()} frames"


def check_deepmd_loads(work):
    from deepmd.utils.data import DeepmdData

    for name in SYSTEMS:
        data = DeepmdData(f"{work / 'all.h5'}#/{name}", shuffle_test=False, type_map=["O", "H"], sort_atoms=False)
        data.add("energy", 1, atomic=False, must=False, high_prec=True)
        data.add("force", 3, atomic=True, must=False)
        data.add("virial", 9, atomic=False, must=False)
        test = data.get_test()
        assert data.pbc == (name != "c"), f"{name}: pbc"
        for key in ["coord", "energy", "force", "virial"]:
            expected = stored(name, key)
            if key != "coord":
                assert test[f"find_{key}"] == (expected is not None), f"{name}: find_{key}"
            if expected is not None:
                agree(f"{name} {key}", test[key], expected)


def check_deepmd_loads_mixed_type(work):
    from deepmd.utils.data import DeepmdData

    # Two frames of three atoms, the second with a padding atom, in elements that the model orders
    # otherwise.
    folder = work / "mixed-source" / "set.000"
    folder.mkdir(parents=True)
    types = np.array([[1, 0, 1], [0, 1, -1]])
    (folder.parent / "type.raw").write_text("0\n0\n0\n")
    (folder.parent / "type_map.raw").write_text("O\nH\n")
    (folder.parent / "nopbc").write_text("")
    rng = np.random.default_rng(3)
    arrays = {"coord": rng.normal(size=(2, 9)), "energy": rng.normal(size=2), "force": rng.normal(size=(2, 9))}
    for name, array in {**arrays, "real_atom_types": types}.items():
        np.save(folder / f"{name}.npy", array)
    convert(folder.parent, work / "mixed-source.h5")
    convert(work / "mixed-source.h5", f"{work}/mixed-back/")
    for place in [f"{work / 'mixed-source.h5'}#/mixed-source", str(work / "mixed-back" / "mixed-source")]:
        data = DeepmdData(place, shuffle_test=False, type_map=["H", "O"], sort_atoms=False)
        data.add("energy", 1, atomic=False, must=True, high_prec=True)
        data.add("force", 3, atomic=True, must=True)
        test = data.get_test()
        assert data.mixed_type and not data.pbc
        agree("types", test["type"], np.where(types < 0, types, 1 - types))
        for name, array in arrays.items():
            agree(name, test[name], array)


def check_deepmd_neighbor_stat(work):
    program = pathlib.Path(sys.executable).parent / "dp"
    if not program.exists():
        return "dp is not beside this Python"
    outputs = {}
    for backend in ["--pt", "--tf"]:
        for systems in [work / "all.h5", DATA]:
            run = subprocess.run(
                [program, backend, "neighbor-stat", "-s", systems, "-r", "3", "-t", "O", "H"],
                capture_output=True, text=True, cwd=work,
            )
            text = run.stdout + run.stderr
            lines = [line.split("INFO")[-1].strip() for line in text.splitlines() if "_nbor_" in line]
            outputs[backend, systems] = lines if run.returncode == 0 else None
        ours, reference = (outputs[backend, systems] for systems in [work / "all.h5", DATA])
        if reference:
            assert ours == reference, f"{backend}: {ours} against {reference}"
    if not any(outputs.values()):
        return "neither backend of dp starts"


def check_ase_reads(work):
    import ase.io

    convert(DATA, work / "ours.xyz")
    frames = ase.io.read(work / "ours.xyz", index=":")
    assert len(frames) == 15
    first = 0
    for name in SYSTEMS:
        coord, box = stored(name, "coord"), stored(name, "box")
        for k, atoms in enumerate(frames[first : first + len(coord)]):
            agree("positions", atoms.positions, coord[k])
            agree("energy", atoms.get_potential_energy(), np.ravel(stored(name, "energy"))[k])
            agree("forces", atoms.get_forces(), stored(name, "force")[k])
            assert atoms.pbc.all() == (name != "c")
            if name != "c":
                agree("cell", atoms.cell.array, box[k])
                virial = stored(name, "virial")[k].reshape(3, 3)
                agree("virial", atoms.info["virial"], virial)
                symmetric = -(virial + virial.T) / 2 / atoms.get_volume()
                agree("stress", atoms.get_stress(voigt=False), symmetric, 1e-12)
        first += len(coord)


def check_ase_writes(work):
    import ase
    import ase.io
    from ase.calculators.singlepoint import SinglePointCalculator

    rng = np.random.default_rng(7)
    frames, expected = [], []
    for k in range(3):
        cell = np.diag([5.0, 6.0, 7.0]) + rng.uniform(-0.5, 0.5, (3, 3))
        atoms = ase.Atoms("OHHOHH", positions=rng.uniform(0, 5, (6, 3)), cell=cell, pbc=True)
        stress = rng.uniform(-0.1, 0.1, (3, 3))
        stress += stress.T
        forces, energy = rng.normal(size=(6, 3)), -10.0 - k
        voigt = stress[[0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1]]
        atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=forces, stress=voigt)
        frames.append(atoms)
        expected.append((energy, forces, -stress * atoms.get_volume(), cell))
    ase.io.write(work / "theirs.xyz", frames, format="extxyz")
    convert(work / "theirs.xyz", f"{work}/from-ase/")
    folder = next((work / "from-ase").glob("*/set.000"))
    energies, forces, virials, cells = (np.array(x) for x in zip(*expected))
    agree("energy", np.load(folder / "energy.npy"), energies)
    agree("box", np.load(folder / "box.npy"), cells, 1e-7)  # ASE writes eight decimals of atoms
    agree("force", np.load(folder / "force.npy"), forces, 1e-7)
    agree("virial", np.load(folder / "virial.npy"), virials, 1e-5)


def main():
    if not (BIN / "dp-convert").exists():
        print(f"{BIN}/dp-convert is missing: build it first")
        return 1
    checks = [
        ("dpdata", check_dpdata_reads), ("dpdata", check_dpdata_writes),
        ("deepmd", check_deepmd_loads),
        ("deepmd", check_deepmd_loads_mixed_type), ("deepmd", check_deepmd_neighbor_stat),
        ("ase", check_ase_reads), ("ase", check_ase_writes),
    ]
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        convert(DATA, work / "all.h5")
        convert(work / "all.h5", f"{work}/npy/")
        for module, check in checks:
            name = check.__name__.removeprefix("check_")
            if importlib.util.find_spec(module) is None:
                print(f"skipped: {name} ({module} is not installed)")
                continue
            try:
                reason = check(work)
                print(f"skipped: {name} ({reason})" if reason else f"ok: {name}")
            except Exception as error:
                failures += 1
                print(f"FAILED: {name}: {error!r}")
                traceback.print_exc()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
