import DeepPotential
import Diagnostics
import Files
import HDF5

/// The datasets of a statistics file; see docs/FORMATS.md, "Statistics".
enum StatisticsFile {
  static let format = "deep-potential statistics 1"

  static func write(_ statistics: ModelStatistics, to file: borrowing HDF5File) throws {
    let types = statistics.typeCount
    for (place, part) in zip(places(statistics.lists.count), statistics.lists) {
      try write(part, to: file, at: place)
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
    try write(statistics.survey, to: file)
  }

  /// Reads the statistics in `file`, of any output.
  static func read(
    _ file: borrowing HDF5File, at path: String
  ) throws -> ModelStatistics {
    let shape = try file.shape(of: "/out_bias"), deviations = try file.doubles("/out_std")
    guard let types = shape.first, types > 0 else {
      throw ToolError(.data, at: "\(path)#/out_bias", "has no row for a type")
    }
    // All types have one deviation of each component, or each has its own.
    let width = shape.dropFirst().reduce(1, *)
    let rows = deviations.count == types * width ? types : 1
    func numbers(_ dataset: String, _ count: Int?) throws -> [Double] {
      try Self.numbers(file, dataset, count, at: path)
    }
    return ModelStatistics(
      lists: try lists(file, types: types, at: path),
      outputBias: OutputBias(
        values: try numbers("/out_bias", types * width),
        deviations: try numbers("/out_std", rows * width)),
      frameParameterMean: try numbers("/fparam_avg", nil),
      frameParameterInverseDeviation: try numbers("/fparam_inv_std", nil),
      atomParameterMean: try numbers("/aparam_avg", nil),
      atomParameterInverseDeviation: try numbers("/aparam_inv_std", nil),
      survey: try survey(file, types: types, at: path))
  }

  /// The numbers of `dataset`, `count` of them; empty if the dataset is optional and missing.
  static func numbers(
    _ file: borrowing HDF5File, _ dataset: String, _ count: Int?, at path: String
  ) throws -> [Double] {
    if try count == nil && file.kind(of: dataset) == nil { return [] }
    let values = try file.doubles(dataset)
    guard values.count == count ?? values.count else {
      throw ToolError(
        .data, at: "\(path)#\(dataset)",
        "has \(counted(values.count, "number")), expected \(count ?? 0)")
    }
    return values
  }
}
