import CMachine

/// A number format of networks: float64 or float32.
public protocol NetworkScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// Sixteen numbers; 512 bits of them, and 256 bits.
  associatedtype BlockVector: SIMD, BitwiseCopyable where BlockVector.Scalar == Self
  associatedtype WideVector: SIMD, BitwiseCopyable where WideVector.Scalar == Self
  associatedtype NarrowVector: SIMD where NarrowVector.Scalar == Self
  /// The precision of this format.
  static var precision: Precision { get }
  /// The vector of this format among the parameters.
  static func base(of parameters: ParameterPointers) -> UnsafePointer<Self>
  /// The vector of this format in a gradient.
  static func base(of gradient: GradientPointers) -> UnsafeMutablePointer<Self>
  /// Replaces `count` numbers `z` by `tanh z` and writes the slopes `1 - tanh² z`.
  static func tanh(
    _ z: UnsafeMutablePointer<Self>, slope: UnsafeMutablePointer<Self>, count: Int)
  /// Replaces `count` numbers `z` by `z s(z)` with the logistic function s, and writes slopes and,
  /// if it is given, curvatures.
  static func sigmoidLinear(
    _ z: UnsafeMutablePointer<Self>, slope: UnsafeMutablePointer<Self>,
    curvature: UnsafeMutablePointer<Self>?, count: Int)
  /// `eˣ` for `x <= 0`, within a few units in the last place; 0 where it is below the smallest
  /// normal number.
  static func exponentialOfNegative(_ x: WideVector) -> WideVector
  /// Replaces `count` numbers `x <= 0` by `eˣ`, as above: four times as fast, because vectors that
  /// functions return are taken apart.
  static func exponentiate(_ x: UnsafeMutablePointer<Self>, count: Int)
  /// `a` where `x < y`, `b` elsewhere and where `x` or `y` is not a number.
  ///
  /// In generic code, masks would be applied number by number.
  static func select(
    _ a: WideVector, where x: WideVector, isBelow y: WideVector, else b: WideVector
  ) -> WideVector
  /// Copies eight rows of eight numbers to eight columns.
  static func transpose8(
    _ from: UnsafePointer<Self>, row: Int, to: UnsafeMutablePointer<Self>, row toRow: Int)
}

extension Double: NetworkScalar {
  /// Sixteen numbers.
  public typealias BlockVector = SIMD16<Double>
  /// Eight numbers.
  public typealias WideVector = SIMD8<Double>
  /// Four numbers.
  public typealias NarrowVector = SIMD4<Double>
  /// float64.
  public static var precision: Precision { .float64 }
  /// The float64 vector among the parameters.
  public static func base(of parameters: ParameterPointers) -> UnsafePointer<Double> {
    parameters.float64
  }
  /// The float64 vector in a gradient.
  public static func base(of gradient: GradientPointers) -> UnsafeMutablePointer<Double> {
    gradient.float64
  }
  /// `tanh` of eight numbers at a time.
  public static func tanh(
    _ z: UnsafeMutablePointer<Double>, slope: UnsafeMutablePointer<Double>, count: Int
  ) {
    forEachVector(of: SIMD8<Double>.self, z, slope, count, hyperbolicTangent)
  }
  /// `z s(z)` of eight numbers at a time.
  public static func sigmoidLinear(
    _ z: UnsafeMutablePointer<Double>, slope: UnsafeMutablePointer<Double>,
    curvature: UnsafeMutablePointer<Double>?, count: Int
  ) {
    Kernels.sigmoidLinear(z, slope: slope, curvature: curvature, count: count) {
      (z: SIMD8<Double>) in Kernels.sigmoidLinear(z)
    }
  }
  /// `eˣ` of eight numbers at a time.
  public static func exponentiate(_ x: UnsafeMutablePointer<Double>, count: Int) {
    replaceVectors(of: SIMD8<Double>.self, x, count, Kernels.exponentialOfNegative)
  }
  /// `eˣ` of eight numbers.
  @inline(never)
  public static func exponentialOfNegative(_ x: WideVector) -> WideVector {
    Kernels.exponentialOfNegative(x)
  }
  /// `a` where `x < y`, `b` elsewhere.
  @inline(__always)
  public static func select(
    _ a: WideVector, where x: WideVector, isBelow y: WideVector, else b: WideVector
  ) -> WideVector {
    let mask = unsafeBitCast(x .< y, to: SIMD8<UInt64>.self)
    let bits = unsafeBitCast(b, to: SIMD8<UInt64>.self)
    return unsafeBitCast(
      bits ^ ((bits ^ unsafeBitCast(a, to: SIMD8<UInt64>.self)) & mask), to: WideVector.self)
  }
  /// Copies eight rows of eight numbers to eight columns.
  public static func transpose8(
    _ from: UnsafePointer<Double>, row: Int, to: UnsafeMutablePointer<Double>, row toRow: Int
  ) {
    cmachine_transpose8_double(from, row, to, toRow)
  }
}

