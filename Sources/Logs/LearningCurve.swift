import Foundation

/// The text of `lcurve.out`, as DeePMD-kit's PyTorch backend writes it.
///
/// Source: docs/FORMATS.md, "lcurve.out".
public struct LearningCurve: Sendable {
  /// Names of the errors, as `Loss.columns` has them.
  public let columns: [String]
  /// Whether each error has a column for validation data too.
  public let hasValidation: Bool

  /// Makes a curve with these columns.
  public init(columns: [String], hasValidation: Bool) {
    self.columns = columns
    self.hasValidation = hasValidation
  }

  /// The two lines at the top, each with its line end.
  public var header: String {
    let names = columns.map { column in
      let training = LearningCurve.right(column + "_trn", 11)
      return hasValidation
        ? "   \(LearningCurve.right(column + "_val", 11)) \(training)" : "   \(training)"
    }
    return "# step \(names.joined())   lr      \n"
      + "# If there is no available reference data, rmse_*_{val,trn} will print nan\n"
  }

  /// The line of `step`, with its line end; errors in the order of `columns`.
  public func row(
    step: Int, training: [Double], validation: [Double]?, learningRate: Double
  ) -> String {
    precondition(training.count == columns.count && (validation != nil) == hasValidation)
    var line = LearningCurve.right(String(step), 7)
    for index in columns.indices {
      if let validation { line += "   " + LearningCurve.scientific(validation[index], 2, 11) + " " }
      line +=
        (hasValidation ? "" : "   ") + LearningCurve.scientific(training[index], 2, 11)
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
