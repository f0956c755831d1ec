"""What callers give, as arrays of the shapes and types that the library reads."""
import numpy as np


class Inputs:
    """The frames of one call, checked.

    `coords` [frames][atoms][3] and `cells` [frames][3][3] in Å, or None; `types` [atoms], or
    [frames][atoms] if `mixed`; `fparam` [frames][dim_fparam] and `aparam`
    [frames][atoms][dim_aparam], or None.

    Arrays of any shape with so many numbers are accepted, as by DeePMD-kit: ValueError for other
    numbers of coordinates or types, RuntimeError for other numbers of parameters.
    """

    def __init__(self, coords, cells, types, mixed=False):
        self.mixed = mixed
        types = np.array(types, dtype=np.int32, order="C")
        if mixed and types.ndim != 2:
            raise ValueError(f"atom_types: has shape {types.shape}, expected [frames][atoms] for mixed types")
        self.atoms = types.shape[-1] if types.ndim else 0
        self.types = types
        coords = np.array(coords, dtype=np.float64, order="C")
        self.frames = self._frame_count(coords)
        self.coords = coords.reshape(self.frames, self.atoms, 3)
        self._check_types()
        self.cells = None if cells is None else self._cells(cells)
        self.fparam = self.aparam = None

    def _frame_count(self, coords):
        if self.atoms == 0:
            if coords.size:
                raise ValueError(f"coords: has {coords.size} numbers for no atoms")
            return len(coords) if coords.ndim > 1 else self.types.shape[0] if self.mixed else 0
        frames, rest = divmod(coords.size, 3 * self.atoms)
        if rest:
            raise ValueError(
                f"coords: has {coords.size} numbers, expected a multiple of {3 * self.atoms}, three for each of "
                f"{self.atoms} atoms")
        return frames

    def _check_types(self):
        shape = (self.frames, self.atoms) if self.mixed else (self.atoms,)
        if self.types.size != np.prod(shape):
            remedy = "" if self.mixed else "; types that differ from frame to frame need mixed_type=True"
            raise ValueError(f"atom_types: has shape {self.types.shape}, expected {shape}{remedy}")

    def _cells(self, cells):
        cells = np.array(cells, dtype=np.float64, order="C")
        if cells.size != 9 * self.frames:
            raise ValueError(
                f"cells: has {cells.size} numbers, expected {9 * self.frames}, nine for each of {self.frames} frames")
        return cells.reshape(self.frames, 3, 3)

    def take_parameters(self, fparam, aparam, frame_width, atom_width, has_default):
        """Takes frame and atom parameters for a model that wants so many, or has a default of the former.

        They may be those of each frame, or, once for all frames, of a frame or of an atom.
        """
        self.fparam = self._parameters("fparam", fparam, frame_width, [(frame_width,)], has_default)
        shapes = [(self.atoms, atom_width), (atom_width,)]
        self.aparam = self._parameters("aparam", aparam, atom_width, shapes, False)

    def _parameters(self, name, values, width, shapes, may_lack):
        """Parameters as [frames] of the first of `shapes`, repeated if they have one of these shapes."""
        if values is None:
            if width == 0 or may_lack:
                return None
            raise RuntimeError(f"{name}: is missing, but the model needs it: {width} numbers")
        values, whole = np.array(values, dtype=np.float64), (self.frames, *shapes[0])
        for shape in [whole, *shapes]:
            if values.size == np.prod(shape):
                return np.ascontiguousarray(np.broadcast_to(values.reshape(shape), whole))
        expected = " or ".join(str(shape) for shape in [whole, *shapes])
        raise RuntimeError(f"{name}: got wrong size, {values.size} numbers of shape {values.shape}, expected {expected}")
