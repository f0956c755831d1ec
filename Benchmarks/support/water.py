"""Liquid water, 192 atoms a frame: the input of DeePMD-kit's example, data, and supercells."""

import dataclasses
import itertools
import json

TYPES = ["O", "H"]
CUTOFF = 6.0
#: Descriptors of the same sizes: that of DeePMD-kit's water example, and DPA-1 with attention
#: layers, as many as the name says; and a small
#: DPA-1 with one layer, which PyTorch trains in minutes.
TWO_BODY = {"neuron": [25, 50, 100], "resnet_dt": False, "axis_neuron": 16, "type_one_side": False}
DESCRIPTORS = {
    "se_e2_a": {"type": "se_e2_a", "sel": [46, 92]} | TWO_BODY,
    "dpa1-0": {"type": "se_atten", "sel": 138, "attn_layer": 0} | TWO_BODY,
    "dpa1-2": {"type": "se_atten", "sel": 138, "attn_layer": 2, "attn": 128} | TWO_BODY,
    "dpa1-small": {
        "type": "se_atten", "rcut": 4.0, "sel": 46, "attn_layer": 1, "attn": 32, "neuron": [10, 20, 40], "axis_neuron": 8},
}


def make_input(
        training, validation, steps, seed, batch=1, precision="default", display=100, decay=5000,
        descriptor="se_e2_a"):
    """The input of DeePMD-kit's water example; the same seed everywhere."""
    kind = {} if precision == "default" else {"precision": precision}
    data = {"training_data": {"systems": list(map(str, training)), "batch_size": batch}}
    if validation:
        data["validation_data"] = {"systems": list(map(str, validation)), "batch_size": 1, "numb_btch": 1}
    return {
        "model": {
            "type_map": TYPES,
            "descriptor": {"rcut": CUTOFF, "rcut_smth": 0.5, "seed": seed} | DESCRIPTORS[descriptor] | kind,
            "fitting_net": {"neuron": [240, 240, 240], "resnet_dt": True, "seed": seed} | kind,
            "data_stat_nbatch": 10},
        "learning_rate": {"type": "exp", "decay_steps": decay, "start_lr": 0.001, "stop_lr": 3.51e-8},
        "loss": {
            "type": "ener", "start_pref_e": 0.02, "limit_pref_e": 1, "start_pref_f": 1000, "limit_pref_f": 1,
            "start_pref_v": 0, "limit_pref_v": 0},
        # DeePMD-kit saves only after steps that it displays.
        "training": data | {
            "numb_steps": steps, "seed": seed, "disp_file": "lcurve.out", "disp_freq": display,
            "save_freq": steps},
    }


def write_input(path, *arguments, **options):
    """Writes `make_input` to a file; returns the path."""
    path.write_text(json.dumps(make_input(*arguments, **options), indent=1) + "\n")
    return path


@dataclasses.dataclass
class Frame:
    """One periodic frame in a rectangular cell: edges in Å, energy in eV, atoms (element, position, force)."""

    edges: list
    energy: float
    atoms: list

    def repeated(self, *counts):
        """The supercell of so many copies along x, y and z."""
        copies = list(itertools.product(*map(range, counts)))
        atoms = [
            (element, [p + i * edge for p, i, edge in zip(position, copy, self.edges)], force)
            for copy in copies for element, position, force in self.atoms]
        return Frame([e * n for e, n in zip(self.edges, counts)], self.energy * len(copies), atoms)

    def extended_xyz(self):
        """The frame as extended XYZ text."""
        a, b, c = self.edges
        lines = [
            str(len(self.atoms)),
            f'Lattice="{a} 0 0 0 {b} 0 0 0 {c}" Properties=species:S:1:pos:R:3:forces:R:3'
            f' energy={self.energy!r} pbc="T T T"']
        lines += [" ".join([e, *map(repr, p), *map(repr, f)]) for e, p, f in self.atoms]
        return "\n".join(lines) + "\n"

    def lammps_data(self):
        """The frame as a LAMMPS data file, atoms moved into the cell."""
        lines = ["water", "", f"{len(self.atoms)} atoms", f"{len(TYPES)} atom types", ""]
        lines += [f"0 {edge!r} {axis}lo {axis}hi" for edge, axis in zip(self.edges, "xyz")]
        lines += ["", "Atoms # atomic", ""]
        for index, (element, position, _) in enumerate(self.atoms, start=1):
            wrapped = " ".join(repr(p % edge) for p, edge in zip(position, self.edges))
            lines.append(f"{index} {TYPES.index(element) + 1} {wrapped}")
        return "\n".join(lines) + "\n"


def first_frame(path):
    """The first frame of an extended XYZ file that dp-convert wrote."""
    with open(path) as file:
        count, comment = int(next(file)), next(file)
        rows = [next(file).split() for _ in range(count)]
    values = comment.replace('"', " ").split()
    lattice = list(map(float, values[values.index("Lattice=") + 1:][:9]))
    if any(value != 0 for index, value in enumerate(lattice) if index % 4 != 0):
        raise SystemExit(f"{path}: the cell is not rectangular")
    energy = next(float(value.partition("=")[2]) for value in values if value.startswith("energy="))
    atoms = [(row[0], list(map(float, row[1:4])), list(map(float, row[4:7]))) for row in rows]
    return Frame(lattice[::4], energy, atoms)
