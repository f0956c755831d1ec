import DeepPotential
import Diagnostics
import HDF5

/// What the data hold, in a statistics file's group `/data`; see docs/FORMATS.md, "Statistics".
extension StatisticsFile {
  static func write(_ counts: DataCounts, to file: borrowing HDF5File) throws {
    let types = counts.atoms.count
    try file.write([counts.frames], shape: [], to: "/data/frames")
    try file.write(counts.atoms, shape: [types], to: "/data/atoms")
    try write([counts.energies], to: "/data/energy", file)
    try write(counts.forces, to: "/data/force", file)
    let bins = DataCounts.distanceBins
    let pairs = counts.distances.indices.filter { !counts.distances[$0].isEmpty }
    let names = pairs.flatMap { [$0 / types, $0 % types] }
    try file.write([counts.cutoff], shape: [], to: "/data/distance/cutoff")
    try file.write(names, shape: [pairs.count, 2], to: "/data/distance/types")
    try file.write(
      pairs.flatMap { counts.distances[$0] }, shape: [pairs.count, bins],
      to: "/data/distance/counts")
    let most = counts.neighbors.map(\.count).max() ?? 0
    let rows = counts.neighbors.flatMap { $0 + Array(repeating: 0, count: most - $0.count) }
    try file.write(rows, shape: [types, most], to: "/data/neighbors/counts")
  }

  /// Writes `parts` in bins that they have in common: where these begin, their width, and a row of counts for each.
  private static func write(
    _ parts: [ValueCounts], to group: String, _ file: borrowing HDF5File
  ) throws {
    var parts = parts
    let used = { (parts: [ValueCounts]) in parts.filter { !$0.counts.isEmpty } }
    let width = used(parts).map(\.width).max() ?? 1
    parts = parts.map { $0.coarsened(to: width) }
    let first = used(parts).map(\.first).min() ?? 0
    let end = used(parts).map { $0.first + $0.counts.count }.max() ?? first
    var rows: [Int] = []
    for part in parts {
      var row = Array(repeating: 0, count: end - first)
      for (bin, count) in part.counts.enumerated() { row[part.first - first + bin] = count }
      rows += row
    }
    try file.write([Double(first) * width], shape: [], to: "\(group)/start")
    try file.write([width], shape: [], to: "\(group)/width")
    try file.write(rows, shape: [parts.count, end - first], to: "\(group)/counts")
  }
}

/// What the data hold that some statistics were computed from: how often which values occur.
public struct DataSurvey: Sendable, Equatable {
  /// Counts in bins of one width, a row for each part.
  public struct Bins: Sendable, Equatable {
    /// Where the first bin begins, and the width of each.
    public let start: Double, width: Double
    /// The counts, `[parts][bins]`.
    public let counts: [[Int]]
  }

  /// The name of each type.
  public let typeMap: [String]
  /// Neighbor slots of each type.
  public let slots: [Int]
  /// Number of frames, and of atoms of each type.
  public let frames: Int, atoms: [Int]
  /// Energies per atom in eV, one part; lengths of forces in eV/Å, a part for each type.
  public let energies: Bins, forces: Bins
  /// Distances in Å, a part for each pair of `pairs`, two types each; each pair of atoms counts twice.
  public let pairs: [[Int]], distances: Bins
  /// How many atoms have k neighbors of each type, `[types][k]`.
  public let neighbors: [[Int]]

  /// Reads what the statistics file at `path` holds of it.
  ///
  /// Throws `.missingInput`, or `.data` if the file is damaged, no statistics, or without counts.
  public init(at path: String) throws {
    let file = try SealedFile.read(path)
    let (statistics, inputs) = try readStatistics(file, at: path)
    guard try file.kind(of: "/data/frames") != nil else {
      throw ToolError(
        .data, at: path, "does not say what the data hold: an older dp-stat wrote it",
        remedy: "run dp-stat again")
    }
    slots = statistics.slots
    guard case .array(let names)? = inputs.settings["type_map"], names.count == slots.count else {
      throw ToolError(.data, at: path, "does not name its \(slots.count) types")
    }
    typeMap = names.map { if case .string(let name) = $0 { name } else { "" } }
    let types = slots.count
    let reader = CountsReader(path: path)
    frames = try reader.rows("/data/frames", 1, file)[0].first ?? 0
    atoms = try reader.rows("/data/atoms", 1, file)[0]
    energies = try reader.bins("/data/energy", 1, file)
    forces = try reader.bins("/data/force", types, file)
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
    else { throw ToolError(.data, at: "\(path):/data", "does not fit \(types) types") }
  }
}

/// Reads counts; `path` stands for the file in messages.
private struct CountsReader {
  let path: String

  /// The numbers of `dataset` in `count` rows of one length.
  func rows(_ dataset: String, _ count: Int, _ file: borrowing HDF5File) throws -> [[Int]] {
    let values = try file.integers(dataset)
    guard count > 0 || values.isEmpty, values.count % max(count, 1) == 0,
      values.allSatisfy({ $0 >= 0 })
    else {
      throw ToolError(.data, at: "\(path):\(dataset)", "does not hold \(count) rows of counts")
    }
    let width = values.count / max(count, 1)
    return (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  func bins(_ group: String, _ count: Int, _ file: borrowing HDF5File) throws -> DataSurvey.Bins {
    let start = try file.doubles("\(group)/start"), width = try file.doubles("\(group)/width")
    guard start.count == 1, width.count == 1, width[0] > 0, start[0].isFinite else {
      throw ToolError(.data, at: "\(path):\(group)", "has no bins")
    }
    return DataSurvey.Bins(
      start: start[0], width: width[0], counts: try rows("\(group)/counts", count, file))
  }
}
