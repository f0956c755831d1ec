import DeepPotential
import Diagnostics
import Foundation
import HDF5
import Models
import TestSupport
import Testing

/// The model fixture `name`, its biases and timesteps reshaped by `reshape` from lists of so many
/// numbers.
private func readModel(_ name: String, reshaping reshape: (Int) -> [Int]) throws -> EnergyModel {
  let source = try HDF5File(reading: fixtures.appending(path: "\(name).dp").path)
  let text = try #require(try source.stringAttribute("json", of: "/"))
  // Layers name their arrays "b" and "idt"; nothing else does.
  let paths = Set(text.matches(of: /"(b|idt)": ?"([^"]+)"/).map { String($0.2) })
  try #require(paths.count > 3)
  return try withTemporaryFolder { folder in
    let path = folder.appending(path: "old.dp").path
    let file = try HDF5File(creating: path)
    try file.setAttribute("json", of: "/", to: text)
    for member in try source.members(of: "/") {
      let (values, shape, _) = try source.array("/" + member.name)
      let isRow = paths.contains("/" + member.name)
      try file.write(
        values, shape: isRow ? reshape(shape[0]) : shape, to: "/" + member.name)
    }
    try file.close()
    return try StoredModel.read(path).model
  }
}

struct OldModelTests {
  @Test(arguments: ["se_e2_a_oneside", "se_e2_a_twoside", "se_e2_a_resnetdt", "ener_fparam_aparam"])
  func `biases and timesteps that are rows, as in models of 2_0, have the same values`(
    name: String
  ) throws {
    let model = try StoredModel.read(fixtures.appending(path: "\(name).dp").path).model
    #expect(try readModel(name) { [1, $0] } == model)
  }

  @Test(arguments: [[0, 1], [1, 1, 0]])
  func `other shapes are refused, with those that can be`(pattern: [Int]) {
    let error = #expect(throws: ToolError.self) {
      try readModel("se_e2_a_oneside") { count in pattern.map { $0 == 0 ? count : $0 } }
    }
    #expect(error?.kind == .data && error?.problem.contains("or [1, ") == true)
  }
}
