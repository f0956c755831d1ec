import DeepPotential
import Diagnostics

extension EnergyModel {
  /// Throws `.data` at `place` unless the model gives energies, which `purpose` needs.
  public func requireEnergies(for purpose: String, at place: String) throws {
    guard output != .energy else { return }
    throw ToolError(
      .data, at: place, "gives \(output.name), but \(purpose) needs energies",
      remedy: "take a model whose fitting net is of type \"ener\"")
  }
}
