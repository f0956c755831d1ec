import Kernels

extension EnergyModel {
  /// Whether the model is the same for some of its types if it does not know the others: none of
  /// them has slots or nets of its own.
  public var sharesAllTypes: Bool {
    fitting.isShared && descriptor.options.parts.allSatisfy(\.isMixed)
  }

  /// The same model with its types in the order of `typeMap`, which holds the same names, or some
  /// of them if it `sharesAllTypes`.
  ///
  /// Nets, slots, statistics and biases move with their type, so that predictions change by
  /// rounding errors only.  The parameters are laid out in the order that they have in a file of
  /// the new model.
  public func reordered(to typeMap: [String]) -> EnergyModel {
    let order = typeMap.compactMap(self.typeMap.firstIndex), types = self.typeMap.count
    precondition(order.count == typeMap.count && Set(order).count == order.count)
    precondition(order.count == types || sharesAllTypes, "\(typeMap) for \(self.typeMap)")
    var layout = ParameterLayout()
    let descriptor = self.descriptor.reordered(order, in: &layout)
    let fitting = fitting.reordered(order, in: &layout)
    let others = (mixture?.otherFittings ?? []).map { $0.reordered(order, in: &layout) }
    var model = EnergyModel(
      typeMap: typeMap, descriptor: descriptor, fitting: fitting,
      excludedAtomTypes: moved(excludedAtomTypes, order),
      excludedPairs: movedPairs(excludedPairs, order), layout: layout)
    model.truncatesByType = truncatesByType
    model.pairPotentials = pairPotentials.map { $0.reordered(order) }
    model.mixture = mixture.map { Mixture(weights: $0.weights, otherFittings: others) }
    model.outputBias = reorderedRows(outputBias, order, types)
    model.outputDeviation = reorderedRows(outputDeviation, order, types)
    let old = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    for tensor in model.tensors {
      var name = tensor.name
      name.types = name.types.map { order[$0] }
      // A net of an unordered pair of types may have them in reverse order now.
      var turned = name
      turned.types.reverse()
      guard let from = old[name] ?? old[turned] else { preconditionFailure("no tensor \(name)") }
      let numbers = parameters[from.precision, from.range]
      model.parameters[tensor.precision, tensor.range] =
        tensor.typeShortcuts.map {
          reorderedRows(numbers, order, types, shortcuts: (from.typeShortcuts ?? 0, $0))
        } ?? numbers
    }
    return model
  }

  /// The same model with the options of training that `options` have.
  ///
  /// These are the layers that training changes (`trainable`), the cutoff of singular values
  /// (`rcond`) and the default frame parameters (`default_fparam`).  They do not change predictions
  /// for frames that have their own parameters.
  public func trained(like options: ModelOptions) -> EnergyModel {
    var model = self
    model.descriptor = descriptor.trained(like: options.descriptor)
    var changed = fitting.options
    changed.trainable = options.fitting.trainable
    changed.singularCutoff = options.fitting.singularCutoff
    changed.defaultFrameParameters = options.fitting.defaultFrameParameters
    model.fitting = fitting.copy(changed, fitting.nets)
    for (k, other) in (options.mixture?.otherFittings ?? []).enumerated() {
      guard let fitting = mixture?.otherFittings[k] else { break }
      var changed = fitting.options
      changed.trainable = other.trainable
      model.mixture?.otherFittings[k] = fitting.copy(changed, fitting.nets)
    }
    return model
  }

  /// Takes the descriptor's statistics and parameters from `other`, which has a descriptor of the
  /// same options for the same types; the fitting nets stay.
  public mutating func takeDescriptor(of other: EnergyModel) {
    precondition(other.typeMap == typeMap && other.descriptor.outputs == descriptor.outputs)
    descriptor = descriptor.with(
      parts: zip(descriptor.parts, other.descriptor.parts).map {
        $0.with($1.normalizations)
      })
    let theirs = Dictionary(uniqueKeysWithValues: other.tensors.map { ($0.name, $0) })
    for tensor in tensors where tensor.name.part == .descriptor {
      guard let from = theirs[tensor.name], from.count == tensor.count else {
        preconditionFailure("no tensor \(tensor.name)")
      }
      parameters[tensor.precision, tensor.range] = other.parameters[from.precision, from.range]
    }
  }

  /// The definition of the model, without its statistics and parameters.
  public var options: ModelOptions {
    var options = ModelOptions(
      typeMap: typeMap, descriptor: descriptor.options, fitting: fitting.options)
    options.excludedAtomTypes = excludedAtomTypes
    options.excludedPairs = excludedPairs
    options.pairPotentials = pairPotentials
    options.mixture = mixture?.options
    return options
  }
}

/// The new numbers of types that had the numbers `old`; `order` has the old number of each new
/// type.
func moved(_ old: [Int], _ order: [Int]) -> [Int] {
  old.compactMap(order.firstIndex)
}

/// Pairs of types with new numbers, as `moved` gives them, of types that there are still.
func movedPairs(_ old: [[Int]], _ order: [Int]) -> [[Int]] {
  old.map { moved($0, order) }.filter { $0.count == 2 }
}

/// Rows of types, `[types][width]`, in the order `order`.
private func reorderedRows(_ rows: [Double], _ order: [Int], _ types: Int) -> [Double] {
  let width = rows.count / types
  return order.flatMap { rows[$0 * width..<($0 + 1) * width] }
}

