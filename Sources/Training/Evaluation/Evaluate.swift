import Atoms
import Communication
import DeepPotential
import Diagnostics

/// A frame with the predictions of all models.
public struct EvaluatedFrame {
  /// Index of the frame's system.
  public let system: Int
  /// The frame and its labels.
  public let frame: LabeledFrame
  /// The prediction of each model.
  public let predictions: [Prediction]
  /// The number of atoms, per model, that have more neighbors than the model has slots.
  public let truncated: [Int]
}

/// Predicts the first `frameCounts[s]` frames of each of `systems`; the function below says more.
public func evaluate(
  _ models: [EnergyModel], on systems: [LabeledSystem], frameCounts: [Int],
  with evaluators: [Evaluator], communicator: Communicator = .alone,
  visit: (EvaluatedFrame) throws -> Void
) throws {
  try evaluate(
    models, on: systems, frames: frameCounts.map { 0..<$0 }, with: evaluators,
    communicator: communicator, visit: visit)
}

/// Predicts `frames[s]` of each of `systems` with each of `models`, and hands one frame after the
/// other, in order, to `visit`.
///
/// `evaluators` has one evaluator per model.  The ranks of `communicator` share out the frames;
/// `visit` is called on the first rank only, with the same bits for any number of ranks.  Throws
/// the errors of reading frames and of `visit`, and `.data` for atoms that are at one place or
/// closer than a model's pair potential begins, and for predictions that are no numbers.
public func evaluate<Frames: Collection<Int>>(
  _ models: [EnergyModel], on systems: [LabeledSystem], frames: [Frames],
  with evaluators: [Evaluator], communicator: Communicator = .alone,
  visit: (EvaluatedFrame) throws -> Void
) throws {
  precondition(models.count == evaluators.count && systems.count == frames.count)
  func predictions(_ frame: Frame, at place: (system: Int, frame: Int)) throws -> [FramePrediction]
  {
    try zip(models, evaluators).map { model, evaluator in
      let prediction = evaluator.predict([frame], with: model)[0]
      let name = "\(systems[place.system].place), frame \(place.frame)"
      try evaluator.requireReach(of: model, in: frame, at: name)
      let found = FramePrediction(prediction: prediction, truncated: evaluator.truncatedCenters)
      guard found.numbers.allSatisfy(\.isFinite) else { throw ToolError.noNumbers(at: name) }
      return found
    }
  }
  var round: [(system: Int, frame: Int)] = []
  /// Predicts the waiting frames, each on one rank.
  func finishRound() throws {
    let own = communicator.share(of: round.count)
    var known: [LabeledFrame?] = Array(repeating: nil, count: round.count)
    let numbers = try own.flatMap { place in
      let frame = try systems[round[place].system].frame(round[place].frame)
      known[place] = frame
      return try predictions(frame.frame, at: round[place]).flatMap(\.numbers)
    }
    var all = communicator.collect(numbers).joined().makeIterator()
    if communicator.isFirst {
      for (place, frame) in zip(round, known) {
        let frame = try frame ?? systems[place.system].frame(place.frame)
        let atoms = frame.frame.types.count
        let values = models.map { FramePrediction(&all, of: $0.output, atoms: atoms) }
        try visit(
          EvaluatedFrame(
            system: place.system, frame: frame, predictions: values.map(\.prediction),
            truncated: values.map(\.truncated)))
      }
    }
    round = []
  }
  // A single process finishes a frame before it reads the next; several ranks take several frames
  // at a time, because frames differ in size.
  let size = communicator.size == 1 ? 1 : 8 * communicator.size
  for (system, chosen) in frames.enumerated() {
    for frame in chosen {
      round.append((system, frame))
      if round.count == size { try finishRound() }
    }
  }
  try finishRound()
}

/// The prediction of one model for one frame, as ranks send it to each other.
private struct FramePrediction {
  let prediction: Prediction, truncated: Int

  /// All numbers of the prediction in one array.
  var numbers: [Double] {
    [Double(truncated)] + prediction.frameValue + prediction.virial.rows + prediction.atomValues
      + prediction.forces.flatMap { [$0.x, $0.y, $0.z] }
  }

  init(prediction: Prediction, truncated: Int) {
    (self.prediction, self.truncated) = (prediction, truncated)
  }

  /// Takes the numbers of what a model says of `output` in a frame of so many atoms.
  init(
    _ numbers: inout some IteratorProtocol<Double>, of output: OutputDefinition, atoms: Int
  ) {
    func take() -> Double {
      guard let number = numbers.next() else { preconditionFailure("a prediction is cut short") }
      return number
    }
    truncated = Int(take())
    let frameValue = (0..<(output.isReduced ? output.width : 0)).map { _ in take() }
    let virial = (0..<9).map { _ in take() }
    let atomValues = (0..<atoms * output.width).map { _ in take() }
    let forces = (0..<(output.hasForces ? atoms : 0)).map { _ in
      SIMD3(take(), take(), take())
    }
    prediction = Prediction(
      atomValues: atomValues, frameValue: frameValue, forces: forces,
      virial: Matrix3(rows: virial))
  }
}
