import DeepPotential
import Kernels

extension ProgramStep {
  /// The models that pass messages.
  static func messagePassing() -> [ProgramStep] {
    [dpa3(Float.self, keeps: false), dpa3(Float.self, keeps: true)]
  }

  /// Both sweeps of DPA-3 as in DeePMD-kit's water example: six layers, 128 numbers for an atom, 64
  /// for an edge, 32 for an angle; sweep 2 finds the numbers of sweep 1 if it `keeps` them.
  private static func dpa3<Scalar: NetworkScalar>(
    _ scalar: Scalar.Type, keeps: Bool
  ) -> ProgramStep {
    var options = DPA3Options()
    (options.local.innerCutoff, options.local.outerCutoff) = (5.3, 6)
    (options.slots, options.activation) = ([120], .silut(threshold: 10))
    options.angles = .init(innerCutoff: 3.5, outerCutoff: 4, slots: 30)
    (options.edgeWidth, options.angleWidth, options.layers) = (64, 32, 6)
    (options.compression, options.edgeShare, options.seesColumns) = (1, 2, true)
    (options.isSmooth, options.edgesAreDistances) = (true, true)
    (options.usesExponentialSwitch, options.hasDynamicSlots) = (true, true)
    options.precision = Scalar.precision
    var fitting = FittingOptions(neuron: [240, 240, 240])
    fitting.precision = Scalar.precision
    var model = EnergyModel(
      ModelOptions(typeMap: ["O", "H"], descriptor: .dpa3(options), fitting: fitting))
    model.initialize(seed: 1)
    return time(
      scalar, model.program(), model.parameters, way: "DPA-3" + (keeps ? ", kept" : ""),
      keeps: keeps)
  }
}
