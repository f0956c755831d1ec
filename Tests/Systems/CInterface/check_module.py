"""Asks the Python module deep_potential, with nothing but NumPy: `check_module.py CASE [TOOLS]`.

It finds the library by DEEP_POTENTIAL_LIBRARY.  Numbers are DeePMD-kit's, from the fixtures.  The
exit code is 1, and a trace says where, if something does not hold.
"""
import copy
import errno
import json
import os
import pathlib
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "Tests/Support/Fixtures"
sys.path.insert(0, str(ROOT / "Sources/Python"))
from deep_potential import DeepEval, DeepPot, DeepPotentialError, calc_model_devi  # noqa: E402
from deep_potential.infer.model_devi import calc_model_devi_v, write_model_devi_out  # noqa: E402

MODELS = [
    "se_e2_a_oneside", "se_e2_a_twoside", "se_e2_a_pairexcl", "ener_fparam_aparam", "ener_default_fparam",
    "descriptors/dpa1_strip_attn0", "descriptors/hybrid_a_r"]
KEYS = ["energy", "force", "virial", "atom_energy", "atom_virial"]


class Frame:
    """A frame of a fixture, and DeePMD-kit's results for it."""

    def __init__(self, name, number=0):
        found = json.loads((FIXTURES / f"{name}.json").read_text())["configs"][number]
        self.path = FIXTURES / f"{name}.dp"
        self.types, self.cell = found["types"], found["box"] or None
        self.coords = np.reshape(found["coord"], (1, -1, 3))
        self.parameters = {key: found.get(key) or None for key in ["fparam", "aparam"]}
        atoms = len(self.types)
        shapes = [(1, 1), (1, atoms, 3), (1, 9), (1, atoms, 1), (1, atoms, 9)]
        self.results = [np.reshape(found["out"][key], shape) for key, shape in zip(KEYS, shapes)]

    def arguments(self):
        return self.coords, self.cell, self.types


def frames(name):
    count = len(json.loads((FIXTURES / f"{name}.json").read_text())["configs"])
    return [Frame(name, number) for number in range(count)]


def same(found, wanted, tolerance=1e-8):
    """That all arrays have these shapes and, but for rounding, these numbers."""
    assert len(found) == len(wanted), f"{len(found)} results"
    for one, other in zip(found, wanted):
        assert one.shape == other.shape and one.dtype == np.float64, f"{one.dtype} {one.shape}, not {other.shape}"
        worst, scale = np.abs(one - other).max(initial=0), max(1, np.abs(other).max(initial=0))
        assert worst <= tolerance * scale, f"differs by {worst}"


def throws(kind, text, action, *arguments, **options):
    """That a call throws this kind of error with this text in it."""
    try:
        action(*arguments, **options)
    except kind as error:
        assert text in str(error), f"{kind.__name__} says: {error}"
    else:
        raise AssertionError(f"no {kind.__name__}: {text}")


def numbers():
    for name in MODELS:
        for frame in frames(name):
            with DeepPot(frame.path) as model:
                found = model.eval(*frame.arguments(), atomic=True, **frame.parameters)
                same(found, frame.results)
                same(model.eval(*frame.arguments(), **frame.parameters), found[:3], 0)


def shapes():
    frame = Frame("se_e2_a_twoside")
    model, atoms = DeepPot(str(frame.path)), len(frame.types)
    assert frame.cell is not None
    assert model.get_type_map() == ["O", "H", "Na"] and model.get_ntypes() == 3 and model.get_rcut() == 4
    moved = np.concatenate([frame.coords, frame.coords + 0.1 * np.sin(np.arange(3 * atoms)).reshape(-1, 3)])
    cells = np.array([frame.cell, frame.cell])
    alone = [model.eval(moved[k], cells[k], frame.types, True) for k in range(2)]
    both = [np.concatenate(pair) for pair in zip(*alone)]
    assert abs(alone[0][0] - alone[1][0]) > 1e-6
    for coords in [moved, moved.reshape(2, -1), moved.tolist(), np.asfortranarray(moved)]:
        same(model.eval(coords, cells.reshape(2, 9), frame.types, True), both, 0)
    same(model.eval(moved.astype(np.float32), cells, frame.types, True), both, 1e-4)
    # Each frame its own types, in the second one in another order.
    order = np.arange(atoms)[::-1]
    mixed = np.array([frame.types, np.array(frame.types)[order]])
    swapped = np.array([moved[0], moved[1][order]])
    found = model.eval(swapped, cells, mixed, True, mixed_type=True)
    same([found[0], found[2]], [both[0], both[2]], 1e-12)
    same([found[1][1][order], found[4][1][order]], [both[1][1], both[4][1]], 1e-12)
    # An atom of type -1 is as good as absent.
    kept = model.eval(moved[:1, 1:], cells[0], frame.types[1:], True)
    ignored = model.eval(moved[:1], cells[0], [-1, *frame.types[1:]], True)
    same([ignored[0], ignored[1][:, 1:], ignored[2]], kept[:3], 1e-12)
    assert (ignored[1][:, 0] == 0).all() and ignored[3][0, 0, 0] == 0
    # No frames, no atoms.
    assert [array.shape for array in model.eval(moved[:0], cells[:0], frame.types)] == [(0, 1), (0, atoms, 3), (0, 9)]
    assert model.eval(np.zeros((2, 0)), None, [])[0].tolist() == [[0], [0]]


