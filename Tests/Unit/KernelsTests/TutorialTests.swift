import Foundation
import Kernels
import TestSupport
import Testing

@Test func `the four passes give the numbers of the tutorial's layer`() throws {
  var layout = ParameterLayout()
  let layer = DenseLayer(
    inputs: 1, outputs: 1, activation: .tanh, hasBias: false, hasTimestep: false,
    wantsShortcut: false, precision: .float64, in: &layout)
  let network = DenseNetwork(precision: .float64, layers: [layer])
  let tape = NetworkTape<Double>(network), w = [2.0]
  tape.prepare(rows: 1)
  tape.input[0] = 0.5
  network.forward(w, on: tape, rows: 0..<1, forTraining: true)
  tape.outputAdjoint[0] = 1
  network.backward(w, on: tape, rows: 0..<1)
  tape.inputTangent[0] = 1
  network.tangent(w, on: tape, rows: 0..<1, forTraining: true)
  tape.outputAdjointTangent[0] = 0
  var gradient = [0.0]
  network.backwardTangent(w, on: tape, rows: 0..<1)
  gradient.withUnsafeMutableBufferPointer { numbers in
    if let base = numbers.baseAddress { network.addGradient(on: tape, to: base) }
  }
  let text = try String(
    contentsOf: checkout.appending(path: "docs/TUTORIAL.md"), encoding: .utf8)
  for (name, value) in [
    ("t", tape.output[0]), ("xBar", tape.inputAdjoint[0]), ("yDot", tape.outputTangent[0]),
    ("xBarDot", tape.inputAdjointTangent[0]),
  ] {
    #expect(text.contains("\(name) = \(String(format: "%.4f", value))"), "\(name) = \(value)")
  }
  #expect(text.contains("= \(String(format: "%.4f", gradient[0]))."), "\(gradient)")
}
