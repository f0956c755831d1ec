import Atoms
import DeepPotential
import Foundation
import Testing

/// Forces that nets give themselves, alone or beside an energy, where types have nets of their own
/// and where they share one.
@Suite struct DirectForceTests {
  static let shapes = [
    ExampleShape(neuron: [5, 10], axis: 3),
    ExampleShape(neuron: [5, 10], axis: 3, isHybrid: true),
    ExampleShape(neuron: [6, 5, 4], axis: 3, hasMessages: true),
    ExampleShape(neuron: [5, 10], axis: 3, isDPA2: true),
  ]
  private let physics = PhysicsTests()

  private func model(_ shape: ExampleShape, withEnergy: Bool = true) -> EnergyModel {
    exampleModel(shape, output: .directForces(withEnergy: withEnergy))
  }

  /// A model of `output` with the descriptor of `model` and, in its only nets, what `model` has in
  /// the nets at `place`.
  private func single(
    _ output: Output, netsAt place: String, of model: EnergyModel
  ) throws -> EnergyModel {
    var options = model.options
    options.fitting.output = output
    var single = EnergyModel(options)
    single.takeDescriptor(of: model)
    if output == .energy { single.outputBias = model.outputBias }
    let theirs = Dictionary(uniqueKeysWithValues: model.tensors.map { ($0.path, $0) })
    for tensor in single.tensors {
      let path = tensor.path.replacing("fitting/nets/", with: "fitting/\(place)/")
      let from = try #require(theirs[path])
      single.parameters[tensor.precision, tensor.range] =
        model.parameters[from.precision, from.range]
    }
    return single
  }

  @Test(arguments: shapes)
  func `forces are the dipoles of the first nets, energies those of the second`(
    shape: ExampleShape
  ) throws {
    let model = model(shape), frame = exampleFrame(), found = model.predict(frame)
    let dipoles = try single(.dipole, netsAt: "nets", of: model).predict(frame)
    let energies = try single(.energy, netsAt: "energy_nets", of: model).predict(frame)
    let scale = found.forces.map { norm($0) }.max() ?? 0
    #expect(scale > 1e-3)
    for (atom, force) in found.forces.enumerated() {
      for axis in 0..<3 {
        #expect(abs(force[axis] - dipoles.atomValues[3 * atom + axis]) <= 1e-12 * scale)
      }
      #expect(abs(found.atomEnergies[atom] - energies.atomEnergies[atom]) <= 1e-10)
    }
    #expect(abs(found.energy - energies.energy) <= 1e-9 && found.virial == .zero)
    // They are no gradient of that energy.
    #expect(zip(found.forces, energies.forces).contains { norm($0 - $1) > 0.1 * scale })
    let alone = try single(.directForces(withEnergy: false), netsAt: "nets", of: model)
      .predict(frame)
    #expect(alone.forces == found.forces && alone.energy == 0 && alone.frameValue.isEmpty)
  }

  @Test(arguments: shapes, [true, false])
  func `shifting, rotating and renaming atoms does the same to forces`(
    shape: ExampleShape, isPeriodic: Bool
  ) {
    let model = model(shape), bound = 1e-12
    let frame = exampleFrame(isPeriodic: isPeriodic), here = model.predict(frame)
    var shifted = frame
    for k in shifted.positions.indices { shifted.positions[k] += SIMD3(3.3, -7.1, 11.9) }
    #expect(physics.difference(model.predict(shifted), here) <= bound)
    let (c, s) = (cos(0.7), sin(0.7))
    let rotation = Matrix3(rows: [c, -s, 0, s * c, c * c, -s, s * s, s * c, c])
    let turned = model.predict(physics.mapped(frame, rotation))
    #expect(abs(turned.energy - here.energy) <= bound * abs(here.energy))
    for (a, b) in zip(turned.forces, here.forces) { #expect(norm(a - rotation * b) <= bound) }
    let order = Array(frame.types.indices.reversed())
    var permuted = frame
    permuted.types = order.map { frame.types[$0] }
    permuted.positions = order.map { frame.positions[$0] }
    let there = model.predict(permuted)
    for (k, atom) in order.enumerated() {
      #expect(norm(there.forces[k] - here.forces[atom]) <= bound)
    }
  }

  @Test(arguments: shapes, [true, false])
  func `the gradient is the difference of any linear loss`(shape: ExampleShape, withEnergy: Bool) {
    let model = model(shape, withEnergy: withEnergy)
    GradientTests().checkDifferences(model, every: model.parameters.float64.count / 40)
  }

  @Test(arguments: shapes)
  func `the number of threads changes no bit`(shape: ExampleShape) {
    let model = model(shape), frames = [exampleFrame(atoms: 21), exampleFrame(atoms: 30)]
    let adjoints = [randomAdjoint(atoms: 21, step: 0), randomAdjoint(atoms: 30, step: 1)]
    let all = [1, 2, 4].map { threads in
      (
        frames.map { model.predict($0, threads: threads) },
        GradientTests().gradient(model, frames, adjoints, threads: threads)
      )
    }
    for (predictions, gradient) in all.dropFirst() {
      #expect(predictions == all[0].0 && gradient == all[0].1)
    }
  }

  @Test(arguments: shapes)
  func `padding atoms, and atoms of silent types, have no force`(shape: ExampleShape) {
    var model = model(shape), frame = exampleFrame()
    let here = model.predict(frame)
    frame.types += [-1, -1]
    frame.positions += [SIMD3(0.1, 0.2, 0.3), .zero]
    let padded = model.predict(frame)
    #expect(padded.forces == here.forces + [.zero, .zero] && padded.energy == here.energy)
    model.excludedAtomTypes = [1]
    let silent = model.predict(frame)
    for (atom, type) in frame.types.enumerated() {
      #expect(silent.forces[atom] == (type == 0 ? here.forces[atom] : .zero))
      if type != 0 { #expect(silent.atomEnergies[atom] == 0) }
    }
  }

  @Test(arguments: shapes, [true, false])
  func `atoms of another program have the forces of their frame`(
    shape: ExampleShape, withEnergy: Bool
  ) {
    let model = model(shape, withEnergy: withEnergy), frame = exampleFrame()
    let there = model.predict(frame)
    let here = Listed(frame, cutoff: model.descriptor.outerCutoff + 0.5).predict(
      model, threads: 2)
    for (a, b) in zip(here.forces, there.forces) { #expect(norm(a - b) <= 1e-11) }
    #expect(abs(here.sums.energy - there.energy) <= 1e-11 * max(1, abs(there.energy)))
    #expect(here.sums.virial == .zero && here.virials.allSatisfy { $0 == 0 })
  }

  @Test(arguments: shapes)
  func `types in another order have the same forces`(shape: ExampleShape) {
    let model = model(shape), other = model.reordered(to: ["H", "O"])
    var frame = exampleFrame()
    let here = model.predict(frame)
    frame.types = frame.types.map { 1 - $0 }
    let there = other.predict(frame)
    #expect(abs(here.energy - there.energy) <= 1e-10 * abs(here.energy))
    for (a, b) in zip(here.forces, there.forces) { #expect(norm(a - b) <= 1e-12) }
  }
}
