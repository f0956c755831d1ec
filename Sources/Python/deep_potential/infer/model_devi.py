"""How far several models disagree: DeePMD-kit's columns of model_devi.out.

Deviations are standard deviations over the models, or, with real data, the models' root mean
square errors.  Source: DeePMD-kit's documentation of `dp model-devi`; Eqs. 71 and 72 of the paper
on its version 2 for the relative ones.
"""
import numpy as np


def calc_model_devi_f(fs, real_f=None, relative=None, atomic=False):
    """Largest, smallest and mean deviation of the forces of atoms, [frames] each, in eV/Å.

    `fs` [models][frames][atoms][3], `real_f` [frames][atoms][3].  With `relative`, in eV/Å, those
    divided by the size of the force plus it.  With `atomic` also all of them, [frames][atoms].
    """
    of_atoms = np.linalg.norm(_deviation(fs, real_f), axis=-1)
    if relative is not None:
        of_atoms = of_atoms / (np.linalg.norm(_typical(fs, real_f), axis=-1) + relative)
    found = of_atoms.max(-1), of_atoms.min(-1), of_atoms.mean(-1)
    return (*found, of_atoms) if atomic else found


def calc_model_devi_v(vs, real_v=None, relative=None):
    """Largest, smallest and root mean square deviation of the nine parts of virials, [frames] each.

    `vs` [models][frames][9], `real_v` [frames][9], by atom, in eV; `relative` as for forces.
    """
    parts = _deviation(vs, real_v)
    if relative is not None:
        # DeePMD-kit 3.2 divides right for a single frame only.
        parts = parts / (np.linalg.norm(_typical(vs, real_v), axis=-1, keepdims=True) + relative)
    return parts.max(-1), parts.min(-1), np.linalg.norm(parts, axis=-1) / 3


def calc_model_devi_e(es, real_e=None):
    """Deviation of energies, [frames].  `es` [models][frames][1], `real_e` [frames][1], by atom, in eV."""
    return _deviation(es, real_e)[..., 0]


def _deviation(values, real):
    return np.std(values, axis=0) if real is None else np.sqrt(np.mean(np.square(values - real), axis=0))


def _typical(values, real):
    return np.mean(values, axis=0) if real is None else real


def calc_model_devi(
        coord, box, atype, models, fname=None, frequency=1, mixed_type=False, fparam=None, aparam=None,
        real_data=None, atomic=False, relative=None, relative_v=None):
    """The deviation of `models`, [frames][8], with the columns of model_devi.out.

    These are the step, `frequency` times the frame's number; of virials by atom in eV, then of
    forces in eV/Å, the largest, smallest and mean deviation; that of the energy by atom in eV.  With
    `atomic` the deviations of the forces of all atoms follow, [frames][8 + atoms].

    `models` is a list of `DeepPot`; `coord`, `box` and `atype` to `aparam` are what their `eval`
    takes.  `real_data` has the "energy" and "virial" by atom, and the "force", of which the models'
    errors are to be given.  `fname` is a file at whose end they are written.
    """
    results = [
        model.eval(coord, box, atype, fparam=fparam, aparam=aparam, mixed_type=mixed_type) for model in models]
    energies, forces, virials = map(np.array, zip(*results))
    atoms, real = forces.shape[-2], real_data or {}
    of_forces = calc_model_devi_f(forces, real.get("force"), relative, atomic=True)
    columns = [
        np.arange(len(energies[0])) * frequency, *calc_model_devi_v(virials / atoms, real.get("virial"), relative_v),
        *of_forces[:3], calc_model_devi_e(energies / atoms, real.get("energy"))]
    found = np.column_stack([*columns, of_forces[3]] if atomic else columns)
    if fname:
        write_model_devi_out(found, fname, atomic=atomic)
    return found


def write_model_devi_out(devi, fname, header="", atomic=False):
    """Adds what `calc_model_devi` gives to a file, byte by byte as DeePMD-kit does; gives it back."""
    names = [f"{kind}_devi_{of}" for of in "vf" for kind in ["max", "min", "avg"]] + ["devi_e"]
    names += ["atm_devi_f(N)"] if atomic else []
    title = f"{header}\n{'step':10s}" + "".join(f"{name:19s}" for name in names)
    with open(fname, "ab") as file:
        np.savetxt(file, devi, fmt=["%12d"] + ["%19.6e"] * (devi.shape[1] - 1), delimiter="", header=title)
    return devi


def make_model_devi(*_, **__):
    """NotImplementedError: this module reads no data sets."""
    raise NotImplementedError("make_model_devi: is not in deep_potential; use the command dp model-devi")
