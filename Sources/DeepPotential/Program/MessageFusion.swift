import Kernels

/// Finds the chains of operations that a message stands for: a dense layer over pairs or angles,
/// perhaps of gathered inputs, whose rows are times a switch and summed by segments, or times
/// parameters and added to other rows.
struct MessageFusion {
  private let values: [Value]
  private var makers: [ValueID: Operation] = [:], readers: [ValueID: Int] = [:]
  /// Values that no operation makes any more.
  private var passedOver = Set<ValueID>()

  /// `operations` with messages in place of those chains.
  static func fused(_ operations: [Operation], _ values: [Value]) -> [Operation] {
    var fusion = MessageFusion(operations, values)
    let changed = operations.map { fusion.message(for: $0) ?? $0 }
    return changed.filter { !fusion.passedOver.contains($0.out) }
  }

  private init(_ operations: [Operation], _ values: [Value]) {
    self.values = values
    for operation in operations {
      makers[operation.out] = operation
      for view in operation.inputs { readers[view.value, default: 0] += 1 }
    }
  }

  private mutating func message(for operation: Operation) -> Operation? {
    switch operation {
    case .bilinear(let op): message(endingWith: op)
    case .sum(let op): message(endingWith: op)
    default: nil
    }
  }

  /// A layer times a switch, summed by segments.
  private mutating func message(endingWith op: Operation.Bilinear) -> Operation? {
    guard op.weight == nil, op.to != nil, op.form == .scaled(values[op.out].width),
      isWhole(op.y), op.y.width == 1, values[op.y.value].spaceID == op.rows,
      let (layer, made) = layer(
        endingWith: op.x, op.rows, scale: nil, switches: op.y, factor: op.factor)
    else { return nil }
    passedOver.formUnion(made)
    return message(op.out, op.rows, [layer], others: [], to: op.to)
  }

  /// Layers, perhaps times parameters, and other rows.
  private mutating func message(endingWith op: Operation.Sum) -> Operation? {
    let width = values[op.out].width
    guard op.to == nil, op.constant == 0, !values[op.out].space.isOfAtoms,
      op.terms.allSatisfy({ $0.weight == nil && $0.offset == 0 && $0.x.width == width })
    else { return nil }
    var layers: [Operation.GatheredLayer] = [], others: [Operation.Term] = []
    for term in op.terms {
      if let (layer, made) = scaledLayer(endingWith: term.x, op.rows, factor: term.factor) {
        layers.append(layer)
        passedOver.formUnion(made)
      } else {
        others.append(term)
      }
    }
    if layers.isEmpty { return nil }
    return message(op.out, op.rows, layers, others: others, to: nil)
  }

  private func message(
    _ out: ValueID, _ rows: SpaceID, _ layers: [Operation.GatheredLayer],
    others: [Operation.Term], to: TableID?
  ) -> Operation {
    let others = Operation.Sum(out: out, rows: rows, terms: others, to: nil, constant: 0)
    return .message(.init(out: out, rows: rows, layers: layers, others: others, to: to))
  }

  private func scaledLayer(
    endingWith view: View, _ rows: SpaceID, factor: Double
  ) -> (Operation.GatheredLayer, made: [ValueID])? {
    if let found = layer(endingWith: view, rows, scale: nil, switches: nil, factor: factor) {
      return found
    }
    guard isReadOnce(view), case .bilinear(let op) = makers[view.value],
      op.to == nil, op.weight == nil, op.rows == rows,
      op.form == .elementwise(view.width), values[op.y.value].space == .one,
      let (layer, made) = layer(
        endingWith: op.x, rows, scale: op.y, switches: nil, factor: factor * op.factor)
    else { return nil }
    return (layer, made + [view.value])
  }

  /// The layer whose rows `view` are, if nothing else reads them.
  private func layer(
    endingWith view: View, _ rows: SpaceID, scale: View?, switches: View?, factor: Double
  ) -> (Operation.GatheredLayer, made: [ValueID])? {
    guard isReadOnce(view), case .map(let map) = makers[view.value], map.rows == rows,
      isReadOnce(map.x), case .sum(let sum) = makers[map.x.value], sum.to == nil,
      sum.constant == 0, sum.rows == rows, values[map.x.value].moves
    else { return nil }
    var own: Operation.Bilinear?, gathered: [View] = [], bias: View?
    for term in sum.terms {
      guard term.factor == 1, term.weight == nil, term.offset == 0, term.x.width == view.width
      else { return nil }
      if term.x.table != nil {
        gathered.append(term.x)
      } else if values[term.x.value].space == .one, bias == nil {
        bias = term.x
      } else if own == nil, isReadOnce(term.x), case .bilinear(let op) = makers[term.x.value],
        op.dense != nil, op.rows == rows
      {
        own = op
      } else {
        return nil
      }
    }
    guard let own, sum.terms.count - 1 <= AddedRows<Float>.capacity else { return nil }
    let layer = Operation.GatheredLayer(
      x: own.x, weights: own.y, gathered: gathered, bias: bias, activation: map.activation,
      scale: scale, switches: switches, factor: factor)
    return (layer, [own.out, sum.out, map.out])
  }

  private func isReadOnce(_ view: View) -> Bool { isWhole(view) && readers[view.value] == 1 }

  private func isWhole(_ view: View) -> Bool {
    view == View(view.value, columns: 0..<values[view.value].width)
  }
}
