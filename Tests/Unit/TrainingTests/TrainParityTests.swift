import Atoms
import Datasets
import DeepPotential
import Files
import Kernels
import Models
import TestSupport
import Testing
import Training

/// The reference training of train_parity.json: DeePMD-kit's PyTorch backend in float64, with exact
/// 1/N.
private struct ReferenceTraining {
  let fixture: JSONValue
  let model: EnergyModel
  let loss: Loss

  init() throws {
    fixture = try TestSupport.fixture("train_parity.json")
    model = try StoredModel.read(fixtures.appending(path: "train_init.dp").path).model
    let given = try #require(fixture["loss"])
    var options = EnergyLossOptions(prefactors: [:])
    for term in [EnergyLossTerm.energy, .force, .virial] {
      options.prefactors[term] = .init(
        start: try #require(given["start_pref_\(term.rawValue)"]?.double),
        limit: try #require(given["limit_pref_\(term.rawValue)"]?.double))
    }
    loss = .energy(
      EnergyLoss(
        options, startLearningRate: try #require(given["starter_learning_rate"]?.double)))
  }

  /// The frames of a recorded batch.
  func frames(_ batch: JSONValue) throws -> [LabeledFrame] {
    let positions = try #require(batch["coord"]).elements
    return try positions.indices.map { index in
      let cell = batch["box"]?.elements
      let frame = Frame(
        types: try #require(batch["atype"]).elements[index].elements.compactMap(\.int),
        positions: vectors(positions[index].numbers),
        cell: try cell.flatMap {
          $0.isEmpty ? nil : try #require(Cell(rows: $0[index].numbers) as Cell?)
        })
      var labels = FrameLabels()
      labels.energy = try #require(batch["energy"]).elements[index].numbers[0]
      labels.forces = vectors(try #require(batch["force"]).elements[index].numbers)
      if batch["find_virial"]?.double == 1 {
        labels.virial = Matrix3(rows: try #require(batch["virial"]).elements[index].numbers)
      }
      return LabeledFrame(frame, labels)
    }
  }

  /// Loss and gradient of a batch.
  func evaluate(
    _ frames: [LabeledFrame], with model: EnergyModel, learningRate: Double, tabulates: Bool = false
  ) -> (value: LossValue, gradient: Parameters) {
    var batch = BatchLoss(loss, frames, learningRate: learningRate), gradient = Parameters()
    var adjoints: [PredictionAdjoint] = []
    Evaluator(threads: 1, tabulates: tabulates).gradient(
      of: frames.map { model.prepare($0.frame) }, with: model, into: &gradient
    ) { index, prediction in
      adjoints.append(batch.add(prediction, at: index))
      return adjoints[index]
    }
    return (LossValue(total: batch.total, errors: batch.errors, adjoints: adjoints), gradient)
  }
}

@Suite struct TrainParityTests {
  @Test(arguments: [(false, 1e-12), (true, 1e-10)])
  func `loss and the whole gradient are DeePMD-kit's`(tabulates: Bool, tolerance: Double) throws {
    let reference = try ReferenceTraining()
    #expect(reference.model.parameters.float64 == reference.fixture["param_init"]?.numbers)
    let cases = try #require(reference.fixture["gradients"]).elements
    #expect(cases.count == 6)
    for recorded in cases {
      let frames = try reference.frames(try #require(recorded["batch"]))
      let rate = try #require(recorded["lr"]?.double)
      let (value, gradient) = reference.evaluate(
        frames, with: reference.model, learningRate: rate, tabulates: tabulates)
      let expected = try #require(recorded["loss"]?.double)
      #expect(abs(value.total - expected) <= 1e-12 * expected)
      let wanted = try #require(recorded["grad"]).numbers
      #expect(gradient.float64.count == wanted.count)
      #expect(distance(gradient.float64, wanted) <= tolerance * length(wanted))
    }
  }

  @Test func `padding atoms change neither loss nor gradient`() throws {
    let reference = try ReferenceTraining()
    let batch = try #require(reference.fixture["gradients"]?.elements[0]["batch"])
    let frames = try reference.frames(batch)
    let padded = frames.map { frame in
      var frame = frame
      frame.frame.types.append(-1)
      // On top of an atom: whoever looked at it would divide by zero.
      frame.frame.positions.append(frame.frame.positions[0])
      frame.labels.forces?.append(.zero)
      return frame
    }
    let plain = reference.evaluate(frames, with: reference.model, learningRate: 1e-3)
    let other = reference.evaluate(padded, with: reference.model, learningRate: 1e-3)
    #expect(other.value.total == plain.value.total && other.value.errors == plain.value.errors)
    #expect(distance(other.gradient.float64, plain.gradient.float64) <= 1e-13)
  }

  @Test func `five steps of Adam end where DeePMD-kit's do`() throws {
    let reference = try ReferenceTraining()
    let data = fixtures.appending(path: "train_data.hdf5").path
    let steps = try #require(reference.fixture["adam"]).elements
    var model = reference.model
    var adam = Adam(for: model.parameters)
    #expect(steps.count == 5)
    for step in steps {
      let group = try #require(step["system"]?.text)
      let system = try LabeledSystem(
        readSystems(at: "\(data)#/\(group)")[0], typeMap: model.typeMap)
      let frames = try #require(step["frames"]).elements.compactMap(\.int).map(system.frame)
      let rate = try #require(step["lr"]?.double)
      let (value, gradient) = reference.evaluate(frames, with: model, learningRate: rate)
      let expected = try #require(step["loss"]?.double)
      #expect(abs(value.total - expected) <= 1e-10 * expected)
      adam.update(
        &model.parameters, gradient: gradient, learningRate: rate,
        trainable: TrainableRanges(model))
      // Recorded after the first and the last step.
      let after = try #require(step["param_after"]).numbers
      if after.isEmpty { continue }
      let worst = zip(model.parameters.float64, after).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst <= 1e-10)
    }
  }
}

private func length(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

private func distance(_ x: [Double], _ y: [Double]) -> Double { length(zip(x, y).map { $0 - $1 }) }
