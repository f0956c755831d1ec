import Atoms
import Datasets
import DeepPotential
import Files
import Kernels
import Models
import TestSupport
import Testing
import Training

@Suite struct KalmanParityTests {
  @Test(arguments: [0, 1])
  func `energy and force updates are DeePMD-kit's`(index: Int) throws {
    let fixture = try TestSupport.fixture("lkf_parity.json")
    let run = try #require(fixture["runs"]).elements[index]
    let groups = try #require(fixture["groups"]).elements.map { $0.elements.compactMap(\.int) }
    var model = try StoredModel.read(fixtures.appending(path: "train_init.dp").path).model
    var options = KalmanOptions()
    options.blockSize = try #require(run["block_size"]?.int)
    var filter = KalmanFilter(options, for: model)
    #expect(filter.blockSizes == run["blocks"]?.elements.compactMap(\.int))
    let steps = try #require(run["steps"]).elements
    #expect(steps.count == 4)
    for step in steps {
      let frames = try frames(step, typeMap: model.typeMap)
      let prefactor = try #require(step["prefactor"]?.double)
      let kinds: [KalmanResiduals.Kind] =
        step["kind"]?.text == "energy" ? [.energy] : groups.map { .forces(on: $0) }
      let errors = try #require(step["errors"]).numbers
      #expect(errors.count == kinds.count)
      for (kind, error) in zip(kinds, errors) {
        var residuals = KalmanResiduals(kind, prefactor, frames), gradient = Parameters()
        Evaluator(threads: 1, tabulates: false).gradient(
          of: frames.map { model.prepare($0.frame) }, with: model, into: &gradient
        ) { residuals.add($1, frames[$0]) }
        #expect(abs(residuals.error - error) <= 1e-10 * error)
        filter.update(
          &model.parameters, gradient: gradient, error: residuals.error, threads: 2)
      }
      #expect(abs(filter.forgetting - (step["kalman_lambda"]?.double ?? 0)) <= 1e-14)
      let after = try #require(step["param_after"]).numbers
      if after.isEmpty { continue }
      let worst = zip(model.parameters.float64, after).map { abs($0 - $1) }.max() ?? .infinity
      #expect(after.count == model.parameters.float64.count && worst <= 1e-10)
    }
  }

  private func frames(_ step: JSONValue, typeMap: [String]) throws -> [LabeledFrame] {
    let data = fixtures.appending(path: "train_data.hdf5").path
    let group = try #require(step["system"]?.text)
    let system = try LabeledSystem(readSystems(at: "\(data)#/\(group)")[0], typeMap: typeMap)
    return try #require(step["frames"]).elements.compactMap(\.int).map(system.frame)
  }

  @Test func `tensors are packed into blocks in their order, large ones cut`() {
    #expect(kalmanBlocks(of: [3, 4, 2, 25, 1, 10, 9], blockSize: 10) == [9, 10, 10, 5, 1, 10, 9])
  }
}
