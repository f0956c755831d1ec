import Atoms
import Kernels
import Measurement

/// The pairs of one frame in the slots of a descriptor, with their displacements: what the passes
/// work on.
///
/// The memory stays from frame to frame; copies of a value share it.
package struct NeighborSlots: @unchecked Sendable {
  // Unchecked: threads only read, once a frame has begun.
  /// Number of neighbor types.
  let typeCount: Int
  /// The pairs of a center and a type begin at `starts[center * stride + type]`; those behind its
  /// last type's end there.
  private var starts: [UInt32] = [0]
  private var stride: Int
  private var hiddenCounts: [UInt32] = []
  private let neighborMemory = Buffer<Int32>(), displacementMemory = Buffer<SIMD3<Double>>()

  /// No atoms.
  package init(typeCount: Int) {
    self.typeCount = typeCount
    stride = typeCount
  }

  /// Turns to the pairs of `frame`, on `threads` threads.
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
        // The same expression as in the search: the same bits.
        displacements[pair] = positions[neighbor] + shifts[packed.images.image(code)] - origin
      }
    }
  }

  /// Number of pairs, or of places for them.
  private(set) var pairCount = 0
  /// Index of the neighbor atom of each pair.
  package var neighbors: UnsafePointer<Int32> { UnsafePointer(neighborMemory.base) }
  /// Neighbor minus center of each pair, in Å.
  package var displacements: UnsafePointer<SIMD3<Double>> { UnsafePointer(displacementMemory.base) }

  /// The pairs of `center` with neighbors of `type`, in the order of the slots of that type from
  /// the first one on.
  package func pairs(of center: Int, type: Int) -> Range<Int> {
    Int(starts[center * stride + type])..<Int(starts[center * stride + type + 1])
  }

  /// The pairs of `center` with neighbors of any type.
  func pairs(of center: Int) -> Range<Int> {
    Int(starts[center * stride])..<Int(starts[center * stride + typeCount])
  }

  /// Slots of neighbors of `type` that are filled without being seen; there are then no pairs with
  /// that type.
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

  /// Calls `body` with the memory that was laid out: starts `[centers][types + 1]`, hidden counts
  /// `[centers][types]`, and the pairs' neighbors and displacements.
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