/// The matrix of a layer whose inputs are unit vectors of types, with its rows in the order
/// `order`.
///
/// A layer with a shortcut adds copies of the unit vector, side by side, to its output: so many as
/// `shortcuts` says of the old and of the new one.  The shortcut of the new layer adds the unit
/// vector of the new type number, so the difference between what both add is added to the matrix.
private func reorderedRows(
  _ numbers: [Double], _ order: [Int], _ types: Int, shortcuts: (old: Int, new: Int)
) -> [Double] {
  let columns = numbers.count / types
  return order.enumerated().flatMap { new, old in
    var row = Array(numbers[old * columns..<(old + 1) * columns])
    if new == old && types == order.count && shortcuts.old == shortcuts.new { return row }
    for copy in 0..<shortcuts.old { row[copy * types + old] += 1 }
    for copy in 0..<shortcuts.new { row[copy * order.count + new] -= 1 }
    return row
  }
}

extension LocalDescriptor {
  /// Nets of neighbor types, or of pairs of types in the order [neighbor][center], for types in the
  /// order `order`.
  fileprivate func reordered<Net>(_ nets: [Net], _ order: [Int], isOneSided: Bool) -> [Net] {
    if nets.isEmpty { return [] }
    return isOneSided
      ? order.map { nets[$0] }
      : order.flatMap { neighbor in order.map { nets[$0 + typeCount * neighbor] } }
  }
}

extension SeE2A {
  /// The same descriptor with its types in the order `order`.
  public func reordered(_ order: [Int], in layout: inout ParameterLayout) -> SeE2A {
    let isOneSided = options.typeOneSide
    var options = reorderedOptions(order)
    options.tables = reordered(options.tables, order, isOneSided: isOneSided)
    let nets = reordered(embeddings, order, isOneSided: isOneSided)
    var result = SeE2A(options, embeddings: nets.map { $0.laidOut(in: &layout) })
    result.normalizations = reorderedNormalizations(order)
    return result
  }
}

extension SeE2R {
  /// The same descriptor with its types in the order `order`.
  public func reordered(_ order: [Int], in layout: inout ParameterLayout) -> SeE2R {
    let isOneSided = options.typeOneSide
    var options = reorderedOptions(order)
    options.tables = reordered(options.tables, order, isOneSided: isOneSided)
    let nets = reordered(embeddings, order, isOneSided: isOneSided)
    var result = SeE2R(options, embeddings: nets.map { $0.laidOut(in: &layout) })
    result.normalizations = reorderedNormalizations(order)
    return result
  }
}

extension SeE3 {
  /// The same descriptor with its types in the order `order`.
  public func reordered(_ order: [Int], in layout: inout ParameterLayout) -> SeE3 {
    let nets = Self.typePairs(typeCount).map { pair in
      let (a, b) = (order[pair.first], order[pair.second])
      return embeddings[max(a, b) * (max(a, b) + 1) / 2 + min(a, b)].laidOut(in: &layout)
    }
    var result = SeE3(reorderedOptions(order), embeddings: nets)
    result.normalizations = reorderedNormalizations(order)
    return result
  }
}

extension SeE3TypeEmbedding {
  /// The same descriptor with its types in the order `order`.
  public func reordered(
    _ order: [Int], in layout: inout ParameterLayout
  ) -> SeE3TypeEmbedding {
    let embedding = embedding.laidOut(in: &layout), gate = gate?.laidOut(in: &layout)
    var result = SeE3TypeEmbedding(
      reorderedOptions(order), typeCount: order.count,
      typeEmbedding: options.types.network(like: typeEmbedding, order.count, in: &layout),
      embedding: embedding, gate: gate)
    result.normalizations = reorderedNormalizations(order)
    return result
  }
}

extension DPA1 {
  /// The same descriptor with its types in the order `order`.
  public func reordered(_ order: [Int], in layout: inout ParameterLayout) -> DPA1 {
    let attention = attention.map { $0.laidOut(options.precision, in: &layout) }
    let embedding = embedding.laidOut(in: &layout), gate = gate?.laidOut(in: &layout)
    var result = DPA1(
      reorderedOptions(order), typeCount: order.count, attention: attention,
      embedding: embedding, gate: gate,
      typeEmbedding: options.types.network(like: typeEmbedding, order.count, in: &layout))
    result.normalizations = reorderedNormalizations(order)
    return result
  }
}

extension EnergyFitting {
  fileprivate func reordered(_ order: [Int], in layout: inout ParameterLayout) -> EnergyFitting {
    var options = options
    if !options.atomEnergies.isEmpty {
      let energies = options.atomEnergies
      options.atomEnergies = order.map { energies.indices.contains($0) ? energies[$0] : nil }
    }
    options.excludedTypes = moved(options.excludedTypes, order)
    options.output = options.output.reordered(order)
    let nets = nets.laidOut(in: &layout, order: isShared ? nil : order)
    var result = copy(options, nets, typeCount: order.count)
    result.bias = reorderedRows(bias, order, typeCount)
    return result
  }

  /// The same fitting nets, laid out in `layout`.
  func laidOut(in layout: inout ParameterLayout) -> EnergyFitting {
    copy(options, nets.laidOut(in: &layout))
  }

  /// The same fitting nets, laid out as those of `other` are.
  func placed(like other: EnergyFitting) -> EnergyFitting {
    copy(options, other.nets)
  }

  /// Fitting nets with the statistics of these, but other options and nets.
  func copy(
    _ options: FittingOptions, _ nets: FittingNets, typeCount: Int? = nil
  ) -> EnergyFitting {
    var result = EnergyFitting(
      options, nets: nets, typeCount: typeCount ?? self.typeCount, isShared: isShared)
    result.frameParameterMean = frameParameterMean
    result.frameParameterInverseDeviation = frameParameterInverseDeviation
    result.atomParameterMean = atomParameterMean
    result.atomParameterInverseDeviation = atomParameterInverseDeviation
    if result.bias.count == bias.count { result.bias = bias }
    return result
  }
}
