import Kernels

/// A network whose first input is one number and whose others are embeddings of types: for given
/// types it is a network of one number, which a table can stand for.
///
/// The embeddings only change the biases of the first layer, or gate the outputs.
struct TableNetwork: Sendable {
  /// Some adjacent parameters: their places in the model's vector, and in the network's own.
  struct Copied: Sendable {
    let model: Int, own: Int, count: Int
  }

  /// The network of one number, with parameters of its own.
  let network: DenseNetwork
  /// How many parameters it has, and which of them are the model's.
  let parameterCount: Int, copied: [Copied]
  /// The places of what types decide: the biases of the first layer, or the outputs' gate.
  let ofTypes: Range<Int>?

  /// What the types of a row do to the network.
  enum Types {
    case nothing, biases, gate
  }

  /// The table's side of `whole`, whose inputs besides the number are the `types` if they are
  /// biases; nil where types pass the first layer by.
  init?(_ whole: DenseNetwork, _ types: Types) {
    let hasTypes = types == .biases
    let first = whole.layers[0]
    guard hasTypes ? first.shortcutCopies == 0 : first.inputs == 1 else { return nil }
    var layout = ParameterLayout(), copied: [Copied] = []
    func copy(_ model: Range<Int>?, _ own: Range<Int>?) {
      guard let model, let own else { return }
      copied.append(Copied(model: model.lowerBound, own: own.lowerBound, count: own.count))
    }
    let layers = whole.layers.enumerated().map { k, layer in
      let isFirst = k == 0
      let own = DenseLayer(
        inputs: isFirst ? 1 : layer.inputs, outputs: layer.outputs, activation: layer.activation,
        hasBias: layer.biases != nil || isFirst && hasTypes, hasTimestep: layer.timesteps != nil,
        wantsShortcut: layer.wantsShortcut && layer.shortcutCopies > 0,
        precision: whole.precision, in: &layout)
      copy(layer.weights, own.weights)
      if !(isFirst && hasTypes) { copy(layer.biases, own.biases) }
      copy(layer.timesteps, own.timesteps)
      return own
    }
    network = DenseNetwork(precision: whole.precision, layers: layers)
    ofTypes =
      switch types {
      case .nothing: nil
      case .biases: layers[0].biases
      case .gate: layout.take(whole.outputs, whole.precision)
      }
    self.copied = copied
    parameterCount = max(layout.float64Count, layout.float32Count)
  }

  /// Gathers the network's parameters out of the model's, and out of what some types decide.
  func gather<Scalar>(
    _ parameters: UnsafePointer<Scalar>, ofTypes: UnsafePointer<Scalar>?,
    into own: UnsafeMutablePointer<Scalar>
  ) {
    for part in copied {
      (own + part.own).update(from: parameters + part.model, count: part.count)
    }
    guard let range = self.ofTypes, let ofTypes else { return }
    (own + range.lowerBound).update(from: ofTypes, count: range.count)
  }

  /// Adds the network's gradient to the model's, and to that of what types decide.
  func scatter<Scalar: NetworkScalar>(
    _ own: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>,
    ofTypes: UnsafeMutablePointer<Scalar>?
  ) {
    for part in copied {
      for k in 0..<part.count { gradient[part.model + k] += own[part.own + k] }
    }
    guard let range = self.ofTypes, let ofTypes else { return }
    for k in range { ofTypes[k - range.lowerBound] += own[k] }
  }
}

/// A network that tables stand for, one for each type or pair of types; or one table that is
/// given.
public struct NetworkTable: Sendable {
  /// What its tables hold.
  enum Content: Sendable {
    case network(TableNetwork)
    case polynomials(PolynomialTable)
  }

  let content: Content, input: TableInput
  /// What each type or pair of types decides, and which of them each row has; nil for one table.
  let types: (view: View, rows: TableID)?
  /// The gate of each table, where pairs of types decide one.
  var gates: [EmbeddingGate]?
  /// Its number among the program's tables.
  var number = 0

  /// Whether tables can stand for its network: its functions must be smooth.
  var isSmooth: Bool {
    guard case .network(let network) = content else { return true }
    return network.network.layers.allSatisfy { $0.activation.isSmooth }
  }

  /// Whether it is given, and stands for no network of the model.
  var isGiven: Bool { if case .polynomials = content { true } else { false } }

  /// The inputs of table `number`, of pairs no closer than `closest` Å.
  func range(_ number: Int, closest: Double) -> ClosedRange<Double> {
    if let gates { return 0...gates[number].nearness.input(at: closest) }
    return input.range(closest: closest)
  }

  var inputs: [View] { types.map { [$0.view] } ?? [] }
}

/// What rows of centers of one type have in common.
struct CenterEnvironment: Sendable {
  let inner: Double, outer: Double, protection: Double
  let mean: SIMD4<Double>, deviation: SIMD4<Double>
  let slotCount: Int, isGated: Bool

  /// The input of gated tables.
  var nearness: Nearness {
    Nearness(
      inner: inner, outer: outer, protection: protection, mean: mean[0], deviation: deviation[0])
  }

  func typePair<Scalar>(_: Scalar.Type) -> TypePair<Scalar> {
    TypePair(
      inner: inner, outer: outer, protection: protection, mean: mean, deviation: deviation,
      slotCount: slotCount, nearness: isGated ? nearness : nil)
  }
}

/// How the input of tables follows from pairs: which numbers they must reach.
struct TableInput: Sendable {
  /// The pairs' function, and the means and deviations that its rows have.
  private let function: PairFunction, statistics: [RowMoments]
  /// Whether it is the product of two pairs' vectors, not a radial part.
  private let isProduct: Bool

  private struct RowMoments: Hashable {
    let mean: SIMD4<Double>, deviation: SIMD4<Double>
  }

  /// The input is the radial part of `function` in `list`, or if it `isProduct`, the scalar product
  /// of two vector parts.
  init(_ function: PairFunction, of list: PairList, isProduct: Bool = false) {
    (self.function, self.isProduct) = (function, isProduct)
    let width = list.statisticsWidth
    var known = Set<RowMoments>()
    for start in stride(from: 0, to: list.mean.count, by: width) {
      var (mean, deviation) = (SIMD4<Double>.zero, SIMD4<Double>(repeating: 1))
      for k in 0..<width {
        (mean[k], deviation[k]) = (list.mean[start + k], list.deviation[start + k])
      }
      known.insert(RowMoments(mean: mean, deviation: deviation))
    }
    statistics = known.isEmpty ? [RowMoments(mean: .zero, deviation: .one)] : Array(known)
  }

  /// The inputs of pairs no closer than `closest` Å, and of empty slots.
  func range(closest: Double) -> ClosedRange<Double> {
    let radial = function.radialPart(at: closest)
    if isProduct {
      let reach = statistics.map { row in
        // The vector part is as long as the radial one.
        (1..<4).reduce(0) { sum, c in
          let part = (radial + abs(row.mean[c])) / row.deviation[c]
          return max(sum, part * part)
        } * (row.mean == .zero ? 1 : 3)
      }
      let most = reach.max() ?? 0
      return -most...most
    }
    let lows = statistics.map { -$0.mean[0] / $0.deviation[0] }
    let highs = statistics.map { (radial - $0.mean[0]) / $0.deviation[0] }
    return (lows.min() ?? 0)...(highs.max() ?? 0)
  }
}
