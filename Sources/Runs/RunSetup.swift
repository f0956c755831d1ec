import Communication
import Configuration
import Datasets
import DeepPotential
import Diagnostics
import Files
import Kernels
import Measurement
import Training

/// Everything from which a run starts, read and checked: the setup of its only task, or of several
/// tasks whose models share parameters.
public struct RunSetup {
  /// The configuration of all tasks, with the neighbor slots that follow from the data.
  public let inputs: TaskInputs
  /// The setup of each task.
  public let tasks: [TrainingSetup]
  /// The probability of each task, of sum 1.
  public let probabilities: [Double]
  /// The learning rate of every step.
  public let rate: LearningRate
  /// The number of steps in which every task has used all of its frames, on average.
  public let stepsPerEpoch: Double
  /// The SHA-256 of each input that decides the results, by name.
  public let digests: [String: String]

  /// The setup of a run with one task.
  public init(_ setup: TrainingSetup) {
    (inputs, tasks, probabilities) = (TaskInputs(setup.input), [setup], [1])
    (rate, digests) = (setup.rate, setup.digests)
    stepsPerEpoch = setup.training.batchesPerEpoch / Double(setup.miniBatches)
  }

  /// Reads the files that `inputs` name, and prepares the models, as `TrainingSetup` does for each
  /// task; `initial` has a model for each of them, or none.
  ///
  /// Descriptors that tasks share get the neighbor slots that suffice for the data of all, and
  /// their statistics.  Throws also `.configuration` for models that cannot share what they should.
  public init(
    _ inputs: TaskInputs, statisticsPath: String?, from initial: [InitialModel],
    goingOnFrom start: RunStart = .scratch, cache: DataCache = DataCache(limit: .max),
    miniBatches: Int = 1, threads: Int, communicator: Communicator = .alone
  ) throws {
    var inputs = inputs, cache = cache, setups: [TrainingSetup] = []
    try start.requireTasks(inputs)
    if inputs.names.isEmpty {
      self.init(
        try TrainingSetup(
          inputs.first, statisticsPath: statisticsPath, from: initial.first, goingOnFrom: start,
          cache: cache, miniBatches: miniBatches, threads: threads, communicator: communicator))
      return
    }
    if statisticsPath != nil {
      throw ToolError(
        .usage, at: "--statistics",
        "has the statistics of one task, and \(inputs.place) has several",
        remedy: "leave it out: they are computed from the data")
    }
    if start.checkpoint == nil && initial.isEmpty {
      try inputs.shareSlots(DataSurveyor(threads: threads, communicator: communicator))
    }
    for (number, input) in inputs.tasks.enumerated() {
      let setup = try TrainingSetup(
        input, statisticsPath: nil, from: initial.isEmpty ? nil : initial[number],
        goingOnFrom: start.task(number), cache: cache, miniBatches: miniBatches, threads: threads,
        communicator: communicator)
      cache = setup.cache
      inputs.tasks[number] = setup.input
      setups.append(setup)
    }
    if start.checkpoint == nil && initial.isEmpty { Self.shareStatistics(&setups, inputs.sharing) }
    try Self.requireSharing(of: setups, inputs, threads: threads)
    try self.init(inputs, setups, miniBatches: miniBatches)
  }

  /// Joins the `setups` of several tasks.
  private init(_ inputs: TaskInputs, _ setups: [TrainingSetup], miniBatches: Int) throws {
    self.inputs = inputs
    tasks = setups
    probabilities = inputs.probabilities(of: setups)
    let batches = setups.map { $0.training.batchesPerEpoch / Double(miniBatches) }
    stepsPerEpoch = zip(batches, probabilities).map { $1 > 0 ? $0 / $1 : 0 }.max() ?? 1
    rate = try inputs.first.learningRate.schedule(
      totalSteps: inputs.steps(of: batches), place: inputs.place)
    digests = inputs.digests(of: setups)
  }

  /// What all tasks have in common, in the setup of the first.
  public var first: TrainingSetup { tasks[0] }

  /// Whether there are several tasks.
  public var hasTasks: Bool { !inputs.names.isEmpty }

  /// Number of the parameters of all models together.
  public var parameterCount: Int {
    func count(_ part: ParameterTensor.Part, _ numbers: [Int]) -> Int {
      numbers.indices.filter { numbers.firstIndex(of: numbers[$0]) == $0 }
        .reduce(0) { $0 + tasks[$1].model.parameterCount(of: part) }
    }
    return count(.descriptor, inputs.sharing.descriptors) + count(.fitting, inputs.sharing.fittings)
  }

  /// A trainer at its first step; its training ends after `patience` full validations without a new
  /// best one.
  public func trainer(threads: Int, patience: Int? = nil) -> Trainer {
    guard hasTasks else { return first.trainer(threads: threads, patience: patience) }
    let models = joined(tasks.map { $0.initializedModel(threads: threads) }, inputs.sharing)
    return Trainer(
      tasks.indices.map {
        tasks[$0].task(named: inputs.names[$0], probability: probabilities[$0], models[$0])
      }, rate: rate,
      options: first.options(threads: threads, totalSteps: rate.totalSteps, patience: patience),
      communicator: first.communicator)
  }
}

extension RunSetup {
  /// Gives the models that share a descriptor the statistics of all their data.
  private static func shareStatistics(_ setups: inout [TrainingSetup], _ sharing: ModelSharing) {
    let statistics = setups.map(\.statistics)
    for task in setups.indices {
      let others = sharing.tasks(with: task, in: sharing.descriptors)
      if others.count == 1 { continue }
      setups[task].model.useNormalizations(of: others.map { statistics[$0] })
    }
  }

