import Atoms
import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// What users say of files that do not say it themselves, and what they hear of what is left out.
struct ReadingOptionsTests {
  private static let lattice = "Lattice=\"6 0 0 0 6 0 0 0 6\""

  /// Two frames of water, their second line without the cell ending in `header`.
  private static func water(
    _ header: String, forces: String = "forces", lattice: String = lattice,
    species: [String] = ["O", "H", "H"]
  ) -> String {
    let columns = "Properties=species:S:1:pos:R:3:\(forces):R:3"
    let frame = { (energy: Double, x: Double) in
      """
      3
      \(lattice) \(columns) \(header.split(separator: "$").joined(separator: "\(energy)"))
      \(species[0]) 0.1 \(x) 0.0 0.10 0.20 -0.30
      \(species[1]) 0.76 0.59 0.0 -0.05 -0.10 0.15
      \(species[2]) -0.76 0.59 0.0 -0.05 -0.10 0.15

      """
    }
    return frame(-14.2, 0) + frame(-14.15, 0.02)
  }

  private static let mace = water("REF_energy=$ ", forces: "REF_forces")

  private static func input(_ data: String) -> String {
    """
    {"model": {"type_map": ["O", "H"],
      "descriptor": {"type": "se_e2_a", "sel": [8, 16], "rcut": 2.9,
        "neuron": [2, 4], "axis_neuron": 2},
      "fitting_net": {"neuron": [4]}},
     "learning_rate": {"type": "exp", "start_lr": 0.001, "stop_lr": 1e-4, "decay_steps": 10},
     "loss": {"start_pref_e": 0.02, "limit_pref_e": 1, "start_pref_f": 1000, "limit_pref_f": 1},
     "training": {"training_data": {\(data), "batch_size": 1}, "numb_steps": 2, "disp_freq": 1}}
    """
  }

  /// Runs `tool` in a folder that holds `files`; `look` may look at what it left there.
  private func run(
    _ tool: String, _ arguments: [String], _ files: [String: String],
    _ look: (URL) throws -> Void = { _ in }
  ) throws -> Finished {
    try withTemporaryFolder { folder in
      for (name, text) in files { try writeWhole(text, to: folder.appending(path: name).path) }
      let finished = try runTool(tool, arguments, in: folder)
      try look(folder)
      return finished
    }
  }

