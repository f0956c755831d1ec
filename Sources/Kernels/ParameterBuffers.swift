/// The parameters of a model as the passes read them, or a gradient as they write it: one buffer per precision.
public struct ParameterBuffers: Sendable {
  /// The buffer of all float64 networks.
  public let float64: Buffer<Double>
  /// The buffer of all float32 networks.
  public let float32: Buffer<Float>

  /// Copies of the vectors of `parameters`.
  public init(_ parameters: Parameters) {
    float64 = Buffer(parameters.float64.count)
    float32 = Buffer(parameters.float32.count)
    float64.base.update(from: parameters.float64, count: parameters.float64.count)
    float32.base.update(from: parameters.float32, count: parameters.float32.count)
  }

  /// Zeros, as many as there are numbers in `parameters`.
  public init(zerosLike parameters: Parameters) {
    float64 = Buffer(parameters.float64.count)
    float32 = Buffer(parameters.float32.count)
  }

  /// The numbers as parameters again.
  public var parameters: Parameters {
    Parameters(
      float64: Array(UnsafeBufferPointer(start: float64.base, count: float64.capacity)),
      float32: Array(UnsafeBufferPointer(start: float32.base, count: float32.capacity)))
  }

  /// Adds `other`, number by number.
  public func add(_ other: ParameterBuffers) {
    for k in 0..<float64.capacity { float64.base[k] += other.float64.base[k] }
    for k in 0..<float32.capacity { float32.base[k] += other.float32.base[k] }
  }
}
