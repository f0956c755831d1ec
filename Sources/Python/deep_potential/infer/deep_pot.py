"""A model of energy, force and virial."""
import ctypes
import os
import threading

import numpy as np

from ..inputs import Inputs
from ..library import Model, library, own_function
from .properties import Properties

#: Options of DeePMD-kit that change how fast results come, and not the results.
IRRELEVANT = {"auto_batch_size", "neighbor_list", "nlist_backend", "no_jit"}


class DeepPot(Properties):
    """A model file of ours (.h5) or of DeePMD-kit (.dp, .pb, .pth, .pt, .pt2, .yaml).

    Threads may share a model, which then answers one after the other; different models answer at
    the same time.  A model computes on one thread, unless OMP_NUM_THREADS or
    DP_INTRA_OP_PARALLELISM_THREADS says otherwise when it is read.

    Options are those of DeePMD-kit that are named in IRRELEVANT.  FileNotFoundError if there is no
    such file, DeepPotentialError if it is no model, ImportError if there is no libdeepmd_c.so.
    """

    def __init__(self, model_file, *, head=None, **options):
        if head is not None:
            raise NotImplementedError(
                f"head: cannot be chosen here; dp-freeze --model-branch {head} -o model.h5 writes that model")
        if unknown := options.keys() - IRRELEVANT:
            raise TypeError(f"{', '.join(sorted(unknown))}: no such option; there are {', '.join(sorted(IRRELEVANT))}")
        self.model_file = os.fspath(model_file)
        self._model, self._lock = Model(self.model_file), threading.Lock()

    def eval(self, coords, cells, atom_types, atomic=False, fparam=None, aparam=None, mixed_type=False, **others):
        """Energies [frames][1] in eV, forces [frames][atoms][3] in eV/Å, virials [frames][9] in eV.

        With `atomic` also atoms' energies [frames][atoms][1] and virials [frames][atoms][9].

        `coords` [frames][atoms][3] in Å; `cells` [frames][9], vectors as rows, None without
        periodicity; `atom_types` [atoms], places in the type map, -1 for an atom that is ignored, or
        [frames][atoms] with `mixed_type`.  `fparam` [frames][dim_fparam] or [dim_fparam]; `aparam`
        [frames][atoms][dim_aparam], [atoms][dim_aparam] or [dim_aparam].
        """
        _refuse(others)
        inputs = Inputs(coords, cells, atom_types, mixed_type)
        inputs.take_parameters(
            fparam, aparam, self.get_dim_fparam(), self.get_dim_aparam(), self.has_default_fparam())
        frames, atoms = inputs.frames, inputs.atoms
        shapes = [(frames, 1), (frames, atoms, 3), (frames, 9), (frames, atoms, 1), (frames, atoms, 9)]
        results = [np.zeros(shape) for shape in shapes[:5 if atomic else 3]]
        if frames:
            wanted = results if atomic else [*results, None, None]
            compute = library().DP_DeepPotComputeMixedType if mixed_type else library().DP_DeepPotCompute2
            self._call(compute, inputs, inputs.fparam, inputs.aparam, *wanted)
        return tuple(results)

    def eval_descriptor(
            self, coords, cells, atom_types, fparam=None, aparam=None, mixed_type=False, dtype="native", **others):
        """Descriptors [frames][atoms][width], zeros for atoms of type -1; arguments are those of `eval`.

        `dtype` fp32 gives float32; fp64 and native give float64.  Descriptors depend on no parameters.
        """
        _refuse(others)
        if dtype not in ("fp32", "fp64", "native"):
            raise ValueError(f"dtype: is {dtype!r}, expected fp32, fp64 or native")
        compute = own_function("DP_DeepPotComputeDescriptor", "eval_descriptor")
        width = own_function("DP_DeepPotGetDimDescriptor", "eval_descriptor")(self._open().pointer)
        inputs = Inputs(coords, cells, atom_types, mixed_type)
        found = np.zeros((inputs.frames, inputs.atoms, width))
        if inputs.frames:
            self._call(compute, inputs, found, flags=[mixed_type])
        return found.astype(np.float32) if dtype == "fp32" else found

    def _call(self, function, inputs, *arrays, flags=()):
        """Calls a function that takes frames, then flags, then arrays, None for NULL."""
        with self._lock:
            function(
                self._open().pointer, inputs.frames, inputs.atoms, _numbers(inputs.coords),
                inputs.types.ctypes.data_as(ctypes.POINTER(ctypes.c_int)), _numbers(inputs.cells),
                *flags, *[_numbers(array) for array in arrays])
            self._model.check()

    def close(self):
        """Frees the model, which cannot be used any more."""
        with self._lock:
            self._model.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __reduce__(self):
        # Copies, and other processes, read the file again.
        return type(self), (self.model_file,)


def _numbers(array):
    """A pointer to the numbers of an array; NULL for None."""
    return None if array is None else array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))


def _refuse(others):
    """Throws for arguments of DeePMD-kit that these models lack, unless they are None."""
    for name, value in others.items():
        if value is not None:
            raise NotImplementedError(f"{name}: is given, but no model here has such an input")
