import Atoms
import Communication
import Datasets
import DeepPotential
import Files
import Models
import Runs
import TestSupport
import Testing
import Training

private func evaluate(
  _ models: [EnergyModel], _ change: (inout EvaluationOptions) -> Void = { _ in }
) throws -> (found: Evaluation, told: [Int]) {
  var options = EvaluationOptions(), told: [Int] = []
  change(&options)
  var evaluation = Evaluation(models, options)
  let systems = try readSystems(at: fixtures.appending(path: "train_data.hdf5").path)
  try evaluation.run(systems.map { OpenSystem($0) }, threads: 1, communicator: .alone) {
    told.append($0)
    #expect($1 == 2 * systems.count)
  }
  return (evaluation, told)
}

@Suite struct EvaluationTests {
  private let model = try? StoredModel.read(
    fixtures.appending(path: "se_e2_a_oneside.dp").path
  ).model

  @Test func `an evaluation tells of every frame and keeps what was asked for`() throws {
    let model = try #require(model)
    let (errors, told) = try evaluate([model]) { $0.frameLimit = 2 }
    #expect(told == Array(1...2 * errors.systems.count))
    #expect(errors.systems.allSatisfy { $0.errors.frameCount == 2 })
    #expect(errors.predicted.isEmpty && errors.details.files.isEmpty)
    #expect(errors.deviation.content.isEmpty)
    let (all, _) = try evaluate([model]) {
      $0.frameLimit = 2
      ($0.wantsDetails, $0.wantsPredictions) = (true, true)
    }
    #expect(all.systems.map(\.errors) == errors.systems.map(\.errors))
    #expect(all.predicted.map(\.frameCount) == all.systems.map { _ in 2 })
    #expect(all.details.files.map(\.suffix).contains(".e_peratom.out"))
  }

  @Test func `a model does not deviate from itself`() throws {
    let model = try #require(model)
    let (found, _) = try evaluate([model, model]) {
      $0.frameLimit = 2
      ($0.deviation, $0.keepsDeviations) = (.init(), true)
    }
    let spreads = found.systems.flatMap(\.deviations)
    #expect(spreads.count == 2 * found.systems.count)
    #expect(spreads.allSatisfy { $0.force.largest == 0 && $0.energy == 0 })
  }

  @Test func `tables change a model by little, and by more than nothing`() throws {
    let error = TableError(of: try #require(model), threads: 1)
    #expect(error.atomValue > 0 && error.atomValue < 1e-9)
    #expect(error.force > 0 && error.force < 1e-8)
  }
}
