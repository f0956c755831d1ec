import Atoms
import DeepPotential
import Diagnostics
import Files
import Logs
import Runs
import Toolkit
import Training

/// One pass over the data, and all results of it.
struct Evaluation {
  private let options: DPEval
  private let models: [EnergyModel]
  private(set) var systems: [EvaluatedSystem] = []
  /// The errors of the first model's energies by composition.
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

  /// The default frame parameters for `system`; nil if it has its own.
  ///
  /// Throws `.data` if the models have different ones and the system needs them.
  private func defaultFrameParameters(for system: OpenSystem) throws -> [Double]? {
    let defaults = Set(models.map(\.fitting.options.defaultFrameParameters))
    if defaults.count <= 1 { return defaults.first ?? nil }
    guard system.labelWidths["fparam"] == nil else { return nil }
    throw ToolError(
      .data, at: system.place, "has no fparam, and the models differ in their default_fparam",
      remedy: "add fparam.npy to every set of the system")
  }

  /// Evaluates all models on all `systems`.
  mutating func run(_ systems: [OpenSystem]) throws {
    let first = models[0]
    let labeled = try collectingErrors(systems) { system in
      try LabeledSystem(
        system, typeMap: first.typeMap, frameParameters: first.fitting.options.frameParameters,
        atomParameters: first.fitting.options.atomParameters,
        defaultFrameParameters: defaultFrameParameters(for: system),
        sortingAtoms: false)
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
        values, types: frame.frame.types,
        against: options.comparison.realError ? frame.labels : nil,
        relative: options.comparison.relative,
        relativeVirial: options.comparison.relativeVirial)
      deviation.add(spread)
      if options.common.json { systems[evaluated.system].deviations.append(spread) }
    }
  }
}
