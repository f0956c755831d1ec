import Atoms
import DeepPotential
import Testing
import Training

/// Frames of four atoms of mixed type far from each other, `rows` their types of O, H, Na, with
/// energies of -430, -15 and -1300 eV an atom and a little more.
private func mixedFrames(_ rows: [[Int]], labeled: Bool = true) throws -> AtomicSystem {
  let energies = rows.enumerated().map { index, types in
    types.reduce(0.02 * Double(index % 5)) { $0 + ($1 < 0 ? 0 : [-430.0, -15, -1300][$1]) }
  }
  var positions: [Double] = []
  for index in rows.indices {
    for atom in 0..<4 { positions += [2 * Double(atom) + 0.01 * Double(index), 0, 0] }
  }
  let cell: [Double] = [20, 0, 0, 0, 20, 0, 0, 0, 20]
  return try AtomicSystem(
    place: "mixed", typeNames: ["O", "H", "Na"], types: [0, 0, 0, 0],
    frameTypes: rows.flatMap(\.self), isPeriodic: true, frameCount: rows.count,
    positions: positions, cells: rows.flatMap { _ in cell },
    labels: labeled ? ["energy": energies] : [:]
  ).validated()
}

private func mixed(_ rows: [[Int]], labeled: Bool = true) throws -> LabeledSystem {
  try LabeledSystem(mixedFrames(rows, labeled: labeled), typeMap: ["O", "H", "Na"])
}

private let options = ModelOptions(
  typeMap: ["O", "H", "Na"],
  descriptor: SeE2AOptions(
    innerCutoff: 0.5, outerCutoff: 3, slots: [8, 8, 8], neuron: [4], axisWidth: 2),
  fitting: FittingOptions(neuron: [4]))

/// The sampled frames of `systems`, batches of one frame.
private func frames(of systems: [LabeledSystem], batches: Int) throws -> [[Int]] {
  try StatisticsRequest(
    options, slotRules: [.given([8, 8, 8])], batchRule: .fixed(1), batchCount: batches
  ).frames(of: systems, systems.map { try SystemComposition(of: $0, typeCount: 3) })
}

private let water = [0, 1, 1, -1], salt = [0, 1, 1, 2], pure = [2, 2, 0, 1]

@Test func `the composition of a system counts all of its frames`() throws {
  let found = try SystemComposition(of: mixed([water, salt, pure]), typeCount: 3)
  #expect(found.first == [1, 2, 0])
  #expect(found.fewest == [1, 1, 0] && found.most == [1, 2, 2] && found.total == [3, 5, 3])
  #expect(found.fewestAtoms == 3 && found.mostAtoms == 4 && !found.isUniform)
  let same = try SystemComposition(of: mixed([salt, salt]), typeCount: 3)
  #expect(same.isUniform && same.total == [2, 4, 2])
}

@Test func `frames of a type that the first ones lack join the sample`() throws {
  let late = try mixed(Array(repeating: water, count: 10) + Array(repeating: salt, count: 15))
  #expect(try frames(of: [late], batches: 4) == [Array(0..<4) + Array(10..<20)])
  #expect(try frames(of: [late], batches: 12) == [Array(0..<12)])
  // Another system has the type among its first frames already.
  let early = try mixed([salt, water])
  #expect(try frames(of: [late, early], batches: 4) == [Array(0..<4), [0, 1]])
  // Without energies there it is known to the environment, but not to the energy bias.
  let bare = try mixed([salt, water], labeled: false)
  #expect(try frames(of: [late, bare], batches: 4) == [Array(0..<4) + Array(10..<20), [0, 1]])
}

@Test func `the bias and the environment know a type that comes late`() throws {
  let system = try mixed(
    Array(repeating: water, count: 20) + [salt] + Array(repeating: water, count: 5) + [pure])
  let survey = try surveyData([system], typeMap: options.typeMap, cutoffs: [3], threads: 1)
  let request = StatisticsRequest(
    options, slotRules: [.given([8, 8, 8])], batchRule: .fixed(1), batchCount: 2)
  let found = try gatherStatistics(request, of: [system], survey, threads: 1)
  #expect(found.lists[0].environment.radial[2].count > 0)
  let bias = found.outputBias.values
  #expect(abs(bias[2] + 1300) < 0.5 && abs(bias[0] + 2 * bias[1] + 460) < 0.1, "\(bias)")
}

@Test func `mixed frames are not flagged for their composition, real outliers are`() throws {
  let rows = (0..<40).map { [water, salt, pure][$0 % 3] }
  func findings(_ damage: (inout [Double]) -> Void) throws -> [Finding] {
    var system = try mixedFrames(rows)
    damage(&system.labels["energy", default: []])
    let labeled = try LabeledSystem(system, typeMap: options.typeMap)
    return try surveyData([labeled], typeMap: options.typeMap, cutoffs: [3], threads: 1)
      .systems[0].findings.filter { $0.kind != .duplicateFrames }
  }
  #expect(try findings { _ in }.isEmpty)
  let found = try findings { $0[7] += 4 }
  #expect(found.map(\.kind) == [.energyOutliers] && found[0].frames == [7])
  #expect(found[0].text.contains("1."), "4 eV over 4 atoms: \(found[0].text)")
  // Several at once do not hide each other.
  let three = try findings { for k in [3, 4, 20] { $0[k] -= 40 } }
  #expect(three.first { $0.kind == .energyOutliers }?.frames == [3, 4, 20])
}

@Test func `a type without any energy is named`() throws {
  let systems = [try mixed([water, water]), try mixed([salt, pure], labeled: false)]
  let report = try surveyData(systems, typeMap: options.typeMap, cutoffs: [3], threads: 1)
  #expect(report.typesWithoutEnergy == ["Na"] && report.absentTypes.isEmpty)
}
