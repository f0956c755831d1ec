import ArgumentParser
import Atoms
import Datasets
import Diagnostics
import Files
import Foundation
import Toolkit

@main struct DPConvert: Tool {
  static let configuration = CommandConfiguration.tool(
    "dp-convert",
    abstract: "Check data sets and convert them between formats.",
    usage: """
      dp-convert <input> ... <output> [--type-map <element> ...]
      dp-convert --check <input> ...
      dp-convert --split <fraction> <input> ... <training.h5> <validation.h5>
      dp-convert --select <frames> <input> ... <output>
      """,
    discussion: """
      Reads folders of systems at any depth (npy sets, mixed type, .raw text),
      HDF5 files (ours, DeePMD-kit's and dpdata's; data.h5#/H2O is one group),
      extended XYZ, and LAMMPS's text dumps and data files.  The output's name
      decides its format: .h5 or .hdf5, .xyz or .extxyz, or a folder when it
      ends in '/'.

      EXAMPLES
        dp-convert raw/ data.h5                   all systems in raw/, one file
        dp-convert data.h5 npy/                   back to npy folders
        dp-convert run1.xyz run2.xyz data.h5      several inputs
        dp-convert raw/ data.h5 --type-map O H    one type map for all systems
        dp-convert --check raw/ data.h5#/water    check all, write nothing
        dp-convert m.xyz m.h5 --labels energy=REF_energy --units energy=hartree
        dp-convert --split 0.1 al.xyz t.h5 v.h5   a tenth of the frames for validation
        dp-convert --select 0:100:2 al.xyz al.h5  every other of the first 100 frames
        dp-convert --unmix mixed/ npy/ --force    systems that are not mixed, npy/ anew
        dp-convert --deviation model_devi.out --between 0.05:0.2 --most 200 md/ new.h5
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "What to read, then, unless --check, what to write.") var paths: [String] = []
  @Flag(help: "Only validate; print one line per system.") var check = false
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Elements of a type map for all systems (default: each keeps its own).",
      valueName: "element")) var typeMap: [String] = []
  @OptionGroup(title: "FILES THAT DO NOT SAY") var reading: ReadingArguments
  @Flag(help: "Replace an output folder that holds nothing but systems.") var force = false
  @Flag(help: "Write systems of mixed type as systems of one set of atoms each.") var unmix = false
  @OptionGroup(title: "SELECTING") var selection: SelectOptions
  @OptionGroup(title: "SPLITTING") var splitting: SplitOptions

  private var inputs: [String] { check ? paths : paths.dropLast(splitting.isAsked ? 2 : 1) }
  private var outputs: [String] { Array(paths.dropFirst(inputs.count)) }

  func validate() throws {
    if Set(typeMap).count != typeMap.count {
      throw ValidationError("'--type-map \(typeMap.joined(separator: " "))' names a type twice.")
    }
    if paths.isEmpty {
      throw ValidationError(
        "No paths are given (after '--type-map', they begin with '--': --type-map O H -- raw/ x.h5)."
      )
    }
    if check && splitting.isAsked {
      let name = splitting.split == nil ? "every" : "split"
      throw ValidationError("'--check' writes nothing, so '--\(name)' has no outputs.")
    }
    if splitting.isAsked && inputs.isEmpty {
      let name = splitting.split == nil ? "every" : "split"
      throw ValidationError("'--\(name)' takes inputs and two outputs.")
    }
    if splitting.seed != nil && splitting.split == nil && selection.most == nil {
      throw ValidationError("'--seed' needs '--split' or '--most'.")
    }
    if inputs.isEmpty {
      throw ValidationError("'\(paths[0])' is the only path: what is the output?")
    }
    try validateOutputs()
  }

  private func validateOutputs() throws {
    for (number, output) in outputs.enumerated() {
      _ = try OutputFormat(of: output)
      let target = resolved(output)
      if let input = inputs.first(where: { resolved($0) == target }) {
        throw ValidationError("'\(input)' is both input and output.")
      }
      let others = inputs + outputs[..<number] + outputs[(number + 1)...]
      if let inner = others.first(where: { resolved($0).hasPrefix(target + "/") }) {
        throw ValidationError("'\(inner)' lies in the output '\(output)'.")
      }
      if outputs[..<number].contains(where: { resolved($0) == target }) {
        throw ValidationError("'\(output)' stands for both outputs.")
      }
    }
  }

  func execute() throws {
    for output in outputs where try OutputFormat(of: output) == .folder { try checkFolder(output) }
    var provenance = Provenance(tool: Self.name)
    var systems: [AtomicSystem] = []
    var errors: [ToolError] = []
    var notes: [ReadingNotes] = []
    for (index, input) in inputs.enumerated() {
      do {
        let read = try reading.read(input, number: index + 1, &provenance, &notes)
        provenance.recordInput(input, sha256: contentDigest(of: read))
        systems +=
          typeMap.isEmpty
          ? read : try read.map { try $0.translated(to: typeMap, ignoringUnused: true) }
      } catch let error as ToolError {
        errors.append(error)
      } catch let several as ToolErrors {
        errors += several.errors
      }
    }
    guard errors.isEmpty else { throw ToolErrors(errors) }
    try reading.options().requireFound(notes, in: inputs)
    systems = try selection.selected(systems, seed: splitting.seed ?? 1, console, &provenance)
    if unmix { systems = try unmixed(systems) }
    let parts = try splitting.parts(systems, of: inputs, console)
    for (output, part) in zip(outputs, parts) { try write(part, to: output, provenance) }
    if common.json {
      let names = splitting.isAsked ? ["training", "validation"] : ["systems"]
      let summaries = zip(names, parts).map { ($0, $1.map(SystemSummary.init)) }
      try console.output(json: Dictionary(uniqueKeysWithValues: summaries))
    } else if check {
      try console.output(systems.map { SystemSummary($0).line + "\n" }.joined())
    }
    for (output, part) in zip(outputs.isEmpty ? ["valid"] : outputs, parts) {
      let frames = part.reduce(0) { $0 + $1.frameCount }
      console.say("\(output): \(counted(part.count, "system")), \(counted(frames, "frame"))")
    }
  }

  /// Throws if a folder cannot be replaced, before the work and not after it.
  private func checkFolder(_ folder: String) throws {
    do {
      try requireReplaceable(folder, replacing: force)
    } catch var error as ToolError where !force {
      error.remedy = "give the name of a new folder, or replace the systems in it with --force"
      throw error
    }
  }

  private func unmixed(_ systems: [AtomicSystem]) throws -> [AtomicSystem] {
    let mixed = systems.count { $0.frameTypes != nil }
    let result = try systems.flatMap { try $0.unmixed() }
    console.say(
      "--unmix: \(mixed) of \(counted(systems.count, "system")) of mixed type, "
        + "\(counted(result.count, "system")) now")
    return result
  }

  private func write(
    _ systems: [AtomicSystem], to output: String, _ provenance: Provenance
  ) throws {
    switch try OutputFormat(of: output) {
    case .hdf5: try writeSystems(systems, toHDF5: output, provenance: provenance.attributes)
    case .folder: try writeSystems(systems, toFolder: output, replacing: force)
    case .extendedXYZ: try writeSystems(systems, toExtendedXYZ: output)
    }
  }

  /// The file that `path` names, without a group and in a unique spelling.
  private func resolved(_ path: String) -> String {
    let file =
      FileManager.default.fileExists(atPath: path) ? path : String(path.prefix { $0 != "#" })
    return URL(filePath: file).standardizedFileURL.resolvingSymlinksInPath().path
  }
}

/// The format of the output, which the ending of its name tells.
private enum OutputFormat {
  case hdf5, folder, extendedXYZ

  init(of path: String) throws {
    switch URL(filePath: path).pathExtension {
    case _ where path.hasSuffix("/") || isFolder(path): self = .folder
    case "h5", "hdf5": self = .hdf5
    case "xyz", "extxyz": self = .extendedXYZ
    default:
      throw ValidationError(
        "'\(path)': end the output in .h5, .xyz or, for a folder, in '/', to say its format.")
    }
  }
}
