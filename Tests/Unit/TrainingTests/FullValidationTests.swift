import Datasets
import DeepPotential
import Foundation
import Kernels
import Logs
import Models
import Runs
import TestSupport
import Testing
import Training

/// Full validation: which models are the best, when to stop, and its log.
@Suite struct FullValidationTests {
  @Test func `the best are ranked by value, earlier ones first, and only so many are kept`() {
    var state = ValidationState(metric: "E:MAE")
    #expect(state.add(3, step: 10, keeping: 2) == 1)
    #expect(state.add(2, step: 20, keeping: 2) == 1 && state.sinceBest == 0)
    #expect(state.add(2, step: 30, keeping: 2) == 2 && state.sinceBest == 1)
    #expect(state.add(4, step: 40, keeping: 2) == nil && state.sinceBest == 2)
    #expect(state.add(.nan, step: 50, keeping: 2) == nil && state.sinceBest == 3)
    #expect(state.add(.infinity, step: 60, keeping: 9) == nil && state.sinceBest == 4)
    #expect(state.best.map(\.step) == [20, 30])
    #expect(state.add(1, step: 70, keeping: 2) == 1 && state.sinceBest == 0)
    #expect(state.best.map(\.step) == [70, 20])
  }

  @Test func `it is due at its start and every so many steps from there`() {
    let options = FullValidationOptions(
      start: 5, frequency: 3, metric: ValidationMetric(.energy, .absolute))
    #expect((1...15).filter(options.isDue) == [5, 8, 11, 14])
  }

  @Test func `metrics are read in any case, and unknown ones are not`() {
    #expect(ValidationMetric(named: "f:rmse") == ValidationMetric(.force, .square))
    #expect(ValidationMetric(named: "V:MAE")?.name == "V:MAE")
    for name in ["", "E", "E:", "FR:MAE", "E:MAE:", "MAE:E"] {
      #expect(ValidationMetric(named: name) == nil)
    }
  }

  @Test(arguments: [
    (0.0, "0"), (1446.6187, "1446.6"), (3.945244, "3.9452"), (604.692738, "604.69"),
    (123456.7, "123460"), (99999.96, "100000"), (1e-5, "0.000010000"), (12344.5, "12344"),
    (1e-20, "1.0000e-20"), (.nan, "nan"), (-.infinity, "-inf"), (1, "1.0000"), (10, "10.000"),
  ])
  func `numbers of the log have five digits`(value: Double, text: String) {
    #expect(ValidationLog.number(value) == text)
  }

  @Test func `the log is DeePMD-kit's, to the last character`() throws {
    // Written by a training that changes nothing: dp --pt train --init-frz-model, learning rate
    // 1e-30.
    let path = fixtures.appending(path: "samples/val.log")
    let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
    let model = try StoredModel.read(
      fixtures.appending(path: "samples/trained_by_pytorch.dp").path
    ).model
    let systems = try readSystems(at: fixtures.appending(path: "data").path).map {
      try LabeledSystem($0, typeMap: model.typeMap, sortingAtoms: false)
    }
    let metric = try #require(ValidationMetric(named: "F:RMSE"))
    let options = FullValidationOptions(start: 2, frequency: 2, metric: metric)
    var validation = FullValidation(options, systems, threads: 1)
    let report = try validation.validate(model, .present, step: 2)
    let columns = ValidationColumns(metric)
    let log = ValidationLog(titles: columns.titles, totalSteps: 6)
    let name = "best.ckpt-2.t-1.pt"
    let expected = lines.prefix(4).map { $0 + "\n" }.joined()
    let row = log.row(step: 2, columns.values(of: report.errors))
    let saved = ValidationLog.saved(name, columns.text(of: report.errors))
    #expect(log.header + row + saved == expected)
    #expect(report.place == 1)
  }

  @Test func `an average follows its formula in both precisions`() {
    let start = Parameters(float64: [1, -2, 3], float32: [4, -5])
    let steps = [
      Parameters(float64: [2, 0, 3], float32: [0.5, 1]),
      Parameters(float64: [-1, 8, 3], float32: [7, 1]),
    ]
    for decay in [0.0, 0.3, 0.5, 0.9, 0.999] {
      var average = WeightAverage(decay: decay, startingFrom: start)
      for step in steps { average.add(step, threads: 2) }
      for k in 0..<3 {
        let plain = steps.reduce(start.float64[k]) { decay * $0 + (1 - decay) * $1.float64[k] }
        #expect(abs(average.weights.float64[k] - plain) <= 1e-15 * 10)
      }
      for k in 0..<2 {
        let plain = steps.reduce(Double(start.float32[k])) {
          decay * $0 + (1 - decay) * Double($1.float32[k])
        }
        #expect(abs(Double(average.weights.float32[k]) - plain) <= 3e-6)
      }
      if decay == 0 { #expect(average.weights == steps[1]) }
    }
  }
}
