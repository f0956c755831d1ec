import ArgumentParser
import Atoms
import Datasets
import DeepPotential
import Files
import Foundation
import Toolkit
import Training

/// `dp neighbor-stat`: the smallest distance and the largest numbers of neighbors in data.
struct NeighborStatCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "neighbor-stat", abstract: "Count neighbors within a cutoff.")

  @ParentCommand var dp: DP
  @OptionGroup var log: LogOptions
  @Option(name: .shortAndLong, help: "Data: a folder of systems at any depth, or a file.")
  var system = "."
  @Option(name: .shortAndLong, help: ArgumentHelp("Cutoff in Å.", valueName: "r")) var rcut: Double
  @Option(name: .shortAndLong, parsing: .upToNextOption, help: "Elements, in order.")
  var typeMap: [String] = []
  @Flag(
    name: [.customLong("mixed-type"), .customLong("one-type")],
    help: "Count neighbors of all elements together.")
  var mixedType = false

  func validate() throws {
    guard rcut > 0 && rcut.isFinite else {
      throw ValidationError("'--rcut \(rcut)': give a cutoff above 0, in Å.")
    }
  }

  func execute() throws {
    sayIgnored()
    var cache = DataCache(limit: 0)
    let systems = try openSystems(at: [system], cache: &cache)
    let types = typeMap.isEmpty ? Self.types(of: systems) : typeMap
    let labeled = try collectingErrors(systems) {
      try LabeledSystem($0, typeMap: types)
    }
    let report = try surveyData(labeled, typeMap: types, cutoffs: [rcut], threads: common.threads)
    let neighbors = report.neighbors
    let counts = mixedType ? [neighbors.largestTotal] : neighbors.largestCounts
    if typeMap.isEmpty { console.say("DEEPMD INFO    type_map: \(types)") }
    let distance = neighbors.closest?.distance ?? rcut
    console.say("DEEPMD INFO    min_nbor_dist: \(String(format: "%f", distance))")
    let list = counts.map(String.init).joined(separator: " ")
    console.say("DEEPMD INFO    max_nbor_size: [\(list)]")
    if common.json {
      try console.output(
        json: JSONValue.object([
          "min_nbor_dist": .number(distance), "max_nbor_size": .integers(counts),
          "type_map": .strings(types),
        ]))
    }
  }

  /// The elements of all systems, in the order of their first appearance.
  private static func types(of systems: [OpenSystem]) -> [String] {
    var names: [String] = []
    for system in systems {
      let own = system.typeNames ?? (0...(system.types.max() ?? 0)).map { "Type_\($0)" }
      for name in own where !names.contains(name) { names.append(name) }
    }
    return names
  }
}
