"""What `deepmd.infer` has: models, and the deviation of several."""
from .deep_pot import DeepPot
from .model_devi import calc_model_devi

#: DeePMD-kit's classes that choose one by the kind of model: there is one kind here.
DeepEval = DeepPotential = DeepPot

__all__ = ["DeepEval", "DeepPot", "DeepPotential", "calc_model_devi"]
