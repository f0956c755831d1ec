// c_api.h documents these functions.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CDeepMD
import DeepPotential
import Diagnostics
import Glibc

/// The object behind a `DP_Nlist`: the caller's neighbor lists.
final class NeighborList {
  private let count: Int
  private let centers: UnsafePointer<CInt>?, counts: UnsafePointer<CInt>?
  private let lists: UnsafePointer<UnsafeMutablePointer<CInt>?>?
  /// The bits that hold the index of a neighbor.
  var mask: CInt = -1
  /// The owner of each atom, and how processes swap rows, where the caller has said it.
  var mapping: UnsafePointer<CInt>?, given: GivenSwaps?
  /// An empty list, for atoms without a list of the caller's.
  private let emptyList = UnsafeMutablePointer<CInt>.allocate(capacity: 1)

  deinit { emptyList.deallocate() }

  init(
    _ count: CInt, _ centers: UnsafePointer<CInt>?, _ counts: UnsafePointer<CInt>?,
    _ lists: UnsafePointer<UnsafeMutablePointer<CInt>?>?
  ) {
    self.count = Int(count)
    (self.centers, self.counts, self.lists) = (centers, counts, lists)
  }

  static func at(_ pointer: OpaquePointer?) -> NeighborList? {
    pointer.map {
      Unmanaged<NeighborList>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue()
    }
  }

  /// Calls `body` with the lists by atom, for `own` atoms: the caller's memory if it has a list for
  /// every atom.
  func withLists<Result>(
    own: Int,
    _ body: (UnsafePointer<UnsafeMutablePointer<CInt>?>, UnsafePointer<CInt>) throws -> Result
  ) throws -> Result {
    var lists: [UnsafeMutablePointer<CInt>?] = [nil], counts: [CInt] = [0]
    if count > 0 {
      guard let centers, let given = self.counts, let from = self.lists else {
        throw ToolError(.usage, at: "neighbor list", "its arrays are NULL")
      }
      if count == own, (0..<own).allSatisfy({ centers[$0] == $0 && from[$0] != nil }) {
        return try body(from, given)
      }
      lists = Array(repeating: nil, count: own)
      counts = Array(repeating: 0, count: own)
      for k in 0..<count {
        let atom = Int(centers[k])
        guard lists.indices.contains(atom) else {
          throw ToolError(
            .data, at: "neighbor list", "lists atom \(atom), own atoms are 0 to \(own - 1)")
        }
        guard from[atom] != nil || given[atom] == 0 else {
          throw ToolError(
            .data, at: "atom \(atom)",
            "its neighbor list is NULL, but has \(counted(Int(given[atom]), "neighbor"))"
          )
        }
        (lists[atom], counts[atom]) = (from[atom] ?? emptyList, given[atom])
      }
    }
    return try lists.withUnsafeBufferPointer { lists in
      try counts.withUnsafeBufferPointer { counts in
        guard let lists = lists.baseAddress, let counts = counts.baseAddress else {
          throw ToolError(.software, at: "neighbor list", "has no memory")
        }
        return try body(lists, counts)
      }
    }
  }
}

extension ListedAtoms {
  /// Throws if a list belongs to an atom that does not exist, or has no valid length.
  func checkLists() throws {
    for center in 0..<ownCount {
      guard let list = lists[center] else { continue }
      guard listCounts[center] >= 0 else {
        throw ToolError(
          .data, at: "atom \(center)",
          "its neighbor list has \(counted(Int(listCounts[center]), "neighbor"))")
      }
      for k in 0..<Int(listCounts[center]) where (list[k] & mask) < 0 || (list[k] & mask) >= count {
        throw ToolError(
          .data, at: "atom \(center)",
          "its neighbor list has atom \(list[k] & mask), expected one of \(counted(count, "atom"))")
      }
    }
  }
}

@implementation @c public func DP_NewNlist(
  _ count: CInt, _ centers: UnsafeMutablePointer<CInt>!, _ counts: UnsafeMutablePointer<CInt>!,
  _ lists: UnsafeMutablePointer<UnsafeMutablePointer<CInt>?>!
) -> OpaquePointer! {
  let list = NeighborList(count, centers, counts, lists)
  return OpaquePointer(Unmanaged.passRetained(list).toOpaque())
}

@implementation @c public func DP_NewNlist_comm(
  _ count: CInt, _ centers: UnsafeMutablePointer<CInt>!, _ counts: UnsafeMutablePointer<CInt>!,
  _ lists: UnsafeMutablePointer<UnsafeMutablePointer<CInt>?>!, _ swaps: CInt,
  _ sendCounts: UnsafeMutablePointer<CInt>!, _ receiveCounts: UnsafeMutablePointer<CInt>!,
  _ firstReceived: UnsafeMutablePointer<CInt>!,
  _ sendLists: UnsafeMutablePointer<UnsafeMutablePointer<CInt>?>!,
  _ sendRanks: UnsafeMutablePointer<CInt>!, _ receiveRanks: UnsafeMutablePointer<CInt>!,
  _ world: UnsafeMutableRawPointer!, _ ranks: CInt
) -> OpaquePointer! {
  let list = NeighborList(count, centers, counts, lists)
  list.given = GivenSwaps(
    count: swaps, sendCounts: sendCounts, receiveCounts: receiveCounts,
    firstReceived: firstReceived, sendLists: sendLists, sendRanks: sendRanks,
    receiveRanks: receiveRanks, world: world)
  return OpaquePointer(Unmanaged.passRetained(list).toOpaque())
}

@implementation @c public func DP_NlistSetMask(_ list: OpaquePointer!, _ mask: CInt) {
  NeighborList.at(list)?.mask = mask
}

@implementation @c public func DP_NlistSetMapping(
  _ list: OpaquePointer!, _ mapping: UnsafeMutablePointer<CInt>!
) {
  NeighborList.at(list)?.mapping = mapping.map { UnsafePointer($0) }
}

@implementation @c public func DP_NlistCheckOK(_ list: OpaquePointer!) -> UnsafePointer<CChar>! {
  UnsafePointer(strdup(""))
}

@implementation @c public func DP_DeleteNlist(_ list: OpaquePointer!) {
  guard let list else { return }
  Unmanaged<NeighborList>.fromOpaque(UnsafeRawPointer(list)).release()
}
