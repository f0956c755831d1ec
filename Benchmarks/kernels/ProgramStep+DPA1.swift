import DeepPotential
import Kernels

extension ProgramStep {
  /// Both sweeps of DPA-1 as in DeePMD-kit's water example, with `layers` attention layers of 128;
  /// sweep 2 finds the numbers of sweep 1 if it `keeps` them, else computes them again.
  static func dpa1(layers: Int, keeps: Bool) -> ProgramStep {
    let model = dpa1Model(layers: layers)
    return time(
      Double.self, model.program(), model.parameters,
      way: "DPA-1, \(layers) attention layers" + (keeps ? ", kept" : ""), keeps: keeps)
  }

  /// DPA-1 as in DeePMD-kit's water example, with `layers` attention layers of 128.
  static func dpa1Model(layers: Int) -> EnergyModel {
    var descriptor = DPA1Options()
    (descriptor.innerCutoff, descriptor.outerCutoff) = (0.5, 6)
    (descriptor.slots, descriptor.neuron, descriptor.axisWidth) = ([120], [25, 50, 100], 16)
    (descriptor.attention.layers, descriptor.isSmooth) = (layers, true)
    var model = EnergyModel(
      ModelOptions(
        typeMap: ["O", "H"], descriptor: .dpa1(descriptor),
        fitting: FittingOptions(neuron: [240, 240, 240])))
    for k in model.parameters.float64.indices {
      model.parameters.float64[k] = 0.05 * Double(k % 7 - 3)
    }
    return model
  }
}
