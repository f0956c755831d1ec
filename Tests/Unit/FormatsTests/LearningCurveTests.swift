import Foundation
import Logs
import TestSupport
import Testing

@Suite struct LearningCurveTests {
  @Test func `lines are those of DeePMD-kit's PyTorch backend, byte for byte`() throws {
    let sample = try String(
      contentsOf: fixtures.appending(path: "samples/lcurve.pt.out"), encoding: .utf8)
    let curve = LearningCurve(columns: ["rmse", "rmse_e", "rmse_f", "rmse_v"], hasValidation: true)
    var text = curve.header
    for line in sample.split(separator: "\n").dropFirst(2) {
      let numbers = line.split(separator: " ").compactMap { Double($0) }
      text += curve.row(
        step: try #require(LearningCurve.step(of: line)),
        training: stride(from: 2, to: 9, by: 2).map { numbers[$0] },
        validation: stride(from: 1, to: 9, by: 2).map { numbers[$0] }, learningRate: numbers[9])
    }
    #expect(text == sample)
  }

  @Test func `without validation data there is one column per error`() {
    let curve = LearningCurve(columns: ["rmse", "rmse_f"], hasValidation: false)
    #expect(curve.header.hasPrefix("# step       rmse_trn    rmse_f_trn   lr      \n"))
    let row = curve.row(step: 12, training: [1.5, .nan], validation: nil, learningRate: 1e-3)
    #expect(row == "     12      1.50e+00           nan    1.0e-03\n")
  }
}
