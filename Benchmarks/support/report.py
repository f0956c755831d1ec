"""Markdown tables of what compare-deepmd measured."""

import os
import re
import statistics
import subprocess

from support.dynamics import PRECISIONS
from support.water import KINDS

TRAININGS = {
    "float64-8": "training, float64, batch 8", "float64-1": "training, float64, batch 1",
    "float32-8": "training, float32, batch 8"}
#: Multiply-adds of an atom, counted in docs/PERFORMANCE.md: fitting net, 90 pairs, contraction.
FITTING_NET = 1600 * 240 + 2 * 240 * 240 + 240
TRAINING = 6 * FITTING_NET + 90 * 7500 + 57_600
EVALUATION = 2 * FITTING_NET + 90 * 3100 + 19_200


def about(tools):
    """The lines of `dp-train --version`."""
    found = subprocess.run([tools / "dp-train", "--version"], text=True, stdout=subprocess.PIPE, check=True)
    return found.stdout.split("\n")


def version(tools):
    """The program that is measured, with its commit."""
    return about(tools)[0]


def cpu():
    """The name of this machine's CPU."""
    with open("/proc/cpuinfo") as file:
        models = re.findall(r"^model name\s*: (.*)$", file.read(), re.M)
    return models[0] if models else "unknown"


def machine(options, peer):
    """What the numbers depend on."""
    return {
        "cpu": cpu(), "cores": os.cpu_count(), "threads": options.jobs,
        "rounds": options.rounds, "ours": version(options.bin)} | (
            {"peer": peer.versions()} if peer else {})


def median(runs, key="seconds"):
    """The median over rounds; runs are numbers, or objects with `key`."""
    return statistics.median(run[key] if isinstance(run, dict) else run for run in runs)


def table(header, rows):
    """A Markdown table."""
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, ["---"] * len(header), *rows]) + "\n"


def row(what, theirs, ours, unit, digits, bounds):
    """One row of numbers to reach: programs side by side, their ratio, at least, aim."""
    show = lambda value: "–" if value is None else f"{value:.{digits}f} {unit}"
    ratio = "–" if theirs is None else f"{theirs / ours:.1f}"
    return [what, show(theirs), show(ours), ratio, *bounds]


def sides(runs, key="seconds", scale=1.0):
    """The medians of theirs, None if not measured, and ours."""
    return [scale * median(runs[name], key) if name in runs else None for name in ("theirs", "ours")]


def goals(parts, threads):
    """The rows of the numbers to reach that were measured."""
    for part, what in TRAININGS.items():
        if part in parts:
            yield row(f"{what}: a step", *sides(parts[part], scale=1e3), "ms", 1, ["5", "8"])
    for name, kind in KINDS.items():
        if runs := parts.get(name):
            what = f"training, {kind.title}"
            yield row(f"{what}: a step", *sides(runs, scale=1e3), "ms", 1, kind.training)
            ratio = median(runs["ours"]) / median(runs["se_e2_a"])
            yield [f"{what}: times a step of se_e2_a", "–", f"{ratio:.2f}", "–",
                   *(["1.2", "1.05"] if name == "dpa1-0" else ["–", "–"])]
            limits = ["1.5 GB", "0.5 GB"] if name == "dpa3" else ["1 GB", "0.5 GB"]
            yield row(f"{what}: peak memory", *sides(runs, "megabytes"), "MB", 0, limits)
        yield from evaluations(parts, name, kind)
    if "energy-force" in parts:
        for count in sorted({"1", str(threads)}):
            runs = parts["energy-force"][count]
            yield row(
                f"energy and force of 192 atoms, threads: {count}", *sides(runs, scale=1e3), "ms", 2, ["5", "8"])
    for count, runs in parts.get("dynamics", {}).items():
        if "theirs" in runs:
            yield row(
                f"MD of {int(count):,} atoms in LAMMPS, one process: a step", *sides(runs, scale=1e3), "ms", 1,
                ["5", "8"])
            for precision in PRECISIONS:
                if precision in runs:
                    times = [1e3 * median(runs[name]) for name in ("theirs", precision)]
                    yield row(f"the same, ours in {precision}", *times, "ms", 1, ["5", "8"])
    if "float64-8" in parts:
        yield row(
            "peak memory, float64, batch 8", *sides(parts["float64-8"], "megabytes"), "MB", 0, ["300 MB", "100 MB"])
    if "start" in parts:
        yield row("start to the end of the first step", *sides(parts["start"]), "s", 2, ["1 s", "0.3 s"])
    if "statistics" in parts:
        yield row("statistics of 80 frames", *sides(parts["statistics"]), "s", 2, ["0.5 s", "0.1 s"])
    for precision in ("float64", "float32") if "kernels" in parts else ():
        share = parts["kernels"].get("fitting_share", {}).get(precision)
        if share is not None:
            yield [f"fitting-net products, {precision}: share of FMA peak", "–", f"{100 * share:.0f} %", "–",
                   "50 %", "70 %"]
    for part, what in (("batches", "cost per frame, batch"), ("atoms", "cost per atom, atoms")):
        if part in parts:
            for name, costs in growth(part, parts[part]).items():
                values = list(costs.values())
                yield [f"{what} {next(iter(costs))} to {list(costs)[-1]}: {name}", "–",
                       f"{min(values) / values[0]:.2f} to {max(values) / values[0]:.2f} of the first", "–",
                       "flat within 20 %", "falling"]


