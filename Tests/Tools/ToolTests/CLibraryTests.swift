import Files
import Foundation
import TestSupport
import Testing

/// libdeepmd_c.so as a program in C sees it: Tests/Systems/CInterface/check.c asks, numbers are
/// DeePMD-kit's.
@Suite struct CLibraryTests {
  @Test(
    arguments: modelFixtures.filter { $0 != "train_init" } + ["ener_default_fparam"],
    ["double", "float", "list", "frames", "strangers", "models"])
  func `a program in C gets DeePMD-kit's numbers`(name: String, way: String) throws {
    try check(name, way)
  }

  @Test(
    arguments: messageFixtures.filter { !$0.hasSuffix("float32") }, ["double", "list", "frames"])
  func `a program in C gets the numbers of models whose atoms exchange messages`(
    name: String, way: String
  ) throws {
    try check(name, way)
  }

  @Test(
    arguments: ["zbl", "linear"], ["double", "float", "list", "frames", "strangers", "models"])
  func `a program in C gets the numbers of models with tables of pair energies`(
    name: String, way: String
  ) throws {
    try check("descriptors/\(name)", way)
  }

  @Test(arguments: ["double", "list"])
  func `a program in C is told of atoms that are closer than a table of pair energies begins`(
    way: String
  ) throws {
    let name = "descriptors/zbl", program = try CProgram.check.get()
    var configuration = try #require(try fixture(name + ".json")["configs"]?.elements)[0]
    var coordinates = try #require(configuration["coord"]?.numbers)
    for axis in 0..<3 { coordinates[3 + axis] = coordinates[axis] + (axis == 0 ? 0.01 : 0) }
    configuration.set(["coord"], to: .array(coordinates.map(JSONValue.number)))
    let close = try runProgram(
      program.path, [fixtures.appending(path: name + ".dp").path, way],
      input: try text(of: configuration))
    #expect(close.exitCode != 0)
    #expect((close.output + close.messages).contains("table of pair energies begins at 0.02 Å"))
  }

  @Test(
    arguments: [
      ("se_e2_a_twoside", "double"), ("se_e2_a_twoside", "list"), ("se_e2_a_twoside", "float"),
      ("descriptors/dpa3", "double"), ("descriptors/dpa3", "list"), ("descriptors/zbl", "list"),
      ("outputs/dipole", "alone"), ("outputs/dipole", "list"),
    ])
  func `a program in C is told of two atoms at one place`(name: String, way: String) throws {
    let program = try (name.hasPrefix("outputs") ? CProgram.tensor : CProgram.check).get()
    var configuration = try #require(try fixture(name + ".json")["configs"]?.elements)[0]
    var coordinates = try #require(configuration["coord"]?.numbers)
    for axis in 0..<3 { coordinates[3 + axis] = coordinates[axis] }
    configuration.set(["coord"], to: .array(coordinates.map(JSONValue.number)))
    let done = try runProgram(
      program.path, [fixtures.appending(path: name + ".dp").path, way],
      input: try text(of: configuration))
    #expect(done.exitCode != 0)
    #expect((done.output + done.messages).contains("are at the same place"))
  }