  @Test func `dp-convert names labels that it leaves out, once, on standard error`() throws {
    let run = try run("dp-convert", ["--check", "m.xyz"], ["m.xyz": Self.mace])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("no labels"))
    #expect(run.messages.components(separatedBy: "dp-convert: warning: ").count == 2)
    #expect(run.messages.contains("--labels energy=REF_energy,force=REF_forces"))
  }

  @Test func `dp-convert takes labels by their names and units, and records both`() throws {
    let arguments = [
      "m.xyz", "out.h5", "--labels", "energy=REF_energy,force=REF_forces",
      "--units=energy=hartree,force=hartree/bohr",
    ]
    let run = try run("dp-convert", arguments, ["m.xyz": Self.mace]) { folder in
      let path = folder.appending(path: "out.h5")
      let system = try #require(try readSystems(at: path.path).first)
      let energy = try #require(system.labels["energy"]?[0])
      #expect(abs(energy + 14.2 * 27.211386245988) < 1e-9)
      #expect(abs((system.labels["force"]?[0] ?? 0) - 0.1 * 51.42206747632) < 1e-9)
      let bytes = try Data(contentsOf: path)
      for text in [
        "energy from hartree (27.211386245988 eV)", "--units=energy=hartree,force=hartree/bohr",
        "energy=REF_energy,force=REF_forces",
      ] {
        #expect(bytes.range(of: Data(text.utf8)) != nil, "\(text)")
      }
    }
    #expect(run.exitCode == 0)
    #expect(run.messages.contains("converted to eV and Å"))
  }

  @Test(arguments: [
    ["--labels", "energy"], ["--labels", "energy=a,energy=b"], ["--labels", "colour=a"],
    ["--labels", "energy=a,force=a"], ["--units", "energy=foot"], ["--units", "time=fs"],
    ["--units", "force=eV"], ["--cell", "1,2"], ["--cell", "1,2,x"], ["--cell", "5,5,5,0,90,90"],
    ["--cell", "5,5,5", "--no-pbc"], ["--cell", "0,0,0"], ["--units", "energy=hartree,,"],
  ])
  func `what cannot be understood exits 64`(options: [String]) throws {
    let run = try run("dp-convert", ["--check", "m.xyz"] + options, ["m.xyz": Self.mace])
    #expect(run.exitCode == 64)
    #expect(run.messages.contains(options[0]))
  }

  @Test func `a name that no file has exits 65 and names those that there are`() throws {
    let run = try run(
      "dp-convert", ["--check", "m.xyz", "--labels", "energy=dft_energy"], ["m.xyz": Self.mace])
    #expect(run.exitCode == 65)
    #expect(run.messages.contains("no file has 'dft_energy', which is to be energy"))
    #expect(run.messages.contains("REF_energy"))
  }

  private static let cells: [(String, [Double])] = [
    ("6,6,6", [6, 0, 0, 0, 6, 0, 0, 0, 6]), ("6 7 8 90 90 90", [6, 0, 0, 0, 7, 0, 0, 0, 8]),
    ("6,0,0,1,6,0,0,0,7", [6, 0, 0, 1, 6, 0, 0, 0, 7]),
    ("2,2,2,90,90,60", [2, 0, 0, 1, 1.7320508075688772, 0, 0, 0, 2]),
  ]

  @Test(arguments: cells)
  func `a cell is given to frames that name none`(cell: String, rows: [Double]) throws {
    let text = "2\nAtoms. Timestep: 0\nO 0 0 0\nH 1 0 0\n"
    let run = try run("dp-convert", ["d.xyz", "out.h5", "--cell", cell], ["d.xyz": text]) {
      folder in
      let system = try readSystems(at: folder.appending(path: "out.h5").path)[0]
      #expect(zip(system.cells, rows).allSatisfy { abs($0 - $1) < 1e-12 } && system.isPeriodic)
    }
    #expect(run.exitCode == 0 && !run.messages.contains("warning"))
  }

  @Test func `a file that comes through a pipe is read from its beginning`() throws {
    try withTemporaryFolder { folder in
      try writeWhole(Self.water("energy=-1"), to: folder.appending(path: "m.xyz").path)
      let tool = toolFolder.appending(path: "dp-convert").path
      let script = "cat m.xyz | '\(tool)' --check /dev/stdin"
      let run = try runProgram("/bin/sh", ["-c", script], in: folder)
      #expect(run.exitCode == 0 && run.output.contains("periodic, energy force"), "\(run.messages)")
    }
  }

  @Test func `frames of a program that had a cell are told of, unless the user says so`() throws {
    let text = "2\nAtoms. Timestep: 0\nO 0 0 0\nH 1 0 0\n"
    let files = ["d.xyz": text + text]
    let told = try run("dp-convert", ["--check", "d.xyz"], files)
    #expect(told.exitCode == 0)
    #expect(
      told.messages.contains(
        "2 frames have no cell: taken as isolated molecules; give --cell or --no-pbc"))
    let said = try run("dp-convert", ["--check", "d.xyz", "--no-pbc"], files)
    #expect(said.messages == "valid: 1 system, 2 frames\n")
    let types = "2\nAtoms. Timestep: 0\n1 0 0 0\n2 1 0 0\n"
    let run = try run("dp-convert", ["--check", "d.xyz"], ["d.xyz": types])
    #expect(run.exitCode == 65 && run.messages.contains("has LAMMPS's type 1, not an element"))
  }

  @Test func `dp-train names what the data have in place of the labels it needs`() throws {
    let input = Self.input("\"systems\": \"m.xyz\"")
    let run = try run(
      "dp-train", ["input.json", "-o", "run"], ["m.xyz": Self.mace, "input.json": input])
    #expect(run.exitCode == 78)
    #expect(run.messages.contains("no training system has energy.npy; there is REF_energy instead"))
    #expect(run.messages.contains("\"labels\": {\"force\": \"REF_forces\"}"))
  }

  @Test func `labels and units of input.json are those of dp-convert`() throws {
    let data = """
      "systems": ["m.xyz"], "labels": {"energy": "REF_energy", "force": "REF_forces"}, \
      "units": {"energy": "hartree", "force": "hartree/bohr"}
      """
    let files = [
      "m.xyz": Self.mace, "a.json": Self.input(data), "b.json": Self.input("\"systems\": \"m.h5\""),
    ]
    try withTemporaryFolder { folder in
      for (name, text) in files { try writeWhole(text, to: folder.appending(path: name).path) }
      let converted = try runTool(
        "dp-convert",
        [
          "m.xyz", "m.h5", "--labels", "energy=REF_energy,force=REF_forces",
          "--units", "energy=hartree,force=hartree/bohr",
        ], in: folder)
      #expect(converted.exitCode == 0)
      for name in ["a", "b"] {
        let run = try runTool("dp-train", ["\(name).json", "-o", name, "-j", "1"], in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
      }
      let curves = try ["a", "b"].map {
        try Data(contentsOf: folder.appending(path: "\($0)/lcurve.out"))
      }
      #expect(curves[0] == curves[1])
    }
  }

  @Test(arguments: [
    ("\"labels\": {\"energy\": 1}", "training/training_data/labels: found an object"),
    ("\"labels\": {\"colour\": \"x\"}", "'colour=x' names no label"),
    ("\"units\": {\"energy\": \"foot\"}", "'foot' is no unit of energy"),
    ("\"units\": [\"eV\"]", "expected an object of texts such as {\"energy\": \"hartree\"}"),
    ("\"label\": {}", "did you mean \"labels\"?"),
  ])
  func `mistakes in both keys exit 78`(data: String, text: String) throws {
    let input = Self.input("\"systems\": \"m.xyz\", \(data)")
    let run = try run(
      "dp-train", ["--check", "input.json"], ["m.xyz": Self.mace, "input.json": input])
    #expect(run.exitCode == 78 && run.messages.contains(text), "\(run.messages)")
  }

  @Test func `bad text stops a training only under a label that its loss compares`() throws {
    let files = [
      "m.xyz": Self.water("energy=$ virial=\"*** *** ***\""),
      "input.json": Self.input("\"systems\": \"m.xyz\""),
    ]
    let run = try run("dp-train", ["input.json", "-o", "run"], files)
    #expect(run.exitCode == 0)
    #expect(run.messages.contains("warning: virial is left out: m.xyz, frame 0 (line 1)"))
    #expect(try self.run("dp-convert", ["--check", "m.xyz"], files).exitCode == 65)
  }

  @Test func `a bad value of a label stops a training that would lose it`() throws {
    let files = [
      "m.xyz": Self.water("energy=********"), "input.json": Self.input("\"systems\": [\"m.xyz\"]"),
    ]
    let run = try run("dp-train", ["input.json", "-o", "run"], files)
    #expect(run.exitCode == 65)
    #expect(
      run.messages.contains("m.xyz, frame 0 (line 1): extended XYZ: energy=\"********\" found"))
  }

  @Test func `a byte order mark before lists and type maps is no part of a name`() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b"] {
        let source = fixtures.appending(path: "data/\(name)")
        try FileManager.default.copyItem(at: source, to: folder.appending(path: name))
      }
      let map = folder.appending(path: "a/type_map.raw").path
      try writeWhole("\u{feff}" + String(contentsOfFile: map, encoding: .utf8), to: map)
      try writeWhole("\u{feff}a\r\nb\r\n", to: folder.appending(path: "list.txt").path)
      let model = fixtures.appending(path: "se_e2_a_twoside.dp").path
      let run = try runTool("dp", ["test", "-m", model, "-f", "list.txt"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
    }
  }

  @Test func `numbers of elements are elements for dp-ipi's structures too`() throws {
    let text = Self.water("", species: ["8", "1", "1"])
    let model = fixtures.appending(path: "se_e2_a_twoside.dp").path
    let run = try run(
      "dp-ipi",
      [model, "--structure", "s.xyz", "--unix", "dp-none-\(UUID().uuidString)", "--wait", "0"],
      ["s.xyz": "\u{feff}" + text])
    // The elements are known: what is missing is the server.
    #expect(!run.messages.contains("elements"))
    #expect(run.exitCode != 65 && run.exitCode != 0)
  }
}
