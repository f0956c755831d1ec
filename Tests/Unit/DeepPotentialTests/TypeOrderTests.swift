import Atoms
import DeepPotential
import Foundation
import Kernels
import Models
import TestSupport
import Testing

/// Models with their types in another order.
@Suite struct TypeOrderTests {
  @Test(arguments: ParityTests.models + descriptorFixtures + messageFixtures)
  func `a model says the same with its types in another order`(name: String) throws {
    let model = try StoredModel.read(fixtures.appending(path: name + ".dp").path).model
    let reversed = model.reordered(to: model.typeMap.reversed())
    let tolerance = name.hasSuffix("_float32") ? 2e-5 : 1e-11
    let last = model.typeMap.count - 1
    for configuration in try fixture(name + ".json")["configs"]?.elements ?? [] {
      let frame = try Frame(fixture: configuration)
      var other = frame
      other.types = frame.types.map { $0 < 0 ? $0 : last - $0 }
      let expected = model.predict(frame), found = reversed.predict(other)
      #expect(abs(found.energy - expected.energy) <= tolerance * max(1, abs(expected.energy)))
      for (a, b) in zip(found.forces, expected.forces) { #expect(norm(a - b) <= tolerance) }
      for (a, b) in zip(found.virial.rows, expected.virial.rows) {
        #expect(abs(a - b) <= 10 * tolerance)
      }
    }
    // Nets went back to their places, and so did their parameters.
    let back = reversed.reordered(to: model.typeMap)
    #expect(back.descriptor == model.descriptor && back.fitting == model.fitting)
    // A type's shortcut moves into the matrix of type embeddings and back, which may cost a bit.
    for (a, b) in zip(back.parameters.float64, model.parameters.float64) {
      #expect(abs(a - b) <= 1e-15)
    }
    #expect(back.parameters.float32 == model.parameters.float32)
  }

  /// A layer that was read may have other flags than a new one of the same options.
  @Test func `layers keep their flags, and shortcuts their types`() throws {
    let recorded = try StoredModel.read(
      fixtures.appending(path: "descriptors/dpa1_concat_attn2.dp").path
    ).model
    guard case .dpa1(let part) = recorded.descriptor else { return }
    for wantsShortcut in [true, false] {
      var layout = ParameterLayout(), options = part.options
      (options.types.width, options.types.isAppended) = (2, false)
      let types = DenseNetwork(
        precision: .float64,
        layers: [
          DenseLayer(
            inputs: 2, outputs: 2, activation: .linear, hasBias: true, hasTimestep: false,
            wantsShortcut: wantsShortcut, precision: .float64, in: &layout)
        ])
      let net = DenseNetwork(
        inputs: 1 + options.typeInputs, hidden: options.neuron, output: nil, activation: .tanh,
        resnetTimestep: false, precision: .float64, in: &layout)
      let descriptor = DPA1(
        options, typeCount: 2, attention: part.attention.map { $0.laidOut(.float64, in: &layout) },
        embedding: net, gate: nil, typeEmbedding: types)
      let fitting = EnergyFitting(
        FittingOptions(neuron: [4]), typeCount: 2, descriptorWidth: descriptor.outputs,
        isShared: true, in: &layout)
      var model = EnergyModel(
        typeMap: ["O", "H"], descriptor: descriptor.wrapped, fitting: fitting,
        excludedAtomTypes: [], excludedPairs: [], layout: layout)
      model.initialize(seed: 3)
      var frame = exampleFrame()
      let expected = model.predict(frame)
      frame.types = frame.types.map { 1 - $0 }
      let found = model.reordered(to: ["H", "O"]).predict(frame)
      #expect(abs(found.energy - expected.energy) <= 1e-12 * max(1, abs(expected.energy)))
      for (a, b) in zip(found.forces, expected.forces) { #expect(norm(a - b) <= 1e-12) }
    }
  }

  /// Of the widths of type embeddings here, some have shortcuts with two types, some with one.
  @Test(arguments: [2, 4, 6])
  func `a model of fewer types says the same of these`(width: Int) {
    let model = exampleModel(ExampleShape(neuron: [width, 5, 4], axis: 2, hasMessages: true))
    var frame = exampleFrame()
    frame.types = frame.types.map { _ in 1 }
    let expected = model.predict(frame)
    frame.types = frame.types.map { _ in 0 }
    let alone = model.reordered(to: ["H"])
    #expect(alone.typeMap == ["H"] && alone.sharesAllTypes)
    #expect(alone.parameters.float64.count < model.parameters.float64.count)
    let found = alone.predict(frame)
    #expect(abs(found.energy - expected.energy) <= 1e-12 * max(1, abs(expected.energy)))
    for (a, b) in zip(found.forces, expected.forces) { #expect(norm(a - b) <= 1e-12) }
    #expect(!exampleModel().sharesAllTypes)
  }

  @Test func `a reordered model keeps the order of its parameters in a file`() throws {
    let path = fixtures.appending(path: "se_e2_a_twoside.dp").path
    let model = try StoredModel.read(path).model
    let reversed = model.reordered(to: model.typeMap.reversed())
    #expect(reversed.parameters != model.parameters)
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "model.h5").path
      try StoredModel(model: reversed).write(to: file)
      #expect(try StoredModel.read(file).model == reversed)
    }
  }
}
