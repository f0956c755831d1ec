import Files
import Foundation
import Training

extension EnergyOffsets.Comparison {
  /// The message about constant errors, with the command that corrects `model`, of several the one
  /// called `head`, by `data`.
  public func text(model: String, head: String?, data: [String]) -> String {
    String(
      format: "  energies are off by a constant for each element: %.4f eV/atom, %.4f without it\n",
      before, after) + "  it goes away with: \(Self.command(model, head, data))\n"
  }

  /// The message as JSON.
  public func json(model: String, head: String?, data: [String]) -> JSONValue {
    .object([
      "rmse_per_atom": .number(before), "rmse_per_atom_without": .number(after),
      "command": .string(Self.command(model, head, data)),
    ])
  }

  private static func command(_ model: String, _ head: String?, _ data: [String]) -> String {
    let choice = head.map { " --head \(shellWord($0))" } ?? ""
    let options = data.map { "--change-bias \(shellWord($0))" }.joined(separator: " ")
    return "dp-freeze \(shellWord(model))\(choice) \(options) -o shifted.h5"
  }
}
