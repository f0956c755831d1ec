import Atoms
import DeepPotential
import Kernels
import Random
import Testing

/// Sizes and precision of an example's networks, which may be those of a hybrid.
struct ExampleShape: Sendable, CustomTestStringConvertible {
  var neuron = [3, 6, 12], axis = 4, precision = Precision.float64, isHybrid = false
  /// The precision of the fitting nets if it is another one.
  var fittingPrecision: Precision?
  /// Whether layers have timesteps (`resnet_dt`).
  var hasTimesteps = true
  /// Whether atoms exchange messages, by DPA-3; or by DPA-2.
  var hasMessages = false, isDPA2 = false
  /// Whether type embeddings follow from the elements' electrons.
  var usesElectrons = false
  var testDescription: String {
    "\(neuron), \(axis), \(precision)\(hasTimesteps ? "" : ", no timesteps")\(isHybrid ? ", hybrid" : "")\(hasMessages ? ", messages" : "")\(isDPA2 ? ", dpa2" : "")\(usesElectrons ? ", electrons" : "")"
  }

  /// A hybrid in both precisions, and with the other kind of type embeddings.
  static let hybrids =
    [Precision.float64, .float32].map {
      ExampleShape(neuron: [5, 10], axis: 3, precision: $0, isHybrid: true)
    } + [ExampleShape(neuron: [5, 10], axis: 3, isHybrid: true, usesElectrons: true)]

  /// DPA-3 and DPA-2 in both precisions.
  static let messages =
    [Precision.float64, .float32].map {
      ExampleShape(neuron: [6, 5, 4], axis: 3, precision: $0, hasMessages: true)
    }
    + [Precision.float64, .float32].map {
      ExampleShape(neuron: [5, 10], axis: 3, precision: $0, isDPA2: true)
    }

  static let float64: [ExampleShape] = [
    ExampleShape(), ExampleShape(neuron: [5, 10, 20], axis: 5),
    ExampleShape(neuron: [25, 50, 100], axis: 16),
    ExampleShape(neuron: [25, 50, 100], axis: 16, hasTimesteps: false),
  ]
  /// Sizes on both sides of a vector, and those of production; both precisions.
  static let all =
    float64 + float64.map { $0.of(.float32) }

  /// The same shape in another precision.
  func of(_ precision: Precision) -> ExampleShape {
    var shape = self
    shape.precision = precision
    return shape
  }

  /// `float64` for such networks, `float32` for those of that precision.
  func bound(_ float64: Double, float32: Double) -> Double {
    precision == .float64 ? float64 : float32
  }
}

/// A small model with random parameters, uneven statistics and everything switched on.
func exampleModel(
  _ shape: ExampleShape = ExampleShape(), typeOneSide: Bool = false, slots: [Int] = [60, 60],
  output: Output = .energy
) -> EnergyModel {
  var descriptor = SeE2AOptions(
    innerCutoff: 1, outerCutoff: 4, slots: slots, neuron: shape.neuron, axisWidth: shape.axis)
  descriptor.resnetTimestep = shape.hasTimesteps
  descriptor.typeOneSide = typeOneSide
  descriptor.precision = shape.precision
  var fitting = FittingOptions(neuron: [8, 8])
  fitting.precision = shape.fittingPrecision ?? shape.precision
  fitting.output = output
  var model = EnergyModel(
    ModelOptions(
      typeMap: ["O", "H"],
      descriptor: shape.isDPA2
        ? dpa2(of: descriptor, shape)
        : shape.hasMessages
          ? messages(of: descriptor, shape)
          : shape.isHybrid
            ? hybrid(of: descriptor, shape, withVectors: output.needsVectors)
            : .seE2A(descriptor),
      fitting: fitting))
  model.initialize(seed: 5)
  if output.definition.isReduced && output.definition.width == 1 { model.outputBias = [-3, 1.5] }
  if case .hybrid(let hybrid) = model.descriptor {
    model.descriptor = .hybrid(Hybrid(hybrid.parts.map(withStatistics)))
  } else {
    model.descriptor = withStatistics(model.descriptor)
  }
  return model
}

/// `first` beside one that looks less far, unless all must have vectors, and one that has no slots
/// of single types.
private func hybrid(
  of first: SeE2AOptions, _ shape: ExampleShape, withVectors: Bool
) -> DescriptorOptions {
  var second = SeE2ROptions(), third = DPA1Options(isSecondVersion: true)
  second.local = first.local
  second.outerCutoff = 3
  third.local = first.local
  third.slots = [first.slots.reduce(0, +)]
  (third.attention.layers, third.axisWidth) = (0, first.axisWidth)
  third.types.usesElectrons = shape.usesElectrons
  let parts: [DescriptorOptions] = [.seE2A(first), .seE2R(second), .dpa1(third)]
  return .hybrid(HybridOptions(withVectors ? [parts[0], parts[2]] : parts))
}

/// DPA-3 that looks as far as `first`, with nodes, edges and angles as wide as the shape says.
private func messages(of first: SeE2AOptions, _ shape: ExampleShape) -> DescriptorOptions {
  var options = DPA3Options()
  options.local.innerCutoff = first.innerCutoff
  options.local.outerCutoff = first.outerCutoff
  options.precision = first.precision
  options.angles = .init(innerCutoff: 1.5, outerCutoff: 3, slots: 60)
  options.slots = [first.slots.reduce(0, +)]
  options.types.width = shape.neuron[0]
  (options.edgeWidth, options.angleWidth) = (shape.neuron[1], shape.neuron[2])
  (options.axisWidth, options.layers, options.messageCount) = (shape.axis, 3, 2)
  (options.isSmooth, options.edgesAreDistances, options.compression) = (true, true, 1)
  // Large updates make forces that differences of energies tell to many digits.
  (options.residualStart, options.residual) = (.normal, 1)
  return .dpa3(options)
}

/// DPA-2 that looks as far as `first`, with every update.
private func dpa2(of first: SeE2AOptions, _ shape: ExampleShape) -> DescriptorOptions {
  var options = DPA2Options()
  options.local = first.local
  (options.first.axisWidth, options.usesThreeBody, options.addsTypes) = (shape.axis, true, true)
  (options.threeBody.innerCutoff, options.threeBody.outerCutoff) = (1, 3)
  options.messages.innerCutoff = 1.5
  (options.messages.nodeWidth, options.messages.edgeWidth) = (6, 5)
  (options.messages.axisWidth, options.messages.updatesDirections) = (shape.axis, true)
  options.messages.nodeAttention = HeadOptions(width: 3, count: 2)
  options.messages.edgeAttention = HeadOptions(width: 4, count: 2)
  options.messages.gatesEdgeAttention = true
  (options.messages.style, options.messages.residual) = (.residual, 0.3)
  options.setSlots([[first.slots.reduce(0, +)], [60], [60]])
  return .dpa2(options)
}

/// `descriptor` with uneven statistics, if its slots are of single types.
private func withStatistics(_ descriptor: Descriptor) -> Descriptor {
  func changed<Part: DescriptorPart>(_ part: Part) -> Descriptor {
    var part = part, rows = part.normalizations[0]
    for k in rows.mean.indices {
      let isRadial = k % part.options.rowWidth == 0
      rows.mean[k] = isRadial ? 0.07 : 0
      rows.deviation[k] = isRadial ? 0.12 : 0.09
    }
    part.normalizations = [rows]
    return part.wrapped
  }
  return descriptor.isMixed ? descriptor : changed(descriptor.parts[0])
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
