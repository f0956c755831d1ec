import Diagnostics

extension Evaluator {
  /// Throws `.data` at `place` if two atoms of the last call, with `model`, were closer than its
  /// pair potential's table begins, so that the predictions are no numbers.
  public func requireReach(of model: EnergyModel, at place: @autoclosure () -> String) throws {
    guard let tooClose else { return }
    throw ToolError.closerThanTable(tooClose, model.smallestDistance, at: place())
  }
}

extension ToolError {
  /// The error that two atoms at `place` are `distance` Å apart, closer than a table that begins at
  /// `first` Å.
  public static func closerThanTable(
    _ distance: Double, _ first: Double, at place: String
  ) -> ToolError {
    ToolError(
      .data, at: place,
      "two atoms are \(distance) Å apart, but the model's table of pair energies begins at \(first) Å",
      remedy: "look at the structure: a smaller timestep helps dynamics that diverge; or begin the "
        + "table nearer to 0")
  }
}
