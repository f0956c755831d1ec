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
REPFORMER = {
    "rcut": 4.0, "rcut_smth": 3.5, "nsel": 48, "g1_dim": 128, "g2_dim": 32, "axis_neuron": 4, "attn2_hidden": 32, "attn2_nhead": 4,
    "attn2_has_gate": True, "update_g1_has_attn": False, "update_g2_has_g1g1": False, "update_h2": False,
    "update_style": "res_residual", "update_residual": 0.01}
DPA2 = {
    "type": "dpa2", "add_tebd_to_repinit_out": False,
    "repinit": {
        "rcut": CUTOFF, "rcut_smth": 0.5, "nsel": 120, "tebd_dim": 8, "neuron": [25, 50, 100], "axis_neuron": 12,
        "use_three_body": True, "three_body_sel": 48, "three_body_rcut": 4.0, "three_body_rcut_smth": 3.5}}
DESCRIPTORS = {
    "se_e2_a": {"type": "se_e2_a", "sel": [46, 92]} | TWO_BODY,
    "dpa1-0": {"type": "se_atten", "sel": 138, "attn_layer": 0} | TWO_BODY,
    "dpa1-2": {"type": "se_atten", "sel": 138, "attn_layer": 2, "attn": 128} | TWO_BODY,
    "dpa2-small": DPA2 | {"repformer": REPFORMER | {"nlayers": 3, "update_g2_has_attn": False}},
    "dpa2-medium": DPA2 | {"repformer": REPFORMER | {"nlayers": 6, "update_g2_has_attn": True}},
    "dpa3": {
        "type": "dpa3", "activation_function": "silut:10.0",
        "repflow": {
            "e_rcut": CUTOFF, "e_rcut_smth": 5.3, "e_sel": 120, "a_rcut": 4.0, "a_rcut_smth": 3.5, "a_sel": 30, "n_dim": 128,
            "e_dim": 64, "a_dim": 32, "nlayers": 6, "axis_neuron": 4, "a_compress_rate": 1, "a_compress_e_rate": 2,
            "a_compress_use_split": True, "smooth_edge_update": True, "edge_init_use_dist": True, "use_exp_switch": True,
            "use_dynamic_sel": True, "sel_reduce_factor": 10.0, "skip_stat": True}},
    "dpa1-small": {
        "type": "se_atten", "rcut": 4.0, "sel": 46, "attn_layer": 1, "attn": 32, "neuron": [10, 20, 40], "axis_neuron": 8},
}
#: Widths of smaller nets for se_e2_a: of the embedding, and of the fitting net.
SMALL_NETS = [25, 25, 25], [100, 100, 100]
#: The same in the other precision, and with one embedding net for each type of neighbor.
DESCRIPTORS |= {
    "se_e2_a one-sided": DESCRIPTORS["se_e2_a"] | {"type_one_side": True},
    "dpa2-small-float32": DESCRIPTORS["dpa2-small"], "dpa3-float64": DESCRIPTORS["dpa3"]}
#: Those whose parts have cutoffs of their own.
OWN_CUTOFFS = {name for name in DESCRIPTORS if name.startswith(("dpa2", "dpa3"))}


@dataclasses.dataclass
class Kind:
    """What is measured of a descriptor against the PyTorch backend: its title, its precision, about how many seconds a step
    of theirs takes, and how many times as fast ours must be at least, and is to be, in evaluation and in training."""

    title: str
    precision: str
    seconds: float
    evaluation: tuple = ("–", "–")
    training: tuple = ("–", "–")


KINDS = {
    "dpa1-0": Kind("DPA-1, attention layers: 0", "float64", 0.4),
    "dpa1-2": Kind("DPA-1, attention layers: 2", "float64", 3, ("2.5", "4"), ("2.5", "4")),
    "dpa2-small": Kind("DPA-2 small", "float64", 0.9, ("7", "14"), ("6", "12")),
    "dpa2-small-float32": Kind("DPA-2 small, float32", "float32", 0.9),
    "dpa2-medium": Kind("DPA-2 medium", "float64", 3, ("6", "12"), ("5", "10")),
    "dpa3": Kind("DPA-3, float32", "float32", 8, ("10", "20"), ("8", "15")),
    "dpa3-float64": Kind("DPA-3, float64", "float64", 12),
}


def make_input(
        training, validation, steps, seed, batch=1, precision="default", display=100, decay=5000,
        descriptor="se_e2_a", nets=None):
    """The input of DeePMD-kit's water example; the same seed everywhere; `nets` are other widths, as SMALL_NETS."""
    kind = {} if precision == "default" else {"precision": precision}
    embedding, fitting = ({"neuron": widths} for widths in nets) if nets else ({}, {})
    data = {"training_data": {"systems": list(map(str, training)), "batch_size": batch}}
    if validation:
        data["validation_data"] = {"systems": list(map(str, validation)), "batch_size": 1, "numb_btch": 1}
    return {
        "model": {
            "type_map": TYPES,
            "descriptor": ({} if descriptor in OWN_CUTOFFS else {"rcut": CUTOFF, "rcut_smth": 0.5})
            | {"seed": seed} | DESCRIPTORS[descriptor] | embedding | kind,
            "fitting_net": {"neuron": [240, 240, 240], "resnet_dt": True, "seed": seed} | fitting | kind,
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

    def lammps_data(self, types=TYPES):
        """The frame as a LAMMPS data file, atoms moved into the cell."""
        lines = ["one frame", "", f"{len(self.atoms)} atoms", f"{len(types)} atom types", ""]
        lines += [f"0 {edge!r} {axis}lo {axis}hi" for edge, axis in zip(self.edges, "xyz")]
        lines += ["", "Atoms # atomic", ""]
        for index, (element, position, _) in enumerate(self.atoms, start=1):
            wrapped = " ".join(repr(p % edge) for p, edge in zip(position, self.edges))
            lines.append(f"{index} {types.index(element) + 1} {wrapped}")
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
