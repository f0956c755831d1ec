"""What all clients share: models, frames, and what dp-eval computes for them."""
import os
import signal
import subprocess

import numpy as np

from world import FIXTURES, World, outside_make

ELEMENTS = ["O", "H", "Na"]


class ClientWorld(World):
    def __init__(self, checkout, tools, scratch):
        super().__init__(tools, scratch)
        self.checkout, self.processes = checkout, []
        # Three elements, random weights: DeePMD-kit's numbers for it are among the fixtures.
        self.model = FIXTURES / "se_e2_a_twoside.dp"
        self.environment = outside_make()
        self.environment["PATH"] = f"{tools}:{os.environ['PATH']}"
        self.environment["OMP_NUM_THREADS"] = "1"
        self.made = set()

    def begin(self, case):
        self.failures, self.folder = [], self.scratch / case
        self.folder.mkdir()

    def trained(self, system, steps):
        """A folder in which `make train` has trained a model of a system for so many steps."""
        folder = self.scratch / system
        if system not in self.made:
            variables = {"SYSTEM": system, "STEPS": steps, "WORK": folder, "BIN": self.tools}
            self.run("make", "-C", self.checkout, "train", *[f"{k}={v}" for k, v in variables.items()])
            self.made.add(system)
        return folder

    def water(self):
        return self.trained("water", 2000)

    def labeled_frame(self, folder, number=0):
        """A frame of a training's validation data: elements, types, cell, positions."""
        npy = self.folder / "validation"
        self.run(self.tools / "dp-convert", folder / "validation.h5", f"{npy}/")
        [found] = npy.glob("*")
        elements = (found / "type_map.raw").read_text().split()
        types = [int(word) for word in (found / "type.raw").read_text().split()]
        positions = np.load(found / "set.000/coord.npy")[number].reshape(-1, 3)
        return elements, types, np.load(found / "set.000/box.npy")[number].reshape(3, 3), positions

    def run(self, *command, folder=None, code=0, given=None):
        """Runs a program to its end, with `given` as its standard input; its standard output."""
        done = subprocess.run(
            [str(word) for word in command], cwd=folder or self.folder, env=self.environment, capture_output=True,
            text=True, timeout=1800, input=given)
        if done.returncode != code:
            raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self, *command, log="log", folder=None):
        """Starts a program that is ended with the case at the latest; its messages go to a file."""
        folder = folder or self.folder
        with open(folder / log, "a") as file:
            process = subprocess.Popen(
                [str(word) for word in command], cwd=folder, env=self.environment, stdout=file, stderr=file)
        process.log = folder / log
        self.processes.append(process)
        return process

    def expect_end(self, process, code=0, seconds=60):
        """That a program ends by itself, with this exit code; what it said."""
        try:
            found = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            found = "none"
        said = process.log.read_text()
        self.expect(found == code, f"{process.args[0]} ended with exit code {found}, not {code}: {said[-2000:]}")
        return said

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
        self.processes = []

    # Frames

    def frames(self, kind, count=10):
        """Frames of one kind: types, cells (vectors as rows; None without) and positions, in Å."""
        random = np.random.default_rng(sum(kind.encode()))
        atoms, box = {
            "cubic": (24, [[8.6, 0, 0], [0, 8.6, 0], [0, 0, 8.6]]),
            "triclinic": (21, [[8.9, 0, 0], [1.3, 8.4, 0], [-0.9, 0.8, 9.1]]),
            "small": (6, [[3.7, 0, 0], [0.4, 3.9, 0], [-0.3, 0.2, 4.1]]),
            "free": (9, [[9, 0, 0], [0, 9, 0], [0, 0, 9]]),
        }[kind]
        types = np.arange(atoms) % 3
        cells = np.array(box) * random.uniform(0.97, 1.03, (count, 1, 1))
        # Some atoms lie outside of the cell.
        positions = np.array([self.scattered(random, atoms, cell, kind != "free") for cell in cells])
        return types, None if kind == "free" else cells, positions

    @staticmethod
    def scattered(random, count, cell, periodic):
        """Positions no two of which are closer than an Å."""
        found = []
        while len(found) < count:
            new = random.uniform(-0.3, 1.3, 3)
            steps = np.array(found).reshape(-1, 3) - new
            if periodic:
                steps -= np.round(steps)
            if not len(found) or np.linalg.norm(steps @ cell, axis=1).min() > 1.0:
                found.append(new)
        return np.array(found) @ cell

    def evaluated(self, model, elements, types, cells, positions, **parameters):
        """Energies in eV, forces in eV/Å and virials in eV that dp-eval computes, with `fparam` and `aparam` if given."""
        data = self.folder / f"data-{len(list(self.folder.iterdir()))}"
        (data / "set.000").mkdir(parents=True)
        (data / "type.raw").write_text("\n".join(map(str, types)))
        (data / "type_map.raw").write_text("\n".join(elements))
        np.save(data / "set.000/coord.npy", np.asarray(positions, float).reshape(len(positions), -1))
        for name, values in parameters.items():
            np.save(data / f"set.000/{name}.npy", np.asarray(values, float).reshape(len(positions), -1))
        if cells is None:
            (data / "nopbc").touch()
        else:
            np.save(data / "set.000/box.npy", np.asarray(cells, float).reshape(len(positions), 9))
        predictions, back = data.with_suffix(".h5"), data.with_suffix(".npy")
        self.run(self.tools / "dp-eval", model, data, "--predictions", predictions)
        self.run(self.tools / "dp-convert", predictions, f"{back}/")
        [found] = back.glob("**/set.000")
        energy, force = [np.load(found / f"{name}.npy") for name in ["energy", "force"]]
        assert energy.dtype == np.float64
        virial = np.load(found / "virial.npy").reshape(-1, 3, 3) if cells is not None else None
        return energy.ravel(), force.reshape(positions.shape), virial

    def expect_same(self, what, found, wanted, tolerance=1e-10):
        """That all numbers agree; the largest difference."""
        worst = float(np.abs(np.asarray(found) - np.asarray(wanted)).max())
        self.expect(worst <= tolerance, f"{what}: differs by {worst:.2e}, more than {tolerance:.0e}")
        return worst

    def write_xyz(self, path, names, positions, comment=""):
        lines = [f"{name} {x!r} {y!r} {z!r}" for name, (x, y, z) in zip(names, np.asarray(positions).tolist())]
        path.write_text("\n".join([str(len(names)), comment, *lines]) + "\n")
        return path
