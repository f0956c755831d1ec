import ArgumentParser
import Atoms
import Datasets
import Diagnostics
import Toolkit

/// Facts about the files that the user gives because the files do not state them.
struct ReadingArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Names of labels in the files: energy=REF_energy,force=dft_forces.",
      valueName: "label=name,..."))
  var labels: String?
  @Option(
    help: ArgumentHelp(
      "Units of files that name none: energy=hartree,length=bohr,stress=GPa.",
      valueName: "quantity=unit,..."))
  var units: String?
  @Option(
    help: ArgumentHelp(
      "Cell of XYZ frames that name none, in Å: a,b,c; a,b,c,α,β,γ; or nine numbers.",
      valueName: "numbers"))
  var cell: String?
  @Flag(name: .customLong("no-pbc"), help: "XYZ frames that name no cell are isolated molecules.")
  var isIsolated = false
  @Flag(
    help: "The forces fx, fy, fz in LAMMPS's dumps are labels (eV/Å if the dump names no units).")
  var forces = false

  func validate() throws {
    if cell != nil && isIsolated {
      throw ValidationError("'--cell' and '--no-pbc' exclude each other.")
    }
    do {
      _ = try options()
    } catch let error as ToolError {
      let remedy = error.remedy.map { " (\($0))" } ?? ""
      throw ValidationError("'\(error.place)': \(error.problem)\(remedy).")
    }
  }

  /// These facts in the form that readers take.  Throws `ToolError` of kind `.usage` for invalid
  /// ones.
  func options() throws -> ReadingOptions {
    var options = ReadingOptions()
    if let labels { options.labels = try LabelNames(pairs(labels, "--labels"), place: "--labels") }
    if let units { options.units = try DataUnits(pairs(units, "--units"), place: "--units") }
    if let cell {
      let words = cell.split { $0 == "," || $0 == " " }, numbers = words.compactMap { Double($0) }
      guard numbers.count == words.count, let found = Cell(numbers: numbers) else {
        throw ToolError(
          .usage, at: "--cell \(cell)",
          "is no cell: expected 3 lengths, 3 lengths and 3 angles, "
            + "or the 9 numbers of three vectors, parted by commas")
      }
      options.cell = found.rows
    }
    options.isIsolated = isIsolated
    options.takesForces = forces
    return options
  }

  /// Reads the systems at `input`; records their digests, and the conversions, as input `number`.
  func read(
    _ input: String, number: Int, _ provenance: inout Provenance, _ notes: inout [ReadingNotes]
  ) throws -> [AtomicSystem] {
    var cache = DataCache(limit: 0)
    let systems = try openSystems(at: input, cache: &cache, options())
    let conversions = Set(systems.compactMap(\.notes.conversion)).sorted()
    if !conversions.isEmpty {
      provenance.record("units.\(number)", conversions.joined(separator: "; "))
    }
    notes += systems.map(\.notes)
    return try systems.map { try $0.whole() }
  }

  private func pairs(_ text: String, _ option: String) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, word.first != "=" else {
        throw ToolError(.usage, at: "\(option) \(text)", "'\(word)' is no name=value")
      }
      if pairs.updateValue(parts[1], forKey: parts[0]) != nil {
        throw ToolError(.usage, at: "\(option) \(text)", "names \(parts[0]) twice")
      }
    }
    return pairs
  }
}
