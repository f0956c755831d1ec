import Atoms
import DeepPotential
import Kernels
import Measurement
import Random
import Training

/// The phases of a training step of batch 1 on one thread, as the program itself measures them.
func timePhases(_ precision: Precision) -> [Row] {
  var model = waterModel(precision), gradient = Parameters(zerosLike: model.parameters)
  var adam = Adam(for: model.parameters)
  let trainable = TrainableRanges(model), evaluator = Evaluator(threads: 1)
  let frame = waterLikeFrame()
  func step() {
    let prepared = measure(.neighborList) { model.prepare(frame) }
    evaluator.gradient(of: [prepared], with: model, into: &gradient) { _, prediction in
      var adjoint = PredictionAdjoint(of: .energy, atoms: frame.types.count)
      adjoint.forces = prediction.forces
      return adjoint
    }
    adam.update(&model.parameters, gradient: gradient, learningRate: 1e-6, trainable: trainable)
  }
  for _ in 0..<3 { step() }
  let steps = 20
  Recorder.begin(events: 0)
  for _ in 0..<steps { step() }
  let recording = Recorder.finish()
  return Phase.allCases.compactMap { phase in
    let total = recording[phase]
    guard total.calls > 0, total.ownSeconds > 0 else { return nil }
    let share = 1 / Double(steps)
    let work = Work(
      operations: share * total.work.operations, bytes: share * total.work.bytes)
    return Row(
      phase.name, precision.rawValue, seconds: share * total.ownSeconds, work: work)
  }
}

/// The model of DeePMD-kit's water example, with random parameters and statistics like water's.
func waterModel(_ precision: Precision) -> EnergyModel {
  var descriptor = SeE2AOptions(
    innerCutoff: 0.5, outerCutoff: 6, slots: [46, 92], neuron: [25, 50, 100], axisWidth: 16)
  var fitting = FittingOptions(neuron: [240, 240, 240])
  descriptor.precision = precision
  fitting.precision = precision
  fitting.resnetTimestep = true
  var model = EnergyModel(
    ModelOptions(typeMap: ["O", "H"], descriptor: descriptor, fitting: fitting))
  model.initialize(seed: 1)
  if case .seE2A(var part) = model.descriptor {
    for k in part.mean.indices {
      part.mean[k] = k % 4 == 0 ? 0.06 : 0
      part.deviation[k] = k % 4 == 0 ? 0.11 : 0.08
    }
    model.descriptor = .seE2A(part)
  }
  return model
}

/// 192 atoms in a cube of 12.44 Å, as dense as water: near the sites of a lattice, so that none are
/// too close.
func waterLikeFrame() -> Frame {
  let edge = 12.44, sites = 6, spacing = edge / Double(sites)
  var random = CounterRandom(seed: 1, purpose: "benchmark frame")
  func shift() -> Double { 0.5 * (random.uniform() - 0.5) }
  let positions = (0..<192).map { index in
    SIMD3(
      Double(index % sites) * spacing + shift(), Double(index / sites % sites) * spacing + shift(),
      Double(index / sites / sites) * spacing + shift())
  }
  return Frame(
    types: (0..<192).map { $0 % 3 == 0 ? 0 : 1 }, positions: positions,
    cell: Cell(rows: [edge, 0, 0, 0, edge, 0, 0, 0, edge]))
}