  @Test func `messages need to know whose images ghosts are, which is said`() throws {
    let program = try CProgram.check.get(), name = "descriptors/dpa3"
    let done = try runProgram(
      program.path, [fixtures.appending(path: name + ".dp").path, "unmapped"],
      input: try text(of: #require(fixture(name + ".json")["configs"]?.elements.first)))
    #expect(done.exitCode != 0)
    #expect((done.output + done.messages).contains("DP_NlistSetMapping"))
  }

  private func check(_ name: String, _ way: String) throws {
    let program = try CProgram.check.get()
    let isSingle = way == "float" || name == "se_e2_a_float32"
    let tolerance = isSingle ? 2e-4 : 1e-8
    for configuration in try fixture(name + ".json")["configs"]?.elements ?? [] {
      let done = try runProgram(
        program.path, [fixtures.appending(path: name + ".dp").path, way],
        input: try text(of: configuration))
      #expect(done.exitCode == 0, "\(done.output)")
      let lines = done.output.split(separator: "\n").map { line in
        line.split(separator: " ").compactMap { Double($0) }
      }
      let out = try #require(configuration["out"])
      // Where atoms exchange messages, DeePMD-kit shares the virial out among atoms in another way.
      let keys = ["energy", "atom_energy", "force", "virial"]
      let all = messageFixtures.contains(name) ? keys : keys + ["atom_virial"]
      for (found, key) in zip(lines, all) {
        let expected = try #require(out[key]?.numbers)
        try #require(found.count == expected.count)
        let scale = max(1, expected.map(abs).max() ?? 1)
        let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= tolerance * scale, "\(key) of \(configuration["name"]?.text ?? "")")
      }
    }
  }

  @Test(
    arguments: ["dipole", "dipole_dpa1", "polar_diag", "polar_hybrid"], ["alone", "list", "float"])
  func `a program in C gets DeePMD-kit's tensors`(name: String, way: String) throws {
    let program = try CProgram.tensor.get(), key = name.hasPrefix("dipole") ? "dipole" : "polar"
    let width = key == "dipole" ? 3 : 9
    for configuration in try fixture("outputs/\(name).json")["configs"]?.elements ?? [] {
      let done = try runProgram(
        program.path, [fixtures.appending(path: "outputs/\(name).dp").path, way],
        input: try text(of: configuration))
      #expect(done.exitCode == 0, "\(done.output)")
      let lines = done.output.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.split(separator: " ").compactMap { Double($0) }
      }
      let out = try #require(configuration["out"]), tolerance = way == "float" ? 1e-4 : 1e-8
      expectEqual(lines[0], out["global_\(key)"], tolerance)
      expectEqual(lines[1], out[key], tolerance)
      expectEqual(lines[5], out["global_\(key)"], 1e-8)
      guard way != "float", width == 3 else { continue }
      // DeePMD-kit's arrays have the atoms first, the library the components.
      let atoms = lines[1].count / 3
      for (line, name, count) in [(lines[2], "force", 3), (lines[4], "atom_virial", 9)] {
        let turned = (0..<atoms).flatMap { atom in
          (0..<3).flatMap { line[(($0 * atoms + atom) * count)...].prefix(count) }
        }
        expectEqual(turned, out[name], 1e-8)
      }
      expectEqual(lines[3], out["virial"], 1e-8)
    }
  }

  @Test func `a program in C is told once that atoms are too close for tables`() throws {
    let program = try CProgram.check.get()
    let model = fixtures.appending(path: "descriptors/se_e3.dp").path
    var configuration = try #require(try fixture("descriptors/se_e3.json")["configs"]?.elements)[0]
    var coordinates = try #require(configuration["coord"]?.numbers)
    let input = try text(of: configuration)
    let usual = try runProgram(program.path, [model, "double"], input: input)
    #expect(usual.exitCode == 0 && !usual.messages.contains("tables"), "\(usual.messages)")
    for axis in 0..<3 { coordinates[3 + axis] = coordinates[axis] + (axis == 0 ? 0.4 : 0) }
    configuration.set(["coord"], to: .array(coordinates.map(JSONValue.number)))
    let close = try runProgram(program.path, [model, "double"], input: try text(of: configuration))
    #expect(close.exitCode == 0)
    let told = close.messages.ranges(of: "tables: none: atoms are closer than 0.6 Å").count
    #expect(told == 1, "\(close.messages)")
  }

