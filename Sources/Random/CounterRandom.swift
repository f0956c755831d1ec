#if canImport(Glibc)
  import Glibc
#endif

/// A counter-based random generator: its n-th number depends on the key and n alone.
///
/// The key is (seed, purpose, step).  So every use of random numbers in the program has its own
/// sequence, and a run that continues from a step draws the same numbers as an uninterrupted run.
/// Source: Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC11).
public struct CounterRandom: RandomNumberGenerator, Sendable {
  private let key: (UInt32, UInt32)
  private var counter: (UInt32, UInt32, UInt32, UInt32)
  private var pending: UInt64?

  /// Starts the sequence for (`seed`, `purpose`, `step`); `purpose` is a short fixed name.
  public init(seed: UInt64, purpose: StaticString, step: UInt64 = 0) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a turns the name into a number
    purpose.withUTF8Buffer { for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 } }
    let mixed = CounterRandom.mix(seed) ^ hash
    key = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
    counter = (0, 0, UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32))
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    if let second = pending {
      pending = nil
      return second
    }
    let (a, b, c, d) = CounterRandom.philox(counter, key)
    let (low, carry) = counter.0.addingReportingOverflow(1)
    counter.0 = low
    if carry { counter.1 &+= 1 }
    pending = UInt64(c) | UInt64(d) << 32
    return UInt64(a) | UInt64(b) << 32
  }

  /// A number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number from the normal distribution of mean 0 and deviation 1 (Box and Muller).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// A whole number in 0..<`bound`, each equally likely.
  public mutating func index(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// Puts `elements` in random order (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for i in elements.indices.reversed() where i > 0 { elements.swapAt(i, index(below: i + 1)) }
  }

  /// The ten rounds of Philox4x32.
  package static func philox(
    _ input: (UInt32, UInt32, UInt32, UInt32), _ start: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (a, b, c, d) = input
    var (k0, k1) = start
    for _ in 0..<10 {
      let left = UInt64(a) &* 0xd251_1f53, right = UInt64(c) &* 0xcd9e_8d57
      (a, b, c, d) = (
        UInt32(truncatingIfNeeded: right >> 32) ^ b ^ k0, UInt32(truncatingIfNeeded: right),
        UInt32(truncatingIfNeeded: left >> 32) ^ d ^ k1, UInt32(truncatingIfNeeded: left)
      )
      k0 &+= 0x9e37_79b9
      k1 &+= 0xbb67_ae85
    }
    return (a, b, c, d)
  }

  /// The finalizer of SplitMix64: neighboring seeds give unrelated keys.
  private static func mix(_ seed: UInt64) -> UInt64 {
    var z = seed &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
