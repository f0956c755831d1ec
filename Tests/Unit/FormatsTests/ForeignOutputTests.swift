import Atoms
import DeepPotential
import Diagnostics
import Files
import Foundation
import Models
import TestSupport
import Testing

/// Models of dipoles, polarizabilities and densities of states in other files than
/// `.dp`, with the numbers that DeePMD-kit gave.
struct ForeignOutputTests {
  private static let folder = fixtures.appending(path: "foreign")
  private static let names = [
    "pb_dipole",
    "pb_dipole_atten",
    "pb_polar",
    "pb_polar_full",
    "pb_dos",
    "pt_dipole",
    "pth_polar",
    "pt_polar_full",
    "pt_dos",
  ]

  private func record(_ name: String) throws -> JSONValue {
    try JSONDecoder().decode(
      JSONValue.self, from: Data(contentsOf: Self.folder.appending(path: "\(name).json")))
  }

  // Of graphs: types without nets, of which the only selected one is not the first, so that
  // TensorFlow takes the scale and the shift of another; pairs of vectors, which it counts twice;
  // a net for all types.  Of PyTorch: deviations of labels for types and for all.
  @Test(arguments: names)
  func `values of frames and atoms are those of the program that wrote it`(name: String) throws {
    let record = try record(name)
    let file = Self.folder.appending(path: try #require(record["model"]?.text)).path
    let model = try StoredModel.read(file).model, configurations = record["configs"]?.elements ?? []
    try #require(configurations.count >= 3)
    for configuration in configurations {
      let frame = try Frame(fixture: configuration)
      let out = try #require(configuration["out"])
      let prediction = try #require(Evaluator(threads: 1).predict([frame], with: model).first)
      expectEqual(prediction.atomValues, out["atom_values"], 1e-9)
      expectEqual(prediction.frameValue, out["value"], 1e-9 * Double(frame.types.count))
    }
  }

  @Test(arguments: names)
  func `a model that is read is written, and turns its types`(name: String) throws {
    let record = try record(name)
    let file = Self.folder.appending(path: try #require(record["model"]?.text)).path
    let stored = try StoredModel.read(file)
    try withTemporaryFolder { folder in
      for suffix in ["h5", "yaml"] {
        let path = folder.appending(path: "model.\(suffix)").path
        try stored.write(to: path)
        #expect(try StoredModel.read(path).model == stored.model)
      }
    }
    let turned = stored.model.reordered(to: stored.model.typeMap.reversed())
    let configuration = try #require(record["configs"]?.elements.first)
    var frame = try Frame(fixture: configuration)
    frame.types = frame.types.map { 1 - $0 }
    let prediction = try #require(Evaluator(threads: 1).predict([frame], with: turned).first)
    expectEqual(prediction.atomValues, configuration["out"]?["atom_values"], 1e-9)
  }
}
