import Atoms
import DeepPotential
import Kernels
import Random
import Testing

@Suite struct GradientTests {
  /// The gradient of the linear loss with the given derivatives.
  func gradient(
    _ model: EnergyModel, _ frames: [Frame], _ adjoints: [PredictionAdjoint], threads: Int = 1,
    tabulates: Bool = false
  ) -> Parameters {
    var gradient = Parameters()
    Evaluator(threads: threads, tabulates: tabulates).gradient(
      of: frames.map { model.prepare($0) }, with: model, into: &gradient
    ) { index, prediction in
      // What sweep 1 says on the way to a gradient is what it says by itself; to rounding, where a
      // program without tables computes nets for many rows at once if no gradient follows.
      let alone = Evaluator(threads: 1, tabulates: tabulates).predict([frames[index]], with: model)
      let isExact = tabulates || !model.isProgram
      #expect(isExact ? prediction == alone[0] : isClose(prediction, alone[0]))
      return adjoints[index]
    }
    return gradient
  }

  private func isClose(_ a: Prediction, _ b: Prediction) -> Bool {
    zip(a.atomValues, b.atomValues).allSatisfy { abs($0 - $1) <= 1e-12 * max(abs($0), 1) }
      && zip(a.forces, b.forces).allSatisfy { dot($0 - $1, $0 - $1) <= 1e-22 }
  }

