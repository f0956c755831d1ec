/// The errors over all systems, read from the text of dp-eval or the file of pipelines/keep-errors.
struct ErrorTable {
  /// The file and digest of the data, if keep-errors has recorded them; and the data in words.
  let data: String?, what: String
  /// Root mean square errors in dp-eval's units by its names in tables, such as `energy/atom`.
  let errors: [String: Double]
  /// The line about energies that are off by a constant for each element; nil if there is none.
  let offset: String?

  /// Reads the file at `path`; nil if the file is missing or empty.
  init?(_ path: String) throws {
    let lines = try PipelineFolder.lines(path)
    if lines.isEmpty { return nil }
    data = lines.first.flatMap { $0.hasPrefix("validation.h5 ") ? String($0) : nil }
    let all = lines.drop { !$0.hasPrefix("All: ") }
    what = String(all.first?.dropFirst(5) ?? "")
    offset = all.first { $0.hasPrefix("  energies are off by a constant") }.map(String.init)
    var errors: [String: Double] = [:]
    for line in all.dropFirst() where line.hasPrefix("  ") {
      let fields = line.split(separator: " ")
      if fields.count >= 3, let value = Double(fields[2]) { errors[String(fields[0])] = value }
    }
    self.errors = errors
  }

  /// Whether `other` has errors on the same data; digests tell.
  func isComparable(with other: ErrorTable?) -> Bool { data != nil && data == other?.data }
}
