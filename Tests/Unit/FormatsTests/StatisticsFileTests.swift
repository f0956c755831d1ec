import Atoms
import Datasets
import DeepPotential
import Diagnostics
import Foundation
import Runs
import TestSupport
import Testing
import Training

/// Statistics of the fixture data, and what they were computed from.
struct StatisticsExample {
  var request: StatisticsRequest
  let statistics: ModelStatistics, counts: DataCounts

  init() throws {
    let options = ModelOptions(
      typeMap: ["O", "H"],
      descriptor: SeE2AOptions(
        innerCutoff: 0.5, outerCutoff: 4, slots: [0, 0], neuron: [4, 8], axisWidth: 3),
      fitting: FittingOptions(neuron: [8]))
    request = StatisticsRequest(options, slotRules: [.automatic(ratio: 1.1)])
    let systems = try request.labeled(StatisticsExample.systems())
    let report = try surveyData(systems, typeMap: ["O", "H"], cutoffs: [4], threads: 1)
    statistics = try gatherStatistics(request, of: systems, report, threads: 1)
    counts = report.counts
  }

  static func systems(
    _ change: (inout [AtomicSystem]) -> Void = { _ in }
  ) throws -> [OpenSystem] {
    var systems = try readSystems(at: fixtures.appending(path: "train_data.hdf5").path)
    change(&systems)
    return systems.map { OpenSystem($0) }
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

@Test func `what was counted in the data comes back from the file`() throws {
  let example = try StatisticsExample(), systems = try StatisticsExample.systems()
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "stat.h5").path
    try writeStatistics(example.statistics, for: example.inputs, counts: example.counts, to: path)
    #expect(try readStatistics(at: path, for: example.inputs) == example.statistics)
    let survey = try DataSurvey(at: path)
    #expect(survey.typeMap == ["O", "H"] && survey.slots == example.statistics.lists[0].slots)
    let frames = systems.reduce(0) { $0 + $1.frameCount }
    let atoms = systems.reduce(0) { $0 + $1.frameCount * $1.atomCount }
    #expect(survey.frames == frames && survey.atoms.reduce(0, +) == atoms)
    #expect(survey.energies.counts.map { $0.reduce(0, +) } == [frames])
    #expect(survey.forces.counts.map { $0.reduce(0, +) } == survey.atoms)
    // Every atom has some number of neighbors of each type, and the largest is the survey's.
    #expect(survey.neighbors.map { $0.reduce(0, +) } == [atoms, atoms])
    for (type, counts) in survey.neighbors.enumerated() {
      #expect(counts.lastIndex { $0 > 0 } == example.statistics.survey.largestCounts[type])
    }
    let pairs = zip(survey.pairs, survey.distances.counts).reduce(0) { $0 + $1.1.reduce(0, +) }
    let neighbors = survey.neighbors.reduce(0) { sum, counts in
      sum + counts.enumerated().reduce(0) { $0 + $1.offset * $1.element }
    }
    #expect(pairs == neighbors && pairs > 0)
  }
}

@Test func `statistics of an older version say nothing of the data`() throws {
  let example = try StatisticsExample()
  try withTemporaryFolder { folder in
    let path = folder.appending(path: "stat.h5").path
    try writeStatistics(example.statistics, for: example.inputs, to: path)
    let error = #expect(throws: ToolError.self) { try DataSurvey(at: path) }
    #expect(error?.kind == .data && error?.remedy == "run dp-stat again")
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
    #expect(try serves { $0.options.descriptor.resnetTimestep = true })
    #expect(try !serves { $0.options.descriptor.outerCutoff = 4.5 })
    #expect(try !serves { $0.options.descriptor.excludedPairs = [[0, 1]] })
    #expect(try !serves { $0.options.typeMap = ["O", "H", "C"] })
    #expect(try !serves { $0.slotRules = [.given([4, 8])] })
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
  options.descriptor.slots = example.statistics.lists[0].slots
  var model = EnergyModel(options)
  model.use(example.statistics)
  #expect(model.outputBias == example.statistics.outputBias.values)
  guard case .seE2A(let descriptor) = model.descriptor else { return }
  #expect(descriptor.mean == example.statistics.lists[0].mean)
  #expect(descriptor.deviation == example.statistics.lists[0].deviation)
}
