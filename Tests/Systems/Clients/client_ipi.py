"""i-PI, which sends its replicas' positions to as many clients as there are."""
import os
import re
import signal
import sys
import time

import numpy as np

from client_ase import free_port
from clients import ELEMENTS

REQUIREMENTS = [["ipi==3.3.1", "numpy==2.4.6", "scipy==1.17.1"]]

# i-PI's own constants (ipi/utils/units.py).
BOHR, HARTREE = 1 / 1.8897261, 1 / 0.036749326

IPI = os.path.join(os.path.dirname(sys.executable), "i-pi")

SIMULATION = """
<simulation verbosity='low'>
  <total_steps> {steps} </total_steps>
  <prng> <seed> 31415 </seed> </prng>
  <output prefix='out'>
    <properties stride='1' filename='md'>
      [ step, time{{picosecond}}, conserved, temperature{{kelvin}}, potential, pressure_cv ]
    </properties>
    <checkpoint stride='5' filename='restart' overwrite='false'/>
  </output>
  {sockets}
  {systems}
</simulation>
"""

SOCKET = """
  <ffsocket name='{name}' mode='{mode}' pbc='false'>
    <address> {address} </address> <port> {port} </port> <latency> 1e-4 </latency>
  </ffsocket>
"""

SYSTEM = """
  <system prefix='{prefix}'>
    <initialize nbeads='{beads}'>
      <file mode='xyz' units='angstrom'> {file} </file>
      <velocities mode='thermal' units='kelvin'> 300 </velocities>
    </initialize>
    <forces> <force forcefield='{name}'/> </forces>
    <ensemble> <temperature units='kelvin'> 300 </temperature> </ensemble>
    <motion mode='dynamics'>
      <dynamics mode='nvt'>
        <timestep units='femtosecond'> 0.25 </timestep>
        <thermostat mode='{thermostat}'> <tau units='femtosecond'> 50 </tau> </thermostat>
      </dynamics>
    </motion>
  </system>
"""


def write_start(world, path, names, cell, positions):
    """The XYZ file that i-PI starts from."""
    h = " ".join(repr(float(x)) for x in np.asarray(cell).T.ravel())
    return world.write_xyz(path, names, positions, f"# CELL(H): {h} cell{{angstrom}} positions{{angstrom}}")


def write_input(world, mode, steps, starts, beads=1, thermostat="svr"):
    """i-PI's input for one system for each file it starts from; dp-ipi's options for their sockets, by file."""
    sockets, systems, options = "", "", {}
    for start in starts:
        name, port = start.stem, free_port()
        address = f"dp-{os.getpid()}-{world.folder.name.replace('.', '-')}-{name}" if mode == "unix" else "localhost"
        sockets += SOCKET.format(name=name, mode=mode, address=address, port=port)
        systems += SYSTEM.format(
            name=name, prefix=name if len(starts) > 1 else "", beads=beads, file=start.name, thermostat=thermostat)
        options[start] = ["--unix", address] if mode == "unix" else ["--port", port]
    (world.folder / "input.xml").write_text(SIMULATION.format(steps=steps, sockets=sockets, systems=systems))
    return options


def simulate(world, options, model, clients=1):
    """Runs i-PI and its clients to the end; their messages, and the table of properties of each system."""
    processes = [
        world.start(world.tools / "dp-ipi", model, "--structure", start, *where, log=f"client-{start.stem}-{n}")
        for start, where in options.items() for n in range(clients)]
    world.expect_end(world.start(IPI, "input.xml", log="ipi"), seconds=200)
    said = [world.expect_end(process) for process in processes]
    return said, [np.loadtxt(path) for path in sorted(world.folder.glob("*out.md"))]


def expect_water_dynamics(world, table, steps):
    """That the table has all steps, at sensible temperatures, and conserves what it should."""
    world.expect(len(table) == steps + 1, f"{len(table)} lines of {steps} steps")
    world.expect((np.abs(table[:, 3] - 300) < 200).all(), f"temperatures up to {table[:, 3].max():.0f} K")
    drift = np.abs(table[:, 2] - table[0, 2]).max() * HARTREE
    world.expect(drift < 0.05, f"the conserved energy moves by {drift:.3f} eV")
    return drift


def nvt(world):
    """NVT of water; the first energy is dp-eval's."""
    elements, types, cell, positions = world.labeled_frame(world.water())
    start = write_start(world, world.folder / "init.xyz", [elements[t] for t in types], cell, positions)
    [said], [table] = simulate(world, write_input(world, "unix", 60, [start]), world.water() / "model.h5")
    drift = expect_water_dynamics(world, table, 60)
    world.expect("EXIT, 61 calculations" in said, f"dp-ipi did not end by EXIT after 61 calculations: {said}")
    [energy], _, _ = world.evaluated(world.water() / "model.h5", elements, types, [cell], positions[None])
    # The table has nine digits.
    world.expect_same("the first energy", table[0, 4] * HARTREE / energy, 1, 2e-8)
    return f"60 steps of {len(types)} atoms over a unix socket, conserved to {drift:.4f} eV"


def replicas(world):
    """Path integrals of four replicas, which two clients share, over TCP."""
    elements, types, cell, positions = world.labeled_frame(world.water())
    start = write_start(world, world.folder / "init.xyz", [elements[t] for t in types], cell, positions)
    options = write_input(world, "inet", 20, [start], beads=4, thermostat="pile_g")
    said, [table] = simulate(world, options, world.water() / "model.h5", clients=2)
    world.expect(len(table) == 21, f"{len(table)} lines of 20 steps")
    counts = [int(text.split("EXIT, ")[1].split()[0]) for text in said if "EXIT, " in text]
    world.expect(len(counts) == 2 and sum(counts) == 4 * 21, f"the clients calculated {counts}, not 84 together")
    return f"20 steps of 4 replicas over TCP, {' + '.join(map(str, counts))} calculations of two clients"


