import Foundation

/// `a = b + s c` over arrays that are larger than all caches.
final class Triad: @unchecked Sendable {
  // Unchecked, because only one thread uses each instance.
  private typealias V = SIMD8<Double>
  private let count: Int
  private let a: UnsafeMutablePointer<V>, b: UnsafeMutablePointer<V>, c: UnsafeMutablePointer<V>

  /// Makes three arrays of `bytes` bytes together.
  init(bytes: Int) {
    count = max(bytes / 3 / MemoryLayout<V>.stride, 1)
    (a, b, c) = (.allocate(capacity: count), .allocate(capacity: count), .allocate(capacity: count))
    for k in 0..<count {  // the first write makes the system provide the memory
      a[k] = .zero
      b[k] = V(repeating: 1)
      c[k] = V(repeating: 2)
    }
  }

  deinit { for array in [a, b, c] { array.deallocate() } }

  /// Goes through the arrays once; returns the number of bytes read and written.
  func run() -> Double {
    let s = V(repeating: 0.5)
    for k in 0..<count { a[k] = b[k].addingProduct(s, c[k]) }
    return Double(3 * count * MemoryLayout<V>.stride)
  }

  /// The bytes of three arrays, each twice as large as the largest cache of a core, but 100 MB to
  /// 800 MB together.
  static var defaultBytes: Int {
    let path = "/sys/devices/system/cpu/cpu0/cache/index3/size"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let kilobytes = text.split(separator: "K").first.flatMap { Int($0) } ?? 0
    return min(max(6 * kilobytes << 10, 100 << 20), 800 << 20)
  }
}
