import Atoms
import DeepPotential
import Diagnostics
import Files
import Foundation
import Kernels
import Models
import TestSupport
import Testing
import Training

/// Models that mend damaged frames, with numbers of DeePMD-kit's parts for them
/// (Tests/Systems/Peers/record_denoising.py).
@Suite struct DenoisingTests {
  static let names = ["dpa1", "dpa2"]

  /// The recorded model, and all that is recorded with it.
  private func recorded(_ name: String) throws -> (model: EnergyModel, json: JSONValue) {
    let json = try fixture("denoise_\(name).json")
    let energies = try StoredModel.read(fixtures.appending(path: "denoise_\(name).dp").path).model
    var options = energies.options
    options.fitting = FittingOptions(of: .denoising(types: 2))
    var model = EnergyModel(options)
    model.takeDescriptor(of: energies)
    for tensor in model.tensors where tensor.name.part == .fitting {
      let numbers = try #require(json["heads"]?[tensor.path]?.numbers, "\(tensor.path)")
      try #require(numbers.count == tensor.count)
      model.parameters[tensor.precision, tensor.range] = numbers
    }
    return (model, json)
  }

  private func frames(_ json: JSONValue) throws -> [LabeledFrame] {
    try #require(json["frames"]).elements.map { recorded in
      var frame = LabeledFrame(try Frame(fixture: recorded), FrameLabels())
      for (label, key) in [
        (DenoisingLabel.noise, "noise"), (DenoisingLabel.types, "clean_types"),
        (DenoisingLabel.isMoved, "moved"), (DenoisingLabel.isHidden, "hidden"),
      ] { frame.labels.values[label] = recorded[key]?.numbers }
      return frame
    }
  }

  @Test(arguments: names, [true, false])
  func `updates and logits are those of DeePMD-kit's heads`(name: String, tabulates: Bool) throws {
    let (model, json) = try recorded(name)
    for (frame, recorded) in zip(try frames(json), try #require(json["frames"]).elements) {
      let found = Evaluator(threads: 2, tabulates: tabulates).predict([frame.frame], with: model)[0]
      #expect(found.frameValue.isEmpty && found.forces.isEmpty)
      func columns(_ range: Range<Int>) -> [Double] {
        frame.frame.types.indices.flatMap { atom in range.map { found.atomValues[5 * atom + $0] } }
      }
      let tolerance = tabulates ? 1e-8 : 1e-10
      expectEqual(columns(0..<3), recorded["update"], tolerance)
      expectEqual(columns(3..<5), recorded["logits"], tolerance)
    }
  }

  @Test(arguments: names)
  func `loss, shown errors and gradient are DeePMD-kit's`(name: String) throws {
    let (model, json) = try recorded(name), frames = try frames(json)
    for recorded in try #require(json["cases"]).elements {
      var options = DenoisingLossOptions()
      options.typeWeight = try #require(json["options"]?["masked_token_loss"]?.double)
      options.coordinateWeight = try #require(json["options"]?["masked_coord_loss"]?.double)
      options.beta = try #require(json["options"]?["beta"]?.double)
      options.comparesMovedOnly = recorded["masked"] == .bool(true)
      options.comparesHiddenOnly = options.comparesMovedOnly
      let loss = Loss.denoising(DenoisingLoss(options, of: model.output))
      var batch = BatchLoss(loss, frames, learningRate: 1), found = Parameters()
      Evaluator(threads: 2, tabulates: false).gradient(
        of: frames.map { model.prepare($0.frame) }, with: model, into: &found
      ) { batch.add($1, at: $0) }
      let expected = try #require(recorded["loss"]?.double)
      #expect(abs(batch.total - expected) <= 1e-11 * abs(expected))
      #expect(loss.columns == ["coord_l1_error", "token_error"])
      for (column, error) in zip(loss.columns, batch.errors) {
        #expect(abs(error - (recorded["errors"]?[column]?.double ?? .nan)) <= 1e-11)
      }
      let gradient = try #require(recorded["grad"])
      let wanted = model.tensors.flatMap { gradient[$0.path]?.numbers ?? [] }
      #expect(wanted.count == model.parameters.float64.count)
      let mine = model.tensors.flatMap { Array(found.float64[$0.range]) }
      #expect(relativeError(mine, wanted) <= 1e-10)
    }
  }

  @Test(arguments: names)
  func `updates turn with the frame, logits do not, and both go with their atoms`(
    name: String
  ) throws {
    let (model, json) = try recorded(name), frame = try frames(json)[0].frame
    let here = model.predict(frame), physics = PhysicsTests()
    let (c, s) = (cos(0.7), sin(0.7))
    let rotation = Matrix3(rows: [c, -s, 0, s * c, c * c, -s, s * s, s * c, c])
    let turned = model.predict(physics.mapped(frame, rotation))
    let order = Array(frame.types.indices.reversed())
    var moved = frame
    moved.types = order.map { frame.types[$0] }
    moved.positions = order.map { frame.positions[$0] + SIMD3(2.5, -7, 11) }
    let renamed = model.predict(moved)
    func update(_ prediction: Prediction, _ atom: Int) -> SIMD3<Double> {
      SIMD3((0..<3).map { prediction.atomValues[5 * atom + $0] })
    }
    func logits(_ prediction: Prediction, _ atom: Int) -> ArraySlice<Double> {
      prediction.atomValues[5 * atom + 3..<5 * atom + 5]
    }
    for (k, atom) in order.enumerated() {
      #expect(norm(update(turned, atom) - rotation * update(here, atom)) <= 1e-12)
      #expect(norm(update(renamed, k) - update(here, atom)) <= 1e-12)
      for (a, b) in zip(logits(here, atom), logits(turned, atom)) { #expect(abs(a - b) <= 1e-12) }
      for (a, b) in zip(logits(here, atom), logits(renamed, k)) { #expect(abs(a - b) <= 1e-12) }
    }
    #expect(order.contains { norm(update(here, $0)) > 0.01 })
  }

  @Test(arguments: names) func `the number of threads changes no bit`(name: String) throws {
    let (model, json) = try recorded(name), frames = try frames(json)
    let loss = Loss.denoising(DenoisingLoss(DenoisingLossOptions(), of: model.output))
    let all = [1, 2, 4].map { threads in
      var batch = BatchLoss(loss, frames, learningRate: 1), found = Parameters()
      Evaluator(threads: threads).gradient(
        of: frames.map { model.prepare($0.frame) }, with: model, into: &found
      ) { batch.add($1, at: $0) }
      return found
    }
    #expect(all[1] == all[0] && all[2] == all[0])
  }

  @Test(arguments: names)
  func `an atom without neighbors stays where it is`(name: String) throws {
    let (model, _) = try recorded(name)
    let frame = Frame(types: [0, 2], positions: [.zero, SIMD3(50, 0, 0)], cell: nil)
    let found = model.predict(frame).atomValues
    #expect(found.count == 10 && found.allSatisfy(\.isFinite))
    #expect(found[0..<3].allSatisfy { $0 == 0 } && found[5..<8].allSatisfy { $0 == 0 })
  }

  @Test(arguments: names) func `a model that is written and read again is the same`(
    name: String
  ) throws {
    let stored = StoredModel(model: try recorded(name).model, provenance: ["program": "test"])
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.h5").path
      try stored.write(to: path)
      let again = try StoredModel.read(path)
      #expect(again.model == stored.model && again.definition == stored.model.definition)
    }
    let error = #expect(throws: ToolError.self) { try stored.requireLayout(of: "model.dp") }
    #expect(error?.problem.contains("\"denoise\"") == true)
    let other = #expect(throws: ToolError.self) {
      try stored.model.requireForces(for: "a potential", at: "model.h5")
    }
    #expect(other?.problem.contains("gives denoise") == true)
  }

  @Test(arguments: names) func `the descriptor is the same without the heads`(
    name: String
  ) throws {
    let model = try recorded(name).model, frame = exampleFrame(atoms: 9)
    let evaluator = Evaluator(threads: 1)
    let rows = evaluator.descriptors(of: frame, with: model)
    #expect(evaluator.descriptors(of: frame, with: model.withoutHeads) == rows)
    let fewer = model.withoutHeads.reordered(to: ["H", "O"])
    var renamed = frame
    renamed.types = frame.types.map { 1 - $0 }
    let others = evaluator.descriptors(of: renamed, with: fewer)
    #expect(zip(rows, others).allSatisfy { abs($0 - $1) <= 1e-12 })
  }

  @Test func `nets begin as PyTorch's do`() throws {
    var model = try recorded("dpa1").model
    model.initialize(seed: 4)
    for tensor in model.tensors where tensor.name.part == .fitting {
      let numbers = model.parameters[tensor.precision, tensor.range]
      switch (tensor.name.place, tensor.name.layer, tensor.name.role) {
      case ("nets", 1, .weights):
        let bound = 1 / Double(tensor.rows).squareRoot()
        #expect(numbers.allSatisfy { abs($0) <= bound } && numbers.contains { abs($0) > bound / 2 })
      case ("nets", 1, .biases): #expect(numbers.allSatisfy { $0 == 0 })
      case (_, _, .normWeights): #expect(numbers.allSatisfy { $0 == 1 })
      case (_, _, .normBiases): #expect(numbers.allSatisfy { $0 == 0 })
      default: #expect(Set(numbers).count == numbers.count)
      }
    }
  }
}