def systems(world):
    """Two systems of different atoms in one simulation; i-PI wants a socket for each."""
    starts = []
    for kind in ["cubic", "small"]:
        types, cells, positions = world.frames(kind, 1)
        cell = np.diag(np.diag(cells[0]))
        starts.append(write_start(
            world, world.folder / f"{kind}.xyz", [ELEMENTS[t] for t in types], cell, positions[0]))
    said, tables = simulate(world, write_input(world, "unix", 10, starts), world.model)
    world.expect(len(tables) == 2 and all(len(table) == 11 for table in tables), "not two tables of 11 lines")
    world.expect(all("EXIT, 11 calculations" in text for text in said), f"not 11 calculations each: {said}")
    return "systems of 24 and 6 atoms in one simulation, 10 steps each"


FRAMES = """
import sys
import numpy as np
from ipi.scripting import InteractiveSimulation
from ipi.utils.depend import dstrip
data = np.load("frames.npz")
simulation = InteractiveSimulation(open("input.xml").read())
[system] = simulation.syslist
found = []
for cell, positions in zip(data["cells"], data["positions"]):
    system.cell.h = cell.T * 1.8897261
    system.beads.q[0] = positions.ravel() * 1.8897261
    found.append((float(system.forces.pot), dstrip(system.forces.f)[0].copy(), dstrip(system.forces.vir).copy()))
np.savez("found.npz", energy=[f[0] for f in found], force=[f[1] for f in found], virial=[f[2] for f in found])
from ipi.utils.softexit import softexit
softexit.trigger(status="success", message="done")
"""


def agreement(world):
    """Ten frames of each kind, as i-PI holds them: energy, forces and virial are dp-eval's."""
    worst, count = 0, 0
    top = world.folder
    for kind in ["cubic", "triclinic", "small", "free"]:
        world.folder = top / kind
        world.folder.mkdir()
        types, cells, positions = world.frames(kind)
        # i-PI wants the first cell vector along x and the second in the plane of x and y, and
        # always a cell.
        given = cells if cells is not None else np.array([np.eye(3) * 50] * len(positions))
        names = [ELEMENTS[t] for t in types]
        start = write_start(world, world.folder / "init.xyz", names, given[0], positions[0])
        structure = world.write_xyz(
            world.folder / "names.txt", names, positions[0], 'pbc="F F F"' if cells is None else "")
        [where] = write_input(world, "unix", 1, [start]).values()
        np.savez(world.folder / "frames.npz", cells=given, positions=positions)
        client = world.start(
            world.tools / "dp-ipi", world.model, "--structure", structure, *where)
        world.run(sys.executable, "-c", FRAMES)
        world.expect_end(client)
        found = np.load(world.folder / "found.npz")
        energies, forces, virials = world.evaluated(world.model, ELEMENTS, types, cells, positions)
        pairs = [
            ("energy", found["energy"] * HARTREE, energies),
            ("forces", found["force"].reshape(forces.shape) * HARTREE / BOHR, forces)]
        if virials is not None:
            # i-PI keeps the upper triangle only.
            pairs.append(("virial", found["virial"] * HARTREE, np.triu(virials)))
        for what, a, b in pairs:
            worst = max(worst, world.expect_same(f"{kind}: {what}", a, b))
        count += len(positions)
    return f"{count} frames of 4 kinds as dp-eval has them, to {worst:.0e} eV and eV/Å"


def step_of(checkpoint):
    found = re.search(r"<step>\s*(\d+)", checkpoint)
    return int(found[1]) if found else 0


def restart(world):
    """An i-PI that is killed and started again from its checkpoint finds the client waiting."""
    types, cells, positions = world.frames("cubic", 1)
    names = [ELEMENTS[t] for t in types]
    start = write_start(world, world.folder / "init.xyz", names, cells[0], positions[0])
    [(option, address)] = write_input(world, "unix", 100000, [start]).values()
    client = world.start(
        world.tools / "dp-ipi", world.model, "--structure", start, option, address, "--reconnect", "--wait", "10")
    table = world.folder / "out.md"
    first = world.start(IPI, "input.xml", log="first")
    deadline = time.monotonic() + 60
    while first.poll() is None and (not table.exists() or table.read_text().count("\n") < 30):
        world.expect(time.monotonic() < deadline, "i-PI made no steps")
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait()
    if os.path.exists(f"/tmp/ipi_{address}"):
        os.unlink(f"/tmp/ipi_{address}")
    texts = [path.read_text() for path in world.folder.glob("out.restart_*")]
    whole = [text for text in texts if text.rstrip().endswith("</simulation>")]  # one may have been cut short
    world.expect(whole, "i-PI left no checkpoint")
    (world.folder / "again.xml").write_text(max(whole, key=step_of))
    second = world.start(IPI, "again.xml", log="second")
    lines = table.read_text().count("\n")
    while second.poll() is None and table.read_text().count("\n") < lines + 30 and time.monotonic() < deadline + 60:
        time.sleep(0.05)
    (world.folder / "EXIT").touch()
    world.expect_end(second)
    said = world.expect_end(client)
    world.expect(said.count("connected") >= 2 and "EXIT" in said, f"dp-ipi did not serve i-PI twice: {said}")
    return "killed, restarted from its checkpoint, served by the same client"


CASES = {"agreement": agreement, "nvt": nvt, "replicas": replicas, "systems": systems, "restart": restart}
