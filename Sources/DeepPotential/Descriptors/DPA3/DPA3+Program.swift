import Kernels

extension DPA3 {
  /// Adds the descriptor to a program.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    let types = builder.typeEmbedding(
      typeEmbedding, ofElectrons: options.types.usesElectrons)
    let center = builder.at(types, .atomType)
    let list = builder.list(pairList)
    let passing = MessagePassing(self, list: list, into: &builder)
    var state = passing.begin(self, center, into: &builder)
    for (k, layer) in layers.enumerated() {
      state = passing.emit(layer, "layer\(k)", state, into: &builder)
    }
    builder.offerVectors(passing.vectors(state.edges, "last", into: &builder))
    return [state.nodes] + (options.types.isAppended ? [center] : [])
  }

  private var pairList: PairList {
    var list = PairList(options.neighborRule(typeCount: typeCount, excludedPairs: []))
    let angles = options.angles
    list.angles = .inner(cutoff: angles.outerCutoff, slots: angles.slots)
    (list.mean, list.deviation) = (mean, deviation)
    return list
  }
}

extension DPA3Options {
  fileprivate func switchFunction(_ range: DPA3.Range) -> SwitchFunction {
    usesExponentialSwitch
      ? .exponential(inner: range.innerCutoff, outer: range.outerCutoff)
      : .polynomial(inner: range.innerCutoff, outer: range.outerCutoff)
  }
}

/// What a layer changes.
struct MessageState {
  var nodes: View, edges: View, angles: View
}

/// What all layers of DPA-3 share.
struct MessagePassing {
  let options: DPA3Options
  let list: Int, rows: Space, angles: Space, inner: Space
  /// The switch of each edge, the product of both switches of each angle, and the angular parts of
  /// environment rows times their switch.
  let w: View, ww: View, switched: View
  /// The distance of each edge, or its radial part; the cosine of each angle, by `1/√π`.
  let radial: View, cosines: View
  /// Slots that sums are scaled by.
  let edgeCount: Double, angleCount: Double

  init(_ descriptor: DPA3, list: Int, into builder: inout ProgramBuilder) {
    let options = descriptor.options
    (self.options, self.list) = (options, list)
    (rows, angles, inner) = (.pairs(list: list), .angles(list: list), .inner(list: list))
    let edgeSwitch = options.switchFunction(options.edges)
    w = builder.geometry("w", list: list, .smoothSwitch(edgeSwitch))
    let angleSwitch = options.switchFunction(options.angles)
    let reach = builder.geometry("wa", list: list, .smoothSwitch(angleSwitch))
    let row = builder.geometry(
      "row", list: list, .environmentRow(edgeSwitch, protection: options.protection),
      hasStatistics: true)
    let u = builder.geometry("u", list: list, .direction(small: 1e-6))
    radial =
      options.edgesAreDistances
      ? builder.geometry("r", list: list, .length(scale: 1)) : row[0..<1]
    ww = builder.angleDot("ww", reach, angles)
    let first = builder.at(u, .first(of: angles)), second = builder.at(u, .second(of: angles))
    cosines = builder.bilinear(
      "cos", first, second, .dot(3), rows: angles,
      factor: (1 - 1e-6) / Double.pi.squareRoot())
    switched = builder.bilinear("hw", row[1..<4], w, .scaled(3), rows: rows)
    let divisor = options.hasDynamicSlots ? options.slotDivisor : 1
    edgeCount = Double(options.edges.slots) / divisor
    angleCount = Double(options.angles.slots) / divisor
  }

  /// The first values of nodes, edges and angles.
  func begin(
    _ descriptor: DPA3, _ center: View, into builder: inout ProgramBuilder
  ) -> MessageState {
    let types = builder.sum("n0", [Term(center)], rows: .atom)
    return MessageState(
      nodes: builder.map("n", types, options.activation),
      edges: builder.dense("e", [radial], descriptor.edgeEmbedding, rows: rows),
      angles: builder.dense("a", [cosines], descriptor.angleEmbedding, rows: angles))
  }

  /// One layer: all updates from old values, or edges, angles and nodes one after the other.
  func emit(
    _ layer: MessageLayer, _ name: String, _ old: MessageState,
    into builder: inout ProgramBuilder
  ) -> MessageState {
    var new = old
    let own = aboutEdge("\(name).es", layer.edgeSelf, old, &builder)
    guard let angular = layer.angular else {
      new.nodes = nodes(layer, name, old, &builder)
      new.edges = combine("\(name).e", [old.edges, own], layer.scales.edges, &builder)
      return new
    }
    func ofAngles(_ state: MessageState, _ builder: inout ProgramBuilder) -> View {
      fromAngles(angular, name, state, &builder)
    }
    func angles(_ state: MessageState, _ builder: inout ProgramBuilder) -> View {
      let update = aboutAngle(angular, angular.angleSelf, "\(name).as", state, &builder)
      return combine("\(name).a", [state.angles, update], layer.scales.angles, &builder)
    }
    if options.isSequential {
      let (first, second) = ([layer.scales.edges[0]], [layer.scales.edges[1]])
      new.edges = combine("\(name).e1", [old.edges, own], first, &builder)
      new.angles = angles(new, &builder)
      let update = ofAngles(new, &builder)
      new.edges = combine("\(name).e2", [new.edges, update], second, &builder)
      new.nodes = nodes(layer, name, new, &builder)
    } else {
      new.nodes = nodes(layer, name, old, &builder)
      let updates = [old.edges, own, ofAngles(old, &builder)]
      new.edges = combine("\(name).e", updates, layer.scales.edges, &builder)
      new.angles = angles(old, &builder)
    }
    return new
  }
}
