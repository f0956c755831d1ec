import Atoms
import Communication
import Datasets
import DeepPotential
import Diagnostics
import Files
import Logs
import Training

/// What an evaluation is to find besides errors.
public struct EvaluationOptions: Sendable {
  /// How models are compared with each other, or with labels.
  public struct Deviation: Sendable {
    /// The step from one frame's number to the next.
    public var frequency: Int
    /// Whether the deviation of the force on each atom is given, too.
    public var withAtoms: Bool
    /// Whether models are compared with the labels instead of with each other.
    public var againstLabels: Bool
    /// The levels of `ModelDeviation`, in eV/Å and eV; nil for deviations as they are.
    public var relative: Double?, relativeVirial: Double?

    /// Puts the options together.
    public init(
      frequency: Int = 1, withAtoms: Bool = false, againstLabels: Bool = false,
      relative: Double? = nil, relativeVirial: Double? = nil
    ) {
      (self.frequency, self.withAtoms, self.againstLabels) = (frequency, withAtoms, againstLabels)
      (self.relative, self.relativeVirial) = (relative, relativeVirial)
    }
  }

  /// The most frames of each system that are looked at; 0 for all.
  public var frameLimit = 0
  /// Whether numbers are written out beside their labels, and whether predictions are kept.
  public var wantsDetails = false, wantsPredictions = false
  /// Whether, and how, models are compared; whether each system remembers its frames' deviations.
  public var deviation: Deviation?, keepsDeviations = false

  /// Errors only.
  public init() {}
}

/// One run of models over data, and everything gathered on the way.
public struct Evaluation {
  private let options: EvaluationOptions
  private let models: [EnergyModel]
  /// What was found of each system; on the first rank, as all that follows.
  public private(set) var systems: [EvaluatedSystem] = []
  /// Errors of the first model's energies by composition.
  public private(set) var offsets: EnergyOffsets
  /// The first model's predictions beside the labels, if they were asked for.
  public private(set) var details: DetailText
  /// The first model's predictions as systems, if they were asked for.
  public private(set) var predicted: [AtomicSystem] = []
  /// The deviation of the models, if it was asked for.
  public private(set) var deviation: DeviationText

  /// Nothing found yet of `models`, which have one type map and take the same parameters.
  public init(_ models: [EnergyModel], _ options: EvaluationOptions) {
    precondition(!models.isEmpty)
    self.options = options
    self.models = models
    offsets = EnergyOffsets(typeCount: models[0].typeMap.count)
    details = DetailText(of: models[0].output)
    deviation = DeviationText(
      frequency: options.deviation?.frequency ?? 1,
      withAtoms: options.deviation?.withAtoms ?? false)
  }

  /// Evaluates all models on all `systems`; `progress` is told of every frame that is done.
  ///
  /// Throws `.data` for systems that the models cannot take, and what reading frames throws.
  public mutating func run(
    _ systems: [OpenSystem], threads: Int, communicator: Communicator,
    progress: (_ done: Int, _ total: Int) -> Void
  ) throws {
    let labeled = try collectingErrors(systems) { try self.labeled($0) }
    let evaluators = models.map { _ in Evaluator(threads: threads) }
    let counts = labeled.map {
      options.frameLimit > 0 ? min(options.frameLimit, $0.frameCount) : $0.frameCount
    }
    let total = counts.reduce(0, +), output = models[0].output
    self.systems = labeled.map {
      var system = EvaluatedSystem(place: $0.place, atomCount: $0.atomCount, of: output)
      system.comparedCount = $0.comparedAtomCount
      return system
    }
    var predictions: [PredictedSystem] = []
    if options.wantsPredictions {
      predictions = try zip(systems, counts).map {
        PredictedSystem(try $0.frames(0..<$1), frameCount: $1, of: output)
      }
    }
    var done = 0, begun = -1
    try evaluate(
      models, on: labeled, frameCounts: counts, with: evaluators, communicator: communicator
    ) { evaluated in
      let index = evaluated.system
      if index > begun, options.deviation != nil {
        for system in begun + 1...index { deviation.begin(labeled[system].place) }
        begun = index
      }
      add(evaluated, place: labeled[index].place)
      if options.wantsPredictions { predictions[index].add(evaluated.predictions[0]) }
      done += 1
      progress(done, total)
    }
    if communicator.isFirst { predicted = predictions.map(\.result) }
  }

  /// `system` as the models see it.
  ///
  /// Throws `.data` if the models differ in the frame parameters of frames without and the system
  /// has none.
  private func labeled(_ system: OpenSystem) throws -> LabeledSystem {
    let defaults = Set(models.map(\.inputs.defaultFrameParameters))
    if defaults.count > 1, system.labelWidths["fparam"] == nil {
      throw ToolError(
        .data, at: system.place, "has no fparam, and the models differ in their default_fparam",
        remedy: "add fparam.npy to every set of the system")
    }
    return try LabeledSystem(system, for: models[0].options, sortingAtoms: false)
  }

  private mutating func add(_ evaluated: EvaluatedFrame, place: String) {
    let values = evaluated.predictions, frame = evaluated.frame
    systems[evaluated.system].errors.add(values[0], of: frame.frame, against: frame.labels)
    systems[evaluated.system].truncatedCenters += evaluated.truncated[0]
    if let energy = frame.labels.energy {
      offsets.add(values[0].energy - energy, types: frame.frame.types)
    }
    if options.wantsDetails {
      details.add(
        values[0], of: frame.frame, against: frame.labels, system: place,
        number: evaluated.system)
    }
    if let comparison = options.deviation {
      let spread = ModelDeviation(
        values, types: frame.frame.types,
        against: comparison.againstLabels ? frame.labels : nil,
        relative: comparison.relative, relativeVirial: comparison.relativeVirial)
      deviation.add(spread)
      if options.keepsDeviations { systems[evaluated.system].deviations.append(spread) }
    }
  }
}
