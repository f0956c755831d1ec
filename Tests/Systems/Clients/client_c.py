"""Programs in C on libdeepmd_c.so: address and undefined-behavior sanitizers, many models read and deleted, and ranks."""
import json
import pathlib

import numpy as np

REQUIREMENTS = [["numpy==2.4.6"]]

#: Warnings are errors, and what a sanitizer finds ends the program.
FLAGS = ["-std=c99", "-D_DEFAULT_SOURCE", "-g", "-O1", "-Wall", "-Wextra", "-Werror"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
WAYS = ["double", "float", "list", "frames", "strangers", "models"]


def sanitizers(world):
    """Every model fixture in every configuration and way, and all wrong calls, under both sanitizers."""
    folder = world.checkout / ".build/asan/release"
    # An archive keeps the objects of libraries that are gone.
    (folder / "libdeepmd_c.a").unlink(missing_ok=True)
    world.run(
        "swift", "build", "-c", "release", "--sanitize=address", "--scratch-path", world.checkout / ".build/asan",
        "--product", "deepmd_c", folder=world.checkout)
    compiled, program = world.folder / "check.o", world.folder / "check"
    source = world.checkout / "Tests/Systems/CInterface/check.c"
    world.run("clang", *FLAGS, *SANITIZERS, f"-I{world.checkout}/Sources/CDeepMD", "-c", source, "-o", compiled)
    libraries = world.run("pkg-config", "--libs", "hdf5", "libcrypto").split()
    stand_in = folder / "CStandalone.build/standalone.c.o"
    world.run(
        "swiftc", "-sanitize=address", "-Xclang-linker", "-fsanitize=undefined", compiled, *folder.glob("CInterface.build/*.o"), stand_in,
        folder / "libdeepmd_c.a", *libraries, "-lFoundation", "-lm", "-lstdc++", "-o", program)
    # libhdf5 keeps what it has allocated; what malloc cannot give is an error, as without the
    # sanitizer.
    world.environment["ASAN_OPTIONS"] = "detect_leaks=0:allocator_may_return_null=1"
    count = 0
    for description in sorted((world.checkout / "Tests/Support/Fixtures").glob("*.json")):
        model = description.with_suffix(".dp")
        if not model.exists():
            continue
        for configuration in json.loads(description.read_text())["configs"]:
            for way in WAYS:
                lines = ask(world, program, model, way, configuration)
                worst = np.abs(np.array(lines[0]) - np.ravel(configuration["out"]["energy"])).max()
                world.expect(worst < 1e-2, f"{model.name} {way}: the energy differs by {worst:.1e}")
                count += 1
        world.run(program, model, "errors")
        world.run(program, model, "getters")
    return f"{count} computations and the wrong calls of all models: nothing found"


def text_of(configuration):
    """A configuration of a fixture as check.c reads it."""
    types, box = configuration["types"], configuration["box"]
    frame, atom = configuration.get("fparam") or [], configuration.get("aparam") or []
    rows = [
        [len(types), len(frame), len(atom) // len(types), int(box is not None)], np.ravel(box) if box else [0.0] * 9, types,
        np.ravel(configuration["coord"]), np.ravel(frame), np.ravel(atom)]
    text = "\n".join(" ".join(repr(float(x)) if k else str(x) for x in row) for k, row in enumerate(rows))
    return text + "\n"


def ask(world, program, model, way, configuration):
    """What check.c prints for a configuration of a fixture: lines of numbers."""
    said = world.run(program, model, way, given=text_of(configuration))
    return [[float(word) for word in line.split()] for line in said.splitlines()]


def cycles(world, count=100_000):
    """A model is read, computes, and is deleted, 100,000 times; the memory after a tenth of that is the memory at the end."""
    program = world.folder / "check"
    world.run(
        "clang", *FLAGS, f"-I{world.checkout}/Sources/CDeepMD", world.checkout / "Tests/Systems/CInterface/check.c", "-o", program,
        f"-L{world.tools}", "-ldeepmd_c", "-lm", f"-Wl,-rpath,{world.tools}")
    grown = int(world.run(program, world.model, "cycles", count))
    world.expect(grown < 1024, f"the memory has grown by {grown} KiB")
    return f"{count:,} models read and deleted, {grown} KiB more memory"


def ranks(world):
    """A program of MPI on 1, 2 and 4 ranks of Open MPI, with DPA-2 and DPA-3: energy, forces and virial of one process."""
    if not list(pathlib.Path("/usr/lib").glob("*/openmpi/include/mpi.h")):
        world.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "libopenmpi-dev", "openmpi-bin")
    source, program, alone = world.checkout / "Tests/Systems/CInterface", world.folder / "ranks", world.folder / "check"
    rest = [f"-I{world.checkout}/Sources/CDeepMD", f"-L{world.tools}", "-ldeepmd_c", "-lm", f"-Wl,-rpath,{world.tools}"]
    world.run("mpicc.openmpi", "-std=c99", "-D_DEFAULT_SOURCE", "-O1", source / "ranks.c", "-o", program, *rest)
    world.run("clang", *FLAGS, source / "check.c", "-o", alone, *rest)
    fixtures, compared = world.checkout / "Tests/Support/Fixtures/descriptors", 0
    for model in ["dpa2_small.dp", "dpa3_dynamic.dp"]:
        for configuration in json.loads((fixtures / model).with_suffix(".json").read_text())["configs"][:2]:
            frame = world.folder / "frame"
            frame.write_text(text_of(configuration))
            lines = world.run(alone, fixtures / model, "double", given=frame.read_text()).splitlines()
            expected = [[float(word) for word in lines[k].split()] for k in (0, 2, 3)]
            for count in (1, 2, 4):
                said = world.run(
                    "mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "-np", count, program, fixtures / model, frame)
                for name, found, wanted in zip(["energy", "forces", "virial"], said.splitlines(), expected):
                    worst = np.abs(np.array(found.split(), float) - wanted).max()
                    world.expect(worst < 1e-10, f"{model}, {count} ranks: {name} differ by {worst:.1e}")
                    compared += 1
    return f"{compared} comparisons with one process, to 1e-10"


CASES = {"sanitizers": sanitizers, "cycles": cycles, "ranks": ranks}
