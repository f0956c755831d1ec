/// The trainable numbers of a model: one flat vector per precision, in the order of the model file.
///
/// A gradient of a loss with respect to the parameters, and the moments of an optimizer, have this
/// type too.
public struct Parameters: Sendable, Equatable {
  /// The parameters of all float64 networks.
  public var float64: [Double]
  /// The parameters of all float32 networks.
  public var float32: [Float]

  /// Makes parameters from the two vectors.
  public init(float64: [Double] = [], float32: [Float] = []) {
    self.float64 = float64
    self.float32 = float32
  }

  /// Zeros for everything that `layout` holds.
  public init(zerosFor layout: ParameterLayout) {
    self.init(
      float64: Array(repeating: 0, count: layout.float64Count),
      float32: Array(repeating: 0, count: layout.float32Count))
  }

  /// Zeros, as many as there are numbers in `other`.
  public init(zerosLike other: Parameters) {
    self.init(
      float64: Array(repeating: 0, count: other.float64.count),
      float32: Array(repeating: 0, count: other.float32.count))
  }

  /// Whether there are as many numbers of each precision as in `other`.
  public func hasShape(of other: Parameters) -> Bool {
    float64.count == other.float64.count && float32.count == other.float32.count
  }

  /// The numbers at `range` of the vector of `precision`, as float64.
  public subscript(precision: Precision, range: Range<Int>) -> [Double] {
    get {
      switch precision {
      case .float64: Array(float64[range])
      case .float32: float32[range].map(Double.init)
      }
    }
    set {
      precondition(newValue.count == range.count, "\(newValue.count) numbers for \(range)")
      switch precision {
      case .float64: float64.replaceSubrange(range, with: newValue)
      case .float32: float32.replaceSubrange(range, with: newValue.map { Float($0) })
      }
    }
  }
}

/// Hands out places in the two flat parameter vectors while a model is put together.
public struct ParameterLayout: Sendable {
  /// Numbers handed out so far.
  public private(set) var float64Count = 0, float32Count = 0

  /// An empty layout.
  public init() {}

  /// The next `count` places in the vector of `precision`.
  public mutating func take(_ count: Int, _ precision: Precision) -> Range<Int> {
    switch precision {
    case .float64:
      defer { float64Count += count }
      return float64Count..<float64Count + count
    case .float32:
      defer { float32Count += count }
      return float32Count..<float32Count + count
    }
  }
}
