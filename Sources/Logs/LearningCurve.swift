import Foundation

/// The text of `lcurve.out`, as DeePMD-kit's PyTorch backend writes it.
///
/// Source: docs/FORMATS.md, "lcurve.out".
public struct LearningCurve: Sendable {
  /// An error in the curve.
  public struct Column: Sendable, Equatable {
    /// Its name, as `Loss.columns` has it, and the task that it belongs to; the latter is empty if
    /// there is one task.
    public let name: String, task: String
    /// Whether it has a column for validation data too.
    public let hasValidation: Bool

    /// Makes a column.
    public init(name: String, task: String, hasValidation: Bool) {
      (self.name, self.task, self.hasValidation) = (name, task, hasValidation)
    }

    /// The name with `kind`, `_trn` or `_val`, and the task behind it.
    fileprivate func title(_ kind: String) -> String {
      name + kind + (task.isEmpty ? "" : "_\(task)")
    }
  }

  private let list: [Column]

  /// Makes a curve with these columns, those of one task beside each other.
  public init(_ columns: [Column]) { list = columns }

  /// Makes the curve of a single task, of which all columns have validation data, or none.
  public init(columns: [String], hasValidation: Bool) {
    self.init(columns.map { Column(name: $0, task: "", hasValidation: hasValidation) })
  }

  /// Names of the errors, with those of their tasks if there are several.
  public var columns: [String] { list.map { $0.title("") } }
  /// Whether there is a column for validation data.
  public var hasValidation: Bool { list.contains(where: \.hasValidation) }

  /// The two lines at the top, each with its line end.
  public var header: String {
    let names = list.map { column in
      let training = LearningCurve.right(column.title("_trn"), 11)
      return column.hasValidation
        ? "   \(LearningCurve.right(column.title("_val"), 11)) \(training)" : "   \(training)"
    }
    return "# step \(names.joined())   lr      \n"
      + "# If there is no available reference data, rmse_*_{val,trn} will print nan\n"
  }

  /// The line of `step`, with its line end; errors in the order of `columns`.
  public func row(
    step: Int, training: [Double], validation: [Double]?, learningRate: Double
  ) -> String {
    precondition(training.count == list.count && (validation != nil) == hasValidation)
    var line = LearningCurve.right(String(step), 7)
    for (index, column) in list.enumerated() {
      line += "   "
      if let validation, column.hasValidation {
        line += LearningCurve.scientific(validation[index], 2, 11) + " "
      }
      line += LearningCurve.scientific(training[index], 2, 11)
    }
    return line + "   " + LearningCurve.scientific(learningRate, 1, 8) + "\n"
  }

  /// The step of a line in the file; nil for the header.
  public static func step(of line: some StringProtocol) -> Int? {
    line.split(separator: " ").first.flatMap { Int($0) }
  }

  private static func scientific(_ value: Double, _ digits: Int, _ width: Int) -> String {
    right(value.isNaN ? "nan" : String(format: "%.\(digits)e", value), width)
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