  @Test func `a tensor's model says what it is, and no other is taken for one`() throws {
    let program = try CProgram.tensor.get()
    func asked(_ name: String) throws -> String {
      try runProgram(program.path, [fixtures.appending(path: name).path, "getters"]).output
    }
    #expect(try asked("outputs/dipole.dp") == "4 2 3 O H: 0 1\n")
    #expect(try asked("outputs/polar_full.dp") == "4 2 9 O H: 0 1\n")
    #expect(try asked("outputs/dos.dp").contains("gives dos, which is no tensor"))
    let check = try runProgram(
      try CProgram.check.get().path,
      [fixtures.appending(path: "outputs/dipole.dp").path, "double"],
      input: try text(of: #require(fixture("outputs/dipole.json")["configs"]?.elements.first)))
    #expect(check.output.contains("gives dipole, but a potential needs energies"))
  }

  @Test func `threads, which the environment asks for, change no digit`() throws {
    let program = try CProgram.check.get()
    let model = fixtures.appending(path: "se_e2_a_twoside.dp").path
    let configuration = try #require(
      try fixture("se_e2_a_twoside.json")["configs"]?.elements.first)
    let input = try text(of: configuration)
    let outputs = try [
      [:], ["OMP_NUM_THREADS": "3"],
      ["OMP_NUM_THREADS": "many", "DP_INTRA_OP_PARALLELISM_THREADS": "2"],
    ].map { try runProgram(program.path, [model, "list"], environment: $0, input: input).output }
    #expect(outputs[0].split(separator: "\n").count == 5)
    #expect(Set(outputs).count == 1)
  }

  @Test func `the environment may ask for another number format`() throws {
    let program = try CProgram.check.get()
    let model = fixtures.appending(path: "se_e2_a_twoside.dp").path
    let input = try text(
      of: #require(fixture("se_e2_a_twoside.json")["configs"]?.elements.first))
    func run(_ precision: String) throws -> Finished {
      try runProgram(
        program.path, [model, "double"], environment: ["DP_PRECISION": precision], input: input)
    }
    let outputs = try ["", "float64", "mixed", "float32"].map { try run($0) }
    #expect(outputs[1].messages.contains("computes in float64"))
    #expect(outputs[0].output == outputs[1].output && Set(outputs.map(\.output)).count == 3)
    let energies = outputs.map { Double($0.output.split { $0.isWhitespace }.first ?? "") ?? .nan }
    for energy in energies { #expect(abs(energy - energies[0]) <= 1e-6 * abs(energies[0])) }
    #expect(try run("half").output.contains("DP_PRECISION=half: is no number format"))
  }

  @Test func `wrong calls are told in words`() throws {
    let program = try CProgram.check.get()
    let model = fixtures.appending(path: "se_e2_a_twoside.dp").path
    let done = try runProgram(program.path, [model, "errors"])
    let expected = """
      missing: nowhere.h5: no such file
      still missing: nowhere.h5: no such file
      garbage: garbage: is not a readable HDF5 file (HDF5: file signature not found)
      none:\u{20}
      type: atom 1: has type 99, the model has types 0 to 2
      coordinate: atom 1: its coordinate nan is not a number
      cell: frame 0: its cell spans no volume
      neighbor: atom 0: its neighbor list has atom 7, expected one of 2 atoms
      ghosts: atoms: 2 atoms are given with a neighbor list of 3 ghosts
      list: neighbor list: is NULL
      nothing wanted:\u{20}
      no atoms:\u{20}
      charge: charge_spin: is given, but the model has no such input
      no neighbors:\u{20}
      no neighbors, no energy: 0
      NULL for neighbors: atom 1: its neighbor list is NULL, but has 1 neighbor
      fewer than none: atom 1: its neighbor list has −3 neighbors
      negative ghosts: atoms: 2 atoms are given with a neighbor list of −1 ghosts
      device: GPU: this library computes on the CPU; use DeePMD-kit's own library
      """
    #expect(done.exitCode == 0)
    #expect(done.output.hasPrefix(expected))
    #expect(done.output.contains("spins, which this library does not support"))
    #expect(done.output.contains("gives energy, which is no tensor"))
    #expect(done.output.hasSuffix("cannot be read: no such file, or no permission\nsize: -58\n"))
  }

  @Test func `types that the model does not have are told once, and only where there are some`()
    throws
  {
    let program = try CProgram.check.get()
    let model = fixtures.appending(path: "se_e2_a_twoside.dp").path
    let input = try text(
      of: #require(try fixture("se_e2_a_twoside.json")["configs"]?.elements.first))
    let said = try ["list", "strangers"].map {
      try runProgram(program.path, [model, $0], input: input).messages
    }
    #expect(said[0] == "")
    #expect(
      said[1] == "libdeepmd_c: warning: atoms of type 3, counted from 0, are ignored: "
        + "the model has the types O H Na (said once)\n")
  }

  @Test func `a model says whether its frame parameters have a default`() throws {
    let program = try CProgram.check.get()
    func getters(_ name: String) throws -> String {
      try runProgram(program.path, [fixtures.appending(path: name).path, "getters"]).output
    }
    #expect(try getters("ener_default_fparam.dp") == "4 2 O H 1 0\n1 1 1 1\n")
    #expect(try getters("ener_fparam_aparam.dp").hasSuffix("O H 2 1\n0 0 0 0\n"))
    #expect(try getters("se_e2_a_twoside.dp") == "4 3 O H Na 0 0\n0 0 0 0\n")
    #expect(try getters("../nowhere.dp") == "0 0  0 0\n0 0 0 0\n")
  }

  @Test func `reading, computing and deleting leaves nothing behind`() throws {
    let program = try CProgram.check.get()
    let model = fixtures.appending(path: "se_e2_a_twoside.dp").path
    let done = try runProgram(program.path, [model, "cycles", "1000"])
    let grown = try #require(Int(done.output.trimmingCharacters(in: .newlines)))
    #expect(grown < 1024, "\(grown) KiB")
  }

  @Test func `the example of the documentation runs`() throws {
    let program = try CProgram.built(from: "docs/example/three_atoms.c", as: "three_atoms")
    let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
    let done = try runProgram(program.path, [model])
    #expect(done.exitCode == 0)
    #expect(done.output.contains("energy: "))
    #expect(done.output.contains("force on atom 2: "))
    let missing = try runProgram(program.path, ["nowhere.h5"])
    #expect(missing.exitCode == 1)
    #expect(missing.messages == "three_atoms: nowhere.h5: no such file\n")
  }

  @Test(arguments: ["pb_two.pb", "pth_compressed.pth", "yaml_se_e2_r.yaml", "pt_electrons.pt"])
  func `a program in C gets the numbers of a model in another file`(name: String) throws {
    let program = try CProgram.check.get(), path = "foreign/\(name.prefix { $0 != "." }).json"
    let configuration = try #require(try fixture(path)["configs"]?.elements.first)
    let done = try runProgram(
      program.path, [fixtures.appending(path: "foreign/\(name)").path, "list"],
      input: try text(of: configuration))
    let energy = try #require(configuration["out"]?["energy"]?.numbers.first)
    let first = done.output.split(whereSeparator: \.isWhitespace).first
    let found = try #require(first.flatMap { Double($0) })
    #expect(abs(found - energy) < 1e-7, "\(done.output)")
  }

  @Test func `a checkpoint with several models is refused without options of our tools`() throws {
    let program = try CProgram.built(from: "docs/example/three_atoms.c", as: "three_atoms")
    let model = fixtures.appending(path: "foreign/pt_multitask.pt").path
    let done = try runProgram(program.path, [model])
    #expect(done.exitCode == 1)
    #expect(
      done.messages == "three_atoms: \(model): holds 2 models: alpha, beta; write one of them to a "
        + "file of its own: dp-freeze <file> --head alpha -o model.h5\n")
  }

  @Test func `the library shows the functions of its headers, no others, and stands alone`() throws
  {
    let library = try CProgram.library.get()
    let symbols = try runProgram("/usr/bin/env", ["nm", "-D", "--defined-only", library.path])
    let shown = symbols.output.split(separator: "\n").filter { $0.contains(" T ") }
      .compactMap { $0.split(separator: " ").last.map(String.init) }
    let headers = try ["c_api.h", "c_api_other.h"].map { name in
      let path = checkout.appending(path: "Sources/CDeepMD/deepmd/\(name)")
      return try String(contentsOf: path, encoding: .utf8).replacing(
        /\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\//, with: "")
    }.joined()
    let declared = Set(headers.matches(of: /\b(DP_\w+)\(/).map { String($0.1) })
      .subtracting(["DP_DEFAULT"])
    #expect(declared.count > 160)
    #expect(Set(shown) == declared)
    let needed = try runProgram("/usr/bin/env", ["objdump", "-p", library.path]).output
    for name in ["swift", "hdf5", "blas", "mpi"] {
      #expect(!needed.contains("NEEDED               lib\(name)"))
    }
    #expect(needed.contains("SONAME               libdeepmd_c.so"))
  }

  /// A frame as check.c reads it.
  func text(of configuration: JSONValue) throws -> String {
    func numbers(_ key: String) -> [Double] { configuration[key]?.numbers ?? [] }
    let types = numbers("types"), box = numbers("box")
    let frameParameters = numbers("fparam"), atomParameters = numbers("aparam")
    let counts = [
      types.count, frameParameters.count, atomParameters.count / max(types.count, 1),
      box.isEmpty ? 0 : 1,
    ]
    let rows: [[Double]] = [
      box.isEmpty ? Array(repeating: 0, count: 9) : box, types, numbers("coord"), frameParameters,
      atomParameters,
    ]
    return counts.map(String.init).joined(separator: " ") + "\n"
      + rows.map { $0.map { "\($0)" }.joined(separator: " ") }.joined(separator: "\n") + "\n"
  }
}

/// Programs in C that are linked with the library under test.
enum CProgram {
  /// The library, linked if it is out of date.
  static let library = Result {
    let script = checkout.appending(path: "pipelines/link-library").path
    let done = try runProgram(script, [toolFolder.path], limit: 300)
    try #require(done.exitCode == 0, "\(done.messages)")
    return toolFolder.appending(path: "libdeepmd_c.so")
  }

  static let check = Result {
    try built(from: "Tests/Systems/CInterface/check.c", as: "check-c-library")
  }

  static let tensor = Result {
    try built(from: "Tests/Systems/CInterface/tensor.c", as: "tensor-c-library")
  }

  /// Compiles `source` with the compiler that Swift links with.
  static func built(from source: String, as name: String) throws -> URL {
    let folder = try library.get().deletingLastPathComponent().path
    let program = toolFolder.appending(path: name)
    let done = try runProgram(
      "/usr/bin/env",
      [
        "clang", "-std=c99", "-D_DEFAULT_SOURCE", "-Wall", "-Wextra", "-Werror", "-O1",
        "-I\(checkout.appending(path: "Sources/CDeepMD").path)",
        checkout.appending(path: source).path, "-o", program.path, "-L\(folder)", "-ldeepmd_c",
        "-lm", "-Wl,-rpath,\(folder)",
      ])
    try #require(done.exitCode == 0, "\(done.messages)")
    return program
  }
}
