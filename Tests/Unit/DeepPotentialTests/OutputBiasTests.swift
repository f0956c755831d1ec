import Atoms
import DeepPotential
import Files
import TestSupport
import Testing

/// A case of `output_bias.json`: what DeePMD-kit's PyTorch backend makes of labels of frames and of
/// atoms.
private struct BiasCase: CustomTestStringConvertible {
  let testDescription: String
  let output: OutputDefinition
  let recorded: JSONValue

  static func all() throws -> [BiasCase] {
    try TestSupport.fixture("output_bias.json")["cases"]?.elements.map(BiasCase.init) ?? []
  }

  init(_ recorded: JSONValue) throws {
    self.recorded = recorded
    testDescription = try #require(recorded["name"]?.text)
    let isAtomic = try #require(recorded["labels"]).elements.contains { $0["atomic"] != nil }
    let width = try #require(recorded["out_bias"]).elements[0].elements.count
    output = OutputDefinition(
      name: "x", atomName: "atom_x", shape: [width], perAtom: isAtomic, isReduced: true,
      isIntensive: testDescription.hasPrefix("property_int"),
      distinguishesTypes: !testDescription.hasSuffix("_same"), symbol: "x")
  }

  /// The rows of all systems, as one sample.
  func rows() throws -> OutputRows {
    var rows = OutputRows(of: output, typeCount: 2)
    for system in try #require(recorded["labels"]).elements {
      var part = OutputRows(of: output, typeCount: 2)
      for (frame, types) in try #require(system["atype"]).elements.enumerated() {
        var labels = FrameLabels()
        labels.values["x"] = system["global"]?.elements[frame].numbers
        labels.values["atom_x"] = system["atomic"]?.elements[frame].numbers
        part.add(types: types.elements.compactMap(\.int), labels, of: output)
      }
      rows += part
    }
    return rows
  }
}

@Test(arguments: try BiasCase.all())
private func `biases of any shape are those of the PyTorch backend`(item: BiasCase) throws {
  // Energies, dipoles, polarizabilities, densities of states and properties differ in shape alone,
  // and in whether atoms have labels or the frame's value is a mean.
  let bias = try item.rows().bias(), width = item.output.width
  let values = try #require(item.recorded["out_bias"]?.numbers)
  let deviations = try #require(item.recorded["out_std"]?.numbers)
  let size = values.map(abs).max() ?? 1
  #expect(values.count == 2 * width && bias.values.count == 2 * width)
  #expect(bias.deviations.count == (item.output.perAtom ? 2 * width : width))
  for place in values.indices {
    #expect(abs(bias.values[place] - values[place]) <= 1e-12 * max(size, 1))
    let deviation = bias.deviations[place % bias.deviations.count]
    #expect(abs(deviation - deviations[place]) <= 1e-12)
  }
}

@Test func `all recorded biases are there`() throws {
  #expect(try BiasCase.all().count == 10)
}

@Test func `types without labels of atoms get what frames say, and presets stay`() {
  let output = OutputDefinition(
    name: "x", atomName: "atom_x", shape: [2], perAtom: true, isReduced: true, symbol: "x")
  var rows = OutputRows(of: output, typeCount: 3)
  var labels = FrameLabels()
  labels.values = ["x": [8, 80], "atom_x": [1, 10, 3, 30, -1, -1]]
  rows.add(types: [0, 0, -1], labels, of: output)
  labels.values = ["x": [5, 50]]
  rows.add(types: [1, 2], labels, of: output)
  let bias = rows.bias(preset: [nil, [4, 40], nil])
  // The mean of 1 and 3, the preset, and what that leaves of 5.
  for (found, wanted) in zip(bias.values, [2.0, 20, 4, 40, 1, 10]) {
    #expect(abs(found - wanted) < 1e-12)
  }
  #expect(bias.deviations[0] == 1 && bias.deviations[1] == 10)
}
