import DeepPotential
import Diagnostics
import Files
import HDF5

/// The distributions of values in the data from which statistics were computed.
public struct DataSurvey: Sendable, Equatable {
  /// Counts in bins of equal width, with a row for each distribution.
  public struct Bins: Sendable, Equatable {
    /// The lower end of the first bin, and the width of each.
    public let start: Double, width: Double
    /// The counts, `[distributions][bins]`.
    public let counts: [[Int]]
  }

  /// The name of each type.
  public let typeMap: [String]
  /// Neighbor slots of each type, or one number of all types together; for a hybrid the most that
  /// a part has.
  public let slots: [Int]
  /// Number of frames, and of atoms of each type.
  public let frames: Int, atoms: [Int]
  /// The energies per atom in eV, one distribution; the lengths of forces in eV/Å, one for each
  /// type.
  public let energies: Bins, forces: Bins
  /// What the model is to predict; for another output than the energy the labels of frames, one
  /// distribution for each group of components, and the components of the labels of atoms, one for
  /// each type; nil where the data have none.
  public let output: OutputDefinition, frameValues: Bins?, atomValues: Bins?
  /// The distances in Å, one distribution for each pair of types in `pairs`; each pair of atoms
  /// counts twice.
  public let pairs: [[Int]], distances: Bins
  /// The number of atoms that have k neighbors of each type, `[types][k]`.
  public let neighbors: [[Int]]

  /// Reads the distributions from the statistics file at `path`.
  ///
  /// Throws `.missingInput`, or `.data` if the file is damaged, is no statistics file, or has no
  /// counts.
  public init(at path: String) throws {
    let file = try SealedFile.read(path)
    let (statistics, inputs) = try readStatistics(file, at: path)
    guard try file.kind(of: "/data/frames") != nil else {
      throw ToolError(
        .data, at: path, "does not say what the data hold: an older dp-stat wrote it",
        remedy: "run dp-stat again")
    }
    slots = statistics.mostSlots
    let types = statistics.typeCount
    guard case .array(let names)? = inputs.settings["type_map"], names.count == types else {
      throw ToolError(.data, at: path, "does not name its \(counted(types, "type"))")
    }
    typeMap = names.map { if case .string(let name) = $0 { name } else { "" } }
    let reader = CountsReader(path: path)
    frames = try reader.rows("/data/frames", 1, file)[0].first ?? 0
    atoms = try reader.rows("/data/atoms", 1, file)[0]
    energies = try reader.bins("/data/energy", 1, file)
    forces = try reader.bins("/data/force", types, file)
    output = OutputDefinition(inStatistics: inputs.settings["output"])
    frameValues = try reader.bins(
      ifIn: "/data/frame_values", output.componentGroups.names.count, file)
    atomValues = try reader.bins(ifIn: "/data/atom_values", types, file)
    let places = try file.integers("/data/distance/types")
    let found = stride(from: 0, to: places.count - 1, by: 2).map { [places[$0], places[$0 + 1]] }
    pairs = found
    let counts = try reader.rows("/data/distance/counts", found.count, file)
    let cutoff = try file.doubles("/data/distance/cutoff").first ?? 0
    let width = cutoff / Double(max(counts.first?.count ?? 1, 1))
    distances = Bins(start: 0, width: width, counts: counts)
    neighbors = try reader.rows("/data/neighbors/counts", types, file)
    guard atoms.count == types, cutoff > 0,
      found.allSatisfy({ $0.allSatisfy((0..<types).contains) })
    else { throw ToolError(.data, at: "\(path)#/data", "does not fit \(counted(types, "type"))") }
  }
}

/// Reads counts; messages call the file `path`.
private struct CountsReader {
  let path: String

  /// The numbers of `dataset` in `count` rows of equal length.
  func rows(_ dataset: String, _ count: Int, _ file: borrowing HDF5File) throws -> [[Int]] {
    let values = try file.integers(dataset)
    guard count > 0 || values.isEmpty, values.count % max(count, 1) == 0,
      values.allSatisfy({ $0 >= 0 && $0 < 1 << 40 })
    else {
      throw ToolError(
        .data, at: "\(path)#\(dataset)", "does not hold \(counted(count, "row")) of counts")
    }
    let width = values.count / max(count, 1)
    return (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  func bins(
    ifIn group: String, _ count: Int, _ file: borrowing HDF5File
  ) throws -> DataSurvey.Bins? {
    try file.kind(of: group) == nil ? nil : bins(group, count, file)
  }

  func bins(_ group: String, _ count: Int, _ file: borrowing HDF5File) throws -> DataSurvey.Bins {
    let start = try file.doubles("\(group)/start"), width = try file.doubles("\(group)/width")
    guard start.count == 1, width.count == 1, width[0] > 0, width[0].isFinite,
      start[0].isFinite
    else {
      throw ToolError(.data, at: "\(path)#\(group)", "has no bins")
    }
    return DataSurvey.Bins(
      start: start[0], width: width[0], counts: try rows("\(group)/counts", count, file))
  }
}

extension OutputDefinition {
  /// The output that the settings of statistics name; nil stands for the energy.
  fileprivate init(inStatistics settings: JSONValue?) {
    func count(_ key: String) -> Int {
      min(max(settings?[key].flatMap(ValueKind.count.take) ?? 1, 1), largestSize)
    }
    switch settings?["type"]?.text {
    case "dipole": self = .dipole
    case "polar": self = .polarizability
    case "dos": self = .densityOfStates(points: count("numb_dos"))
    case "property":
      self.init(ofLabel: settings?["property_name"]?.text ?? "", width: count("task_dim"))
    default: self = .energy
    }
  }
}
