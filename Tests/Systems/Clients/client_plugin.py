"""What DeePMD-kit's own tests of its LAMMPS plugin check, with our models: its source distribution has none of them."""
import os
import pathlib
import re
import shlex
import shutil
import sys

import numpy as np

from client_lammps import BAR, HEAD, STATIC, SYSTEM, dumped, lammps, static, table, write_data

REQUIREMENTS = []

WATER = ["O", "H"]


def water_frame(world):
    """Atoms of two types and, 0.1 Å behind every third of them, atoms of a type that no model here has."""
    types, cells, positions = world.frames("cubic", 1)
    types, known = types.copy(), np.flatnonzero(types < 2)
    for k, atom in enumerate(np.flatnonzero(types == 2)):
        positions[0, atom] = positions[0, known[2 * k]] + [0.1, 0, 0]
    return types, cells, positions, known


def three_types(world):
    """`test_lammps_3types`: three types in LAMMPS, two in the model, by place and by name."""
    types, cells, positions, known = water_frame(world)
    cell, model = cells[0].tolist(), world.checkout / "Tests/Support/Fixtures/se_e2_a_oneside.dp"
    wanted = world.evaluated(model, WATER, types[known], cells, positions[:, known])
    worst = 0
    for names, given in [("", types), ("O H", types), ("H O", np.array([1, 0, 2])[types]), ("O H NULL", types)]:
        energy, parts, virial, force = static(
            world, model, names, given, cell, positions[0], f"three{names.replace(' ', '')}", count=3)
        place = f"pair_coeff * * {names}"
        worst = max(
            worst, world.expect_same(f"{place}: energy", energy, wanted[0][0]),
            world.expect_same(f"{place}: atoms' energies", parts, wanted[0][0]),
            world.expect_same(f"{place}: forces", force[known], wanted[1][0]),
            world.expect_same(f"{place}: virial", virial, (wanted[2][0] + wanted[2][0].T) / 2))
        world.expect((np.delete(force, known, axis=0) == 0).all(), f"{place}: forces on atoms that the model does not know")
    said = (world.folder / "log.lammps").read_text()
    world.expect("24 atoms" in said, "LAMMPS read other atoms")
    return f"{len(types) - len(known)} of {len(types)} atoms are of a type without a model, in four spellings, to {worst:.0e}"


VIRIALS = """
compute virials all centroid/stress/atom NULL pair
dump parts all custom 1 {dump} id c_virials[1] c_virials[2] c_virials[3] c_virials[4] c_virials[5] c_virials[6] &
  c_virials[7] c_virials[8] c_virials[9]
dump_modify parts sort id format float %.17g
"""


def atom_virials(world):
    """`test_pair_deepmd_virial`: atoms' virials add up, and are the same with and without atoms of a third type."""
    types, cells, positions, known = water_frame(world)
    cell, model = cells[0].tolist(), world.checkout / "Tests/Support/Fixtures/se_e2_a_oneside.dp"
    _, _, wanted = world.evaluated(model, WATER, types[known], cells, positions[:, known])
    found = []
    for name, chosen in [("two", known), ("three", np.arange(len(types)))]:
        write_data(world.folder / f"{name}.data", 3, types[chosen], cell, positions[0, chosen])
        script = HEAD.format(boundary="p p p") + f"read_data {name}.data\n" + SYSTEM.format(models=model, names="")
        lammps(world, script + VIRIALS.format(dump=f"{name}.virials") + STATIC.format(dump=f"{name}.dump"))
        found.append(dumped(world.folder / f"{name}.virials", 9)[0] / BAR)
    # xx yy zz xy xz yz yx zx zy, of stress times volume: minus a virial.
    total = found[0].sum(0)[[0, 3, 4, 6, 1, 5, 7, 8, 2]].reshape(3, 3)
    worst = max(
        world.expect_same("sum of the atoms' virials", -total, wanted[0]),
        world.expect_same("virials beside a third type", found[1][known], found[0]))
    world.expect_same("virials of a third type", np.delete(found[1], known, axis=0), 0)
    return f"virials of {len(known)} atoms, to {worst:.0e}"


