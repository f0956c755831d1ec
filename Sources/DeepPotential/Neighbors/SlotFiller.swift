import Atoms
import Kernels

/// Gives the neighbors of one atom after the other their slots by a `NeighborRule`; the memory of
/// one thread.
///
/// Whoever asks which neighbor fills which slot asks here, whatever the neighbors come from.
package final class SlotFiller {
  /// What decides.
  package let rule: NeighborRule
  /// How many neighbors of the atom count, the nearest of them.
  package private(set) var count = 0
  /// Whether neighbors within the cutoff have found no slot because all were taken.
  package private(set) var isTruncated = false
  /// Number of neighbors that the atom sees.
  package private(set) var pairCount = 0
  private let slots = Buffer<Int32>(), types = Buffer<Int32>()
  /// Slots filled so far of each section, then pairs placed so far of each type.
  private let next: Buffer<Int32>
  /// Slots that neighbors of each type fill, and of these those that the atom sees, `[types]`.
  private let filled: Buffer<Int32>, seen: Buffer<Int32>

  /// Memory for slots filled by `rule`.
  package init(_ rule: NeighborRule) {
    self.rule = rule
    next = Buffer(max(rule.sectionCount, rule.typeCount))
    filled = Buffer(rule.typeCount)
    seen = Buffer(rule.typeCount)
  }

  /// Gives slots to the neighbors of an atom of type `center` (-1 for an atom without any): the
  /// first `found` of them, all within the cutoff and nearest first; neighbor k is of `type(k)`.
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

/// What became of the neighbors that count; k is the place of one of them, nearest first.
extension SlotFiller {
  /// The slot that neighbor k fills, seen or not; nil if it fills none.
  package func slot(_ k: Int) -> Int? { slots.base[k] >= 0 ? Int(slots.base[k]) : nil }

  /// The type of neighbor k.
  package func type(_ k: Int) -> Int { Int(types.base[k]) }

  /// Whether the atom sees neighbor k: a pair.
  package func isPair(_ k: Int) -> Bool {
    slots.base[k] >= 0 && seen.base[Int(types.base[k])] > 0
  }

  /// Number of pairs with neighbors of `type`.
  package func pairCount(_ type: Int) -> Int { Int(seen.base[type]) }

  /// Number of slots that neighbors of `type` fill unseen.
  package func hiddenCount(_ type: Int) -> Int { Int(filled.base[type] - seen.base[type]) }

  /// Calls `body` with each neighbor that is a pair, nearest first, and its place among the atom's
  /// pairs type by type, nearest first in each.
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
  /// Gives slots to what a search that looked at least as far as the rule does has `found` around
  /// an atom of type `center`; the frame's atoms are of `types`.
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
