/// Reads a vector of numbers.
@inline(__always)
func get<V: SIMD>(_ from: UnsafePointer<V.Scalar>) -> V {
  UnsafeRawPointer(from).loadUnaligned(as: V.self)
}

/// Writes a vector of numbers.
@inline(__always)
func put<V: SIMD>(_ vector: V, _ to: UnsafeMutablePointer<V.Scalar>) {
  UnsafeMutableRawPointer(to).storeBytes(of: vector, as: V.self)
}

/// Sets `count` numbers to zero; in generic code, `update(repeating:)` would do this number by
/// number.
public func clear<Scalar: NetworkScalar>(_ numbers: UnsafeMutablePointer<Scalar>, _ count: Int) {
  UnsafeMutableRawPointer(numbers).initializeMemory(
    as: UInt8.self, repeating: 0, count: count * MemoryLayout<Scalar>.stride)
}

/// Copies `count` numbers in another format, rounded to it where it is the shorter one.
@specialized(where From == Double, To == Float)
@specialized(where From == Float, To == Double)
public func convert<From: NetworkScalar, To: NetworkScalar>(
  _ from: UnsafePointer<From>, to: UnsafeMutablePointer<To>, count: Int
) {
  for k in 0..<count { to[k] = To(from[k]) }
}