def deviation(world):
    """`test_pair_deepmd_model_devi`: of atoms, relative to force and virial, with atoms of a third type among them."""
    types, cells, positions, known = water_frame(world)
    cell = cells[0].tolist()
    models = [world.checkout / f"Tests/Support/Fixtures/{name}.dp" for name in ["se_e2_a_oneside", "se_e2_a_resnetdt"]]
    values = [world.evaluated(m, WATER, types[known], cells, positions[:, known]) for m in models]
    forces = np.zeros((2, len(types), 3))
    forces[:, known] = [v[1][0] for v in values]
    virials = np.array([v[2][0] for v in values])
    count = 0
    for option, name in [("", "plain"), ("relative 1.0", "relative"), ("relative_v 1.0", "relative_v")]:
        static(world, f"{models[0]} {models[1]} out_file {name}.out out_freq 1 atomic {option}", "", types, cell,
               positions[0], name, count=3)
        row = np.loadtxt(world.folder / f"{name}.out", ndmin=2)[-1]
        by_atom = np.linalg.norm(forces.std(0), axis=1)
        by_part = virials.std(0) / len(types)
        if name == "relative":
            by_atom /= np.linalg.norm(forces.mean(0), axis=1) + 1
        if name == "relative_v":
            by_part /= abs(virials.mean(0)) / len(types) + 1
        wanted = [by_part.max(), by_part.min(), np.sqrt((by_part**2).mean()), by_atom.max(), by_atom.min(), by_atom.mean(),
                  *by_atom]
        for found, value in zip(row[1:], wanted):
            world.expect(abs(found - value) <= 1e-5 * abs(value) + 1e-12, f"{name}: LAMMPS wrote {found}, not {value}")
            count += 1
    return f"{count} deviations as the models' forces and virials have them"


def backends(world):
    """`test_lammps`, `test_lammps_pt`: models that TensorFlow and PyTorch trained; and the units real and si."""
    types, cells, positions, known = water_frame(world)
    types, positions, cell = types[known], positions[:, known], cells[0].tolist()
    worst = 0
    for backend in ["tensorflow", "pytorch"]:
        model = world.checkout / f"Tests/Support/Fixtures/samples/trained_by_{backend}.dp"
        energies, forces, _ = world.evaluated(model, WATER, types, cells, positions)
        energy, _, _, force = static(world, model, "O H", types, cell, positions[0], backend)
        worst = max(worst, world.expect_same(f"{backend}: energy", energy, energies[0]),
                    world.expect_same(f"{backend}: forces", force, forces[0]))
    # What LAMMPS's units make of 1 eV and 1 Å; its plugin has seven digits of them.
    for units, energy_unit, length in [("real", 23.060549, 1.0), ("si", 1.6021765e-19, 1e-10)]:
        write_data(world.folder / f"{units}.data", 2, types, (np.array(cell) * length).tolist(), positions[0] * length)
        script = HEAD.replace("metal", units).replace("neighbor 1.0", f"neighbor {length!r}").format(boundary="p p p")
        script += f"read_data {units}.data\n" + SYSTEM.format(models=model, names="O H")
        log, _ = lammps(world, script + STATIC.format(dump=f"{units}.dump"))
        found, force = table(log)[-1][1] / energy_unit, dumped(world.folder / f"{units}.dump", 3)[0] / energy_unit * length
        world.expect(abs(found / energies[0] - 1) < 1e-6, f"{units}: {found} eV, not {energies[0]}")
        world.expect(np.allclose(force, forces[0], rtol=1e-5, atol=1e-6), f"{units}: the forces differ")
    return f"models of two backends, to {worst:.0e}; units metal, real, si"


