import DeepPotential
import Kernels

extension ProgramStep {
  /// The models that pass messages, with tiles of several numbers of atoms.
  static func messagePassing() -> [ProgramStep] {
    [2, 4, 8, 16, 32].flatMap { size in
      [
        step("DPA-2", .dpa2(smallDPA2), Double.self, size),
        step("DPA-3", .dpa3(exampleDPA3), Float.self, size),
      ]
    }
  }

  private static func step<Scalar: NetworkScalar>(
    _ name: String, _ descriptor: DescriptorOptions, _ scalar: Scalar.Type, _ tileSize: Int
  ) -> ProgramStep {
    var fitting = FittingOptions(neuron: [240, 240, 240])
    fitting.precision = Scalar.precision
    var model = EnergyModel(
      ModelOptions(typeMap: ["O", "H"], descriptor: descriptor, fitting: fitting))
    model.initialize(seed: 1)
    return time(
      scalar, model.program(tileSize: tileSize), model.parameters,
      way: "\(name), tiles of \(tileSize)", keeps: true)
  }

  /// DPA-3 as in DeePMD-kit's water example: six layers, 128 numbers for an atom, 64 for an edge,
  /// 32 for an angle; float32.
  private static var exampleDPA3: DPA3Options {
    var options = DPA3Options()
    (options.local.innerCutoff, options.local.outerCutoff) = (5.3, 6)
    (options.slots, options.activation) = ([120], .silut(threshold: 10))
    options.angles = .init(innerCutoff: 3.5, outerCutoff: 4, slots: 30)
    (options.edgeWidth, options.angleWidth, options.layers) = (64, 32, 6)
    (options.compression, options.edgeShare, options.seesColumns) = (1, 2, true)
    (options.isSmooth, options.edgesAreDistances) = (true, true)
    (options.usesExponentialSwitch, options.hasDynamicSlots) = (true, true)
    options.precision = .float32
    return options
  }

  /// DPA-2 as in DeePMD-kit's small water example: three layers, no attention.
  private static var smallDPA2: DPA2Options {
    var options = DPA2Options()
    (options.first.local.innerCutoff, options.first.local.outerCutoff) = (0.5, 6)
    (options.first.slots, options.first.axisWidth) = ([120], 12)
    options.usesThreeBody = true
    (options.threeBody.innerCutoff, options.threeBody.outerCutoff) = (3.5, 4)
    options.threeBody.slots = 48
    (options.messages.innerCutoff, options.messages.outerCutoff) = (3.5, 4)
    (options.messages.slots, options.messages.edgeWidth) = (48, 32)
    (options.messages.hasNodeAttention, options.messages.hasEdgeAttention) = (false, false)
    (options.messages.hasNodeProduct, options.messages.style) = (false, .residual)
    options.messages.residual = 0.01
    return options
  }
}
