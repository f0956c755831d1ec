import Atoms
import DeepPotential

/// Predicts the first `frameCount` frames of `system` with each of `predictors`, and hands frame after frame to `visit`.
///
/// `visit` gets the frame and one prediction per predictor.  Returns how many atoms, over all frames, have more
/// neighbors than the model has slots, per model.
public func evaluate(
  _ predictors: [Predictor], on system: LabeledSystem, frameCount: Int,
  visit: (LabeledFrame, [Prediction]) throws -> Void
) rethrows -> [Int] {
  precondition(frameCount <= system.frameCount)
  var truncated = Array(repeating: 0, count: predictors.count)
  for index in 0..<frameCount {
    let frame = system.frame(index)
    let predictions = predictors.map { $0.predict(frame.frame) }
    for (model, predictor) in predictors.enumerated() {
      truncated[model] += predictor.truncatedCenters
    }
    try visit(frame, predictions)
  }
  return truncated
}
