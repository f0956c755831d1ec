import Atoms
import Diagnostics

extension EnergyModel {
  /// Whether there are no predictions for atoms that are `distance` Å apart.
  func isTooClose(_ distance: Double) -> Bool { distance == 0 || distance < smallestDistance }
}

extension Evaluator {
  /// Throws `.data` at `place` if the predictions of the last call, with `model`, are no numbers,
  /// because two atoms, in `frame` if it is known, were at one place, or closer than the model's
  /// pair potential begins.
  public func requireReach(
    of model: EnergyModel, in frame: Frame? = nil, at place: @autoclosure () -> String
  ) throws {
    guard let tooClose else { return }
    if tooClose == 0 {
      throw ToolError.samePlace(frame.flatMap { model.closestAtoms(of: $0) }, at: place())
    }
    throw ToolError.closerThanTable(tooClose, model.smallestDistance, at: place())
  }
}

extension EnergyModel {
  /// The two atoms of `frame` that are closest to each other; nil if none are neighbors.
  fileprivate func closestAtoms(of frame: Frame) -> [Int]? {
    var survey = NeighborSurvey(typeCount: typeMap.count)
    survey.add(frame, cutoff: outerCutoff, system: 0, index: 0)
    return survey.closest?.atoms
  }
}

extension ToolError {
  /// The error that two atoms at `place`, `atoms` if they are known, are at the same place.
  ///
  /// No model has a value there.
  public static func samePlace(_ atoms: [Int]?, at place: String) -> ToolError {
    ToolError(
      .data, at: place,
      (atoms.map { "atoms \($0[0]) and \($0[1])" } ?? "two atoms") + " are at the same place",
      remedy: atoms == nil
        ? "look at the structure: an atom may be there twice"
        : "remove the frame, or the atom that is there twice")
  }

  /// The error that the predictions at `place` are no numbers.
  public static func noNumbers(at place: String) -> ToolError {
    ToolError(
      .data, at: place, "the model gives no finite numbers there",
      remedy: "look at the structure for atoms that nearly overlap, and at the model's training")
  }

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
