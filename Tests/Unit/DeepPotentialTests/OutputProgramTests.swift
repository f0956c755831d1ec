import Atoms
import DeepPotential
import Kernels
import Random
import Testing

/// Two numbers of each atom and no forces: what dipoles and densities of states need of a program.
private let pair = OutputDefinition(
  name: "pair", atomName: "atom_pair", shape: [2], perAtom: true, isReduced: true, symbol: "p")

/// A program of `output`, and random parameters for it.
private func program(
  _ output: OutputDefinition, biases: [Double] = [0, 0, 0, 0]
) -> (program: Program, parameters: Parameters) {
  var inputs = Inputs()
  let hidden = DenseLayer(
    inputs: 12, outputs: 3, activation: .tanh, hasBias: true, hasTimestep: false,
    wantsShortcut: false, precision: .float64, in: &inputs.layout)
  let last = DenseLayer(
    inputs: 3, outputs: output.width, activation: .linear, hasBias: false, hasTimestep: false,
    wantsShortcut: false, precision: .float64, in: &inputs.layout)
  let rows = Space.pairs(list: inputs.list)
  let y = inputs.builder.network(
    "y", [inputs.x], DenseNetwork(precision: .float64, layers: [hidden, last]), rows: rows)
  let result = inputs.builder.sum("sum", [Term(y)], rows: rows, to: (.atom(of: rows), .atom))
  var random = CounterRandom(seed: 21, purpose: "outputs")
  let numbers = (0..<inputs.layout.float64Count).map { _ in 0.4 * random.normal() }
  return (
    Program(
      inputs.builder, of: output, result: result, cutoff: 3, neighborLimit: 60,
      biases: biases, tileSize: 3),
    Parameters(float64: numbers)
  )
}

@Test func `a program gives values of any shape, their sum and no forces`() {
  let (program, parameters) = program(pair), frame = exampleFrame(atoms: 7)
  let prediction = program.run(frame, parameters, PredictionAdjoint(of: pair, atoms: 7)).prediction
  #expect(prediction.atomValues.count == 14 && prediction.forces.isEmpty)
  for k in 0..<2 {
    let sum = (0..<7).reduce(0) { $0 + prediction.atomValues[2 * $1 + k] }
    #expect(prediction.frameValue[k] == sum)
  }
}

@Test func `each type has a bias of its own for every component`() {
  let frame = exampleFrame(atoms: 7), adjoint = PredictionAdjoint(of: pair, atoms: 7)
  let biases = [1.0, 2, 4, 8], (plain, parameters) = program(pair)
  let without = plain.run(frame, parameters, adjoint).prediction
  let with = program(pair, biases: biases).program.run(frame, parameters, adjoint).prediction
  #expect(Set(frame.types) == [0, 1])
  for (atom, type) in frame.types.enumerated() {
    for k in 0..<2 {
      let added = with.atomValues[2 * atom + k] - without.atomValues[2 * atom + k]
      #expect(abs(added - biases[2 * type + k]) < 1e-14)
    }
  }
}

@Test func `the gradient of values without forces is their difference`() {
  let (program, parameters) = program(pair), frame = exampleFrame(atoms: 7), h = 1e-5
  var adjoint = PredictionAdjoint(of: pair, atoms: 7)
  var random = CounterRandom(seed: 22, purpose: "outputs")
  adjoint.atomValues = adjoint.atomValues.map { _ in random.normal() }
  let run = program.run(frame, parameters, adjoint, RunOptions(threads: 2))
  #expect(run == program.run(frame, parameters, adjoint, RunOptions(threads: 1, keeps: true)))
  func value(_ change: Double, at place: Int) -> Double {
    var numbers = parameters.float64
    numbers[place] += change
    let values = program.run(frame, Parameters(float64: numbers), adjoint).prediction.atomValues
    return zip(values, adjoint.atomValues).reduce(0) { $0 + $1.0 * $1.1 }
  }
  let gradient = run.gradient.float64, scale = gradient.map(abs).max() ?? 0
  #expect(scale > 0.1)
  for k in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 17)) {
    let slope =
      8 * (value(h, at: k) - value(-h, at: k)) - value(2 * h, at: k) + value(-2 * h, at: k)
    #expect(abs(slope / (12 * h) - gradient[k]) <= 1e-8 * scale)
  }
}
