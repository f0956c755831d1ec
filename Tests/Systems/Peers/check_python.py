#!/usr/bin/env python3
"""Check the Python module deep_potential against DeePMD-kit's: the same calls, side by side.

    python3 Tests/Systems/Peers/check_python.py [--library .build/release/libdeepmd_c.so]

Needs a Python with DeePMD-kit (PyTorch backend) and ASE; without one it says so.
Exit code 0: everything agrees, or nothing could be checked; 1: something does not.
"""
import argparse
import importlib.util
import os
import pathlib
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "Tests/Support/Fixtures"
sys.path.insert(0, str(ROOT / "Sources/Python"))
TOLERANCE = 1e-10
#: Questions without arguments whose answers are the same.
QUESTIONS = [
    "get_rcut", "get_ntypes", "get_type_map", "get_dim_fparam", "get_dim_aparam", "has_default_fparam",
    "get_ntypes_spin", "has_chg_spin_ebd", "has_default_chg_spin", "get_sel_type",
    "get_model_size", "get_model_def_script"]
PROPERTIES = ["has_efield", "has_spin", "has_hessian", "use_spin"]


class Pair:
    """A model of a fixture in both programs."""

    def __init__(self, name, folder):
        import deep_potential
        from deepmd.entrypoints.convert_backend import convert_backend
        from deepmd.infer import DeepPot
        self.paths = [FIXTURES / f"{name}.dp", folder / f"{pathlib.Path(name).name}.pth"]
        convert_backend(INPUT=str(self.paths[0]), OUTPUT=str(self.paths[1]))
        self.name, self.ours, self.theirs = name, deep_potential.DeepPot(self.paths[0]), DeepPot(str(self.paths[1]))
        self.worst = 0.0

    def agree(self, what, found, wanted):
        """That arrays, or tuples of them, have the same shapes, types and, to TOLERANCE, numbers."""
        found, wanted = [x if isinstance(x, tuple) else (x,) for x in (found, wanted)]
        assert len(found) == len(wanted), f"{self.name}, {what}: {len(found)} results, theirs {len(wanted)}"
        for one, other in zip(found, wanted):
            assert (one.shape, one.dtype) == (other.shape, other.dtype), \
                f"{self.name}, {what}: {one.dtype} {one.shape}, theirs {other.dtype} {other.shape}"
            worst = float(np.abs(one - other).max(initial=0) / max(1, np.abs(other).max(initial=0)))
            assert worst <= TOLERANCE, f"{self.name}, {what}: differs by {worst:.2g}"
            self.worst = max(self.worst, worst)

    def both(self, what, function):
        """That a function of a model gives the same of both."""
        self.agree(what, function(self.ours), function(self.theirs))

    def both_throw(self, what, function):
        """That a function of a model throws the same kind of error with both."""
        kinds = []
        for model in [self.ours, self.theirs]:
            try:
                function(model)
                kinds.append(None)
            except Exception as error:
                kinds.append(type(error))
        assert kinds[0] == kinds[1] is not None, f"{self.name}, {what}: {kinds[0]}, theirs {kinds[1]}"


def frames(types, count=3):
    """Atoms of these types near the points of a lattice in triclinic cells, [count][atoms][3] and [count][9]."""
    random, atoms = np.random.default_rng(7), len(types)
    cells = np.array([[6.5, 0, 0], [0.6, 6.2, 0], [-0.4, 0.5, 6.8]]) * random.uniform(0.98, 1.02, (count, 1, 1))
    points = np.array(np.unravel_index(np.arange(27), (3, 3, 3))).T[:atoms] / 3
    return (points + random.uniform(-0.06, 0.06, (count, atoms, 3))) @ cells, cells.reshape(count, 9)


def check_results(pair):
    types = np.arange(18) % pair.ours.get_ntypes()
    coords, cells = frames(types)
    random = np.random.default_rng(8)
    for question in QUESTIONS:
        found, wanted = [getattr(model, question)() for model in (pair.ours, pair.theirs)]
        assert found == wanted, f"{pair.name}, {question}: {found}, theirs {wanted}"
    # Theirs are in the order of atomic numbers.
    found, wanted = [model.get_observed_types() for model in (pair.ours, pair.theirs)]
    assert [set(x["observed_type"]) for x in (found, wanted)] == [set(pair.ours.get_type_map())] * 2
    assert found["type_num"] == wanted["type_num"] and found.keys() == wanted.keys()
    for name in PROPERTIES:
        assert getattr(pair.ours, name) == getattr(pair.theirs, name), f"{pair.name}, {name}"
    frame, atom = pair.ours.get_dim_fparam(), pair.ours.get_dim_aparam()
    shapes = [((3, frame), (3, 18, atom)), ((frame,), (18, atom)), ((3, frame), (atom,))]
    for one, other in shapes if frame else [(None, None)]:
        given = {"fparam": random.normal(size=one), "aparam": random.normal(size=other)} if frame else {}
        pair.both("periodic", lambda model: model.eval(coords, cells, types, atomic=True, **given))
        pair.both("free", lambda model: model.eval(coords, None, types, atomic=True, **given))
        flat = coords.reshape(3, -1).tolist(), cells.reshape(3, 3, 3).tolist(), types.tolist()
        pair.both("lists", lambda model: model.eval(*flat, **given))
        pair.both("descriptors", lambda model: model.eval_descriptor(coords, cells, types, **given))
    one, other, *_ = given.values() or [None, None]
    pair.both("in order", lambda model: model.eval(coords[:1], cells[:1], types, False, one if one is None else one[0], other))