  func value(_ prediction: Prediction, _ adjoint: PredictionAdjoint) -> Double {
    zip(prediction.atomEnergies, adjoint.atomValues).reduce(0) { $0 + $1.0 * $1.1 }
      + zip(prediction.forces, adjoint.forces).reduce(0) { $0 + dot($1.0, $1.1) }
      + zip(prediction.virial.rows, adjoint.virial.rows).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test(arguments: [true, false], [true, false])
  func `the gradient is the difference of any linear loss`(typeOneSide: Bool, givesVacuum: Bool) {
    var model = exampleModel(typeOneSide: typeOneSide)
    if givesVacuum { model = withVacuum(model) }
    checkDifferences(model, every: 13)
  }

  @Test(arguments: ExampleShape.float64.dropFirst() + ExampleShape.hybrids.prefix(1))
  func `wide models have such a gradient, too`(shape: ExampleShape) {
    let model = exampleModel(shape)
    checkDifferences(model, every: model.parameters.float64.count / 40)
  }

  @Test func `statistics that differ from slot to slot have such a gradient, too`() {
    var model = exampleModel()
    if case .seE2A(var part) = model.descriptor {
      part.mean[0] += 0.1
      model.descriptor = .seE2A(part)
    }
    checkDifferences(model, every: 13)
  }

  /// Compares each `step`-th number of the gradient with a difference of the loss.
  func checkDifferences(_ model: EnergyModel, every step: Int) {
    let frames = [
      exampleFrame(), exampleFrame(atoms: 9, isPeriodic: false), exampleFrame(atoms: 11),
    ]
    let adjoints = frames.enumerated().map {
      randomAdjoint(atoms: $0.element.types.count, step: UInt64($0.offset))
    }
    func loss(_ model: EnergyModel) -> Double {
      zip(Evaluator(threads: 1, tabulates: false).predict(frames, with: model), adjoints)
        .reduce(0) { $0 + value($1.0, $1.1) }
    }
    let gradient = gradient(model, frames, adjoints, threads: 2).float64
    let scale = gradient.map(abs).max() ?? 0, h = 1e-6
    for k in stride(from: 0, to: gradient.count, by: step) {
      var (up, down) = (model, model)
      up.parameters.float64[k] += h
      down.parameters.float64[k] -= h
      let difference = (loss(up) - loss(down)) / (2 * h)
      #expect(abs(difference - gradient[k]) <= 1e-7 * scale)
    }
  }

  /// The same model with the energy of isolated atoms given for the first type.
  func withVacuum(_ model: EnergyModel) -> EnergyModel {
    guard case .seE2A(let part) = model.descriptor else { return model }
    var fitting = model.fitting.options
    fitting.atomEnergies = [-3, nil]
    var new = EnergyModel(
      ModelOptions(typeMap: model.typeMap, descriptor: part.options, fitting: fitting))
    new.parameters = model.parameters
    new.descriptor = model.descriptor
    return new
  }

  @Test func `the number of threads changes no bit of a gradient`() {
    let model = exampleModel(), frames = [exampleFrame(atoms: 21), exampleFrame(atoms: 30)]
    let adjoints = [randomAdjoint(atoms: 21, step: 0), randomAdjoint(atoms: 30, step: 1)]
    let gradients = [1, 2, 4].map { gradient(model, frames, adjoints, threads: $0) }
    #expect(gradients[1] == gradients[0] && gradients[2] == gradients[0])
  }

  /// The frames have tiles of other types, more of them and fewer; of the middle bound, some frames
  /// have more rows and some have not.
  @Test(arguments: [Precision.float64, .float32], [Precision.float64, .float32])
  func `embeddings kept from sweep 1 to sweep 2 change no bit of a gradient`(
    descriptor: Precision, fitting: Precision
  ) {
    var model = exampleModel(
      ExampleShape(precision: descriptor, fittingPrecision: fitting, hasTimesteps: false))
    var alike = exampleFrame(atoms: 43)
    alike.types = alike.types.map { _ in 1 }
    let frames = [exampleFrame(), alike, exampleFrame(atoms: 9), alike, exampleFrame(atoms: 70)]
    for (silent, isUniform) in [([], true), ([0], true), ([], false)] {
      model.excludedAtomTypes = silent
      if case .seE2A(var part) = model.descriptor, !isUniform {
        part.mean[0] += 0.1
        model.descriptor = .seE2A(part)
      }
      let prepared = frames.map { model.prepare($0) }
      let found = [0, 500_000, 1 << 30].map { mostKept in
        var gradient = Parameters()
        Evaluator(threads: 2, tabulates: false, mostKept: mostKept).gradient(
          of: prepared, with: model, into: &gradient
        ) { randomAdjoint(atoms: $1.forces.count, step: UInt64($0)) }
        return gradient
      }
      #expect(found[1] == found[0] && found[2] == found[0])
      #expect(found[0].float64.contains { $0 != 0 } || found[0].float32.contains { $0 != 0 })
    }
  }

  @Test func `a gradient is the same after memory was given back`() {
    let model = exampleModel(), frames = (0..<5).map { model.prepare(exampleFrame(atoms: 9 + $0)) }
    let evaluator = Evaluator(threads: 1)
    func gradient() -> Parameters {
      var gradient = Parameters()
      evaluator.gradient(of: frames, with: model, into: &gradient) {
        randomAdjoint(atoms: $1.forces.count, step: UInt64($0))
      }
      return gradient
    }
    let first = gradient()
    evaluator.releaseGradients()
    #expect(gradient() == first)
  }

  @Test(arguments: ExampleShape.float64, [true, false])
  func `tables give the gradient of their nets`(shape: ExampleShape, typeOneSide: Bool) {
    let model = exampleModel(shape, typeOneSide: typeOneSide)
    let frames = [exampleFrame(), exampleFrame(atoms: 9, isPeriodic: false)]
    let adjoints = [randomAdjoint(atoms: 14, step: 1), randomAdjoint(atoms: 9, step: 2)]
    let direct = gradient(model, frames, adjoints).float64
    let table = gradient(model, frames, adjoints, threads: 2, tabulates: true).float64
    let scale = direct.map(abs).max() ?? 0
    for (a, b) in zip(table, direct) { #expect(abs(a - b) <= 1e-10 * scale) }
  }

  @Test(arguments: ExampleShape.float64, [true, false])
  func `float32 networks have the float64 gradient`(shape: ExampleShape, tabulates: Bool) {
    let double = exampleModel(shape)
    var single = exampleModel(shape.of(.float32))
    single.parameters.float32 = double.parameters.float64.map { Float($0) }
    let frames = [exampleFrame()], adjoints = [randomAdjoint(atoms: 14, step: 3)]
    let exact = gradient(double, frames, adjoints).float64
    let rounded = gradient(single, frames, adjoints, tabulates: tabulates).float32
    let scale = exact.map(abs).max() ?? 0
    #expect(rounded.count == exact.count)
    for (a, b) in zip(rounded, exact) { #expect(abs(Double(a) - b) <= 2e-5 * scale) }
  }

  @Test(arguments: [Precision.float64, .float32], [true, false])
  func `a descriptor and fitting nets of two precisions have the float64 gradient`(
    descriptor: Precision, tabulates: Bool
  ) {
    let isExact = descriptor == .float64, neuron = [25, 50, 100]
    let double = exampleModel(ExampleShape(neuron: neuron, axis: 16, hasTimesteps: false))
    var mixed = exampleModel(
      ExampleShape(
        neuron: neuron, axis: 16, precision: descriptor,
        fittingPrecision: isExact ? .float32 : .float64, hasTimesteps: false))
    // The numbers of the embedding nets come first.
    let all = double.parameters.float64, single = mixed.parameters.float32.count
    let embeddings = isExact ? all.count - single : single
    let (first, rest) = (Array(all[..<embeddings]), Array(all[embeddings...]))
    mixed.parameters = Parameters(
      float64: isExact ? first : rest, float32: (isExact ? rest : first).map { Float($0) })
    let frames = [exampleFrame()], adjoints = [randomAdjoint(atoms: 14, step: 3)]
    let exact = gradient(double, frames, adjoints).float64
    let found = gradient(mixed, frames, adjoints, tabulates: tabulates)
    let widened = found.float32.map { Double($0) }
    let rounded = isExact ? found.float64 + widened : widened + found.float64
    let scale = exact.map(abs).max() ?? 0
    #expect(rounded.count == exact.count)
    for (a, b) in zip(rounded, exact) { #expect(abs(a - b) <= 2e-5 * scale) }
  }
}
