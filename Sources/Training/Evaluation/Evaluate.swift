import Atoms
import DeepPotential

/// Predicts the first `frameCount` frames of `system` with each of `models`, and hands frame after frame to `visit`.
///
/// `evaluators` has one evaluator per model; `visit` gets the frame and one prediction per model.  Returns how many
/// atoms, over all frames, have more neighbors than the model has slots, per model.
public func evaluate(
  _ models: [EnergyModel], on system: LabeledSystem, frameCount: Int, with evaluators: [Evaluator],
  visit: (LabeledFrame, [Prediction]) throws -> Void
) rethrows -> [Int] {
  precondition(models.count == evaluators.count && frameCount <= system.frameCount)
  var truncated = Array(repeating: 0, count: models.count)
  for index in 0..<frameCount {
    let frame = system.frame(index)
    let predictions = zip(models, evaluators).map { $1.predict([frame.frame], with: $0)[0] }
    for (model, evaluator) in evaluators.enumerated() {
      truncated[model] += evaluator.truncatedCenters
    }
    try visit(frame, predictions)
  }
  return truncated
}
