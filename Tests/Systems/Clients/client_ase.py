"""ASE, whose SocketIOCalculator is a server of i-PI's protocol."""
import os
import signal
import socket
import sys
import time

import numpy as np

from clients import ELEMENTS

REQUIREMENTS = [["ase==3.29.0", "numpy==2.4.6"]]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def addresses(name):
    """A unix socket and a port: what ASE and what dp-ipi calls them."""
    unix, port = f"dp-{os.getpid()}-{name}", free_port()
    return [("unix", {"unixsocket": unix}, ["--unix", unix]), ("tcp", {"port": port}, ["--port", port])]


def atoms_of(types, elements, cell, positions):
    from ase import Atoms
    return Atoms([elements[t] for t in types], positions=positions, cell=cell, pbc=cell is not None)


def agreement(world):
    """Ten frames of each kind, one kind after the other over one connection: energy, force and stress are dp-eval's."""
    from ase.calculators.socketio import SocketIOCalculator
    worst, count, structures, frames = 0, 0, [], {}
    for kind in ["cubic", "triclinic", "small", "free"]:
        types, cells, positions = world.frames(kind)
        names = [ELEMENTS[t] for t in types]
        structures += ["--structure", world.write_xyz(world.folder / f"{kind}.xyz", names, 0 * positions[0])]
        frames[kind] = types, cells, positions, world.evaluated(world.model, ELEMENTS, types, cells, positions)
    for way, server, client in addresses("agree"):
        process = world.start(world.tools / "dp-ipi", world.model, *structures, *client)
        with SocketIOCalculator(**server) as calculator:
            for kind, (types, cells, positions, (energies, forces, virials)) in frames.items():
                for frame in range(len(positions)):
                    atoms = atoms_of(types, ELEMENTS, cells[frame] if cells is not None else None, positions[frame])
                    atoms.calc = calculator
                    place = f"{kind} over {way}, frame {frame}"
                    worst = max(
                        worst, world.expect_same(f"{place}: energy", atoms.get_potential_energy(), energies[frame]),
                        world.expect_same(f"{place}: forces", atoms.get_forces(), forces[frame]))
                    if cells is not None:
                        virial = -atoms.get_stress(voigt=False) * atoms.get_volume()
                        worst = max(worst, world.expect_same(f"{place}: virial", virial, virials[frame]))
                    count += 1
        world.expect_end(process)
    return f"{count} frames of {len(frames)} kinds in turn as dp-eval has them, to {worst:.0e} eV and eV/Å"


def relaxation(world):
    """A geometry optimization of shaken copper by BFGS goes downhill, the same way over both kinds of sockets."""
    from ase.calculators.socketio import SocketIOCalculator
    from ase.optimize import BFGS
    folder = world.trained("copper", 500)
    elements, types, cell, positions = world.labeled_frame(folder)
    structure = world.write_xyz(world.folder / "copper.xyz", [elements[t] for t in types], positions)
    ends = []
    for way, server, client in addresses("bfgs"):
        process = world.start(world.tools / "dp-ipi", folder / "model.h5", "--structure", structure, *client)
        atoms = atoms_of(types, elements, cell, positions)
        with SocketIOCalculator(**server) as atoms.calc:
            first = atoms.get_potential_energy(), np.abs(atoms.get_forces()).max()
            optimizer = BFGS(atoms, logfile=None)
            converged = optimizer.run(fmax=0.01, steps=200)
            last = atoms.get_potential_energy(), np.abs(atoms.get_forces()).max()
        world.expect_end(process)
        world.expect(converged, f"{way}: not converged, {last[1]:.3f} eV/Å left of {first[1]:.3f}")
        world.expect(last[0] < first[0] - 0.1, f"{way}: the energy went from {first[0]} to {last[0]}")
        wanted = world.evaluated(folder / "model.h5", elements, types, [cell], atoms.positions[None])
        world.expect_same(f"{way}: energy at the end", last[0], wanted[0][0])
        ends.append(atoms.positions.copy())
    world.expect((ends[0] == ends[1]).all(), "unix and TCP sockets led to different structures")
    return (f"BFGS of {len(types)} atoms: {optimizer.nsteps} steps, {last[0] - first[0]:.3f} eV, forces of "
            f"{first[1]:.2f} to {last[1]:.3f} eV/Å, the same over unix and TCP")


KILLED = """
import sys
from ase.io import read
from ase.calculators.socketio import SocketIOCalculator
atoms = read("start.xyz")
with SocketIOCalculator(unixsocket=sys.argv[1]) as atoms.calc:
    for step in range(int(sys.argv[2])):
        atoms.positions[0, 0] += 1e-3
        atoms.get_potential_energy()
        print(step, flush=True)
"""


def restart(world):
    """A server that is killed leaves a client that waits for the next one."""
    from ase.io import write
    types, cells, positions = world.frames("cubic", 1)
    write(world.folder / "start.xyz", atoms_of(types, ELEMENTS, cells[0], positions[0]), format="extxyz")
    name = f"dp-{os.getpid()}-kill"
    client = world.start(
        world.tools / "dp-ipi", world.model, "--structure", "start.xyz", "--unix", name, "--reconnect", "--wait", "8")
    first = world.start(sys.executable, "-c", KILLED, name, 10**9, log="first")
    while first.log.read_text().count("\n") < 20 and first.poll() is None:
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait()
    os.unlink(f"/tmp/ipi_{name}")  # which a killed server leaves behind
    second = world.start(sys.executable, "-c", KILLED, name, 20, log="second")
    world.expect_end(second)
    said = world.expect_end(client)
    before, all = first.log.read_text().count("\n"), int(said.split("closed, ")[-1].split()[0])
    # The last answer before the end may not have been printed any more.
    world.expect(all - 20 in (before, before + 1), f"{all} calculations, {before} + 20 were asked for: {said}")
    return f"killed after {before} steps; the next server was served"


def headers(world):
    """Extended XYZ: a hundred headers are read as ASE reads them, and ASE's own files of random frames to the digit."""
    sys.path.insert(0, str(world.checkout / "Tests/Systems/Peers"))
    import check_xyz
    from ase.calculators.singlepoint import SinglePointCalculator
    from ase.io import write
    problems, count = check_xyz.check(world.tools / "dp-convert", world.folder)
    for problem in problems:
        world.fail(problem)
    random = np.random.default_rng(5)
    for kind in ["cubic", "triclinic", "small", "free"]:
        types, cells, positions = world.frames(kind, 3)
        for frame in range(3):
            atoms = atoms_of(types, ELEMENTS, cells[frame] if cells is not None else None, positions[frame])
            results = {"energy": random.normal(), "forces": random.normal(size=positions[frame].shape)}
            if cells is not None:
                results["stress"] = random.normal(size=6)
            atoms.calc = SinglePointCalculator(atoms, **results)
            write(world.folder / "ase.xyz", atoms, format="extxyz")
            text = (world.folder / "ase.xyz").read_text()
            entry = {"text": text, "expected": check_xyz.expected(check_xyz.ase_reads(text), "ase")}
            if found := check_xyz.difference(world.tools / "dp-convert", world.folder, f"{kind}-{frame}", entry):
                world.fail(f"{kind}, frame {frame}: {found}")
    return f"{count} headers and 12 files of ASE's read as ASE reads them"


CASES = {"agreement": agreement, "relaxation": relaxation, "restart": restart, "headers": headers}
