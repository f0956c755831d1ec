import DeepPotential
import Kernels

/// The places of the parameters that training changes, in order; adjacent ranges are joined.
public struct TrainableRanges: Sendable, Hashable {
  /// The places in the float64 vector.
  public private(set) var float64: [Range<Int>] = []
  /// The places in the float32 vector.
  public private(set) var float32: [Range<Int>] = []

  /// Takes all places in `parameters`.
  public init(all parameters: Parameters) {
    float64 = [parameters.float64.indices].filter { !$0.isEmpty }
    float32 = [parameters.float32.indices].filter { !$0.isEmpty }
  }

  /// Takes the parameters that the options of `model` call trainable.
  public init(_ model: EnergyModel) { self.init(model.tensors) }

  /// Takes those of `tensors` that are trainable.
  init(_ tensors: [ParameterTensor]) {
    for tensor in tensors where tensor.isTrainable {
      switch tensor.precision {
      case .float64: TrainableRanges.append(tensor.range, to: &float64)
      case .float32: TrainableRanges.append(tensor.range, to: &float32)
      }
    }
  }

  /// Takes the places of all `parts`, which have none in common.
  init(joining parts: [TrainableRanges]) {
    func isBefore(_ a: Range<Int>, _ b: Range<Int>) -> Bool { a.lowerBound < b.lowerBound }
    for range in parts.flatMap(\.float64).sorted(by: isBefore) {
      TrainableRanges.append(range, to: &float64)
    }
    for range in parts.flatMap(\.float32).sorted(by: isBefore) {
      TrainableRanges.append(range, to: &float32)
    }
  }

  private static func append(_ range: Range<Int>, to ranges: inout [Range<Int>]) {
    if let last = ranges.last, last.upperBound == range.lowerBound {
      ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
    } else {
      ranges.append(range)
    }
  }
}
