import DeepPotential
import Diagnostics
import Foundation
import Models
import TestSupport
import Testing

/// Files of models whose nets give forces themselves.
@Suite struct DirectForceFileTests {
  private func stored(_ descriptor: DescriptorOptions, withEnergy: Bool) -> StoredModel {
    var fitting = FittingOptions(neuron: [6, 6])
    fitting.output = .directForces(withEnergy: withEnergy)
    fitting.trainable = [true, false, true]
    var model = EnergyModel(
      ModelOptions(typeMap: ["O", "H"], descriptor: descriptor, fitting: fitting))
    model.initialize(seed: 3)
    if withEnergy { model.outputBias = [-2, 0.5] }
    return StoredModel(model: model, provenance: ["program": "test"])
  }

  private var descriptors: [DescriptorOptions] {
    var shared = DPA1Options()
    shared.local.neuron = [4, 8]
    shared.slots = [20]
    return [
      .dpa1(shared),
      .seE2A(
        SeE2AOptions(
          innerCutoff: 1, outerCutoff: 4, slots: [20, 20], neuron: [4, 8], axisWidth: 2)),
    ]
  }

  @Test(arguments: [0, 1], [true, false])
  func `a model that is written and read again is the same`(number: Int, withEnergy: Bool) throws {
    let stored = stored(descriptors[number], withEnergy: withEnergy)
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.h5").path
      try stored.write(to: path)
      let again = try StoredModel.read(path)
      #expect(again.model == stored.model)
      #expect(again.model.fitting.nets.energy.isEmpty != withEnergy)
      // The definition in the file lays out such a model.
      #expect(again.definition == stored.model.definition)
    }
  }

  @Test(arguments: ["model.dp", "model.yaml"])
  func `files for DeePMD-kit are refused by name`(path: String) {
    let stored = stored(descriptors[0], withEnergy: true)
    let error = #expect(throws: ToolError.self) { try stored.requireLayout(of: path) }
    #expect(error?.kind == .data)
    #expect(error?.problem.contains("no file with a fitting net \"direct_force_ener\"") == true)
    #expect(throws: Never.self) { try stored.requireLayout(of: "model.h5") }
  }

  @Test func `a model without the nets of its energy is refused`() throws {
    let stored = stored(descriptors[0], withEnergy: true)
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.yaml").path
      try stored.write(to: path)
      let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
      #expect(text.contains("energy_nets:"))
      try text.replacing("energy_nets:", with: "other_nets:").write(
        to: URL(filePath: path), atomically: true, encoding: .utf8)
      let error = #expect(throws: ToolError.self) { try StoredModel.read(path) }
      #expect(error?.kind == .data && error?.place.contains("_nets") == true)
    }
  }
}