def parameters():
    frame = Frame("ener_fparam_aparam")
    model, atoms = DeepPot(frame.path), len(frame.types)
    assert (model.get_dim_fparam(), model.get_dim_aparam(), model.has_default_fparam()) == (2, 1, False)
    twice = [np.concatenate([frame.coords] * 2), None if frame.cell is None else [frame.cell] * 2, frame.types]
    wanted = [np.concatenate([array] * 2) for array in model.eval(*frame.arguments(), **frame.parameters)]
    fparam, aparam = np.array(frame.parameters["fparam"]).ravel(), np.array(frame.parameters["aparam"]).ravel()
    for one in [fparam, [fparam, fparam]]:
        for other in [aparam, [aparam, aparam], np.reshape([aparam, aparam], (2, atoms, 1))]:
            same(model.eval(*twice, fparam=one, aparam=other), wanted, 0)
    same(model.eval(*twice, fparam=fparam, aparam=[0.25]), model.eval(*twice, fparam=fparam, aparam=[[0.25]] * atoms), 0)
    throws(RuntimeError, "fparam: is missing", model.eval, *twice, aparam=aparam)
    throws(RuntimeError, "aparam: is missing", model.eval, *twice, fparam=fparam)
    throws(RuntimeError, "fparam: got wrong size, 3 numbers", model.eval, *twice, fparam=[1, 2, 3], aparam=aparam)
    throws(RuntimeError, "aparam: got wrong size, 2 numbers", model.eval, *twice, fparam=fparam, aparam=[1, 2])
    frame = Frame("ener_default_fparam")
    model = DeepPot(frame.path)
    assert model.has_default_fparam()
    same(model.eval(*frame.arguments()), model.eval(*frame.arguments(), fparam=[0.35]), 0)


def errors():
    frame = Frame("se_e2_a_twoside")
    model, (coords, cell, types) = DeepPot(frame.path), frame.arguments()
    throws(FileNotFoundError, "nowhere.h5: no such file", DeepPot, "nowhere.h5")
    throws(DeepPotentialError, "is not a readable HDF5 file", DeepPot, ROOT / "Makefile")
    throws(ValueError, "coords: has 71 numbers, expected a multiple of 72", model.eval, coords.ravel()[1:], cell, types)
    throws(ValueError, "cells: has 3 numbers, expected 9", model.eval, coords, [9, 9, 9], types)
    throws(ValueError, "need mixed_type=True", model.eval, coords, cell, [types, types])
    throws(ValueError, "atom_types: has shape (24,)", model.eval, coords, cell, types, mixed_type=True)
    throws(DeepPotentialError, "atom 0: has type 99", model.eval, coords, cell, [99, *types[1:]])
    throws(DeepPotentialError, "spans no volume", model.eval, coords, np.zeros(9), types)
    throws(DeepPotentialError, "atom 0: its coordinate nan", model.eval, coords * np.nan, cell, types)
    throws(NotImplementedError, "efield: is given", model.eval, coords, cell, types, efield=coords)
    throws(NotImplementedError, "--model-branch water", DeepPot, frame.path, head="water")
    throws(NotImplementedError, "serialize", model.serialize)
    throws(TypeError, "speed: no such option", DeepPot, frame.path, speed=9)
    # After an error a model goes on.
    same(model.eval(coords, cell, types), frame.results[:3])
    model.close()
    model.close()
    throws(ValueError, "is closed", model.get_rcut)
    throws(ValueError, "is closed", model.eval, coords, cell, types)


