import ArgumentParser
import Configuration
import Datasets
import Diagnostics
import Files
import ForeignModels
import Foundation
import HDF5
import Models
import Runs

/// The readers of the program; each reads what one user's file or folder of files holds.
enum Reader: String, CaseIterable, ExpressibleByArgument {
  case npy, raw, xyz, dump, json, dataset, model, checkpoint, statistics, graph, torch, yaml

  /// Whether libhdf5 is between the bytes and us: then what a trial process would not survive does
  /// no harm.
  var isHDF5: Bool {
    switch self {
    case .dataset, .model, .checkpoint, .statistics: true
    case .npy, .raw, .xyz, .dump, .json, .graph, .torch, .yaml: false
    }
  }

  /// Whether bytes have addresses that others refer to.
  var isBinary: Bool { isHDF5 || [.npy, .graph, .torch].contains(self) }

  /// Texts that mean something in the format.
  var tokens: [String] {
    switch self {
    case .npy:
      [
        "{", "}", "(", ")", ",", ":", "'", "'descr'", "'<f8'", "'>f4'", "'|b1'", "'<i8'", "'<u2'",
        "'<f2'", "'fortran_order'", "True", "False", "'shape'", "(281474976710656, 0)", "(0, 1)",
        "(1, 1, 1, 1)", "(-1,)", "\u{93}NUMPY",
      ]
    case .raw:
      [
        " ", "\n", "\r", "\t", "#", "nan", "inf", "-", "1e400", "0x10", "1_0", "0 1 ", "\u{e9}",
        "9223372036854775807",
      ]
    case .xyz:
      [
        " ", "\n", "\"", "'", "{", "[", "=", ":", "\\", "Properties=", "species:S:1:pos:R:3", "nan",
        "forces:R:3", "Lattice=", "pbc=\"T T T\"", "pbc=", "energy=", "virial=", "stress=", ":I:0",
        ":R:1048576", ":L:1", "free_energy=", "fparam=", "dipole=", "magmoms:R:1", "\u{2028}",
        "\u{0}", "1\n\nO 0 0 0\n", "[[", "]]", "[[[[[[[[[[", "{{", "_JSON ", " = ", "D+01",
        "LATTICE=",
        "cell=\"6 6 6 90 90 90\"", "Energy=", "virials=[[1,0,0],[0,1,0],[0,0,1]]", "pbc=1 1 1",
        "energy-unit=hartree", "length_units=bohr", "stress-unit=GPa", "units=real", "REF_energy=",
        "Z:I:1", "fx:R:1:fy:R:1:fz:R:1", "118", "polarizability=", "\u{feff}", "T",
        "kcal/mol/bohr^-3",
      ]
    case .dump:
      [
        " ", "\n", "\n\n", "#", "ITEM: ", "TIMESTEP", "UNITS\nreal\n", "UNITS\nlj\n", "TIME",
        "NUMBER OF ATOMS", "BOX BOUNDS", "xy xz yz", "abc origin", "pp pp pp", "ff ff ff", "pp",
        "ATOMS id type", "element", "xs ys zs", "xu yu zu", "nan", "-", "1e400", "1D+01", "0",
        "9223372036854775807", "atoms", "xlo xhi", "avec", "bvec", "cvec", "Masses", "Atoms # full",
        "Atom Type Labels", "# charge", "Velocities", "units = electron", "\u{feff}", "15.999",
      ]
    case .json:
      [
        "{", "}", "[", "]", "[[[[[[[[", ",", ":", "\"", "\\", "\\u", "\\ud83d\\ude00", "\\ud800",
        "null", "true", "false", "-", "1e999", "0.1e-5", "//", "/*", "*/", "\u{feff}", "\"type\"",
        "\"neuron\"", "\"sel\"", "\"auto:1e300\"", "\"_comment\"", "\"trainable\"", "\"se_e2_a\"",
        "\"exclude_types\"", "{\"a\":1,\"a\":2}", "\"decay_steps\"", "\"batch_size\"", "65536",
        "\"auto_prob\"", "\"prob_sys_size; 0:1:0.5; 1:2:0.5\"",
      ]
    case .dataset, .model, .checkpoint, .statistics:
      [
        "OHDR", "FRHP", "BTHD", "GCOL", "TREE", "HEAP", "SNOD", "FSHD", "type.raw", "set.000",
        "coord.npy", "nopbc", "json", "@class", "@variables", "null", "true", "[", "{", "-1",
        "\u{0}\u{0}\u{0}\u{0}",
      ]
    case .graph:
      [
        "\u{0}", "\u{a}", "\u{12}", "\u{22}", "\u{7f}", "Const", "Identity", "matrix_1_0", "/read",
        "ProdEnvMatA", "ProdEnvMatR", "descrpt_attr", "fitting_attr", "filter_type_all", "sel_a",
      ]
    case .torch:
      [
        "(", ")", "]", "}", "t", "R", "Q", "b", ".", "0", "h\u{0}", "q\u{0}", "l", "d", "s", "u",
        "a",
        "PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", "ctorch\nDoubleStorage\n", "K\u{1}",
        "J\u{0}\u{0}\u{0}\u{7f}", "collections", "model_params", "networks.0.layers.0", "\u{7}",
      ]
    case .yaml:
      [
        "- ", "- - - ", ": ", "\n", "  ", "\n    ", "'", "\"", "[", "]", "{}", "null", "true", "~",
        ".nan", "-.inf", "'@class': np.ndarray", "value:", "dtype: float32", "1e999", "#", "---",
      ]
    }
  }

  /// Reads `files`, the only one of them or a folder of them; throws nothing but what a tool would
  /// report.
  func read(_ files: [String: [UInt8]], named name: String) throws {
    let bytes = files.first?.value ?? []
    switch self {
    case .npy, .raw:
      let system = MemorySystem(files: files, isText: self == .raw)
      _ = SystemSummary(try system.readSystem())
    case .xyz: _ = try decodeExtendedXYZ(bytes, place: name).systems.map(SystemSummary.init)
    case .dump:
      if isLAMMPS(bytes) {
        var options = ReadingOptions()
        options.takesForces = bytes.count % 2 == 0
        options.isIsolated = bytes.count % 3 == 0
        _ = try decodeLAMMPS(bytes, place: name, options).systems.map(SystemSummary.init)
      }
    case .json:
      _ = try? JSONValue(parsing: bytes, at: name).serialized
      _ = try TrainingInput(Data(bytes), place: name)
    case .dataset:
      _ = try readSystems(
        from: HDF5File(reading: bytes, name: name), path: name, size: bytes.count, group: ""
      ).map(SystemSummary.init)
    case .model: _ = try StoredModel(HDF5File(reading: bytes, name: name), name: name)
    case .checkpoint: _ = try Checkpoint(HDF5File(reading: bytes, name: name), name: name)
    case .graph, .torch, .yaml:
      // The checkpoint among the seeds has several models.
      let hasBranches = files.keys.first?.hasSuffix(".pt") == true
      var choice = ModelChoice(branch: hasBranches ? "beta" : nil)
      choice.ignoresChecksums = true
      _ = try StoredModel.read(bytes, name: name, choice)
    case .statistics: _ = try readStatistics(HDF5File(reading: bytes, name: name), at: name)
    }
  }

  /// What the trial process would do with the file, which it may refuse; from then on libhdf5 keeps
  /// no memory.
  func tryFirst(_ files: [String: [UInt8]], named name: String) throws {
    ForeignFile.keepNoMemory()
    guard isHDF5, let bytes = files.first?.value,
      let file = try? HDF5File(reading: bytes, name: name)
    else { return }
    try file.readEverything()
  }
}
