import DeepPotential
import Diagnostics
import Files
import HDF5

/// The counts of neighbors, in the group `/neighbors`; see docs/FORMATS.md, "Statistics".
extension StatisticsFile {
  static func write(_ survey: NeighborSurvey, to file: borrowing HDF5File) throws {
    let types = survey.largestCounts.count
    try file.write(survey.largestCounts, shape: [types], to: "/neighbors/max_nbor_size")
    try file.write([survey.largestTotal], shape: [], to: "/neighbors/max_nbor_total")
    try file.write(survey.recommendedSlots(), shape: [types], to: "/neighbors/recommended_sel")
    if let pair = survey.closest {
      try file.write([pair.distance], shape: [], to: "/neighbors/min_nbor_dist")
      let place = [pair.system, pair.frame] + pair.atoms
      try file.write(place, shape: [4], to: "/neighbors/min_nbor_place")
    }
    let nearer = survey.nearer, count = nearer.count, group = "/neighbors/nearer"
    if count == 0 { return }
    try file.write(nearer.map(\.cutoff), shape: [count], to: "\(group)/rcut")
    try file.write(
      nearer.flatMap(\.largestCounts), shape: [count, types], to: "\(group)/max_nbor_size")
    try file.write(nearer.map(\.largestTotal), shape: [count], to: "\(group)/max_nbor_total")
  }

  static func survey(
    _ file: borrowing HDF5File, types: Int, at path: String
  ) throws -> NeighborSurvey {
    var survey = NeighborSurvey(typeCount: types)
    survey.largestCounts = try file.integers("/neighbors/max_nbor_size")
    survey.largestTotal = try file.integers("/neighbors/max_nbor_total").first ?? 0
    guard survey.largestCounts.count == types else {
      throw ToolError(.data, at: "\(path)#/neighbors", "does not fit \(counted(types, "type"))")
    }
    survey.isPresent = survey.largestCounts.map { $0 > 0 }
    if try file.kind(of: "/data/atoms") != nil {
      let atoms = try file.integers("/data/atoms")
      guard atoms.count == types else {
        throw ToolError(.data, at: "\(path)#/data/atoms", "does not fit \(counted(types, "type"))")
      }
      survey.isPresent = atoms.map { $0 > 0 }
    }
    if try file.kind(of: "/neighbors/min_nbor_dist") != nil {
      let distance = try file.doubles("/neighbors/min_nbor_dist")
      let place = try file.integers("/neighbors/min_nbor_place")
      guard distance.count == 1, place.count == 4 else {
        throw ToolError(.data, at: "\(path)#/neighbors", "has no place for its closest pair")
      }
      survey.closest = ClosestPair(
        distance: distance[0], system: place[0], frame: place[1], atoms: [place[2], place[3]])
    }
    survey.nearer = try nearer(file, types: types, at: path)
    return survey
  }

  /// The largest numbers of neighbors within shorter cutoffs.
  private static func nearer(
    _ file: borrowing HDF5File, types: Int, at path: String
  ) throws -> [NearerNeighbors] {
    let group = "/neighbors/nearer"
    guard try file.kind(of: group) != nil else { return [] }
    let cutoffs = try file.doubles("\(group)/rcut")
    let counts = try file.integers("\(group)/max_nbor_size")
    let totals = try file.integers("\(group)/max_nbor_total")
    guard counts.count == cutoffs.count * types, totals.count == cutoffs.count else {
      throw ToolError(.data, at: "\(path)#\(group)", "does not fit \(counted(types, "type"))")
    }
    return cutoffs.enumerated().map { k, cutoff in
      NearerNeighbors(
        cutoff: cutoff, largestCounts: Array(counts[k * types..<(k + 1) * types]),
        largestTotal: totals[k])
    }
  }
}