  /// Throws `.configuration` if models cannot share what they should.
  private static func requireSharing(
    of setups: [TrainingSetup], _ inputs: TaskInputs, threads: Int
  ) throws {
    func problem(_ task: Int, _ first: Int, _ problem: String, _ remedy: String) -> ToolError {
      ToolError(
        .configuration, at: setups[task].input.place,
        "\(problem) with task \(inputs.names[first])", remedy: remedy)
    }
    for (task, setup) in setups.enumerated() {
      let first = inputs.sharing.fittings[task], nets = setup.model.fitting.networks
      if first != task {
        guard nets.map(\.inputs) == setups[first].model.fitting.networks.map(\.inputs),
          nets.map(\.outputs) == setups[first].model.fitting.networks.map(\.outputs)
        else {
          throw problem(
            task, first, "shares its fitting net, behind a descriptor of another width,",
            "share the descriptor, too")
        }
        let inputs = setup.model.inputs
        if inputs.frameParameters + inputs.atomParameters > 0 {
          throw problem(
            task, first, "shares its fitting net, which takes frame or atom parameters,",
            "give each task a fitting net of its own: their means and deviations would be shared")
        }
      }
      guard setup.initial != nil else { continue }
      for (first, part, numbers) in [
        (inputs.sharing.descriptors[task], ParameterTensor.Part.descriptor, "descriptor"),
        (first, .fitting, "fitting net"),
      ] where first != task {
        let mine = setup.initializedModel(threads: threads)
        let other = setups[first].initializedModel(threads: threads)
        let isSame =
          part == .fitting
          || mine.descriptor.parts.map(\.normalizations)
            == other.descriptor.parts.map(\.normalizations)
        guard isSame && mine.numbers(of: part) == other.numbers(of: part) else {
          throw problem(
            task, first, "starts from another \(numbers) than it should share",
            "let both start from the same head, or share nothing")
        }
      }
    }
  }
}

extension EnergyModel {
  /// The parameters of `part`, tensor by tensor.
  fileprivate func numbers(of part: ParameterTensor.Part) -> [[Double]] {
    tensors.filter { $0.name.part == part }.map { parameters[$0.precision, $0.range] }
  }
}

extension RunStart {
  /// Throws `.cannotCreate` if the checkpoint is of other tasks than `inputs`.
  fileprivate func requireTasks(_ inputs: TaskInputs) throws {
    guard let checkpoint, checkpoint.names != inputs.names else { return }
    func list(_ names: [String]) -> String {
      names.isEmpty ? "one task" : "the tasks " + listed(names)
    }
    throw ToolError(
      .cannotCreate, at: path,
      "is of \(list(checkpoint.names)), but \(inputs.place) has \(list(inputs.names))",
      remedy: "name another run folder; --finetune takes parts of its models")
  }
}

extension TaskInputs {
  /// Replaces rules for the slots of shared descriptors by numbers that suffice for all their data.
  fileprivate mutating func shareSlots(_ surveyor: DataSurveyor) throws {
    for task in tasks.indices {
      let others = sharing.tasks(with: task, in: sharing.descriptors)
      guard others.count > 1, others[0] == task,
        tasks[task].slotRules.contains(where: { if case .automatic = $0 { true } else { false } })
      else { continue }
      let slots = try others.map { other -> [[Int]] in
        let input = tasks[other], request = input.statisticsRequest
        var cache = DataCache(limit: 0)
        let systems = try measure(.input) {
          try request.labeled(
            openSystems(at: input.trainingData.systems, cache: &cache, input.trainingData.reading))
        }
        return try measure(.statistics) { try surveyor.slots(request, systems) }
      }
      let most = slots.dropFirst().reduce(slots[0]) { most, slots in
        zip(most, slots).map { zip($0, $1).map(max) }
      }
      for other in others { tasks[other].slotRules = most.map(SlotRule.given) }
    }
  }

  /// The probability of each task.
  fileprivate func probabilities(of setups: [TrainingSetup]) -> [Double] {
    let weights: [Double] =
      switch weights {
      case .systems: setups.map { Double($0.training.systems.count) }
      case .given(let numbers): numbers
      case .epochs(let epochs): zip(epochs, setups).map { $0 * $1.training.batchesPerEpoch }
      }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// The number of steps, if an epoch of each task has so many `batches` steps.
  fileprivate func steps(of batches: [Double]) -> Int {
    if case .epochs(let epochs) = weights {
      let steps = zip(epochs, batches).reduce(0) { $0 + $1.0 * $1.1 }
      return max(1, Int(min(steps, 1e12).rounded(.up)))
    }
    return first.length.steps(batchesPerEpoch: 1)
  }

  /// The digests of the whole configuration and of the data and models of each task.
  fileprivate func digests(of setups: [TrainingSetup]) -> [String: String] {
    var digests: [String: String] = [:]
    for (name, setup) in zip(names, setups) {
      for (key, digest) in setup.digests where key != RunStart.miniBatchesName {
        digests["\(key) of \(name)"] = digest
      }
    }
    for name in names { digests["configuration of \(name)"] = nil }
    digests["configuration"] = Digest.sha256(Array(record.serialized.utf8))
    digests[RunStart.miniBatchesName] = setups[0].digests[RunStart.miniBatchesName]
    return digests
  }
}
