import DeepPotential
import Files
import Kernels
import Models
import TestSupport
import Testing

/// A model file of DeePMD-kit's as a program.
struct RecordedProgram {
  let program: Program
  let parameters: Parameters
  /// The path of each parameter array in the file, and its places.
  let places: [(path: String, range: Range<Int>)]

  init(_ name: String, tileSize: Int = 16) throws {
    let path = fixtures.appending(path: "descriptors/\(name).dp").path
    let model = try StoredModel.read(path).model
    program = model.program(tileSize: tileSize)
    parameters = model.parameters
    places = model.tensors.map { ($0.path, $0.range) }
  }

  /// The numbers of a gradient by the paths of the file.
  func byPath(_ gradient: Parameters) -> [String: [Double]] {
    Dictionary(uniqueKeysWithValues: places.map { ($0.path, Array(gradient.float64[$0.range])) })
  }
}

extension JSONValue {
  func number(_ key: String) throws -> Double { try #require(self[key]?.double) }
  var wholeNumbers: [Int] { numbers.map { Int($0) } }
}
