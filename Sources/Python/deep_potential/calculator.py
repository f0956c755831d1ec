"""A calculator for ASE, which computes in the same process."""
import os

from ase.calculators.calculator import Calculator, PropertyNotImplementedError, all_changes

from .infer import DeepPot

__all__ = ["DP"]


class DP(Calculator):
    """Energy, forces and stress by a model file; as `deepmd.calculator.DP`.

        atoms.calc = DP(model="model.h5")

    `type_dict` gives elements places in the model's type map, by default by the names there.
    `atoms.info["fparam"]` and `["aparam"]` are the model's parameters.  Atoms that are periodic in
    any direction are so in all.  The options `neighbor_list` and `nlist_backend` are accepted, and
    change nothing.
    """

    name = "DP"
    implemented_properties = ["energy", "free_energy", "forces", "virial", "stress"]

    def __init__(
            self, model, label="DP", type_dict=None, neighbor_list=None, head=None, nlist_backend="auto", **others):
        super().__init__(label=label, **others)
        self.dp = DeepPot(os.path.realpath(model), head=head)
        self.type_dict = type_dict or {name: place for place, name in enumerate(self.dp.get_type_map())}

    def calculate(self, atoms=None, properties=("energy", "forces", "virial"), system_changes=all_changes):
        """Computes all results: eV, eV/Å; the virial in eV, [3][3]; the stress in eV/Å³, Voigt's six.

        PropertyNotImplementedError for the stress of atoms that are not periodic; ValueError for an
        element that the model does not have.
        """
        if atoms is not None:
            self.atoms = atoms.copy()
        cell = self.atoms.cell.array if self.atoms.pbc.any() else None
        energy, forces, virial = (array[0] for array in self.dp.eval(
            self.atoms.positions, cell, self._types(), fparam=self.atoms.info.get("fparam"),
            aparam=self.atoms.info.get("aparam"), charge_spin=self.atoms.info.get("charge_spin")))
        virial = virial.reshape(3, 3)
        self.results |= {"energy": energy[0], "free_energy": energy[0], "forces": forces, "virial": virial}
        if cell is not None:
            # Tension is positive.
            stress = -(virial + virial.T) / 2 / self.atoms.get_volume()
            self.results["stress"] = stress.flat[[0, 4, 8, 5, 2, 1]]
        elif "stress" in properties:
            raise PropertyNotImplementedError("stress: these atoms are not periodic")

    def _types(self):
        names = self.atoms.get_chemical_symbols()
        if unknown := sorted(set(names) - self.type_dict.keys()):
            raise ValueError(f"{' '.join(unknown)}: the model does not know these; it has {' '.join(self.type_dict)}")
        return [self.type_dict[name] for name in names]
