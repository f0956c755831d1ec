import Atoms
import DeepPotential
import Files
import Kernels
import Models
import TestSupport
import Testing
import Training

/// Losses and gradients of other outputs than energies, recorded from DeePMD-kit's PyTorch backend.
@Suite struct OutputTrainParityTests {
  static let names = ["dipole", "polar", "polar_full", "dos", "property", "property_intensive"]

  @Test(arguments: names) func `loss and gradient are the PyTorch backend's`(name: String) throws {
    let model = try trainModel(name)
    for recorded in try cases(name) {
      var found = Parameters(), batch = recorded.batchLoss(of: model)
      let frames = recorded.frames.map { model.prepare($0.frame) }
      Evaluator(threads: 2, tabulates: false).gradient(of: frames, with: model, into: &found) {
        batch.add($1, at: $0)
      }
      let expected = try recorded.json.number("loss")
      #expect(abs(batch.total - expected) <= 1e-12 * abs(expected))
      let numbers = found.float64.map { $0 * batch.gradientFactor }
      let gradient = try #require(recorded.json["grad"])
      let wanted = model.tensors.map { gradient[$0.path]?.numbers ?? [] }
      #expect(wanted.reduce(0) { $0 + $1.count } == model.parameters.float64.count)
      #expect(
        relativeError(model.tensors.flatMap { Array(numbers[$0.range]) }, wanted.flatMap(\.self))
          <= 1e-10)
    }
  }

  @Test(arguments: names) func `shown errors are the PyTorch backend's`(name: String) throws {
    let model = try trainModel(name)
    for recorded in try cases(name) {
      let frames = recorded.frames
      let predictions = Evaluator(threads: 1, tabulates: false).predict(
        frames.map(\.frame), with: model)
      let loss = recorded.loss(of: model)
      let found = loss.evaluate(predictions, for: frames, learningRate: recorded.learningRate)
      guard case .object(let shown)? = recorded.json["more"] else {
        Issue.record("nothing was shown")
        continue
      }
      #expect(loss.columns == shown.keys.filter { !$0.hasPrefix("l2_") }.sorted())
      for (column, error) in zip(loss.columns, found.errors) {
        // The backend divides by the number of atoms in float32.
        #expect(abs(error - (shown[column]?.double ?? .nan)) <= 1e-7)
      }
    }
  }

  @Test(arguments: names)
  func `a gradient through tables is that of the nets`(name: String) throws {
    let model = try trainModel(name), recorded = try cases(name)[0]
    let gradients = [true, false].map { tabulates in
      var found = Parameters(), batch = recorded.batchLoss(of: model)
      let evaluator = Evaluator(threads: 3, tabulates: tabulates)
      evaluator.gradient(
        of: recorded.frames.map { model.prepare($0.frame) }, with: model, into: &found
      ) { batch.add($1, at: $0) }
      return found.float64
    }
    #expect(relativeError(gradients[0], gradients[1]) <= 1e-6)
  }

  private func trainModel(_ name: String) throws -> EnergyModel {
    try StoredModel.read(fixtures.appending(path: "outputs/train_\(name).dp").path).model
  }

  private func cases(_ name: String) throws -> [RecordedOutputCase] {
    let fixture = try fixture("outputs/train_parity_\(name).json")
    var cases: [RecordedOutputCase] = []
    for recorded in try #require(fixture["cases"]).elements {
      // A case whose batch has no positions uses the batch of the case before.
      cases.append(try RecordedOutputCase(recorded, after: cases.last))
    }
    #expect(cases.count >= 2)
    return cases
  }
}

/// A recorded batch with its loss.
struct RecordedOutputCase {
  let json: JSONValue, frames: [LabeledFrame], learningRate: Double

  init(_ json: JSONValue, after last: RecordedOutputCase?) throws {
    self.json = json
    learningRate = try json.number("lr")
    let batch = try #require(json["batch"])
    guard let positions = batch["coord"]?.elements, let given = batch["label"] else {
      frames = try #require(last).frames
      return
    }
    guard case .object(let labels) = given else { throw UnknownLabels() }
    frames = try positions.indices.map { index in
      let x = positions[index].numbers, cell = batch["box"]?.elements ?? []
      let frame = Frame(
        types: try #require(batch["atype"]).elements[index].wholeNumbers,
        positions: stride(from: 0, to: x.count, by: 3).map { SIMD3(x[$0], x[$0 + 1], x[$0 + 2]) },
        cell: try cell.isEmpty ? nil : #require(Cell(rows: cell[index].numbers) as Cell?))
      var values: [String: [Double]] = [:]
      for (name, rows) in labels {
        let ours = ["atom_dipole": "atomic_dipole", "atom_polarizability": "atomic_polarizability"]
        values[ours[name] ?? name] = rows.elements[index].numbers
      }
      var frameLabels = FrameLabels()
      frameLabels.values = values
      return LabeledFrame(frame, frameLabels)
    }
  }

  func batchLoss(of model: EnergyModel) -> BatchLoss {
    BatchLoss(loss(of: model), frames, learningRate: learningRate)
  }

  func loss(of model: EnergyModel) -> Loss {
    lossOptions(of: model.output).loss(
      of: model.output, deviations: model.outputDeviation, startLearningRate: 1e-3)
  }

  private func lossOptions(of output: OutputDefinition) -> LossOptions {
    func number(_ key: String) -> Double? { json["options"]?[key]?.double }
    if let name = json["options"]?["loss_func"]?.text {
      var options = PropertyLossOptions()
      options.measure = .init(rawValue: name) ?? .absolute
      options.shown = [.absolute, .rootMeanSquare]
      options.beta = number("beta") ?? 0
      return .property(options)
    }
    var options = ValueLossOptions(prefactors: [:])
    for term in ValueLossTerm.allCases {
      let constant = number(term.isOfAtoms ? "pref_atomic" : "pref")
      if let start = number("start_pref_\(term.rawValue)"),
        let limit = number("limit_pref_\(term.rawValue)")
      {
        options.prefactors[term] = .init(start: start, limit: limit)
      } else if let constant, !term.isCumulative {
        options.prefactors[term] = .init(start: constant, limit: constant)
      }
    }
    return .values(options)
  }
}

private struct UnknownLabels: Error {}
