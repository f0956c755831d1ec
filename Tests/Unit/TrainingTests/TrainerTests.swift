import Atoms
import Datasets
import DeepPotential
import Diagnostics
import Kernels
import Models
import TestSupport
import Testing
import Training

/// A training of the fixture model on the fixture data; each of its `steps` is displayed.
private func trainer(
  _ changeModel: (inout EnergyModel) -> Void = { _ in }, start: Double = 1e-3, steps: Int = 3,
  gradientLimit: Double? = nil, validationBatches: Int = 1, data: [OpenSystem]? = nil,
  options change: (inout TrainerOptions) -> Void = { _ in }
) throws -> Trainer {
  var model = try StoredModel.read(fixtures.appending(path: "train_init.dp").path).model
  changeModel(&model)
  func fixture(_ groups: [String], _ purpose: BatchSampler.Purpose) throws -> BatchSource {
    let data = fixtures.appending(path: "train_data.hdf5").path
    let systems = try groups.flatMap { try readSystems(at: "\(data)#/\($0)") }
    return try BatchSource(
      systems.map { try LabeledSystem($0, typeMap: model.typeMap) }, rule: .fixed(2),
      choice: .byBatches, seed: 1, purpose: purpose, place: "test")
  }
  var options = TrainerOptions(
    displayFrequency: 1, saveFrequency: 2, validationBatches: validationBatches,
    gradientLimit: gradientLimit)
  change(&options)
  return Trainer(
    model,
    loss: .energy(
      EnergyLoss(
        EnergyLossOptions(prefactors: [
          .energy: .init(start: 1, limit: 1), .virial: .init(start: 1, limit: 1),
        ]), startLearningRate: start)),
    rate: LearningRate(
      start: start, stop: start, totalSteps: steps,
      decay: .exponential(steps: 1, rate: 1, isSmooth: false)),
    options: options,
    training: try data.map { try source($0, .fixed(1), typeMap: model.typeMap) }
      ?? fixture(["a", "b"], .training),
    validation: try fixture(["b", "c"], .validation))
}

/// Batches of `systems` by `rule`.
private func source(
  _ systems: [OpenSystem], _ rule: BatchRule, typeMap: [String]
) throws -> BatchSource {
  try BatchSource(
    systems.map { try LabeledSystem($0, typeMap: typeMap) }, rule: rule, choice: .byBatches,
    seed: 1, purpose: .training, place: "test")
}

@Suite struct TrainerTests {
  @Test func `lines and checkpoints come when they are due`() throws {
    let trainer = try trainer()
    var lines: [Int] = [], checkpoints: [Int] = []
    let end = try trainer.run(
      TrainingEvents(
        stepped: { if $0.isDisplayed { lines.append($0.step) } },
        checkpoint: { checkpoints.append($1.step) }))
    #expect(end == .complete && lines == [1, 2, 3] && checkpoints == [2, 3])
  }

  @Test func `a request to stop makes a checkpoint and ends the run`() throws {
    let trainer = try trainer()
    var checkpoints: [Int] = []
    let end = try trainer.run(
      TrainingEvents(
        checkpoint: { checkpoints.append($1.step) }, shouldStop: { true }))
    #expect(end == .stopped && checkpoints == [1] && trainer.step == 1)
  }

  @Test func `only what is trainable changes`() throws {
    let before = try trainer().model
    // Options are constants of their parts: a model with other ones is put together anew.
    var options = SeE2AOptions(
      innerCutoff: 0.5, outerCutoff: 4, slots: [6, 10], neuron: [6, 12], axisWidth: 4)
    options.typeOneSide = true
    options.trainable = false
    var fitting = FittingOptions(neuron: [16, 16, 16])
    fitting.trainable = [true, false, true, true]
    let trainer = try trainer { model in
      let parameters = model.parameters
      model = EnergyModel(
        ModelOptions(typeMap: model.typeMap, descriptor: options, fitting: fitting))
      model.parameters = parameters
    }
    _ = try trainer.advance()
    let after = trainer.model
    guard case .seE2A(let descriptor) = after.descriptor else { return }
    for layer in descriptor.embeddings.flatMap(\.layers) {
      #expect(isUnchanged(layer, before, after))
    }
    for network in after.fitting.networks {
      #expect(network.layers.map { isUnchanged($0, before, after) } == [false, true, false, false])
    }
  }

