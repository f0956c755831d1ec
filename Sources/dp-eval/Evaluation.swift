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
  /// Errors of the first model's energies by composition.
  private(set) var offsets: EnergyOffsets
  private(set) var details = DetailText()
  private(set) var predicted: [AtomicSystem] = []
  private(set) var deviation: DeviationText

  init(_ options: DPEval, models: [EnergyModel]) {
    self.options = options
    self.models = models
    offsets = EnergyOffsets(typeCount: models[0].typeMap.count)
    deviation = DeviationText(
      frequency: options.comparison.frequency, withAtoms: options.comparison.atomic)
  }

  /// Evaluates all models on all `systems`.
  mutating func run(_ systems: [StoredSystem]) throws {
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
    self.systems = zip(labeled, counts).map { system, count in
      EvaluatedSystem(place: system.place, atomCount: system.atomCount)
    }
    var predictions: [PredictedSystem] = []
    if options.predictions != nil {
      predictions = try zip(systems, counts).map {
        PredictedSystem(try $0.frames(0..<$1), frameCount: $1)
      }
    }
    var done = 0, begun = -1
    try evaluate(
      models, on: labeled, frameCounts: counts, with: evaluators,
      communicator: options.communicator
    ) { evaluated in
      let index = evaluated.system
      if index > begun, options.comparison.isWanted {
        for system in begun + 1...index { deviation.begin(labeled[system].place) }
        begun = index
      }
      add(evaluated, place: labeled[index].place)
      if options.predictions != nil { predictions[index].add(evaluated.predictions[0]) }
      done += 1
      options.console.progress("frame", done, of: total)
    }
    if options.communicator.isFirst { predicted = predictions.map(\.result) }
  }

  private mutating func add(_ evaluated: EvaluatedFrame, place: String) {
    let values = evaluated.predictions, frame = evaluated.frame
    systems[evaluated.system].errors.add(values[0], of: frame.frame, against: frame.labels)
    systems[evaluated.system].truncatedCenters += evaluated.truncated[0]
    if let energy = frame.labels.energy {
      offsets.add(values[0].energy - energy, types: frame.frame.types)
    }
    if options.detail != nil {
      details.add(values[0], of: frame.frame, against: frame.labels, system: place)
    }
    if options.comparison.isWanted {
      let spread = ModelDeviation(
        values, against: options.comparison.realError ? frame.labels : nil,
        relative: options.comparison.relative)
      deviation.add(spread)
      if options.common.json { systems[evaluated.system].deviations.append(spread) }
    }
  }
}
