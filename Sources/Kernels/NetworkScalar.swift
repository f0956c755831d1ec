import CMachine

/// A number format of networks: float64 or float32.
public protocol NetworkScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// The numbers of one vector register: 512 bits where there is AVX-512, 256 elsewhere.
  associatedtype WideVector: FusedVector, BitwiseCopyable where WideVector.Scalar == Self
  /// The numbers of two registers, but at most sixteen.
  associatedtype BlockVector: FusedVector, BitwiseCopyable where BlockVector.Scalar == Self
  /// `a b + c`, rounded once.
  static func fused(_ a: SIMD4<Self>, _ b: SIMD4<Self>, _ c: SIMD4<Self>) -> SIMD4<Self>
  static func fused(_ a: SIMD8<Self>, _ b: SIMD8<Self>, _ c: SIMD8<Self>) -> SIMD8<Self>
  static func fused(_ a: SIMD16<Self>, _ b: SIMD16<Self>, _ c: SIMD16<Self>) -> SIMD16<Self>
  /// The precision of this format.
  static var precision: Precision { get }
  /// The vector of this format among the parameters.
  static func base(of parameters: ParameterPointers) -> UnsafePointer<Self>
  /// The vector of this format in a gradient.
  static func base(of gradient: GradientPointers) -> UnsafeMutablePointer<Self>
  /// Replaces `count` numbers `z` by `tanh z` and writes the slopes `1 - tanh² z`, if they are
  /// wanted.
  static func tanh(
    _ z: UnsafeMutablePointer<Self>, slope: UnsafeMutablePointer<Self>?, count: Int)
  /// The largest exponent of `e` that leads to a number well within the format.
  static var largestExponent: Self { get }
  /// `z s(z)` with the logistic function s, its slope and its curvature, for `z` below
  /// `largestExponent`.
  static func sigmoidLinear(
    _ z: WideVector
  ) -> (value: WideVector, slope: WideVector, curvature: WideVector)
  /// `eˣ` for `x <= 0`, within a few units in the last place; 0 where it is below the smallest
  /// normal number.
  static func exponentialOfNegative(_ x: WideVector) -> WideVector
  /// Replaces `count` numbers `x <= 0` by `eˣ`, as above.
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
  /// Whether all numbers of a vector are below `limit`; what is not a number is not.
  static func areBelow(_ limit: Self, _ numbers: WideVector) -> Bool
}

extension Double: NetworkScalar {
  /// Eight or four numbers.
  public typealias WideVector = cmachine_doubles
  /// Sixteen or eight numbers.
  public typealias BlockVector = cmachine_double_block
  /// The bits of a WideVector.
  typealias WideBits = cmachine_bits64
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
  /// `tanh` of a vector at a time.
  public static func tanh(
    _ z: UnsafeMutablePointer<Double>, slope: UnsafeMutablePointer<Double>?, count: Int
  ) {
    forEachVector(of: WideVector.self, z, slope, count, hyperbolicTangent)
  }
  /// The largest exponent of `e`.
  public static var largestExponent: Double { 708 }
  /// `z s(z)` of a vector.
  @inline(__always)
  public static func sigmoidLinear(
    _ z: WideVector
  ) -> (value: WideVector, slope: WideVector, curvature: WideVector) {
    Kernels.sigmoidLinear(z)
  }
  /// `eˣ` of a vector at a time.
  public static func exponentiate(_ x: UnsafeMutablePointer<Double>, count: Int) {
    replaceVectors(of: WideVector.self, x, count, Kernels.exponentialOfNegative)
  }
  /// `eˣ` of a vector.
  @inline(never)
  public static func exponentialOfNegative(_ x: WideVector) -> WideVector {
    Kernels.exponentialOfNegative(x)
  }
  /// `a` where `x < y`, `b` elsewhere.
  @inline(__always)
  public static func select(
    _ a: WideVector, where x: WideVector, isBelow y: WideVector, else b: WideVector
  ) -> WideVector {
    let mask = unsafeBitCast(x .< y, to: WideBits.self)
    let bits = unsafeBitCast(b, to: WideBits.self)
    return unsafeBitCast(
      bits ^ ((bits ^ unsafeBitCast(a, to: WideBits.self)) & mask), to: WideVector.self)
  }
  /// Copies eight rows of eight numbers to eight columns.
  public static func transpose8(
    _ from: UnsafePointer<Double>, row: Int, to: UnsafeMutablePointer<Double>, row toRow: Int
  ) {
    cmachine_transpose8_double(from, row, to, toRow)
  }
  /// Whether all numbers of a vector are below `limit`.
  @inline(__always)
  public static func areBelow(_ limit: Double, _ numbers: WideVector) -> Bool {
    cmachine_doubles_are_below(numbers, limit)
  }
}

