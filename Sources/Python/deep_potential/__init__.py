"""Deep Potential models in Python: energies, forces, virials, by libdeepmd_c.so and NumPy.

    from deep_potential import DeepPot
    energy, force, virial = DeepPot("model.h5").eval(coords, cells, atom_types)

Names, arguments and shapes are those of DeePMD-kit: a script written for `deepmd.infer` or
`deepmd.calculator` runs with `deep_potential` in place of `deepmd`.  Units are eV and Å.
"""
from .infer import DeepEval, DeepPot, DeepPotential, calc_model_devi
from .library import DeepPotentialError

__all__ = ["DP", "DeepEval", "DeepPot", "DeepPotential", "DeepPotentialError", "calc_model_devi"]


def __getattr__(name):
    """The calculator for ASE, which is imported when it is first asked for."""
    if name == "DP":
        from .calculator import DP
        return DP
    raise AttributeError(f"module 'deep_potential' has no attribute '{name}'")
