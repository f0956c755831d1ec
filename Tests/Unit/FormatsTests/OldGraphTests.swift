import Atoms
import DeepPotential
import Diagnostics
import Files
import Foundation
import Models
import TestSupport
import Testing

/// Graphs in the layouts of old versions, which are made of models whose numbers are known.
struct OldGraphTests {
  @Test(arguments: [
    ("se_e2_a_twoside", GraphSample.Layout.first), ("se_e2_a_oneside", .first),
    ("se_e2_a_twoside", .second), ("ener_fparam_aparam", .second), ("ener_atom_ener", .second),
    ("descriptors/dpa1_strip_attn0", .second), ("descriptors/dpa1_strip_hard", .second),
  ]) func `a graph gives the numbers of the model that it was made of`(
    name: String, layout: GraphSample.Layout
  ) throws {
    let bytes = try GraphSample(name, layout).graph.bytes
    let (model, notices) = try Notices.collected { try StoredModel.read(bytes, name: "graph.pb") }
    let original = try StoredModel.read(fixtures.appending(path: "\(name).dp").path)
    #expect(notices.isEmpty == (layout == .second))
    let configurations = try fixture("\(name).json")["configs"]?.elements ?? []
    try #require(!configurations.isEmpty)
    for configuration in configurations {
      let frame = try Frame(fixture: configuration)
      let found = try #require(Evaluator(threads: 1).predict([frame], with: model.model).first)
      let wanted = try #require(Evaluator(threads: 1).predict([frame], with: original.model).first)
      #expect(abs(found.energy - wanted.energy) < 1e-11)
      let differences = zip(found.forces, wanted.forces).map { $0 - $1 }
      #expect(differences.allSatisfy { max(abs($0.x), abs($0.y), abs($0.z)) < 1e-11 })
    }
  }

  @Test func `an input that a graph carries is part of the model`() throws {
    let bytes = try GraphSample("ener_fparam_aparam", .second).graph.bytes
    let model = try StoredModel.read(bytes, name: "graph.pb")
    #expect(model.definition["descriptor"]?["smooth_type_embedding"] == false)
    #expect(model.provenance["backend"] == "TensorFlow")
  }
}
