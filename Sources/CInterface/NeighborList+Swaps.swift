import DeepPotential
import Diagnostics

/// What `DP_NewNlist_comm` says of other processes.
struct GivenSwaps {
  let count: CInt
  let sendCounts: UnsafePointer<CInt>?, receiveCounts: UnsafePointer<CInt>?
  let firstReceived: UnsafePointer<CInt>?
  let sendLists: UnsafePointer<UnsafeMutablePointer<CInt>?>?
  let sendRanks: UnsafePointer<CInt>?, receiveRanks: UnsafePointer<CInt>?
  let world: UnsafeRawPointer?
}

extension NeighborList {
  /// How ghosts' rows come from their owners, for `count` atoms of which `own` come first.
  ///
  /// Throws `.usage` if the caller has not said it, or if other processes take part and the caller
  /// has no MPI.
  func ghostSwaps(own: Int, count: Int) throws -> GhostSwaps {
    if let mapping { return try swaps(mapping, own: own, count: count) }
    if let given, given.count > 0 { return try swaps(given, count: count) }
    guard own == count else {
      throw ToolError(
        .usage, at: "neighbor list",
        "has \(counted(count - own, "ghost")), but not the atoms that they are images of, which "
          + "a model that passes messages needs",
        remedy: "LAMMPS: atom_modify map yes; other programs: DP_NlistSetMapping")
    }
    return GhostSwaps(ownCount: own, owners: [])
  }

  private func swaps(
    _ mapping: UnsafePointer<CInt>, own: Int, count: Int
  ) throws -> GhostSwaps {
    let owners = (own..<count).map { mapping[$0] }
    if let wrong = owners.firstIndex(where: { !(0..<own).contains(Int($0)) }) {
      throw ToolError(
        .data, at: "mapping",
        "ghost \(own + wrong) is an image of atom \(owners[wrong]), own "
          + "atoms are 0 to \(own - 1)")
    }
    return GhostSwaps(ownCount: own, owners: owners)
  }

  private func swaps(_ given: GivenSwaps, count: Int) throws -> GhostSwaps {
    guard let sendCounts = given.sendCounts, let receiveCounts = given.receiveCounts,
      let firstReceived = given.firstReceived, let sendLists = given.sendLists,
      let sendRanks = given.sendRanks, let receiveRanks = given.receiveRanks
    else { throw ToolError(.usage, at: "swaps", "an array of them is NULL") }
    var swaps: [GhostSwaps.Swap] = []
    for k in 0..<Int(given.count) {
      let sent = (0..<Int(sendCounts[k])).map { sendLists[k]?[$0] ?? -1 }
      let first = Int(firstReceived[k]), received = first..<first + Int(receiveCounts[k])
      guard sent.allSatisfy({ 0..<count ~= Int($0) }), first >= 0, received.upperBound <= count
      else {
        throw ToolError(
          .data, at: "swap \(k)", "has atoms that do not exist, there are \(count)")
      }
      swaps.append(
        .init(
          sent: sent, received: received, sendRank: Int(sendRanks[k]),
          receiveRank: Int(receiveRanks[k])))
    }
    return try running(swaps, world: given.world)
  }

  private func running(
    _ swaps: [GhostSwaps.Swap], world: UnsafeRawPointer?
  ) throws -> GhostSwaps {
    if let swaps = GhostSwaps(swaps, world: world) { return swaps }
    guard swaps.allSatisfy({ $0.isWithin(rank: 0) }) else {
      throw ToolError(
        .usage, at: "swaps", "are between processes, but the program has no MPI_Sendrecv",
        remedy: "run on one process, or load MPI with its symbols visible to others")
    }
    return GhostSwaps(swaps, ownRank: 0) { _, _, _, _ in }
  }
}
