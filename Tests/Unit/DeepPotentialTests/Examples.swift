import Atoms
import DeepPotential
import Kernels
import Random
import Testing

/// Sizes and precision of an example's networks.
struct ExampleShape: Sendable, CustomTestStringConvertible {
  var neuron = [3, 6, 12], axis = 4, precision = Precision.float64
  var testDescription: String { "\(neuron), \(axis), \(precision)" }

  static let float64: [ExampleShape] = [
    ExampleShape(), ExampleShape(neuron: [5, 10, 20], axis: 5),
    ExampleShape(neuron: [25, 50, 100], axis: 16),
  ]
  /// Sizes on both sides of a vector, and those of production; both precisions.
  static let all =
    float64 + float64.map { ExampleShape(neuron: $0.neuron, axis: $0.axis, precision: .float32) }

  /// `float64` for such networks, `float32` for those of that precision.
  func bound(_ float64: Double, float32: Double) -> Double {
    precision == .float64 ? float64 : float32
  }
}

/// A small model with random parameters, uneven statistics and everything switched on.
func exampleModel(
  _ shape: ExampleShape = ExampleShape(), typeOneSide: Bool = false, slots: [Int] = [60, 60]
) -> EnergyModel {
  var descriptor = SeE2AOptions(
    innerCutoff: 1, outerCutoff: 4, slots: slots, neuron: shape.neuron, axisWidth: shape.axis)
  descriptor.resnetTimestep = true
  descriptor.typeOneSide = typeOneSide
  descriptor.precision = shape.precision
  var fitting = FittingOptions(neuron: [8, 8])
  fitting.precision = shape.precision
  var model = EnergyModel(
    ModelOptions(typeMap: ["O", "H"], descriptor: descriptor, fitting: fitting))
  model.initialize(seed: 5)
  model.outputBias = [-3, 1.5]
  if case .seE2A(var part) = model.descriptor {
    for k in part.mean.indices {
      part.mean[k] = k % 4 == 0 ? 0.07 : 0
      part.deviation[k] = k % 4 == 0 ? 0.12 : 0.09
    }
    model.descriptor = .seE2A(part)
  }
  return model
}

/// A frame of `atoms` atoms, no two closer than about 1 Å, in a triclinic cell or none.
func exampleFrame(atoms: Int = 14, isPeriodic: Bool = true) -> Frame {
  var random = CounterRandom(seed: 9, purpose: "example frame")
  let cell = Cell(rows: [5.1, 0, 0, 0.8, 4.7, 0, -0.6, 0.9, 5.6])
  var positions: [SIMD3<Double>] = []
  while positions.count < atoms {
    let u = SIMD3(random.uniform(), random.uniform(), random.uniform())
    let candidate = cell?.vector(u) ?? .zero
    if positions.allSatisfy({ norm($0 - candidate) > 0.95 }) { positions.append(candidate) }
  }
  return Frame(
    types: (0..<atoms).map { $0 % 3 == 0 ? 0 : 1 }, positions: positions,
    cell: isPeriodic ? cell : nil)
}

extension EnergyModel {
  /// The prediction for one frame.
  func predict(_ frame: Frame, threads: Int = 1) -> Prediction {
    Evaluator(threads: threads).predict([frame], with: self)[0]
  }
}
