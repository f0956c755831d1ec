import ArgumentParser
import Diagnostics
import Foundation
import Toolkit
import Training

/// The options for a change of the model's energy bias.
struct BiasOptions: ParsableArguments {
  /// How the new bias is computed, in DeePMD-kit's words.
  enum Mode: String, CaseIterable, ExpressibleByArgument {
    /// From the labels alone, or as given.
    case set
    /// From the model's errors, by which the present bias is shifted.
    case change
    /// An older name of `change`; given values are added to the present bias.
    case delta
  }

  @Option(
    help: ArgumentHelp(
      "Fit the energy bias to these data; repeat it for more, or @file with one path per line.",
      valueName: "data"))
  var changeBias: [String] = []
  @Option(
    help: ArgumentHelp(
      "set: from the labels alone; change, delta: shift by what the model is off (default: change).",
      valueName: "set|change|delta"))
  var biasMode: Mode?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Set the bias to these energies in eV (delta: add them): -431.1,-5.2 or O=-431.1.",
      valueName: "values"))
  var biasValues: String?
  @Option(
    help: ArgumentHelp("Use the first n frames of each system (0: all).", valueName: "n"))
  var biasFrames = 0

  /// Whether the bias is to be changed.
  var isWanted: Bool { !changeBias.isEmpty || biasValues != nil }

  func validate() throws {
    if biasFrames < 0 { throw ValidationError("'--bias-frames \(biasFrames)': give 0 or more.") }
    if !isWanted && (biasMode != nil || biasFrames > 0) {
      throw ValidationError("'--bias-mode' and '--bias-frames' need '--change-bias'.")
    }
    if biasValues != nil && biasMode == .change {
      throw ValidationError("'--bias-values' are set or, with '--bias-mode delta', added.")
    }
  }

  /// The rule for a model of `typeMap`.
  func rule(for typeMap: [String]) throws -> BiasRule {
    guard let biasValues else { return biasMode == .set ? .set : .change }
    let values = try Self.values(biasValues, typeMap)
    return biasMode == .delta ? .shifted(values) : .given(values)
  }

  /// Reads "-431.1,-5.2", one energy per type, or "O=-431.1,H=-5.2", where types left out stay
  /// unchanged.
  private static func values(_ text: String, _ typeMap: [String]) throws -> [Double?] {
    var values = typeMap.map { _ in Double?.none }
    let parts = text.split { $0 == "," || $0 == " " }
    let named = parts.contains { $0.contains("=") }
    for (index, part) in parts.enumerated() {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let type = named ? typeMap.firstIndex(of: String(pair[0])) : index
      guard let type, values.indices.contains(type), values[type] == nil,
        pair.count == (named ? 2 : 1),
        let value = Double(pair[pair.count - 1]), value.isFinite
      else { throw wrong(text, typeMap) }
      values[type] = value
    }
    if !named && parts.count != typeMap.count { throw wrong(text, typeMap) }
    return values
  }

  private static func wrong(_ text: String, _ typeMap: [String]) -> ToolError {
    ToolError(
      .usage, at: "\(hint("--bias-values", dp: "--bias-value")) \(text)",
      "expected an energy in eV for each of \(typeMap.joined(separator: ", "))",
      remedy: hint(
        "write \(typeMap.map { "\($0)=-1.5" }.joined(separator: ",")), or the numbers alone",
        dp: "write as many numbers, blanks between them"))
  }
}