extension Float: NetworkScalar {
  /// Sixteen or eight numbers.
  public typealias WideVector = cmachine_floats
  /// Sixteen numbers.
  public typealias BlockVector = cmachine_float_block
  /// The bits of a WideVector.
  typealias WideBits = cmachine_bits32
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
  /// `tanh` of a vector at a time.
  public static func tanh(
    _ z: UnsafeMutablePointer<Float>, slope: UnsafeMutablePointer<Float>?, count: Int
  ) {
    forEachVector(of: WideVector.self, z, slope, count, hyperbolicTangent)
  }
  /// The largest exponent of `e`.
  public static var largestExponent: Float { 87 }
  /// `z s(z)` of a vector.
  @inline(__always)
  public static func sigmoidLinear(
    _ z: WideVector
  ) -> (value: WideVector, slope: WideVector, curvature: WideVector) {
    Kernels.sigmoidLinear(z)
  }
  /// `eˣ` of a vector at a time.
  public static func exponentiate(_ x: UnsafeMutablePointer<Float>, count: Int) {
    replaceVectors(of: WideVector.self, x, count, Kernels.exponentialOfNegative)
  }
  /// `eˣ` of a vector.
  @inline(never)
  public static func exponentialOfNegative(_ x: WideVector) -> WideVector {
    Kernels.exponentialOfNegative(x)
  }
  /// `a` where `x < y`, `b` elsewhere.
  @inline(__always)
  public static func select(
    _ a: WideVector, where x: WideVector, isBelow y: WideVector, else b: WideVector
  ) -> WideVector {
    let mask = unsafeBitCast(x .< y, to: WideBits.self)
    let bits = unsafeBitCast(b, to: WideBits.self)
    return unsafeBitCast(
      bits ^ ((bits ^ unsafeBitCast(a, to: WideBits.self)) & mask), to: WideVector.self)
  }
  /// Copies eight rows of eight numbers to eight columns.
  public static func transpose8(
    _ from: UnsafePointer<Float>, row: Int, to: UnsafeMutablePointer<Float>, row toRow: Int
  ) {
    cmachine_transpose8_float(from, row, to, toRow)
  }
  /// Whether all numbers of a vector are below `limit`.
  @inline(__always)
  public static func areBelow(_ limit: Float, _ numbers: WideVector) -> Bool {
    cmachine_floats_are_below(numbers, limit)
  }
}

/// Replaces each vector of `z` by `f` of it and writes `1 - f²`, if it is wanted; the last vector
/// may be partly filled.
@inline(__always)
private func forEachVector<V: SIMD>(
  of type: V.Type, _ z: UnsafeMutablePointer<V.Scalar>, _ slope: UnsafeMutablePointer<V.Scalar>?,
  _ count: Int, _ f: (V) -> V
) where V.Scalar: BinaryFloatingPoint {
  let width = V.scalarCount
  var i = 0
  while i + width <= count {
    let t = f(get(z + i))
    put(t, z + i)
    if let slope { put(1 - t * t, slope + i) }
    i += width
  }
  guard i < count else { return }
  var rest = V.zero
  for k in i..<count { rest[k - i] = z[k] }
  rest = f(rest)
  for k in i..<count {
    z[k] = rest[k - i]
    slope?[k] = 1 - rest[k - i] * rest[k - i]
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
