import Atoms

/// The neighbors that each atom of a frame sees by a `NeighborRule`, sorted by type and, in each
/// type, by distance.
///
/// A pair takes four bytes; `NeighborSlots` computes its displacement.
/// Source: docs/MATH.md, "Neighbor slots".
public struct PackedSlots: Sendable, Equatable {
  /// Number of neighbor types.
  public let typeCount: Int
  /// The pairs of center i and neighbor type t are `starts[k]..<starts[k + 1]`, where
  /// `k = i * typeCount + t`.
  public private(set) var starts: [UInt32]
  /// The neighbors, as codes of `images`.
  public private(set) var codes: [UInt32]
  /// The periodic images that `codes` refers to.
  public let images: PeriodicImages
  /// Number of slots that neighbors of type t fill unseen by center i, at `i * typeCount + t`;
  /// empty if no types are hidden.
  public let hiddenCounts: [UInt32]
  /// Number of atoms with more neighbors than slots.
  public let truncatedCenters: Int

  /// Joins `parts` in the order of the atoms.
  init(_ parts: [SlotPart], atoms: Int, rule: NeighborRule, images: PeriodicImages) {
    let types = rule.typeCount
    var starts = [UInt32](repeating: 0, count: atoms * types + 1)
    var hidden = [UInt32](repeating: 0, count: rule.hidesTypes ? atoms * types : 0)
    for part in parts {
      for (number, center) in part.centers.enumerated() {
        for type in 0..<types {
          starts[center * types + type + 1] = part.counts[number * types + type]
          if rule.hidesTypes {
            hidden[center * types + type] = part.hiddenCounts[number * types + type]
          }
        }
      }
    }
    for k in 1..<starts.count { starts[k] += starts[k - 1] }
    codes = [UInt32](unsafeUninitializedCapacity: Int(starts.last ?? 0)) { codes, count in
      for part in parts {
        var from = 0
        for center in part.centers {
          let to = Int(starts[center * types])..<Int(starts[(center + 1) * types])
          let end = from + to.count
          _ = codes.extracting(to).initialize(fromContentsOf: part.codes[from..<end])
          from = end
        }
      }
      count = Int(starts.last ?? 0)
    }
    (self.starts, hiddenCounts, self.images) = (starts, hidden, images)
    typeCount = types
    truncatedCenters = parts.reduce(0) { $0 + $1.truncatedCenters }
  }

  /// Bytes of memory, estimated.
  var memory: Int { 4 * (codes.count + starts.count + hiddenCounts.count) }
}
