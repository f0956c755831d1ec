/// The trainable numbers of a model: one flat vector per precision, in the order of the model file.
///
/// Gradients with respect to the parameters, and the moments of an optimizer, have this type too.
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

  /// Makes zeros for all parameters in `layout`.
  public init(zerosFor layout: ParameterLayout) {
    self.init(
      float64: Array(repeating: 0, count: layout.float64Count),
      float32: Array(repeating: 0, count: layout.float32Count))
  }

  /// Makes as many zeros as there are numbers in `other`.
  public init(zerosLike other: Parameters) {
    self.init(
      float64: Array(repeating: 0, count: other.float64.count),
      float32: Array(repeating: 0, count: other.float32.count))
  }

  /// Whether both have the same count of numbers in each precision.
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

/// Assigns places in the two flat parameter vectors while a model is built.
public struct ParameterLayout: Sendable {
  /// The count of places assigned so far.
  public private(set) var float64Count = 0, float32Count = 0

  /// Starts without assigned places.
  public init() {}

  /// Assigns the next `count` places in the vector of `precision`.
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
