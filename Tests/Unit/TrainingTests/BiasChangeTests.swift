import Atoms
import Datasets
import DeepPotential
import Files
import Foundation
import Models
import TestSupport
import Testing
import Training

/// The change of an energy bias against `dp change-bias`, fixture `change_bias.json`.
@Suite struct BiasChangeTests {
  private let stored: StoredModel
  private let systems: [LabeledSystem]
  private let expected: JSONValue

  init() throws {
    stored = try StoredModel.read(
      fixtures.appending(path: "samples/trained_by_pytorch.dp").path)
    let typeMap = stored.model.typeMap
    systems = try readSystems(at: fixtures.appending(path: "data").path).map {
      try LabeledSystem($0, typeMap: typeMap, sortingAtoms: false)
    }
    expected = try fixture("change_bias.json")
  }

  private func change(
    _ model: inout EnergyModel, _ rule: BiasRule, preset: [Double?] = []
  ) throws -> BiasChange {
    try changeBias(
      of: &model, by: rule, on: systems, frames: systems.map { 0..<$0.frameCount }, preset: preset,
      threads: 2)
  }

  @Test(arguments: [("change", BiasRule.change), ("set", .set)])
  func `the new bias is that of DeePMD-kit`(name: String, rule: BiasRule) throws {
    var model = stored.model
    let change = try change(&model, rule)
    #expect(change.before == expected["before"]?.numbers)
    let numbers = expected[name]?.numbers ?? []
    #expect(numbers.count == 2)
    for (found, number) in zip(model.outputBias, numbers) {
      #expect(abs(found - number) <= 1e-9 * abs(number))
    }
    #expect(change.after == model.energyBias && model.fitting.bias == stored.model.fitting.bias)
  }

  @Test func `errors before and after are those of an evaluation`() throws {
    for rule in [BiasRule.change, .set, .given([-430, nil]), .shifted([nil, 0.25])] {
      var model = stored.model
      let change = try change(&model, rule)
      for (model, energy) in [(stored.model, change.energyBefore), (model, change.energyAfter)] {
        var found = EvaluationErrors(of: .energy)
        try evaluate(
          [model], on: systems, frameCounts: systems.map(\.frameCount),
          with: [Evaluator(threads: 1)]
        ) { found.add($0.predictions[0], of: $0.frame.frame, against: $0.frame.labels) }
        let perAtom = try #require(found.sums[.energyPerAtom])
        #expect(abs(perAtom.meanAbsolute - energy.meanAbsolute) <= 1e-12)
        #expect(abs(perAtom.rootMeanSquare - energy.rootMeanSquare) <= 1e-12)
        #expect(perAtom.weight == energy.weight)
        #expect(found.sums[.force] == change.force)
        #expect(found.frameCount == change.frameCount)
      }
      // Of all biases the fitted one leaves the least.
      if rule == .change {
        #expect(change.energyAfter.rootMeanSquare < change.energyBefore.rootMeanSquare)
      }
    }
  }

  @Test func `a change of a change does nothing, and presets stay`() throws {
    var model = stored.model
    _ = try change(&model, .change)
    let again = try change(&model, .change)
    for (before, after) in zip(again.before, again.after) {
      #expect(abs(after - before) <= 1e-10 * abs(before))
    }
    _ = try change(&model, .set, preset: [-400, nil])
    #expect(model.energyBias[0] == -400)
    let bias = model.energyBias[1]
    _ = try change(&model, .change, preset: [-400, nil])
    #expect(model.energyBias[0] == -400 && model.energyBias[1] != bias)
  }

  @Test func `both places of a bias count together`() throws {
    var model = stored.model
    model.fitting.bias = [3, -2]
    _ = try change(&model, .set)
    var plain = stored.model
    _ = try change(&plain, .set)
    for (a, b) in zip(model.energyBias, plain.energyBias) { #expect(abs(a - b) <= 1e-12 * abs(b)) }
  }

  @Test func `data without energies are refused where energies are fitted`() throws {
    let bare = try systems.map { system in
      var bare = try system.source.whole()
      bare.labels["energy"] = nil
      return try LabeledSystem(bare, typeMap: stored.model.typeMap)
    }
    var model = stored.model
    #expect(
      fails(as: .data) {
        _ = try changeBias(
          of: &model, by: .change, on: bare, frames: bare.map { _ in 0..<1 }, threads: 1)
      })
    #expect(model == stored.model)
  }
}
