import Datasets
import DeepPotential
import Kernels
import Models
import TestSupport
import Testing
import Training

/// Two models on one descriptor: that of the fixture, and one with other fitting nets.
private func models() throws -> [EnergyModel] {
  let first = try StoredModel.read(fixtures.appending(path: "train_init.dp").path).model
  var options = first.options
  options.fitting = FittingOptions(neuron: [5, 5])
  var second = EnergyModel(options)
  second.initialize(seed: 7)
  return [first, second]
}

private let sharing = ModelSharing(descriptors: [0, 0], fittings: [0, 1])

private func source(_ group: String, _ model: EnergyModel) throws -> BatchSource {
  let path = fixtures.appending(path: "train_data.hdf5").path
  return try BatchSource(
    readSystems(at: "\(path)#/\(group)").map { try LabeledSystem($0, typeMap: model.typeMap) },
    rule: .fixed(2), choice: .byBatches, seed: 1, purpose: .training, place: "test")
}

private let loss = Loss.energy(
  EnergyLoss(
    EnergyLossOptions(prefactors: [
      .energy: .init(start: 1, limit: 1), .force: .init(start: 1, limit: 1),
    ]), startLearningRate: 1e-3))

private func rate(_ steps: Int) -> LearningRate {
  LearningRate(
    start: 1e-3, stop: 1e-3, totalSteps: steps,
    decay: .exponential(steps: 1, rate: 1, isSmooth: false))
}

private func options() -> TrainerOptions { TrainerOptions(displayFrequency: 1, saveFrequency: 100) }

/// A training of both models whose steps are all of number `task`.
private func trainer(only task: Int, steps: Int = 3) throws -> Trainer {
  let models = joined(try models(), sharing)
  return Trainer(
    try models.enumerated().map { number, model in
      TrainingTask(
        name: "\(number)", model: model, loss: loss,
        training: try source(["a", "b"][number], model),
        validation: nil, validationBatches: 1, probability: number == task ? 1 : 0)
    }, rate: rate(steps), options: options())
}

@Suite struct TaskTrainerTests {
  @Test func `joined models predict as before and share what they should`() throws {
    var apart = try models()
    let together = joined(apart, sharing)
    #expect(together[0].parameters == together[1].parameters)
    #expect(together[0].descriptor == together[1].descriptor)
    let count = together[0].parameters.float64.count
    let tensors = together.map { Set($0.tensors.map(\.range)) }
    #expect(tensors[0].union(tensors[1]).reduce(0) { $0 + $1.count } == count)
    #expect(
      tensors[0].intersection(tensors[1])
        == Set(together[0].tensors.filter { $0.name.part == .descriptor }.map(\.range)))
    // The second gets the descriptor of the first.
    apart[1].takeDescriptor(of: apart[0])
    let path = fixtures.appending(path: "train_data.hdf5").path
    let frame = try readSystems(at: "\(path)#/a").map {
      try LabeledSystem($0, typeMap: apart[0].typeMap).frame(0)
    }[0].frame
    for (a, b) in zip(apart, together) {
      let (x, y) = (
        Evaluator(threads: 1).predict([frame], with: a)[0],
        Evaluator(threads: 1).predict([frame], with: b)[0]
      )
      #expect(x == y)
    }
    // Joined once more they stay as they are, as at the end of an interruption.
    #expect(joined(together, sharing) == together)
  }

  @Test(arguments: [0, 1])
  func `a step has the gradient of the task alone and leaves other heads`(task: Int) throws {
    let before = joined(try models(), sharing), both = try trainer(only: task)
    var own = try models()
    own[1].takeDescriptor(of: own[0])
    let alone = Trainer(
      own[task], loss: loss, rate: rate(3), options: options(),
      training: try source(["a", "b"][task], own[task]), validation: nil)
    for _ in 0..<3 {
      let reports = (try both.advance(), try alone.advance())
      #expect(reports.0.errors.filter { !$0.isNaN } == reports.1.errors)
      #expect(reports.0.errors.count == 2 * reports.1.errors.count)
      // A tenth of the gradient at the first step, to the last bit, is Adam's first moment.
      for name in ["first_moment", "second_moment"] {
        let (a, b) = (both.state.optimizer.vectors[name], alone.state.optimizer.vectors[name])
        for (mine, theirs) in zip(both.models[task].tensors, alone.model.tensors) {
          #expect(a?.float64[mine.range] == b?.float64[theirs.range])
        }
      }
    }
    for (mine, theirs) in zip(both.models[task].tensors, alone.model.tensors) {
      #expect(
        both.model.parameters.float64[mine.range] == alone.model.parameters.float64[theirs.range])
    }
    let other = 1 - task
    for tensor in both.models[other].tensors where tensor.name.part == .fitting {
      #expect(
        both.model.parameters.float64[tensor.range] == before[0].parameters.float64[tensor.range])
      #expect(
        both.state.optimizer.vectors["first_moment"]?.float64[tensor.range].allSatisfy { $0 == 0 }
          == true)
    }
    #expect(both.state.optimizer.taskUpdates == (task == 0 ? [3, 0] : [0, 3]))
  }

  @Test func `tasks are drawn by their probabilities, the same ones for a seed`() {
    let choice = TaskChoice([1, 0, 3], seed: 5)
    let drawn = (0..<4000).map(choice.task)
    let counts = (0..<3).map { task in drawn.count { $0 == task } }
    // 1000 expected, with a deviation of 27.
    #expect(counts[1] == 0 && abs(counts[0] - 1000) < 140)
    #expect(drawn == (0..<4000).map(TaskChoice([1, 0, 3], seed: 5).task))
    #expect(drawn != (0..<4000).map(TaskChoice([1, 0, 3], seed: 6).task))
    #expect((0..<10).map(TaskChoice([2], seed: 5).task) == Array(repeating: 0, count: 10))
  }
}