def parameters(world):
    """`test_lammps_faparam`, and models with a default: what pair_style says, or does not say, of parameters."""
    types, cells, positions, known = water_frame(world)
    types, positions, cell = types[known], positions[:, known], cells[0].tolist()
    both, default = [world.checkout / f"Tests/Support/Fixtures/ener_{name}.dp" for name in ["fparam_aparam", "default_fparam"]]
    worst = 0
    for name, model, words, given in [
            ("both", both, "fparam 0.3 -0.2 aparam 0.25", {"fparam": [[0.3, -0.2]], "aparam": [[0.25] * len(types)]}),
            ("own", default, "fparam 0.8", {"fparam": [[0.8]]}), ("default", default, "", {}),
            ("named", default, "fparam 0.35", {})]:
        energies, forces, virials = world.evaluated(model, WATER, types, cells, positions, **given)
        energy, _, virial, force = static(world, f"{model} {words}", "O H", types, cell, positions[0], name)
        worst = max(
            worst, world.expect_same(f"{name}: energy", energy, energies[0]),
            world.expect_same(f"{name}: forces", force, forces[0]),
            world.expect_same(f"{name}: virial", virial, (virials[0] + virials[0].T) / 2))
    # Parameters that LAMMPS computes: the mean of its x, and each atom's.
    write_data(world.folder / "computed.data", 2, types, cell, positions[0])
    for model, words in [(default, "fparam_from_compute mean"), (both, "fparam 0.3 -0.2 aparam_from_compute place")]:
        script = HEAD.format(boundary="p p p") + "read_data computed.data\n"
        script += "compute mean all reduce ave x\ncompute place all property/atom x\n"
        script += SYSTEM.format(models=f"{model} {words}", names="O H") + STATIC.format(dump="computed.dump")
        script += "write_dump all custom x.dump id x modify sort id format float %.17g\n"
        log, _ = lammps(world, script.replace("thermo_style custom step pe", "thermo_style custom step pe c_mean"))
        row, places = table(log)[-1], dumped(world.folder / "x.dump", 1)[0]
        given = {"fparam": [[0.3, -0.2]], "aparam": [places]} if model == both else {"fparam": [[row[2]]]}
        energies, _, _ = world.evaluated(model, WATER, types, cells, positions, **given)
        worst = max(worst, world.expect_same(words, row[1], energies[0]))
    try:
        static(world, both, "O H", types, cell, positions[0], "none")
        world.fail("a model that needs parameters ran without")
    except RuntimeError as error:
        world.expect("parameter" in str(error) + (world.folder / "log.lammps").read_text(), f"no word of parameters: {error}")
    return f"fparam, aparam, the default of fparam, and what LAMMPS computes, to {worst:.0e}"


def document(world):
    """The lines of docs/CLIENTS.md, as they stand there, in a new environment; the energy is dp-eval's."""
    text = (world.checkout / "docs/CLIENTS.md").read_text()
    section = text[text.index("## LAMMPS"):text.index("## C, C++, Fortran")]
    blocks = re.findall(r"(?:^    .*\n)+", section, re.MULTILINE)
    shell, script = [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in blocks[:2]]
    world.expect("pip install" in shell and "pair_coeff * * O H" in script, f"these are not LAMMPS's lines: {shell}{script}")
    types, cells, positions, known = water_frame(world)
    types, positions, cell = types[known], positions[:, known], cells[0].tolist()
    model = world.folder / "model.h5"
    shutil.copy(world.checkout / "Tests/Support/Fixtures/samples/trained_by_pytorch.dp", model)
    energies, forces, _ = world.evaluated(model, WATER, types, cells, positions)
    write_data(world.folder / "frame.data", 2, types, cell, positions[0])
    (world.folder / "in.lammps").write_text(
        HEAD.format(boundary="p p p") + "read_data frame.data\n" + script + STATIC.format(dump="frame.dump"))
    installed = "/usr/local/lib/libdeepmd_c.so"
    world.expect(installed in shell, f"{installed} is not in the document")
    # As a user's shell has it: nothing of the environment that runs this.
    keep = {"PATH": os.defpath, "HOME": str(world.folder), "OMP_NUM_THREADS": "1"}
    keep |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "http", "HTTP"))}
    environment, world.environment = world.environment, keep
    python = pathlib.Path(sys.base_prefix) / f"bin/python{sys.version_info[0]}.{sys.version_info[1]}"
    shell = shell.replace(installed, str(world.tools / "libdeepmd_c.so")).replace("python3 -m venv", f"{shlex.quote(str(python))} -m venv")
    try:
        world.run("sh", "-e", "-c", shell)
    finally:
        world.environment = environment
    _, energy, *_ = table((world.folder / "log.lammps").read_text())[-1]
    worst = max(world.expect_same("energy", energy, energies[0]),
                world.expect_same("forces", dumped(world.folder / "frame.dump", 3)[0], forces[0]))
    return f"{len(shell.splitlines())} lines of shell, as dp-eval has it to {worst:.0e} eV and eV/Å"


CASES = {
    "three_types": three_types, "atom_virials": atom_virials, "deviation": deviation, "backends": backends,
    "parameters": parameters, "document": document,
}
