import ArgumentParser
import Models
import Toolkit

extension NetworkPrecision: ExpressibleByArgument {}

/// The options for other number formats of the model's networks.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Let the networks compute in this format: float32, or mixed: fitting nets in float32, the \
      descriptor in float64.
      """, valueName: "float64|float32|mixed"))
  var precision: NetworkPrecision?
  @Option(
    help: ArgumentHelp(
      "With --precision, data whose energies and forces are compared; repeat it for more.",
      valueName: "data"))
  var check: [String] = []
  @Option(
    help: ArgumentHelp(
      "Write nothing if a force changes by more than this, in eV/Å.", valueName: "eV/Å"))
  var tolerance = 1e-5

  /// Whether the formats are to be changed.
  var isWanted: Bool { precision != nil }

  func validate() throws {
    if isWanted == check.isEmpty {
      throw ValidationError("'--precision' and '--check <data>' go together.")
    }
    if !(tolerance > 0) { throw ValidationError("'--tolerance \(tolerance)': give more than 0.") }
  }
}