def evaluations(parts, name, kind):
    """The rows of a model of `KINDS` that say what energies and forces cost."""
    for part, what in (
            ("evaluation", f"energy and force, {kind.title}"), ("dynamics", f"MD of 192 atoms in LAMMPS, {kind.title}: a step")):
        if runs := parts.get(f"{name}-{part}"):
            found = row(what, *sides(runs, scale=1e3), "ms", 2, kind.evaluation)
            if runs.get("problem"):
                found[1] = "does not load the `.pth`"
            yield found
            yield row(f"{what.split(': a step')[0]}: peak memory", *sides(runs, "megabytes"), "MB", 0, ["–", "–"])
            if large := runs.get("large"):
                what = f"MD of 1,536 atoms in LAMMPS, {kind.title}"
                yield row(f"{what}: a step", None, 1e3 * median(large), "ms", 0, ["–", "–"])
                yield row(f"{what}: peak memory", None, median(large, "megabytes"), "MB", 0, ["–", "–"])


def floors(parts, threads):
    """Rows that compare times of a frame with the counted multiply-adds at the measured peak of all threads."""
    runs = {count: parts["energy-force"][count]["ours"] for count in sorted({"1", str(threads)})}
    peak = lambda count, kind: max(run["machine"][f"gflops_{kind}"] for run in runs[count])
    for count in runs:
        yield (f"energy and force, threads: {count}", EVALUATION, peak(count, "float64"), median(runs[count]))
    for part, what in TRAININGS.items():
        if part in parts:
            kind, batch = part.split("-")
            yield what, TRAINING, peak(str(threads), kind), median(parts[part]["ours"]) / int(batch)


def floor_table(parts, threads):
    """The table of `floors`."""
    rows = []
    for what, count, peak, seconds in floors(parts, threads):
        floor = 192 * 2 * count / (1e9 * peak)
        rows.append([
            what, f"{192 * count / 1e6:.0f} M", f"{peak:.0f} GFLOP/s", f"{1e3 * floor:.1f} ms",
            f"{1e3 * seconds:.1f} ms", f"{100 * floor / seconds:.0f} %"])
    return table(
        ["a frame of 192 atoms", "multiply-adds", "measured peak", "floor", "ours", "floor / ours"], rows)


def memory_table(found):
    """Time and peak memory of molecular dynamics by number of atoms."""
    rows = []
    for count, runs in sorted(found.items(), key=lambda item: int(item[0])):
        theirs = f"{median(runs['theirs'], 'megabytes'):.0f} MB" if "theirs" in runs else "–"
        rows.append([
            count, f"{1e6 * median(runs['ours']) / int(count):.1f} µs", f"{median(runs['ours'], 'megabytes'):.0f} MB",
            theirs])
    return table(["atoms in LAMMPS", "ours, a step and atom", "ours, peak memory", "DeePMD-kit, peak memory"], rows)


def growth(part, found):
    """Milliseconds a frame by batch size, or microseconds an atom by number of atoms."""
    if part == "batches":
        return {"training": {int(n): 1e3 * median(runs) / int(n) for n, runs in found.items()}}
    return {
        name.replace("_", " "): {int(n): 1e6 * median(runs) / int(n) for n, runs in kind.items()}
        for name, kind in found.items()}


def markdown(results):
    """All tables of what was measured."""
    parts, of = results.get("parts", {}), results.get("machine", {})
    if not parts:
        return "nothing measured yet"
    text = [
        f"`Benchmarks/compare-deepmd`, {of['cpu']}, {of['cores']} cores, {of['threads']} threads; "
        f"medians of {of['rounds']} rounds." + (f" Beside `{of['beside']}`." if of.get("beside") else ""),
        f"Ours: {of['ours']}. DeePMD-kit: {of.get('peer') or 'not measured'}.", "",
        table(["what", "DeePMD-kit", "ours", "ratio", "at least", "aim"], goals(parts, of["threads"]))]
    if "energy-force" in parts:
        difference = parts["energy-force"]["energy_difference"]
        text.append(f"Both programs give the frame of that row the same energy within {difference:.0e} eV.\n")
        text.append(floor_table(parts, of["threads"]))
    for part, unit, heading in (("batches", "ms a frame", "batch"), ("atoms", "µs an atom", "atoms")):
        if part in parts:
            costs = growth(part, parts[part])
            counts = list(next(iter(costs.values())))
            text.append(table(
                [heading, *(f"{name}, {unit}" for name in costs)],
                [[str(n), *(f"{kind[n]:.2f}" for kind in costs.values())] for n in counts]))
    if "dynamics" in parts:
        text.append(memory_table(parts["dynamics"]))
    if "kernels" in parts:
        text.append(parts["kernels"]["markdown"])
    return "\n".join(text).rstrip()


def update(path, text, name):
    """Replaces what stands between the marks of a script in a file."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    old = path.read_text()
    if begin not in old or end not in old:
        raise SystemExit(f"{path}: no lines '{begin}' and '{end}'")
    head, rest = old.split(begin, 1)
    path.write_text(f"{head}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}")
