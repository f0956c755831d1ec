import Atoms
import Kernels
import Measurement

/// The pairs of one frame and their displacements, in the order of a descriptor's slots.
///
/// The passes read pairs from here.  The next frame uses the same memory again; copies of a value
/// share the memory.
package struct NeighborSlots: @unchecked Sendable {
  // Unchecked: threads only read after `begin` has returned.
  /// Number of neighbor types.
  let typeCount: Int
  /// The pairs of a center and a type begin at `starts[center * stride + type]` and end at the next
  /// element.
  private var starts: [UInt32] = [0]
  private var stride: Int
  private var hiddenCounts: [UInt32] = []
  private let neighborMemory = Buffer<Int32>(), displacementMemory = Buffer<SIMD3<Double>>()

  /// Makes slots without atoms.
  package init(typeCount: Int) {
    self.typeCount = typeCount
    stride = typeCount
  }

  /// Replaces the pairs by those of `frame`, on `threads` threads.
  package mutating func begin(_ frame: PreparedFrame, threads: Int) {
    let packed = frame.slots, positions = frame.frame.positions
    (starts, stride, hiddenCounts) = (packed.starts, typeCount, packed.hiddenCounts)
    pairCount = Int(starts[starts.count - 1])
    neighborMemory.reserve(pairCount)
    displacementMemory.reserve(pairCount)
    let blocks = positions.count < 1024 ? 1 : 4 * threads
    let slots = self, shifts = packed.images.shifts()
    forEachItem(below: blocks, workers: threads) { block, _ in
      let centers = positions.count * block / blocks..<positions.count * (block + 1) / blocks
      measure(.layout) { slots.unpack(packed, positions, shifts, centers) }
    }
  }

  private func unpack(
    _ packed: PackedSlots, _ positions: [SIMD3<Double>], _ shifts: [SIMD3<Double>],
    _ centers: Range<Int>
  ) {
    let neighbors = neighborMemory.base, displacements = displacementMemory.base
    for center in centers {
      let origin = positions[center]
      for pair in pairs(of: center) {
        let code = packed.codes[pair], neighbor = packed.images.atom(code)
        neighbors[pair] = Int32(truncatingIfNeeded: neighbor)
        // The neighbor search computes the same expression, so both get the same bits.
        displacements[pair] = positions[neighbor] + shifts[packed.images.image(code)] - origin
      }
    }
  }

  /// Number of pairs after `begin` of a frame; number of places for pairs after `layOut`.
  private(set) var pairCount = 0
  /// Index of the neighbor atom of each pair.
  package var neighbors: UnsafePointer<Int32> { UnsafePointer(neighborMemory.base) }
  /// Position of the neighbor minus position of the center of each pair, in Å.
  package var displacements: UnsafePointer<SIMD3<Double>> { UnsafePointer(displacementMemory.base) }

  /// The pairs of `center` with neighbors of `type`, in the order of that type's slots.
  package func pairs(of center: Int, type: Int) -> Range<Int> {
    Int(starts[center * stride + type])..<Int(starts[center * stride + type + 1])
  }

  /// The pairs of `center` with neighbors of any type.
  func pairs(of center: Int) -> Range<Int> {
    Int(starts[center * stride])..<Int(starts[center * stride + typeCount])
  }

  /// Number of slots that neighbors of `type` fill unseen by `center`; if it is not 0, `center` has
  /// no pairs with that type.
  package func hiddenCount(of center: Int, type: Int) -> Int {
    hiddenCounts.isEmpty ? 0 : Int(hiddenCounts[center * typeCount + type])
  }

  /// Makes room for `places` pairs around each of `centers` atoms.
  mutating func layOut(centers: Int, places: Int, hides: Bool) {
    stride = typeCount + 1
    pairCount = centers * places
    starts.replaceSubrange(0..., with: repeatElement(0, count: centers * stride))
    let hidden = hides ? centers * typeCount : 0
    hiddenCounts.replaceSubrange(0..., with: repeatElement(0, count: hidden))
    neighborMemory.reserve(pairCount)
    displacementMemory.reserve(pairCount)
  }

  /// Calls `body` with the memory that `layOut` prepared: starts `[centers][types + 1]`, hidden
  /// counts `[centers][types]` (nil if no types are hidden), and the pairs' neighbors and
  /// displacements.
  mutating func withPlaces(
    _ body: (
      UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<Int32>,
      UnsafeMutablePointer<SIMD3<Double>>
    ) -> Void
  ) {
    let neighbors = neighborMemory.base, displacements = displacementMemory.base
    starts.withUnsafeMutableBufferPointer { starts in
      hiddenCounts.withUnsafeMutableBufferPointer { hidden in
        guard let first = starts.baseAddress else { return }
        body(first, hidden.isEmpty ? nil : hidden.baseAddress, neighbors, displacements)
      }
    }
  }
}