extension Float: NetworkScalar {
  /// Sixteen numbers; with 32, the compiler handles them one by one, which takes two hundred times
  /// as long.
  public typealias BlockVector = SIMD16<Float>
  /// Sixteen numbers.
  public typealias WideVector = SIMD16<Float>
  /// Eight numbers.
  public typealias NarrowVector = SIMD8<Float>
  /// float32.
  public static var precision: Precision { .float32 }
  /// The float32 vector among the parameters.
  public static func base(of parameters: ParameterPointers) -> UnsafePointer<Float> {
    parameters.float32
  }
  /// The float32 vector in a gradient.
  public static func base(of gradient: GradientPointers) -> UnsafeMutablePointer<Float> {
    gradient.float32
  }
  /// `tanh` of sixteen numbers at a time.
  public static func tanh(
    _ z: UnsafeMutablePointer<Float>, slope: UnsafeMutablePointer<Float>, count: Int
  ) {
    forEachVector(of: SIMD16<Float>.self, z, slope, count, hyperbolicTangent)
  }
  /// `z s(z)` of sixteen numbers at a time.
  public static func sigmoidLinear(
    _ z: UnsafeMutablePointer<Float>, slope: UnsafeMutablePointer<Float>,
    curvature: UnsafeMutablePointer<Float>?, count: Int
  ) {
    Kernels.sigmoidLinear(z, slope: slope, curvature: curvature, count: count) {
      (z: SIMD16<Float>) in Kernels.sigmoidLinear(z)
    }
  }
  /// `eˣ` of sixteen numbers at a time.
  public static func exponentiate(_ x: UnsafeMutablePointer<Float>, count: Int) {
    replaceVectors(of: SIMD16<Float>.self, x, count, Kernels.exponentialOfNegative)
  }
  /// `eˣ` of sixteen numbers.
  @inline(never)
  public static func exponentialOfNegative(_ x: WideVector) -> WideVector {
    Kernels.exponentialOfNegative(x)
  }
  /// `a` where `x < y`, `b` elsewhere.
  @inline(__always)
  public static func select(
    _ a: WideVector, where x: WideVector, isBelow y: WideVector, else b: WideVector
  ) -> WideVector {
    let mask = unsafeBitCast(x .< y, to: SIMD16<UInt32>.self)
    let bits = unsafeBitCast(b, to: SIMD16<UInt32>.self)
    return unsafeBitCast(
      bits ^ ((bits ^ unsafeBitCast(a, to: SIMD16<UInt32>.self)) & mask), to: WideVector.self)
  }
  /// Copies eight rows of eight numbers to eight columns.
  public static func transpose8(
    _ from: UnsafePointer<Float>, row: Int, to: UnsafeMutablePointer<Float>, row toRow: Int
  ) {
    cmachine_transpose8_float(from, row, to, toRow)
  }
}

/// Replaces each vector of `z` by `f` of it and writes `1 - f²`; the last vector may be partly
/// filled.
@inline(__always)
private func forEachVector<V: SIMD>(
  of type: V.Type, _ z: UnsafeMutablePointer<V.Scalar>, _ slope: UnsafeMutablePointer<V.Scalar>,
  _ count: Int, _ f: (V) -> V
) where V.Scalar: BinaryFloatingPoint {
  let width = V.scalarCount
  let from = UnsafeMutableRawPointer(z), to = UnsafeMutableRawPointer(slope)
  let stride = MemoryLayout<V.Scalar>.stride
  var i = 0
  while i + width <= count {
    let t = f(from.loadUnaligned(fromByteOffset: i * stride, as: V.self))
    from.storeBytes(of: t, toByteOffset: i * stride, as: V.self)
    to.storeBytes(of: 1 - t * t, toByteOffset: i * stride, as: V.self)
    i += width
  }
  guard i < count else { return }
  var rest = V.zero
  for k in i..<count { rest[k - i] = z[k] }
  rest = f(rest)
  for k in i..<count {
    z[k] = rest[k - i]
    slope[k] = 1 - rest[k - i] * rest[k - i]
  }
}

/// Replaces each vector of `x` by `f` of it; the last vector may be partly filled.
@inline(__always)
private func replaceVectors<V: SIMD>(
  of type: V.Type, _ x: UnsafeMutablePointer<V.Scalar>, _ count: Int, _ f: (V) -> V
) where V.Scalar: BinaryFloatingPoint {
  var i = 0
  while i + V.scalarCount <= count {
    put(f(get(x + i)), x + i)
    i += V.scalarCount
  }
  guard i < count else { return }
  var rest = V.zero
  for k in i..<count { rest[k - i] = x[k] }
  rest = f(rest)
  for k in i..<count { x[k] = rest[k - i] }
}
