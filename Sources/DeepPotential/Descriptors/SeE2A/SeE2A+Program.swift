import Kernels

extension SeE2A {
  /// Adds the descriptor to a program; one row per atom.
  ///
  /// Each embedding net has rows of its own, which are those of a neighbor type, or of a
  /// pair of types.
  public func emit(into builder: inout ProgramBuilder) -> [View] {
    let pairs = pairList, list = builder.list(pairs)
    let function = environmentFunction, input = TableInput(function, of: pairs)
    let environment = builder.geometry("row", list: list, function, hasStatistics: true)
    var parts: [Term] = []
    for net in 0..<options.netCount {
      let rowsOfNet = Space.net(list: list, net: net), name = "net\(net)"
      let s = builder.take("\(name).s", environment[0..<1], .row(of: rowsOfNet))
      let g = builder.embedding(
        name, s, net, of: embeddings, or: options.tables, rows: rowsOfNet, input)
      let row = builder.at(environment, .row(of: rowsOfNet))
      parts.append(
        Term(
          builder.bilinear(
            "\(name).T", g, row, .outer(width, 4), rows: rowsOfNet,
            to: (.atom(of: rowsOfNet), .atom), factor: 1 / Double(slotCount),
            weight: .multiplicity(rowsOfNet))))
    }
    let t = builder.sum("T", parts, rows: .atom)
    builder.offerVectors(t[width..<4 * width])
    return [
      builder.bilinear("D", t, t, .gram(width, 4, options.axisWidth), rows: .atom)
    ]
  }

  /// The rows that it sees.  Empty slots are none where the mean is 0, since they add a row of
  /// zeros times a constant.
  private var pairList: PairList {
    var list = newPairList(leaving: mean.contains { $0 != 0 } ? .empty : .none)
    list.nets = (0..<options.netCount).map { net in
      options.typeOneSide ? TypeKey(nil, net) : TypeKey(net % typeCount, net / typeCount)
    }
    return list
  }
}