  @Test func `a long gradient is shortened to the limit`() throws {
    // Adam's first update does not feel the length; its first moment is a tenth of the gradient.
    let free = try trainer(), limited = try trainer(gradientLimit: 0.5)
    _ = try free.advance()
    _ = try limited.advance()
    let moments = [free, limited].map { $0.state.optimizer.vectors["first_moment"]?.float64 ?? [] }
    let lengths = moments.map { 10 * $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    #expect(lengths[0] > 1 && abs(lengths[1] - 0.5) <= 1e-6)
    for (x, y) in zip(moments[0], moments[1]) {
      #expect(abs(x * lengths[1] / lengths[0] - y) <= 1e-12)
    }
  }

  @Test func `validation errors are means over batches, those without the label left out`() throws {
    let trainer = try trainer(validationBatches: 40)
    var numbers: [Double] = []
    _ = try trainer.run(
      TrainingEvents(
        stepped: { numbers += $0.errors + ($0.validation ?? []) }, checkpoint: { _, _ in },
        shouldStop: { true }))
    // Only system b has virials; system c, which is drawn too, must not make the mean nan.
    #expect(trainer.columns == ["rmse", "rmse_e", "rmse_v"])
    #expect(numbers.count == 6 && numbers.allSatisfy { $0.isFinite })
  }

  @Test func `a loss that is not finite ends the training in the same step`() throws {
    let trainer = try trainer { $0.parameters.float64[0] = .nan }
    let error = #expect(throws: ToolError.self) { try trainer.advance() }
    #expect(error?.kind == .data && error?.place == "step 1" && trainer.step == 0)
    #expect(error?.problem.contains("train_data.hdf5#/") == true)
  }

  @Test func `what diverges is told of a number that its optimizer has`() throws {
    var filter = KalmanOptions()
    (filter.groups, filter.atomsPerGroup) = (1, 2)
    let optimizers: [(OptimizerOptions, String)] = [
      (.adam(AdamOptions()), "lower start_lr, or"),
      (.kalman(filter), "lower kf_start_pref_e and kf_start_pref_f, or"),
    ]
    for (optimizer, remedy) in optimizers {
      let trainer = try trainer({ $0.parameters.float64[0] = .nan }) { $0.optimizer = optimizer }
      let error = #expect(throws: ToolError.self) { try trainer.advance() }
      #expect(error?.remedy?.hasPrefix(remedy) == true, "\(String(describing: error))")
    }
  }
}

/// The displayed steps that `trainer` has left, as texts (nan equals nan), and their parameters.
private func history(_ trainer: Trainer) throws -> (lines: [String], parameters: [[Double]]) {
  var lines: [String] = [], parameters: [[Double]] = []
  _ = try trainer.run(
    TrainingEvents(
      stepped: { if $0.isDisplayed { lines.append("\($0)") } }, checkpoint: { _, _ in },
      progress: { _ in parameters.append(trainer.model.parameters.float64) }))
  return (lines, parameters)
}

@Suite struct BatchPreparationTests {
  @Test func `frames that came first are kept until the memory is full`() throws {
    let model = try StoredModel.read(fixtures.appending(path: "train_init.dp").path).model
    let data = try readSystems(at: "\(fixtures.appending(path: "train_data.hdf5").path)#/a")
    let system = try LabeledSystem(data[0], typeMap: model.typeMap)
    let frame = TrainingFrame(try system.frame(0), FramePreparation(model), threads: 1)
    // What the neighbors, positions and forces take by themselves.
    let pairs = frame.input.slots.codes.count
    #expect(frame.memory > 4 * pairs + 64 * system.atomCount)
    var kept = FrameCache(limit: 2 * frame.memory + frame.memory / 2)
    for index in 0..<5 { kept.keep(frame, as: .init(system: 1, frame: index)) }
    #expect(
      (0..<5).map { kept.frame(.init(system: 1, frame: $0)) != nil } == [
        true, true, false, false, false,
      ])
    #expect(kept.frame(.init(system: 0, frame: 0)) == nil && kept.bytes == 2 * frame.memory)
  }

  @Test(arguments: [0, 5000, 64 << 20], [1, 3])
  func `neither preparing ahead nor threads nor memory change a bit`(
    memory: Int, threads: Int
  ) throws {
    // Five frames in batches of two and one: twelve steps see all of them more than once.
    let plain = try history(
      trainer(steps: 12, validationBatches: 2) {
        $0.preparesAhead = false
        $0.frameMemory = 0
      })
    let other = try history(
      trainer(steps: 12, validationBatches: 2) {
        $0.frameMemory = memory
        $0.threads = threads
      })
    #expect(plain.lines.count == 12 && other.lines == plain.lines)
    #expect(other.parameters == plain.parameters)
  }

