import DeepPotential
import Diagnostics

extension EnergyModel {
  /// Throws `.data` at `place` unless the model gives energies, which `purpose` needs.
  public func requireEnergies(for purpose: String, at place: String) throws {
    guard output != .energy else { return }
    let found = output.forces == .direct ? "forces that are no gradient" : output.name
    throw ToolError(
      .data, at: place, "gives \(found), but \(purpose) needs energies",
      remedy: "take a model whose fitting net is of type \"ener\"")
  }

  /// Throws `.data` at `place` if the model mends damaged frames, with which no data compare.
  public func requireValues(at place: String) throws {
    guard fitting.options.output.mendsFrames else { return }
    throw ToolError(
      .data, at: place,
      "mends damaged frames: it is to start trainings from, and gives nothing that data have",
      remedy: "train on: dp-train input.json --finetune with it")
  }

  /// Throws `.data` at `place` unless the model gives forces, which `purpose` needs; they may come
  /// from nets of their own.
  public func requireForces(for purpose: String, at place: String) throws {
    if !output.hasForces { try requireEnergies(for: purpose, at: place) }
  }
}
