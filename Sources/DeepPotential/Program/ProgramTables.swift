import Kernels
import Measurement

/// The tables that stand for one network of a program: one, or one for each type or pair of types
/// that a frame has.
final class ProgramTables<Scalar: NetworkScalar>: @unchecked Sendable {
  // Unchecked: threads work on tables of their own.
  /// One table, the parameters it was built from, and the largest input it reaches.
  private final class Stored {
    let table: EmbeddingTable<Scalar>
    let parameters: Buffer<Scalar>, gradient: Buffer<Scalar>
    private let known: Buffer<Scalar>
    private var reach = -Double.infinity
    /// Nodes that the frame's rows reach.
    var nodesUsed = 0

    init(_ content: NetworkTable.Content, gate: EmbeddingGate?) {
      let count: Int
      switch content {
      case .network(let network):
        table = EmbeddingTable(network.network, gate: gate)
        count = network.parameterCount
      case .polynomials(let polynomials):
        table = EmbeddingTable(polynomials)
        count = 0
      }
      parameters = Buffer(count)
      known = Buffer(count)
      gradient = Buffer(count)
    }

    /// Builds the table, unless it is that of these parameters already and reaches as far.
    func build(stated: ClosedRange<Double>, needed: Double) -> Bool {
      if table.isGiven { return true }
      let count = parameters.capacity
      let isKnown = (0..<count).allSatisfy { parameters.base[$0] == known.base[$0] }
      if !isKnown || reach < needed {
        reach = -.infinity
        let isExact = measure(.tableBuild, table.buildWork) {
          table.build(parameters.base, range: stated, largest: needed)
        }
        guard isExact else { return false }
        known.base.update(from: parameters.base, count: count)
        reach = max(needed, stated.upperBound)
      }
      nodesUsed = table.nodesUsed(upTo: needed)
      return true
    }
  }

  private let table: NetworkTable
  private var stored: [Stored?]
  /// The numbers of the tables that the frame needs.
  private var present: [Int] = []
  /// Why the last `begin` gave nil.
  private(set) var problem: String?
  /// The nodes of each table that the frame needs.
  private let nodes: Buffer<TableNodes<Scalar>>

  init(_ table: NetworkTable, _ program: Program) {
    self.table = table
    let count =
      table.types.map { types in
        let rows = program.values[types.view.value].space
        return rows == .type ? program.typeCount : program.typeCount * program.typeCount
      } ?? 1
    stored = Array(repeating: nil, count: count)
    nodes = Buffer(count)
  }

  /// The nodes that rows read, by the numbers of tables.
  var base: UnsafePointer<TableNodes<Scalar>> { UnsafePointer(nodes.base) }

  /// The count of numbers that a type or a pair of types decides.
  private var width: Int { table.types.map(\.view.width) ?? 0 }

  /// Turns to the parameters of a model and to a frame whose rows read the tables `present` and
  /// whose pairs are no closer than `closest` Å; `ofTypes` is what types decide, row by row.  The
  /// nodes' adjoints begin at `adjoints` and end at what it gives; nil if a table is not exact
  /// enough.
  func begin(
    _ parameters: UnsafePointer<Scalar>, ofTypes: UnsafePointer<Scalar>?, present: [Int],
    closest: Double, adjoints: Int, threads: Int
  ) -> Int? {
    problem = nil
    forgetOthers(than: present)
    self.present = present
    for number in present where stored[number] == nil {
      stored[number] = Stored(table.content, gate: table.gates?[number])
    }
    let ranges = present.map { number in
      (
        stated: table.range(number, closest: statedClosest),
        needed: table.range(number, closest: closest)
      )
    }
    // Tables grow at their upper end alone.
    guard
      table.isGiven || ranges.allSatisfy({ $0.needed.lowerBound >= $0.stated.lowerBound })
    else {
      problem = "atoms are closer than \(statedClosest) Å"
      return nil
    }
    let built = Buffer<Bool>(present.count)
    nonisolated(unsafe) let from = parameters, types = ofTypes  // read only
    forEachItem(below: present.count, workers: threads) { item, _ in
      let number = present[item]
      guard let one = stored[number] else { return }
      if case .network(let network) = table.content {
        network.gather(from, ofTypes: types.map { $0 + number * width }, into: one.parameters.base)
      }
      let (stated, needed) = ranges[item]
      built.base[item] = one.build(stated: stated, needed: needed.upperBound)
    }
    guard present.indices.allSatisfy({ built.base[$0] }) else {
      problem = EmbeddingTable<Scalar>.steepness
      return nil
    }
    var next = adjoints
    for number in present {
      guard let one = stored[number] else { continue }
      nodes.base[number] = one.table.nodes(adjoints: next)
      next += one.table.adjointCount(one.nodesUsed)
    }
    return next
  }

  /// The work of one pass of `pairs` neighbors through the tables and the sums that follow, as in
  /// `EmbeddingTable.pairWork`.
  func pairWork(_ pass: Phase, _ pairs: Int) -> Work {
    guard let number = present.first, let one = stored[number] else { return .uncounted }
    return one.table.pairWork(pass, pairs: pairs, empty: 0)
  }

  /// Tables of a whole periodic table of elements would need much memory: beyond a limit those go
  /// that the frame does not need.
  private func forgetOthers(than present: [Int]) {
    guard stored.count(where: { $0 != nil }) > tableLimit else { return }
    let needed = Set(present)
    for number in stored.indices where !needed.contains(number) { stored[number] = nil }
  }

  /// Sends the nodes' adjoints in `lane` through the network: to the model's gradient that begins
  /// at `gradient`, and to that of what types decide, row by row.
  func addGradient(
    _ adjoints: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>,
    ofTypes: UnsafeMutablePointer<Scalar>?, threads: Int
  ) {
    guard case .network(let network) = table.content else { return }
    nonisolated(unsafe) let adjoints = adjoints  // read only
    forEachItem(below: present.count, workers: threads) { item, _ in
      guard let one = stored[present[item]] else { return }
      measure(.tableGradient, one.table.gradientWork(parts: 1, points: one.nodesUsed)) {
        one.table.addGradient(
          one.parameters.base, adjoints + nodes.base[present[item]].adjoints,
          points: one.nodesUsed, to: one.gradient.base, replacing: true)
      }
    }
    for number in present {
      guard let one = stored[number] else { continue }
      network.scatter(
        one.gradient.base, to: gradient, ofTypes: ofTypes.map { $0 + number * width })
    }
  }
}

/// The number of tables of one network that are kept besides those of the frame.
private let tableLimit = 64
