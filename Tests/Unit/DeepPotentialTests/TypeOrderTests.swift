import Atoms
import DeepPotential
import Foundation
import Models
import TestSupport
import Testing

/// Models with their types in another order.
@Suite struct TypeOrderTests {
  @Test(arguments: ParityTests.models + descriptorFixtures)
  func `a model says the same with its types in another order`(name: String) throws {
    let model = try StoredModel.read(fixtures.appending(path: name + ".dp").path).model
    let reversed = model.reordered(to: model.typeMap.reversed())
    let tolerance = name == "se_e2_a_float32" ? 2e-5 : 1e-11
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
