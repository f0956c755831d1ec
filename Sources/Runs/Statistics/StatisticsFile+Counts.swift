import DeepPotential
import HDF5

/// The distributions of values in the data, in the group `/data`; see docs/FORMATS.md,
/// "Statistics".
extension StatisticsFile {
  static func write(_ counts: DataCounts, to file: borrowing HDF5File) throws {
    let types = counts.atoms.count
    try file.write([counts.frames], shape: [], to: "/data/frames")
    try file.write(counts.atoms, shape: [types], to: "/data/atoms")
    try write([counts.energies], to: "/data/energy", file)
    try write(counts.forces, to: "/data/force", file)
    if !counts.frameValues.isEmpty {
      try write(counts.frameValues, to: "/data/frame_values", file)
    }
    if !counts.atomValues.isEmpty { try write(counts.atomValues, to: "/data/atom_values", file) }
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

  /// Writes `parts` in common bins: the start of the first bin, the width, and a row of counts for
  /// each part.
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
