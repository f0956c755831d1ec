import Atoms
import DeepPotential
import Diagnostics
import Foundation
import Storage
import TestSupport
import Testing
import Training

/// Statistics of the fixture data, and what they were computed from.
struct StatisticsExample {
  var request: StatisticsRequest
  let statistics: ModelStatistics

  init() throws {
    let options = ModelOptions(
      typeMap: ["O", "H"],
      descriptor: SeE2AOptions(
        innerCutoff: 0.5, outerCutoff: 4, slots: [0, 0], neuron: [4, 8], axisWidth: 3),
      fitting: FittingOptions(neuron: [8]))
    request = StatisticsRequest(options, slotRule: .automatic(ratio: 1.1))
    let systems = try request.labeled(StatisticsExample.systems())
    let report = try surveyData(systems, typeMap: ["O", "H"], cutoff: 4, threads: 1)
    statistics = try gatherStatistics(request, of: systems, report, threads: 1)
  }

  static func systems(
    _ change: (inout [AtomicSystem]) -> Void = { _ in }
  ) throws -> [StoredSystem] {
    var systems = try readSystems(at: fixtures.appending(path: "train_data.hdf5").path)
    change(&systems)
    return systems.map { StoredSystem($0) }
  }

  var inputs: StatisticsInputs {
    get throws { try StatisticsInputs(request, systems: try StatisticsExample.systems()) }
  }
}

@Test func `statistics come back from their file as they were, in the same bytes every time`()
  throws
{
  let example = try StatisticsExample()
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "stat.h5").path, again = folder.appending(path: "2.h5").path
    try writeStatistics(example.statistics, for: example.inputs, to: path)
    try writeStatistics(example.statistics, for: example.inputs, to: again)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: URL(filePath: again)))
    #expect(try readStatistics(at: path, for: example.inputs) == example.statistics)
  }
}

@Test func `statistics go stale with what they depend on, and with nothing else`() throws {
  let example = try StatisticsExample()
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "stat.h5").path
    try writeStatistics(example.statistics, for: example.inputs, to: path)
    /// Whether the file serves after `change`.
    func serves(_ change: (inout StatisticsRequest) -> Void) throws -> Bool {
      var request = example.request
      change(&request)
      let inputs = try StatisticsInputs(request, systems: try StatisticsExample.systems())
      return !fails(as: .data) { try readStatistics(at: path, for: inputs) }
    }
    #expect(try serves { $0.options.descriptor.neuron = [25, 50] })
    #expect(try serves { $0.options.fitting.neuron = [240] })
    #expect(try serves { $0.options.descriptor.typeOneSide = true })
    #expect(try !serves { $0.options.descriptor.outerCutoff = 4.5 })
    #expect(try !serves { $0.options.descriptor.excludedPairs = [[0, 1]] })
    #expect(try !serves { $0.options.typeMap = ["O", "H", "C"] })
    #expect(try !serves { $0.slotRule = .given([4, 8]) })
    #expect(try !serves { $0.batchCount = 3 })
    let moved = try StatisticsInputs(
      example.request, systems: StatisticsExample.systems { $0[1].positions[0] += 1e-12 })
    #expect(fails(as: .data) { try readStatistics(at: path, for: moved) })
    let elsewhere = try StatisticsInputs(
      example.request, systems: StatisticsExample.systems { $0[0].place = "somewhere else" })
    #expect(try readStatistics(at: path, for: elsewhere) == example.statistics)
  }
}

@Test func `a stale file says what changed`() throws {
  let example = try StatisticsExample()
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "stat.h5").path
    try writeStatistics(example.statistics, for: example.inputs, to: path)
    var request = example.request
    request.options.descriptor.outerCutoff = 5
    request.batchRule = .atLeast(atoms: 32)
    let systems = try StatisticsExample.systems().dropLast()
    let other = try StatisticsInputs(request, systems: Array(systems))
    let error = #expect(throws: ToolError.self) { try readStatistics(at: path, for: other) }
    #expect(error?.problem.contains("batch_size, rcut, the data") == true)
  }
}

@Test func `damaged statistics are refused, wherever the damage is`() throws {
  let example = try StatisticsExample()
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "stat.h5").path
    try writeStatistics(example.statistics, for: example.inputs, to: path)
    let whole = Array(try Data(contentsOf: URL(filePath: path)))
    for place in stride(from: 0, to: whole.count, by: whole.count / 200) {
      var bytes = whole
      bytes[place] ^= 1 << UInt8(place % 8)
      try Data(bytes).write(to: URL(filePath: path))
      #expect(fails(as: .data) { try readStatistics(at: path) }, "byte \(place)")
    }
    for length in stride(from: 0, to: whole.count, by: whole.count / 50) {
      try Data(whole.prefix(length)).write(to: URL(filePath: path))
      #expect(fails(as: .data) { try readStatistics(at: path) }, "\(length) bytes")
    }
  }
}

@Test func `a file that holds something else is refused`() throws {
  #expect(
    fails(as: .data) { try readStatistics(at: fixtures.appending(path: "train_init.dp").path) })
  #expect(fails(as: .missingInput) { try readStatistics(at: "/nowhere/stat.h5") })
}

@Test func `a model takes over the statistics`() throws {
  let example = try StatisticsExample()
  var options = example.request.options
  options.descriptor.slots = example.statistics.slots
  var model = EnergyModel(options)
  model.use(example.statistics)
  #expect(model.outputBias == example.statistics.energyBias.values)
  guard case .seE2A(let descriptor) = model.descriptor else { return }
  #expect(descriptor.mean == example.statistics.mean)
  #expect(descriptor.deviation == example.statistics.deviation)
}