def library():
    script = f"import sys; sys.path.insert(0, {str(ROOT / 'Sources/Python')!r}); import deep_potential; "
    for place, text in [("/nowhere", "is not at /nowhere; give its path in DEEP_POTENTIAL_LIBRARY"),
                        (__file__, "cannot be used"), (None, "Sources/Python/deep_potential/libdeepmd_c.so or ")]:
        environment = {k: v for k, v in os.environ.items() if k != "DEEP_POTENTIAL_LIBRARY"}
        environment |= {"DEEP_POTENTIAL_LIBRARY": place} if place else {}
        done = subprocess.run(
            [sys.executable, "-c", script + "deep_potential.DeepPot('x')"], env=environment, capture_output=True, text=True)
        assert done.returncode == 1 and "ImportError: " in done.stderr and text in done.stderr, done.stderr
    # After make install the library is in a folder lib above the module.
    with tempfile.TemporaryDirectory() as folder:
        installed = pathlib.Path(folder) / "lib/python3/dist-packages"
        shutil.copytree(ROOT / "Sources/Python", installed)
        (installed.parents[1] / "libdeepmd_c.so").symlink_to(pathlib.Path(os.environ["DEEP_POTENTIAL_LIBRARY"]).resolve())
        environment = {k: v for k, v in os.environ.items() if k != "DEEP_POTENTIAL_LIBRARY"} | {"PYTHONPATH": str(installed)}
        script = f"import deep_potential; print(deep_potential.DeepPot({str(FIXTURES / 'se_e2_a_twoside.dp')!r}).get_type_map())"
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
        assert done.stdout == "['O', 'H', 'Na']\n", done.stderr


def threads():
    found = [None, None]
    chosen = [Frame("se_e2_a_oneside"), Frame("ener_fparam_aparam")]
    models = [DeepPot(frame.path) for frame in chosen]
    together = threading.Barrier(2)

    def compute(k):
        together.wait()
        found[k] = [models[k].eval(*chosen[k].arguments(), **chosen[k].parameters) for _ in range(100)]

    in_threads([lambda: compute(0), lambda: compute(1)])
    for frame, results in zip(chosen, found):
        for result in results:
            same(result, frame.results[:3])
    # One model of several threads answers one after the other.
    in_threads([lambda: same(models[0].eval(*chosen[0].arguments()), chosen[0].results[:3]) for _ in range(4)])
    # The library waits for a pipe that only another thread opens: with Python's lock it would wait
    # forever.
    with tempfile.TemporaryDirectory() as folder:
        pipe, ended = pathlib.Path(folder) / "model.h5", threading.Event()
        os.mkfifo(pipe)
        in_threads([lambda: refuses(pipe, ended), lambda: feed(pipe, ended)])


def refuses(pipe, ended):
    try:
        throws(DeepPotentialError, "model.h5: ", DeepPot, pipe)
    finally:
        ended.set()


def feed(pipe, ended):
    """Opens a pipe whenever a reader waits for that."""
    while not ended.wait(0.001):
        try:
            os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:  # nobody reads
            assert error.errno == errno.ENXIO


def in_threads(actions):
    """Runs functions at the same time; throws the error of any of them."""
    failures = []

    def attempt(action):
        try:
            action()
        except BaseException as error:
            failures.append(error)

    running = [threading.Thread(target=attempt, args=[action]) for action in actions]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    for failure in failures:
        raise failure


