import Atoms
import Datasets
import DeepPotential
import Models
import TestSupport
import Testing
import Training

/// The frames of the fixture systems a and b, of 6 and 9 atoms, with all their labels.
private func systems() throws -> [AtomicSystem] {
  let data = fixtures.appending(path: "train_data.hdf5").path
  return try ["a", "b"].flatMap { try readSystems(at: "\(data)#/\($0)") }
}

/// The same frames as one system of mixed type, 9 places each, padding first where there is some.
private func mixed(_ systems: [AtomicSystem]) throws -> AtomicSystem {
  let names = ["H", "O"], width = 9
  var types: [Int] = [], positions: [Double] = [], cells: [Double] = []
  var labels: [String: [Double]] = [:]
  for system in try systems.map({ try $0.translated(to: names) }) {
    let padding = width - system.atomCount
    for index in 0..<system.frameCount {
      let frame = system.frames(index..<index + 1)
      types += Array(repeating: -1, count: padding) + frame.types
      // What the file holds in the places of padding must not matter.
      positions += Array(repeating: 7, count: 3 * padding) + frame.positions
      cells += frame.cells
      for (name, values) in frame.labels {
        let isPerAtom = LabelKind(named: name).isPerAtom
        let ahead = isPerAtom ? padding * values.count / frame.atomCount : 0
        labels[name, default: []] += Array(repeating: 5, count: ahead) + values
      }
    }
  }
  let frames = types.count / width
  // A label that not all systems have, no frame may have.
  labels = labels.filter { name, values in values.count % frames == 0 }
  return try AtomicSystem(
    place: "mixed", typeNames: names, types: Array(repeating: 0, count: width), frameTypes: types,
    isPeriodic: true, frameCount: frames, positions: positions, cells: cells, labels: labels
  ).validated()
}

/// The lines of the learning curve and the gradient's moments of three steps on batches of all
/// frames.
private func train(
  _ systems: [AtomicSystem], _ rule: BatchRule, threads: Int = 1
) throws -> (lines: [[Double]], moments: [Double]) {
  let model = try StoredModel.read(fixtures.appending(path: "train_init.dp").path).model
  var options = TrainerOptions(displayFrequency: 1, saveFrequency: 3, threads: threads)
  options.frameMemory = 10_000
  let trainer = Trainer(
    model,
    loss: .energy(
      EnergyLoss(
        EnergyLossOptions(prefactors: [
          .energy: .init(start: 1, limit: 1), .force: .init(start: 10, limit: 10),
        ]), startLearningRate: 1e-3)),
    rate: LearningRate(
      start: 1e-3, stop: 1e-3, totalSteps: 3,
      decay: .exponential(steps: 1, rate: 1, isSmooth: false)),
    options: options,
    training: try BatchSource(
      systems.map { try LabeledSystem($0, typeMap: model.typeMap) }, rule: rule,
      choice: .byBatches, seed: 1, purpose: .training, place: "test"), validation: nil)
  var lines: [[Double]] = [], moments: [Double] = []
  _ = try trainer.run(
    TrainingEvents(
      checkpoint: { moments = $1.optimizer.vectors["first_moment"]?.float64 ?? [] },
      progress: { lines.append($0.errors) }))
  return (lines, moments)
}

@Suite struct MixedTypeTests {
  @Test func `mixed batches of systems train like batches of a system of mixed type`() throws {
    // All nine frames are in each batch, in different orders and with different padding.
    let systems = try systems(), count = systems.reduce(0) { $0 + $1.frameCount }
    let apart = try train(systems, .mixed(frames: count))
    let together = try train([mixed(systems)], .fixed(count))
    #expect(apart.lines.count == 3 && together.lines.count == 3)
    for (a, b) in zip(apart.lines.joined(), together.lines.joined()) {
      #expect(abs(a - b) <= 1e-9 * max(1, abs(a)))
    }
    let largest = apart.moments.map(abs).max() ?? 0
    for (a, b) in zip(apart.moments, together.moments) { #expect(abs(a - b) <= 1e-8 * largest) }
  }

  @Test func `threads change no bit of a training on mixed batches`() throws {
    let one = try train(systems(), .mixed(frames: 4))
    let three = try train(systems(), .mixed(frames: 4), threads: 3)
    #expect(one.lines == three.lines && one.moments == three.moments)
  }

  @Test func `frames of a system of mixed type take part in statistics with their own atoms`()
    throws
  {
    let systems = try systems()
    func report(_ systems: [AtomicSystem]) throws -> DataReport {
      try surveyData(
        systems.map { try LabeledSystem($0, typeMap: ["O", "H"]) }, typeMap: ["O", "H"],
        cutoffs: [4],
        threads: 1)
    }
    let apart = try report(systems).neighbors, together = try report([mixed(systems)]).neighbors
    #expect(apart.largestCounts == together.largestCounts)
    #expect(apart.closest?.distance == together.closest?.distance)
  }
}
