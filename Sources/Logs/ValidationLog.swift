import Foundation

/// The text of `val.log`, as DeePMD-kit's PyTorch backend writes it.
///
/// Source: docs/FORMATS.md, "val.log"; DeePMD-kit's `FullValidator`.
public struct ValidationLog: Sendable {
  /// The titles of the columns, such as "E_MAE(meV/atom)".
  private let titles: [String]
  private let stepWidth: Int

  /// Makes a log with columns of these titles, for a training of `totalSteps` steps.
  public init(titles: [String], totalSteps: Int) {
    self.titles = titles.map { ValidationLog.centered($0, 10) }
    stepWidth = max(4, String(totalSteps).count)
  }

  /// The two lines at the top, each with its line end.
  public var header: String {
    "# \(ValidationLog.centered("step", stepWidth))\(titles.map { " " + $0 }.joined())\n"
      + "# E uses per-atom energy, F uses component-wise force errors, and the second-rank column is "
      + "S, stress as the negated virial divided by the cell volume, or V, virial normalized by "
      + "natoms, following `validation_metric`.\n"
  }

  /// The line of a validation, with its line end; `values` have the order and the units of the
  /// titles.
  public func row(step: Int, _ values: [Double]) -> String {
    precondition(values.count == titles.count)
    let texts = zip(values, titles).map { value, title in
      " " + ValidationLog.centered(ValidationLog.number(value), title.count)
    }
    return "  " + ValidationLog.centered(String(step), stepWidth) + texts.joined() + "\n"
  }

  /// The line for a validation among the best: its checkpoint, and its metric "E:MAE = 1.2
  /// meV/atom".
  public static func saved(_ checkpoint: String, _ metric: String) -> String {
    "# saved best checkpoint: \(checkpoint) (\(metric))\n"
  }

  /// `text` in the middle of `width` places, as with Python's `^`.
  private static func centered(_ text: String, _ width: Int) -> String {
    let rest = max(0, width - text.count)
    return String(repeating: " ", count: rest / 2) + text
      + String(repeating: " ", count: rest - rest / 2)
  }

  /// `value` with five significant digits.
  public static func number(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value.magnitude < .leastNormalMagnitude { return "0" }
    let decimals = 4 - Int(log10(value.magnitude).rounded(.down))
    if decimals > 16 { return String(format: "%.4e", value) }
    if decimals > 0 { return String(format: "%.\(decimals)f", value) }
    let scale = pow(10, Double(-decimals))
    return String(format: "%.0f", (value / scale).rounded(.toNearestOrEven) * scale)
  }
}
