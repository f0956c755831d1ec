import Atoms
import Kernels

/// Fills the slots of one atom at a time by a `NeighborRule`; each thread has its own filler.
///
/// This is the only code that applies the rule, whether the neighbors come from a search or from
/// another program's list.
package final class SlotFiller {
  /// The rule.
  package let rule: NeighborRule
  /// Number of neighbors that the rule takes, the nearest ones.
  package private(set) var count = 0
  /// Whether a neighbor within the cutoff got no slot because the slots were full.
  package private(set) var isTruncated = false
  /// Number of neighbors that the atom sees.
  package private(set) var pairCount = 0
  private let slots = Buffer<Int32>(), types = Buffer<Int32>()
  /// In `fill` the next free slot of each section; in `forEachPair` the next place of each type.
  private let next: Buffer<Int32>
  /// Number of slots that neighbors of each type fill, and number of those neighbors that the atom
  /// sees, `[types]`.
  private let filled: Buffer<Int32>, seen: Buffer<Int32>

  /// Makes memory for slots that are filled by `rule`.
  package init(_ rule: NeighborRule) {
    self.rule = rule
    next = Buffer(max(rule.sectionCount, rule.typeCount))
    filled = Buffer(rule.typeCount)
    seen = Buffer(rule.typeCount)
  }

  /// Gives slots to the neighbors of an atom of type `center`, which is -1 for padding atoms.
  ///
  /// The atom has `found` neighbors, all within the cutoff and sorted by distance; neighbor k is of
  /// type `type(k)`.
  @inline(__always)
  package func fill(center: Int, count found: Int, type: (_ k: Int) -> Int) {
    count = min(found, rule.nearest)
    slots.reserve(count)
    types.reserve(count)
    filled.clear(rule.typeCount)
    let next = next.base, filled = filled.base, slots = slots.base, types = types.base
    for section in 0..<rule.sectionCount { next[section] = Int32(rule.starts[section]) }
    rule.ends.withUnsafeBufferPointer { ends in
      let row = max(center, 0) * rule.typeCount, isTyped = rule.isTyped
      for k in 0..<count {
        let type = type(k), section = isTyped ? type : 0, slot = next[section]
        next[section] = slot + 1
        let fills = slot < ends[row + type]
        slots[k] = fills ? slot : -1
        types[k] = Int32(truncatingIfNeeded: type)
        filled[type] += fills ? 1 : 0
      }
    }
    isTruncated =
      found > count || (0..<rule.sectionCount).contains { Int(next[$0]) > rule.starts[$0 + 1] }
    countSeen(center)
  }

  private func countSeen(_ center: Int) {
    pairCount = 0
    for type in 0..<rule.typeCount {
      let isHidden = center >= 0 && rule.hidden.contains(center, type)
      seen.base[type] = isHidden ? 0 : filled.base[type]
      pairCount += Int(seen.base[type])
    }
  }
}

/// The result of `fill`; k counts the neighbors that the rule takes, nearest first.
extension SlotFiller {
  /// The slot that neighbor k fills, even if the atom does not see it; nil if it fills none.
  package func slot(_ k: Int) -> Int? { slots.base[k] >= 0 ? Int(slots.base[k]) : nil }

  /// The type of neighbor k.
  package func type(_ k: Int) -> Int { Int(types.base[k]) }

  /// Whether the atom sees neighbor k, so that they are a pair.
  package func isPair(_ k: Int) -> Bool {
    slots.base[k] >= 0 && seen.base[Int(types.base[k])] > 0
  }

  /// Number of pairs with neighbors of `type`.
  package func pairCount(_ type: Int) -> Int { Int(seen.base[type]) }

  /// Number of slots that neighbors of `type` fill unseen by the atom.
  package func hiddenCount(_ type: Int) -> Int { Int(filled.base[type] - seen.base[type]) }

  /// Calls `body` for each neighbor that the atom sees, nearest first.
  ///
  /// `place` is the neighbor's place in a list of the atom's pairs that is sorted by type and, in
  /// each type, by distance.
  @inline(__always)
  package func forEachPair(_ body: (_ k: Int, _ place: Int) -> Void) {
    let next = next.base, seen = seen.base, slots = slots.base, types = types.base
    var end: Int32 = 0
    for type in 0..<rule.typeCount {
      next[type] = end
      end += seen[type]
    }
    for k in 0..<count {
      let type = Int(types[k])
      if slots[k] < 0 || seen[type] == 0 { continue }
      body(k, Int(next[type]))
      next[type] += 1
    }
  }
}

extension SlotFiller {
  /// Gives slots to the neighbors that a search has `found` around an atom of type `center`.
  ///
  /// The cutoff of the search must not be shorter than the rule's; the frame's atoms are of
  /// `types`.
  package func fill(
    center: Int, _ found: FoundNeighbors, types: [Int], _ images: PeriodicImages
  ) {
    let codes = found.codes, squared = found.squaredDistances
    var count = codes.count
    while count > 0 && squared[count - 1].squareRoot() > rule.cutoff { count -= 1 }
    types.withUnsafeBufferPointer { types in
      fill(center: center, count: count) { types[images.atom(codes[$0])] }
    }
  }
}
