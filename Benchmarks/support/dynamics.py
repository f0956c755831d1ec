"""Molecular dynamics of water in LAMMPS: DeePMD-kit's compressed model, and ours by libdeepmd_c.so."""

import re

from support.processes import run, say

#: Copies of a frame along x, y and z: 192, 12,288 and, for our memory, atoms between and beyond.
SIZES = {192: (1, 1, 1), 12288: (4, 4, 4)}
MORE = {768: (2, 2, 1), 3072: (4, 2, 2), 24576: (8, 4, 4)}
#: What DP_PRECISION may ask of a model of float64, to be faster.
PRECISIONS = ["mixed", "float32"]

INPUT = """\
units metal
boundary p p p
atom_style atomic
neighbor 2.0 bin
neigh_modify every 10 delay 0 check no
read_data water.data
mass 1 15.999
mass 2 1.008
{pair}
velocity all create 330 7
timestep 0.0005
fix 1 all nve
thermo 1000000
run {few}
run {steps}
"""


def deepmd(model):
    """What LAMMPS has to be told to compute by a model."""
    return f"pair_style deepmd {model}\npair_coeff * * O H"


def simulate(setting, folder, pair, steps, ours, precision=None):
    """Seconds of a step, after some that do not count, and the peak memory in MB; one process, one thread.

    Ours compute in `precision`; None: in that of the model.
    """
    (folder / "in.lammps").write_text(INPUT.format(pair=pair, few=max(2, steps // 10), steps=steps))
    command, variables = [setting.peer.lmp], {}
    if ours:
        # LAMMPS itself, as the command of that name would be measured with all of TensorFlow.
        command, variables = setting.peer.lammps_with(setting.bin / "libdeepmd_c.so")
        variables = variables | {"DP_PRECISION": precision or ""}
    done = run(folder, *command, "-in", "in.lammps", "-log", "none", threads=1, **variables)
    seconds = float(re.findall(r"^Loop time of (\S+)", done.output, re.M)[-1])
    return {"seconds": seconds / steps, "steps": steps, "megabytes": done.megabytes}


def repeat(seconds, measure):
    """Seconds of a step by `measure(steps)`, of as many steps, 3 to 2000, as take about `seconds`."""
    return measure(min(2000, max(3, round(seconds / measure(2)))))


def dynamics(setting):
    """A step of both programs by number of atoms, taking turns; ours alone for more numbers of atoms."""
    models, frame = setting.work / "models", setting.frame()
    setting.peer.make_models(models, setting.systems, setting.threads)
    found = {}
    for count, copies in sorted((SIZES | MORE).items()):
        say(f"molecular dynamics of {count} atoms")
        folder = setting.folder(f"dynamics-{count}")
        (folder / "water.data").write_text(frame.repeated(*copies).lammps_data())
        ours, theirs = (max(3, round(speed * setting.seconds / count)) for speed in (20_000, 4_000))
        measures = {"ours": lambda: simulate(setting, folder, deepmd(models / "model.dp"), ours, True)}
        if count in SIZES:
            for precision in PRECISIONS:
                measures[precision] = lambda precision=precision: simulate(
                    setting, folder, deepmd(models / "model.dp"), ours, True, precision)
            measures["theirs"] = lambda: simulate(setting, folder, deepmd(models / "compressed.pb"), theirs, False)
        found[str(count)] = setting.alternate(measures)
    return found
