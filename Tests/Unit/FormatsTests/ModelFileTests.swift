import DeepPotential
import Diagnostics
import Files
import Foundation
import HDF5
import Models
import TestSupport
import Testing

private func path(_ name: String) -> String { fixtures.appending(path: name).path }

private let trained = ["samples/trained_by_pytorch", "samples/trained_by_tensorflow"]

@Test(arguments: modelFixtures + descriptorFixtures + messageFixtures + trained)
func `a model that is written and read again is the same, bit by bit`(name: String) throws {
  var stored = try StoredModel.read(path(name + ".dp"))
  stored.provenance = ["program": "test", "input.1": "a.h5 sha256:00"]
  try withTemporaryFolder { folder in
    let first = folder.appending(path: "first.h5").path
    let second = folder.appending(path: "second.h5").path
    try stored.write(to: first)
    let again = try StoredModel.read(first)
    #expect(again == stored)
    try again.write(to: second)
    #expect(try Data(contentsOf: URL(filePath: first)) == Data(contentsOf: URL(filePath: second)))
  }
}

@Test(arguments: modelFixtures + descriptorFixtures + messageFixtures + trained)
func `the tree that is written is DeePMD-kit's`(name: String) throws {
  let source = try keyTree(of: path(name + ".dp"))
  try withTemporaryFolder { folder in
    let copy = folder.appending(path: "copy.h5").path
    try StoredModel.read(path(name + ".dp")).write(to: copy)
    let written = try keyTree(of: copy)
    // Below "model", DeePMD-kit takes an unknown key as an error and most missing ones too.
    let model = { (tree: [String: String]) in tree.filter { $0.key.hasPrefix("/model/") } }
    let differences = Set(
      model(source).map(\.self).filter { written[$0.key] != $0.value }.map(\.key)
    )
    .union(model(written).keys.filter { source[$0] == nil })
    #expect(differences.subtracting(harmless) == [])
    // The definition is the one that was read.
    let definition = { (tree: [String: String]) in
      tree.filter { $0.key.hasPrefix("/model_def_script/") }
    }
    #expect(definition(written) == definition(source))
    #expect(written["/@variables/min_nbor_dist"] == source["/@variables/min_nbor_dist"])
  }
}

/// Places where several forms mean the same: no energies of single atoms.
private let harmless: Set<String> = [
  "/model/fitting/atom_ener", "/model/models[0]/fitting/atom_ener",
  "/model/models[1]/fitting/atom_ener",
]

/// Every leaf of the tree in the model file `path`: its place and its text, or its type and shape
/// where it names an array.
func keyTree(of path: String) throws -> [String: String] {
  let file = try HDF5File(reading: path)
  let text = try #require(try file.stringAttribute("json", of: "/"))
  var leaves: [String: String] = [:]
  func visit(_ value: JSONValue, _ place: String, _ isVariable: Bool) throws {
    switch value {
    case .object(let members):
      for (key, member) in members {
        try visit(member, "\(place)/\(key)", isVariable || key == "@variables")
      }
    case .array(let elements)
    where elements.contains { if case .object = $0 { true } else { false } }:
      for (index, element) in elements.enumerated() {
        try visit(element, "\(place)[\(index)]", isVariable)
      }
    case .array(let elements) where isVariable:
      for (index, element) in elements.enumerated() {
        try visit(element, "\(place)[\(index)]", isVariable)
      }
    case .string(let name) where isVariable:
      leaves[place] = try "\(file.type(of: name).description) \(file.shape(of: name))"
    // The PyTorch backend writes "default" where it means float64.
    case "default": leaves[place] = "\"float64\""
    default: leaves[place] = value.serialized
    }
  }
  try visit(JSONValue(parsing: text.utf8, at: path), "", false)
  return leaves
}

@Test func `precision, statistics and options arrive where they belong`() throws {
  let model = try StoredModel.read(path("ener_fparam_aparam.dp")).model
  #expect(model.fitting.options.frameParameters == 2)
  #expect(model.fitting.options.atomParameters == 1)
  #expect(model.fitting.frameParameterMean.count == 2)
  let narrow = try StoredModel.read(path("se_e2_a_float32.dp")).model
  #expect(narrow.parameters.float64.isEmpty && !narrow.parameters.float32.isEmpty)
  let atoms = try StoredModel.read(path("ener_atom_ener.dp")).model
  #expect(atoms.fitting.options.atomEnergies == [-3, nil])
  guard case .seE2A(let oneSided) = atoms.descriptor else { return }
  #expect(oneSided.embeddings.count == 2 && oneSided.options.typeOneSide)
  let trained = try StoredModel.read(path("samples/trained_by_tensorflow.dp"))
  #expect(trained.provenance["backend"] == "TensorFlow")
  #expect(trained.model.fitting.bias.contains { $0 != 0 })
}

@Test func `a model without a definition gets one that lays out the same networks`() throws {
  var stored = try StoredModel.read(path("se_e2_a_oneside.dp"))
  stored.definition = .null
  try withTemporaryFolder { folder in
    let copy = folder.appending(path: "copy.h5").path
    try stored.write(to: copy)
    let definition = try StoredModel.read(copy).definition
    #expect(definition["descriptor"]?["sel"] == [26, 24])
    #expect(definition["descriptor"]?["rcut"] == 4.0)
    #expect(definition["fitting_net"]?["type"] == "ener")
  }
}

@Test func `statistics of a float32 model are stored without loss`() throws {
  // A training that goes on from a checkpoint must see the numbers it began with.
  var descriptor = SeE2AOptions(
    innerCutoff: 0.5, outerCutoff: 4, slots: [3, 5], neuron: [2, 4], axisWidth: 2)
  descriptor.precision = .float32
  var fitting = FittingOptions(neuron: [3])
  fitting.precision = .float32
  fitting.frameParameters = 1
  let options = ModelOptions(typeMap: ["O", "H"], descriptor: descriptor, fitting: fitting)
  var statistics = ModelStatistics(
    StatisticsSample(for: options), NeighborSurvey(typeCount: 2), for: options)
  statistics.lists[0].mean = statistics.lists[0].mean.indices.map { 1 / Double($0 + 3) }
  statistics.lists[0].deviation = statistics.lists[0].mean
  statistics.frameParameterMean = [1 / 3]
  statistics.frameParameterInverseDeviation = [1 / 7]
  var model = EnergyModel(options)
  model.use(statistics)
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "model.h5").path
    try StoredModel(model: model).write(to: path)
    #expect(try StoredModel.read(path).model == model)
  }
}
