import DeepPotential
import Diagnostics
import Files
import HDF5

/// Writes `statistics`, the `inputs` they were computed from, and the distributions of values in
/// the data, to the sealed HDF5 file `path`.
///
/// `provenance` becomes attributes of the root.  Equal statistics give equal bytes.  Throws
/// `ToolError`: `.cannotCreate` or `.io`; the old file then stays unchanged.
public func writeStatistics(
  _ statistics: ModelStatistics, for inputs: StatisticsInputs, counts: DataCounts? = nil,
  to path: String, provenance: [String: String] = [:]
) throws {
  try SealedFile.write(to: path) { file in
    for key in provenance.keys.sorted() {
      try file.setAttribute(key, of: "/", to: provenance[key] ?? "")
    }
    try file.setAttribute("format", of: "/", to: StatisticsFile.format)
    try file.setAttribute("settings", of: "/", to: inputs.settings.serialized)
    try file.setAttribute("data_sha256", of: "/", to: inputs.dataDigest)
    try file.setAttribute("inputs_sha256", of: "/", to: inputs.digest)
    try StatisticsFile.write(statistics, to: file)
    if let counts { try StatisticsFile.write(counts, to: file) }
  }
}

/// Reads the statistics in `path`, which must have been computed from `inputs`.
///
/// Throws `ToolError`: `.missingInput` if there is no such file, `.data` if it is damaged, holds no
/// statistics, or is stale, that is, was computed from other data or settings than `inputs`.
public func readStatistics(at path: String, for inputs: StatisticsInputs) throws -> ModelStatistics
{
  let (statistics, found) = try readStatistics(at: path)
  let differences = inputs.differences(from: found)
  guard differences.isEmpty else {
    throw ToolError(
      .data, at: path,
      "is out of date: it was computed with other values of \(differences.joined(separator: ", "))",
      remedy: "run dp-stat again")
  }
  return statistics
}

/// Reads the statistics in `path`, from whatever inputs they were computed, as above.
public func readStatistics(
  at path: String
) throws -> (statistics: ModelStatistics, inputs: StatisticsInputs) {
  try readStatistics(SealedFile.read(path), at: path)
}

/// Reads the statistics in `file`; messages call it `path`.
package func readStatistics(
  _ file: borrowing HDF5File, at path: String
) throws -> (statistics: ModelStatistics, inputs: StatisticsInputs) {
  let format = try file.stringAttribute("format", of: "/")
  guard format == StatisticsFile.format else {
    throw ToolError(
      .data, at: path,
      "holds no statistics: its format is \"\(format ?? "none")\", not \"\(StatisticsFile.format)\"",
      remedy: "give a file that dp-stat wrote")
  }
  guard let settings = try file.stringAttribute("settings", of: "/"),
    let digest = try file.stringAttribute("data_sha256", of: "/")
  else { throw ToolError(.data, at: path, "does not say what it was computed from") }
  let inputs = StatisticsInputs(
    settings: try JSONValue(parsing: settings.utf8, at: path), dataDigest: digest)
  return (try StatisticsFile.read(file, at: path), inputs)
}