  @Test(arguments: [1, 2])
  func `a frame that cannot be read ends the training in the step that needs it`(
    threads: Int
  ) throws {
    let path = "\(fixtures.appending(path: "train_data.hdf5").path)#/a"
    let data = try readSystems(at: path)[0]
    let broken = OpenSystem(
      place: data.place, typeNames: data.typeNames, types: data.types, isMixed: false,
      isPeriodic: data.isPeriodic, frameCount: data.frameCount,
      labelWidths: OpenSystem(data).labelWidths, knownDigest: nil, isInMemory: false
    ) { range in
      if range.contains(3) { throw ToolError(.io, at: "disk", "fails") }
      return data.frames(range)
    }
    let trainer = try trainer(steps: 5, data: [broken]) { $0.threads = threads }
    var source = try source([broken], .fixed(1), typeMap: trainer.model.typeMap)
    let step = (0..<5).first { _ in source.next().members[0].frame == 3 }
    #expect(fails(as: .io) { try (0..<5).map { _ in try trainer.advance() } })
    #expect(trainer.step == step)
  }

  @Test(arguments: [false, true])
  func `a state counts the batches of completed steps and goes on from there`(ahead: Bool) throws {
    func options(_ options: inout TrainerOptions) {
      options.preparesAhead = ahead
      options.threads = 2
    }
    let whole = try history(trainer(steps: 6, options: options))
    let first = try trainer(steps: 6, options: options)
    var kept: (model: EnergyModel, state: TrainingState)?
    _ = try first.run(
      TrainingEvents(
        checkpoint: { kept = ($0[0], $1) },
        shouldStop: { first.step == 3 }))
    let (model, state) = try #require(kept)
    // The batch that waits was not used: it is not counted.
    #expect(state.samplerState == ["training": [3], "validation": [3]])
    let second = try trainer(steps: 6, options: options)
    try second.resume(model, from: state)
    let rest = try history(second)
    #expect(rest.lines == Array(whole.lines.suffix(3)))
    #expect(rest.parameters == Array(whole.parameters.suffix(3)))
  }
}

/// The optimizers, with what makes them remember something between steps.
private let optimizers: [@Sendable (inout TrainerOptions) -> Void] = [
  { $0.batchesPerUpdate = 2 },
  { options in
    var kalman = KalmanOptions()
    kalman.blockSize = 600
    options.optimizer = .kalman(kalman)
  },
  { options in
    var kalman = KalmanOptions()
    kalman.precision = .float32
    options.optimizer = .kalman(kalman)
  },
]

@Suite struct ResumedTrainingTests {
  @Test(arguments: [0, 1, 2], [1, 2, 3, 4, 5])
  func `a training goes on exactly after each step, on any number of threads`(
    optimizer: Int, step: Int
  ) throws {
    let change = optimizers[optimizer]
    let whole = try history(trainer(steps: 6, options: change))
    let first = try trainer(steps: 6) {
      change(&$0)
      $0.threads = 2
    }
    var kept: (model: EnergyModel, state: TrainingState)?
    _ = try first.run(
      TrainingEvents(
        checkpoint: { kept = ($0[0], $1) }, shouldStop: { first.step == step }))
    let (model, state) = try #require(kept)
    let second = try trainer(steps: 6) {
      change(&$0)
      $0.threads = 4
    }
    try second.resume(model, from: state)
    let rest = try history(second)
    #expect(rest.lines == Array(whole.lines.dropFirst(step)))
    #expect(rest.parameters == Array(whole.parameters.dropFirst(step)))
  }

  @Test func `the memory of another optimizer is refused`() throws {
    let adam = try trainer(), kalman = try trainer(options: optimizers[1])
    #expect(fails(as: .data) { try kalman.resume(kalman.model, from: adam.state) })
    #expect(fails(as: .data) { try adam.resume(adam.model, from: kalman.state) })
    let other = try trainer(options: optimizers[2])
    #expect(fails(as: .data) { try other.resume(other.model, from: kalman.state) })
  }

  @Test func `an update along the mean of two batches changes nothing at the first`() throws {
    let trainer = try trainer(options: optimizers[0])
    let before = trainer.model.parameters
    _ = try trainer.advance()
    #expect(trainer.model.parameters == before)
    _ = try trainer.advance()
    #expect(trainer.model.parameters != before)
  }
}

/// Whether all parameters of `layer` are the same in both models.
private func isUnchanged(_ layer: DenseLayer, _ a: EnergyModel, _ b: EnergyModel) -> Bool {
  [layer.weights, layer.biases, layer.timesteps].compactMap(\.self).allSatisfy {
    a.parameters.float64[$0] == b.parameters.float64[$0]
  }
}
