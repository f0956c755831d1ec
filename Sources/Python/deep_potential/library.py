"""The library libdeepmd_c.so: where it is, its functions, and its models."""
import ctypes
import functools
import os
import pathlib
import weakref
from ctypes import POINTER, c_bool, c_char_p, c_double, c_int, c_void_p

NAME = "libdeepmd_c.so"
#: The environment variable with the path of the library.
VARIABLE = "DEEP_POTENTIAL_LIBRARY"

_numbers, _types = POINTER(c_double), POINTER(c_int)
_frames = [c_void_p, c_int, c_int, _numbers, _types, _numbers]
_compute = [*_frames, *[_numbers] * 7]

#: Result and arguments of the functions that are called, as c_api.h declares them.
_FUNCTIONS = {
    "DP_NewDeepPot": (c_void_p, [c_char_p]),
    "DP_DeleteDeepPot": (None, [c_void_p]),
    # Texts are freed by DP_DeleteChar, so they must not become bytes at once.
    "DP_DeepPotCheckOK": (c_void_p, [c_void_p]),
    "DP_DeepPotGetTypeMap": (c_void_p, [c_void_p]),
    "DP_DeleteChar": (None, [c_void_p]),
    "DP_DeepPotGetCutoff": (c_double, [c_void_p]),
    "DP_DeepPotGetNumbTypes": (c_int, [c_void_p]),
    "DP_DeepPotGetDimFParam": (c_int, [c_void_p]),
    "DP_DeepPotGetDimAParam": (c_int, [c_void_p]),
    "DP_DeepPotHasDefaultFParam": (c_bool, [c_void_p]),
    "DP_DeepPotCompute2": (None, _compute),
    "DP_DeepPotComputeMixedType": (None, _compute),
}
#: Those that DeePMD-kit's library of that name lacks.
_OWN_FUNCTIONS = {
    "DP_DeepPotGetDescription": (c_void_p, [c_void_p]),
    "DP_DeepPotGetDimDescriptor": (c_int, [c_void_p]),
    "DP_DeepPotComputeDescriptor": (None, [*_frames, c_bool, _numbers]),
}


class DeepPotentialError(RuntimeError):
    """What the library says failed: a place, what was found and what was expected there."""


def places():
    """The paths at which the library is looked for, the first one first.

    The environment variable, if it is set, is the only one; then beside this module, as in a wheel;
    then the folders above it that are called lib, as after `make install`.
    """
    if given := os.environ.get(VARIABLE):
        return [pathlib.Path(given)]
    here = pathlib.Path(__file__).resolve().parent
    folders = [here, here / "lib", *[above for above in here.parents if above.name.startswith("lib")]]
    return [folder / NAME for folder in folders]


@functools.cache
def library():
    """The library, loaded at the first call; ImportError if there is none that can be loaded.

    Python's other threads run during all calls of its functions.
    """
    paths = places()
    found = next((path for path in paths if path.is_file()), None)
    if found is None:
        raise ImportError(
            f"{NAME}: is not at {' or '.join(map(str, paths))}; give its path in {VARIABLE}, or build "
            "and install it with make install")
    try:
        loaded = ctypes.CDLL(str(found))
        for name, types in _FUNCTIONS.items():
            _declare(loaded, name, types)
    except (OSError, AttributeError) as error:
        raise ImportError(f"{found}: cannot be used ({error}); give another one in {VARIABLE}") from error
    return loaded


def own_function(name, purpose):
    """A function that other libraries of the same name lack; NotImplementedError if this one does."""
    try:
        return _declare(library(), name, _OWN_FUNCTIONS[name])
    except AttributeError:
        raise NotImplementedError(
            f"{purpose}: {library()._name} has no function {name}; install the library of this release") from None


def _declare(loaded, name, types):
    """The function of a library, with its types; AttributeError if the library lacks it."""
    function = getattr(loaded, name)
    function.restype, function.argtypes = types
    return function


def text(pointer):
    """The text at a pointer that the library gave, which is freed."""
    found = ctypes.string_at(pointer).decode(errors="replace")
    library().DP_DeleteChar(pointer)
    return found


class Model:
    """A model in the library's memory, which is freed with this object.

    Throws what `check` throws if the file cannot be read.
    """

    def __init__(self, path):
        self.path = os.fspath(path)
        self.pointer = library().DP_NewDeepPot(os.fsencode(self.path))
        self.free = weakref.finalize(self, library().DP_DeleteDeepPot, self.pointer)
        self.check()

    def check(self):
        """Throws the error of the model's last call, if it failed."""
        if problem := text(library().DP_DeepPotCheckOK(self.pointer)):
            missing = not os.path.exists(self.path)
            raise (FileNotFoundError if missing else DeepPotentialError)(problem)

    def ask(self, name):
        """What a function DP_DeepPot... without further arguments gives."""
        return getattr(library(), f"DP_DeepPot{name}")(self.pointer)

    def close(self):
        """Frees the model now; it must not be used any more."""
        self.free()
        self.pointer = None
