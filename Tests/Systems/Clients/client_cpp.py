"""DeePMD-kit's header for C++, deepmd.hpp of several releases, on our C header and library."""
import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
import urllib.parse
import urllib.request

import numpy as np

REQUIREMENTS = [["numpy==2.4.6"]]

RELEASES = ["2.2.11", "3.0.3", "3.1.3", "3.2.0"]
INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/deepmd-kit/"


def headers(world, release):
    """The folder with deepmd.hpp of a release, and the text of its c_api.h, out of the source distribution on PyPI."""
    folder = world.scratch / f"deepmd-kit-{release}"
    if not folder.exists():
        with urllib.request.urlopen(INDEX, timeout=60) as page:
            pattern = rf'href="([^"#]*/deepmd_kit-{re.escape(release)}\.tar\.gz)#sha256=(\w+)"'
            [(link, digest)] = re.findall(pattern, page.read().decode())
        with urllib.request.urlopen(urllib.parse.urljoin(INDEX, link), timeout=300) as file:
            content = file.read()
        world.expect(hashlib.sha256(content).hexdigest() == digest, f"{link} is damaged")
        archive = tarfile.open(fileobj=io.BytesIO(content))
        folder.mkdir()
        for name in ["deepmd.hpp", "c_api.h"]:
            [member] = [m for m in archive.getmembers() if m.name.endswith(f"source/api_c/include/{name}")]
            # Theirs must not be found before ours.
            path = folder / (name if name == "deepmd.hpp" else "their_c_api.h")
            path.write_bytes(archive.extractfile(member).read())
    return folder, (folder / "their_c_api.h").read_text()


def compiled(world, release, *options):
    folder, _ = headers(world, release)
    program = world.folder / f"check-{release}"
    world.run(
        "g++", "-std=c++11", "-O1", f"-I{folder}", f"-I{world.checkout}/Sources/CDeepMD/deepmd", *options,
        world.checkout / "Tests/Systems/CInterface/check.cc", "-o", program, f"-L{world.tools}", "-ldeepmd_c",
        f"-Wl,-rpath,{world.tools}")
    return program


def header(world):
    """deepmd.hpp of each release compiles and links with all that it has; every function of theirs is in our library."""
    shown = subprocess.run(
        ["nm", "-D", "--defined-only", world.tools / "libdeepmd_c.so"], capture_output=True, text=True, check=True).stdout
    ours, counts = set(re.findall(r" T (DP_\w+)", shown)), []
    for release in RELEASES:
        _, text = headers(world, release)
        bare = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
        theirs = set(re.findall(r"\b(DP_\w+)\s*\(", bare))
        world.expect(len(theirs) > 70, f"{release}: only {len(theirs)} functions found")
        world.expect(not theirs - ours, f"{release}: our library lacks {sorted(theirs - ours)}")
        # Functions that nothing calls are kept too, so that all that they call must be there.
        program = compiled(world, release, "-fkeep-inline-functions", "-Wl,--no-gc-sections", "-Wl,-z,defs")
        said = world.run(program, world.model, "double", "names").splitlines()
        world.expect(said[0] == "O H Na: 3 4 1 8 10", f"{release}: {said[0]}")
        world.expect("gives energy, which is no tensor" in said[1], f"{release}: {said[1]}")
        world.expect("cannot be read" in said[2], f"{release}: {said[2]}")
        counts.append(f"{release} ({len(theirs)})")
    return f"deepmd.hpp and the functions of {', '.join(counts)}"


def checks(world):
    """What DeePMD-kit's tests of its C interface compute, in C++: the numbers are DeePMD-kit's."""
    count, worst, program = 0, {"double": 0.0, "float": 0.0}, compiled(world, RELEASES[-1])
    old = compiled(world, RELEASES[0])
    for name in ["se_e2_a_twoside", "ener_fparam_aparam", "ener_default_fparam"]:
        model = world.checkout / f"Tests/Support/Fixtures/{name}.dp"
        for configuration in json.loads(model.with_suffix(".json").read_text())["configs"]:
            given, wanted = frame(configuration), configuration["out"]
            for way in ["single", "frames", "mixed", "list", "deviation"]:
                for kind in ["double", "float"]:
                    found = world.run(program, model, kind, way, given=given).splitlines()
                    if name != "ener_default_fparam" and kind == "double":
                        world.expect(
                            world.run(old, model, kind, way, given=given).splitlines() == found, f"{way}: releases differ")
                    for line, key in zip(found, ["energy", "force", "virial", "atom_energy", "atom_virial"], strict=True):
                        difference = np.abs(np.array(line.split(), float) - np.ravel(wanted[key])).max()
                        scale = max(1, np.abs(wanted[key]).max())
                        worst[kind] = max(worst[kind], difference / scale)
                        world.expect(
                            difference <= (1e-10 if kind == "double" else 1e-4) * scale,
                            f"{name}, {configuration['name']}, {way}, {kind}: {key} differs by {difference:.1e}")
                        count += 1
    return f"{count} results in five ways, to {worst['double']:.0e} (float {worst['float']:.0e})"


def frame(configuration):
    """A configuration of a fixture as check.c and check.cc read it."""
    types, box = configuration["types"], configuration["box"]
    own, atom = configuration.get("fparam") or [], configuration.get("aparam") or []
    rows = [[float(x) for x in np.ravel(values)]
            for values in [box or [0.0] * 9, types, configuration["coord"], own, atom]]
    counts = [len(types), len(own), np.size(atom) // len(types), int(box is not None)]
    return "\n".join(" ".join(map(repr, row)) for row in [counts, *rows]) + "\n"


CASES = {"header": header, "checks": checks}
