import Atoms
import DeepPotential
import Storage
import Toolkit
import Training

/// One run over the data, and everything gathered on the way.
struct Evaluation {
  private let options: DPEval
  private let models: [EnergyModel]
  private(set) var systems: [EvaluatedSystem] = []
  private(set) var details = DetailText()
  private(set) var predicted: [AtomicSystem] = []
  private(set) var deviation: DeviationText

  init(_ options: DPEval, models: [EnergyModel]) {
    self.options = options
    self.models = models
    deviation = DeviationText(
      frequency: options.comparison.frequency, withAtoms: options.comparison.atomic)
  }

  /// Evaluates all models on all `systems`.
  mutating func run(_ systems: [AtomicSystem]) throws {
    let first = models[0]
    let labeled = try collectingErrors(systems) { system in
      try LabeledSystem(
        system, typeMap: first.typeMap, frameParameters: first.fitting.options.frameParameters,
        atomParameters: first.fitting.options.atomParameters, sortingAtoms: false)
    }
    let evaluators = models.map { _ in Evaluator(threads: options.common.threads) }
    let counts = labeled.map {
      options.frames > 0 ? min(options.frames, $0.frameCount) : $0.frameCount
    }
    let total = counts.reduce(0, +)
    var done = 0
    for (index, system) in labeled.enumerated() {
      var found = EvaluatedSystem(place: system.place, atomCount: system.atomCount)
      var predictions = PredictedSystem(systems[index], frameCount: counts[index])
      if options.comparison.isWanted { deviation.begin(system.place) }
      let truncated = evaluate(
        models, on: system, frameCount: counts[index], with: evaluators
      ) { frame, values in
        found.errors.add(values[0], of: frame.frame, against: frame.labels)
        if options.detail != nil {
          details.add(values[0], of: frame.frame, against: frame.labels, system: system.place)
        }
        if options.predictions != nil { predictions.add(values[0]) }
        if options.comparison.isWanted {
          let spread = ModelDeviation(
            values, against: options.comparison.realError ? frame.labels : nil,
            relative: options.comparison.relative)
          deviation.add(spread)
          if options.common.json { found.deviations.append(spread) }
        }
        done += 1
        options.console.progress("frame", done, of: total)
      }
      found.truncatedCenters = truncated[0]
      if options.predictions != nil { predicted.append(predictions.result) }
      self.systems.append(found)
    }
  }
}
