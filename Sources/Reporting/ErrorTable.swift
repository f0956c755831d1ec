/// The errors over all systems, read from the text of dp-eval or the file of pipelines/keep-errors.
struct ErrorTable {
  /// The file and digest of the data, if keep-errors has recorded them; and the data in words.
  let data: String?, what: String
  /// Root mean square errors in dp-eval's units by its names in tables, such as `energy/atom`.
  let errors: [String: Double]
  /// These names, in the order of the table.
  let names: [String]
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
    var errors: [String: Double] = [:], names: [String] = []
    for line in all.dropFirst() where line.hasPrefix("  ") {
      // A name, which may have blanks, and two numbers: the second is the one that is wanted.
      let fields = line.split(separator: " ")
      guard let first = fields.indices.dropFirst().first(where: { Double(fields[$0]) != nil }),
        fields.indices.contains(first + 1), let value = Double(fields[first + 1])
      else { continue }
      let name = fields[..<first].joined(separator: " ")
      if errors.updateValue(value, forKey: name) == nil { names.append(name) }
    }
    (self.errors, self.names) = (errors, names)
  }

  /// Whether `other` has errors on the same data; digests tell.
  func isComparable(with other: ErrorTable?) -> Bool { data != nil && data == other?.data }
}
