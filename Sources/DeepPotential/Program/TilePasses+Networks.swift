import Kernels

/// Networks that are computed for many rows at once, in predictions without tables.
///
/// A forward and a tangent pass along 1 give each row's output and its slope, so that the way back
/// is a scalar product.  The chain of operations that the network is made of is the plain twin.
extension TilePasses {
  /// `y = net(x)`, with the slopes.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func forwardAtOnce(_ op: Operation.Table) {
    guard let scratch = arena.networks[op.out] else { preconditionFailure("a network has memory") }
    let x = rows(.value, op.x, op.rows), y = rows(.value, of: op.out, nil, op.rows)
    let slopes = rows(.slope, of: op.out, nil, op.rows)
    let numbers = op.table.types.map { entries($0.rows, op.rows) }
    let ofTypes = op.table.types.map {
      (from: arena.origin(.value, $0.view.value), width: $0.view.width)
    }
    scratch.sort(range(op.rows).count, by: numbers)
    for group in scratch.groups {
      let first = ofTypes.map { UnsafePointer($0.from + group.number * $0.width) }
      scratch.network.gather(arena.parameters, ofTypes: first, into: scratch.parameters.base)
      scratch.compute(group.rows, x, y, slopes)
    }
  }

  /// `xBar += Σ_m yBar_m y'_m`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func backwardAtOnce(_ op: Operation.Table) {
    guard let target = target(.bar, op.x, op.rows) else { return }
    let slopes = rows(.slope, of: op.out, nil, op.rows)
    let yBar = rows(.bar, of: op.out, nil, op.rows), width = memory.widths[op.out]
    addRowProducts(slopes, yBar, to: target, width: width, count: range(op.rows).count)
  }
}

/// A thread's memory for one network.
final class NetworkScratch<Scalar: NetworkScalar> {
  /// The rows that have one number of types, in the order of `order`.
  struct Group {
    let number: Int, rows: Range<Int>
  }

  let network: TableNetwork
  let parameters: Buffer<Scalar>
  private(set) var groups: [Group] = []
  private let tape: NetworkTape<Scalar>
  /// Row numbers, those of a group together.
  private var order: [Int32] = []

  init(_ network: TableNetwork) {
    self.network = network
    parameters = Buffer(network.parameterCount)
    tape = NetworkTape(network.network)
  }

  /// Puts `count` rows in groups by their `numbers`, or in one group.
  func sort(_ count: Int, by numbers: UnsafePointer<Int32>?) {
    order.removeAll(keepingCapacity: true)
    groups.removeAll(keepingCapacity: true)
    order.append(contentsOf: (0..<count).map { Int32($0) })
    guard let numbers else {
      groups.append(Group(number: 0, rows: 0..<count))
      return
    }
    order.sort { (numbers[Int($0)], $0) < (numbers[Int($1)], $1) }
    var first = 0
    while first < count {
      let number = numbers[Int(order[first])]
      var end = first + 1
      while end < count, numbers[Int(order[end])] == number { end += 1 }
      groups.append(Group(number: Int(number), rows: first..<end))
      first = end
    }
  }

  /// Computes `y` and `slopes` at the places `range` of the order by the gathered parameters.
  func compute(
    _ range: Range<Int>, _ x: Rows<Scalar>, _ y: Rows<Scalar>, _ slopes: Rows<Scalar>
  ) {
    let width = network.network.outputs
    func row(_ k: Int) -> Int { Int(order[range.lowerBound + k]) }
    network.network.valuesAndSlopes(
      parameters.base, on: tape, count: range.count, of: { x.at(row($0)).pointee }
    ) { k, value, slope in
      y.at(row(k)).update(from: value, count: width)
      slopes.at(row(k)).update(from: slope, count: width)
    }
  }
}
