import DeepPotential
import Diagnostics
import Files
import HDF5

/// The datasets of a statistics file; see docs/FORMATS.md, "Statistics".
enum StatisticsFile {
  static let format = "deep-potential statistics 1"

  static func write(_ statistics: ModelStatistics, to file: borrowing HDF5File) throws {
    let types = statistics.environment.radial.count, slotCount = statistics.slots.reduce(0, +)
    let shape = [types, slotCount, statistics.mean.count / max(1, types * slotCount)]
    try file.write(statistics.slots, shape: [statistics.slots.count], to: "/sel")
    try file.write(statistics.mean, shape: shape, to: "/davg")
    try file.write(statistics.deviation, shape: shape, to: "/dstd")
    for (name, moments) in [
      ("radial", statistics.environment.radial), ("angular", statistics.environment.angular),
    ] {
      let rows = moments.flatMap { [Double($0.count), $0.sum, $0.squares] }
      try file.write(rows, shape: [types, 3], to: "/sums/\(name)")
    }
    let bias = statistics.outputBias, width = bias.values.count / max(types, 1)
    let value = width == 1 ? [] : [width]
    try file.write(bias.values, shape: [types] + value, to: "/out_bias")
    try file.write(
      bias.deviations, shape: (bias.deviations.count == width ? [] : [types]) + value,
      to: "/out_std")
    for (name, values) in [
      ("fparam_avg", statistics.frameParameterMean),
      ("fparam_inv_std", statistics.frameParameterInverseDeviation),
      ("aparam_avg", statistics.atomParameterMean),
      ("aparam_inv_std", statistics.atomParameterInverseDeviation),
    ] where !values.isEmpty {
      try file.write(values, shape: [values.count], to: "/\(name)")
    }
    let survey = statistics.survey
    try file.write(survey.largestCounts, shape: [types], to: "/neighbors/max_nbor_size")
    try file.write([survey.largestTotal], shape: [], to: "/neighbors/max_nbor_total")
    try file.write(survey.recommendedSlots(), shape: [types], to: "/neighbors/recommended_sel")
    if let pair = survey.closest {
      try file.write([pair.distance], shape: [], to: "/neighbors/min_nbor_dist")
      let place = [pair.system, pair.frame] + pair.atoms
      try file.write(place, shape: [4], to: "/neighbors/min_nbor_place")
    }
  }

  /// Reads the statistics in `file` for models that say `output`.
  static func read(
    _ file: borrowing HDF5File, of output: OutputDefinition = .energy, at path: String
  ) throws -> ModelStatistics {
    let slots = try file.integers("/sel")
    guard slots.allSatisfy((0...largestSize).contains), slots.count <= largestSize else {
      throw ToolError(.data, at: "\(path)#/sel", "holds \(slots), expected neighbor slots per type")
    }
    // Rows are 4 wide, or 1 if only distances count; slots of all types together are one number.
    let types = try file.doubles("/out_bias").count / output.width
    let rows = types * slots.reduce(0, +)
    let width = try file.shape(of: "/davg").last == 1 ? 1 : 4
    guard slots.count == types || slots.count == 1 else {
      throw ToolError(.data, at: "\(path)#/sel", "holds \(slots) for \(counted(types, "type"))")
    }
    /// The numbers of `dataset`, `count` of them; empty if the dataset is optional and missing.
    func numbers(_ dataset: String, _ count: Int?) throws -> [Double] {
      if try count == nil && file.kind(of: dataset) == nil { return [] }
      let values = try file.doubles(dataset)
      guard values.count == count ?? values.count else {
        throw ToolError(
          .data, at: "\(path)#\(dataset)",
          "has \(counted(values.count, "number")), expected \(count ?? 0)")
      }
      return values
    }
    func moments(_ dataset: String) throws -> [Moments] {
      let values = try numbers(dataset, 3 * types)
      return try (0..<types).map { type in
        guard let count = Int(exactly: values[3 * type]) else {
          throw ToolError(.data, at: "\(path)#\(dataset)", "counts \(values[3 * type]) as its rows")
        }
        return Moments(count: count, sum: values[3 * type + 1], squares: values[3 * type + 2])
      }
    }
    return ModelStatistics(
      slots: slots,
      environment: EnvironmentMoments(
        radial: try moments("/sums/radial"), angular: try moments("/sums/angular")),
      mean: try numbers("/davg", rows * width), deviation: try numbers("/dstd", rows * width),
      outputBias: OutputBias(
        values: try numbers("/out_bias", types * output.width),
        deviations: try numbers("/out_std", (output.perAtom ? types : 1) * output.width)),
      frameParameterMean: try numbers("/fparam_avg", nil),
      frameParameterInverseDeviation: try numbers("/fparam_inv_std", nil),
      atomParameterMean: try numbers("/aparam_avg", nil),
      atomParameterInverseDeviation: try numbers("/aparam_inv_std", nil),
      survey: try survey(file, types: types, at: path))
  }

  private static func survey(
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
    return survey
  }
}
