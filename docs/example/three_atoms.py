"""Energy and forces of a water molecule, how two models disagree, and how errors are told.

    python3 three_atoms.py model.h5 [another.h5 ...]
"""
import sys

import numpy as np

from deep_potential import DeepPot, DeepPotentialError, calc_model_devi


def main(paths):
    if not paths:
        sys.exit(__doc__)
    try:
        models = [DeepPot(path) for path in paths]
        show(models)
    except (DeepPotentialError, OSError) as error:
        sys.exit(f"three_atoms: {error}")


def show(models):
    # Types are places in the model's type map, which is not the same in every model.
    names = models[0].get_type_map()
    types = [names.index(element) for element in ["O", "H", "H"]]
    print(f"types: {' '.join(names)}, cutoff: {models[0].get_rcut():g} Å")

    positions = np.array([[[0.0, 0.0, 0.0], [0.96, 0.0, 0.0], [-0.24, 0.93, 0.0]]])
    energy, force, virial = models[0].eval(positions, None, types)
    print(f"energy: {energy[0, 0]:.10f} eV")
    for atom in range(3):
        print(f"force on atom {atom}:", *(f"{x:13.10f}" for x in force[0, atom]), "eV/Å")
    if len(models) > 1:
        deviation = calc_model_devi(positions, None, types, models)
        print(f"largest deviation of a force: {deviation[0, 4]:.10f} eV/Å")


main(sys.argv[1:])