def deviation():
    frame = Frame("se_e2_a_oneside")
    models = [DeepPot(FIXTURES / f"{name}.dp") for name in ["se_e2_a_oneside", "se_e2_a_resnetdt"]]
    atoms, coords = len(frame.types), np.concatenate([frame.coords, frame.coords * 1.01])
    cells = [frame.cell, frame.cell]
    e, f, v = map(np.array, zip(*[model.eval(coords, cells, frame.types) for model in models]))
    # Of two models the deviation is half the difference.
    e, f, v = [abs(x[0] - x[1]) / 2 for x in (e / atoms, f, v / atoms)]
    of_atoms = np.sqrt((f**2).sum(-1))
    wanted = np.column_stack([
        [0, 5], v.max(1), v.min(1), np.sqrt((v**2).mean(1)), of_atoms.max(1), of_atoms.min(1), of_atoms.mean(1), e[:, 0]])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model_devi.out"
        found = calc_model_devi(coords, cells, frame.types, models, fname=path, frequency=5)
        same([found], [wanted], 1e-12)
        lines = path.read_text().splitlines()
        assert lines[1].split() == "# step max_devi_v min_devi_v avg_devi_v max_devi_f min_devi_f avg_devi_f devi_e".split()
        assert np.allclose(np.loadtxt(path), wanted, rtol=1e-6) and lines[3][:12] == "           5"
        found = calc_model_devi(coords, cells, frame.types, models, atomic=True, relative=1)
        assert found.shape == (2, 8 + atoms) and (found[:, 8:] < of_atoms).all()
        assert (found[:, 4] == found[:, 8:].max(1)).all()
        write_model_devi_out(found, path, atomic=True)
        assert path.read_text().splitlines()[5].endswith("atm_devi_f(N)      ")
    # The relative deviation of virials is that of each frame for itself.
    several, alone = np.random.default_rng(1).normal(size=(3, 4, 9)), []
    for k in range(4):
        alone.append(np.ravel(calc_model_devi_v(several[:, k:k + 1], relative=1.0)))
    same([np.array(calc_model_devi_v(several, relative=1.0)).T], [np.array(alone)], 0)
    energy, force, virial = models[0].eval(coords, cells, frame.types)
    real = {"energy": energy / atoms, "force": force, "virial": virial / atoms}
    assert (calc_model_devi(coords, cells, frame.types, models[:1], real_data=real)[:, 1:] == 0).all()


def copies():
    frame = Frame("se_e2_a_oneside")
    model = DeepEval(frame.path, auto_batch_size=False, nlist_backend="native")
    for other in [copy.deepcopy(model), copy.copy(model), pickle.loads(pickle.dumps(model))]:
        same(other.eval(*frame.arguments()), model.eval(*frame.arguments()), 0)
        other.close()
    same(model.eval(*frame.arguments()), frame.results[:3])


def own():
    """What functions of our library alone tell; descriptors are those of `dp eval-desc`."""
    for name in ["se_e2_a_twoside", "ener_fparam_aparam", "descriptors/dpa1_strip_attn0"]:
        frame = Frame(name)
        model, atoms = DeepPot(frame.path), len(frame.types)
        with tempfile.TemporaryDirectory() as folder:
            wanted = written_descriptors(pathlib.Path(folder), frame, model)
        found = model.eval_descriptor(*frame.arguments())
        same([found], [wanted], 0)
        assert found.shape[:2] == (1, atoms) and found.shape[2] > 1
        assert model.eval_descriptor(*frame.arguments(), dtype="fp32").dtype == np.float32
        twice = np.concatenate([frame.coords] * 2), [frame.cell] * 2 if frame.cell is not None else None
        mixed = model.eval_descriptor(*twice, [frame.types, [-1, *frame.types[1:]]], mixed_type=True)
        same([mixed[:1]], [wanted], 0)
        assert (mixed[1, 0] == 0).all()
        script, size = model.get_model_def_script(), model.get_model_size()
        assert script["descriptor"]["type"] in ("se_e2_a", "se_atten", "dpa1") and "fitting_net" in script
        assert size["total"] == size["descriptor"] + size["fitting-net"] > 0
        assert model.get_sel_type() == list(range(model.get_ntypes()))
        assert set(model.get_observed_types()["observed_type"]) <= set(model.get_type_map())
        throws(DeepPotentialError, "has type 99", model.eval_descriptor, *frame.arguments()[:2], [99] * atoms)


def written_descriptors(folder, frame, model):
    (folder / "data/set.000").mkdir(parents=True)
    (folder / "data/type.raw").write_text("\n".join(map(str, frame.types)))
    (folder / "data/type_map.raw").write_text("\n".join(model.get_type_map()))
    np.save(folder / "data/set.000/coord.npy", frame.coords.reshape(1, -1))
    if frame.cell is None:
        (folder / "data/nopbc").touch()
    else:
        np.save(folder / "data/set.000/box.npy", np.reshape(frame.cell, (1, 9)))
    for name, values in frame.parameters.items():
        if values is not None:
            np.save(folder / f"data/set.000/{name}.npy", np.reshape(values, (1, -1)))
    subprocess.run(
        [f"{sys.argv[2]}/dp", "eval-desc", "-m", frame.path, "-s", folder / "data", "-o", folder / "desc"], check=True,
        stderr=subprocess.PIPE)
    return np.load(folder / "desc/data.npy")


CASES = [numbers, shapes, parameters, errors, library, threads, deviation, copies, own]
{case.__name__: case for case in CASES}[sys.argv[1]]()