def check_mixed(pair):
    types = np.arange(18) % pair.ours.get_ntypes()
    coords, cells = frames(types)
    mixed = np.array([types, types[::-1], np.roll(types, 1)])
    pair.both("mixed", lambda model: model.eval(coords, cells, mixed, True, mixed_type=True))
    mixed[1, -4:] = -1
    pair.both("mixed, with missing atoms", lambda model: model.eval(coords, cells, mixed, mixed_type=True))


def check_errors(pair):
    types = np.arange(18) % pair.ours.get_ntypes()
    coords, cells = frames(types)
    pair.both_throw("coordinates", lambda model: model.eval(coords.ravel()[1:], cells, types))
    pair.both_throw("cells", lambda model: model.eval(coords, cells[:, :3], types))
    pair.both_throw("other kinds of cells", lambda model: model.eval(coords, cells[:2], types))
    pair.both_throw("frame parameters", lambda model: model.eval(coords, cells, types, fparam=np.zeros(5)))
    pair.both_throw("atom parameters", lambda model: model.eval(coords, cells, types, aparam=np.zeros(5)))


def check_deviation(pairs, folder):
    import deepmd.infer
    import deep_potential
    types = np.arange(18) % 2
    coords, cells = frames(types)
    for number, options in enumerate([{}, {"atomic": True}, {"frequency": 10, "relative": 0.5}]):
        files = [folder / f"{name}-{number}.out" for name in ["ours", "theirs"]]
        found = deep_potential.calc_model_devi(
            coords, cells, types, [pair.ours for pair in pairs], fname=files[0], **options)
        wanted = deepmd.infer.calc_model_devi(
            coords, cells, types, [pair.theirs for pair in pairs], fname=files[1], **options)
        pairs[0].agree(f"deviation {options}", found, wanted)
        heads = [[line[:10] for line in file.read_text().splitlines()] for file in files]
        assert heads[0] == heads[1] and np.allclose(*[np.loadtxt(file) for file in files], rtol=1e-6), files


def check_calculator(pair):
    from ase import Atoms, units
    from ase.md.verlet import VelocityVerlet
    from deepmd.calculator import DP as Theirs
    from deep_potential.calculator import DP
    types = np.arange(18) % 2
    coords, cells = frames(types, 1)
    runs = []
    for kind, path in [(DP, pair.paths[0]), (Theirs, pair.paths[1])]:
        atoms = Atoms([pair.ours.get_type_map()[t] for t in types], coords[0], cell=cells[0].reshape(3, 3), pbc=True)
        atoms.set_velocities(np.random.default_rng(9).normal(size=(18, 3)) * 0.02)
        atoms.calc = kind(model=path)
        start = [np.array(atoms.get_potential_energy()), atoms.get_forces(), atoms.get_stress(), atoms.calc.results["virial"]]
        VelocityVerlet(atoms, 0.5 * units.fs).run(20)
        runs.append([*start, atoms.positions, atoms.get_velocities(), np.array(atoms.get_potential_energy())])
        # Without a cell.
        atoms.pbc = False
        runs[-1] += [np.array(atoms.get_potential_energy()), atoms.get_forces()]
        try:
            atoms.get_stress()
            runs[-1].append(np.array(0))
        except NotImplementedError:
            runs[-1].append(np.array(1))
    pair.agree("calculator", *map(tuple, runs))
    assert runs[0][-1] == 1 and np.abs(runs[0][4] - coords[0]).max() > 0.01


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", default=ROOT / ".build/release/libdeepmd_c.so", type=pathlib.Path)
    os.environ["DEEP_POTENTIAL_LIBRARY"] = str(parser.parse_args().library.resolve())
    if missing := [name for name in ["deepmd", "torch", "ase"] if importlib.util.find_spec(name) is None]:
        print(f"skipped: {sys.executable} has no {' and no '.join(missing)}")
        return 0
    names = ["se_e2_a_oneside", "se_e2_a_resnetdt", "se_e2_a_twoside", "ener_fparam_aparam", "descriptors/dpa1_strip_attn0"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        pairs = [Pair(name, folder) for name in names]
        try:
            for pair in pairs:
                check_results(pair)
            check_mixed(pairs[-1])
            check_errors(pairs[2])
            check_deviation(pairs[:2], folder)
            check_calculator(pairs[0])
        except AssertionError as error:
            print(f"FAILED: {error}")
            return 1
    print(f"{len(pairs)} models, in both programs: the same to {max(pair.worst for pair in pairs):.0e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
