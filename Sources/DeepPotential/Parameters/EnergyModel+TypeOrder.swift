import Kernels

extension EnergyModel {
  /// The same model with its types in the order of `typeMap`, which holds the same names.
  ///
  /// Nets, slots, statistics and biases move with their type, so predictions are the same but for rounding.  The
  /// parameters are laid out anew, in the order in which a file of the new model has them.
  public func reordered(to typeMap: [String]) -> EnergyModel {
    let order = typeMap.compactMap(self.typeMap.firstIndex)
    precondition(order.sorted() == Array(self.typeMap.indices), "\(typeMap) for \(self.typeMap)")
    var layout = ParameterLayout()
    let descriptor =
      switch self.descriptor {
      case .seE2A(let part): Descriptor.seE2A(part.reordered(order, in: &layout))
      }
    let fitting = fitting.reordered(order, in: &layout)
    var model = EnergyModel(
      typeMap: typeMap, descriptor: descriptor, fitting: fitting,
      excludedAtomTypes: moved(excludedAtomTypes, order),
      excludedPairs: excludedPairs.map { moved($0, order) }, layout: layout)
    model.outputBias = order.map { outputBias[$0] }
    let old = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    for tensor in model.tensors {
      var name = tensor.name
      name.types = name.types.map { order[$0] }
      guard let from = old[name] else { preconditionFailure("no tensor \(name)") }
      model.parameters[tensor.precision, tensor.range] = parameters[from.precision, from.range]
    }
    return model
  }

  /// The same model, of which training changes what `options` call trainable.
  ///
  /// The cutoff of singular values (`rcond`) and the frame parameters of frames without (`default_fparam`) are theirs
  /// too: no prediction for frames with parameters depends on them.
  public func trained(like options: ModelOptions) -> EnergyModel {
    var model = self
    switch descriptor {
    case .seE2A(let part):
      var changed = part.options
      changed.trainable = options.descriptor.trainable
      var copy = SeE2A(changed, embeddings: part.embeddings)
      (copy.mean, copy.deviation) = (part.mean, part.deviation)
      model.descriptor = .seE2A(copy)
    }
    var changed = fitting.options
    changed.trainable = options.fitting.trainable
    changed.singularCutoff = options.fitting.singularCutoff
    changed.defaultFrameParameters = options.fitting.defaultFrameParameters
    model.fitting = fitting.copy(changed, networks: fitting.networks)
    return model
  }

  /// What defines the model, apart from its statistics and parameters.
  public var options: ModelOptions {
    var options =
      switch descriptor {
      case .seE2A(let part):
        ModelOptions(typeMap: typeMap, descriptor: part.options, fitting: fitting.options)
      }
    options.excludedAtomTypes = excludedAtomTypes
    options.excludedPairs = excludedPairs
    return options
  }
}

/// The places in `order` of what were the types `old`.
private func moved(_ old: [Int], _ order: [Int]) -> [Int] {
  old.compactMap(order.firstIndex)
}

extension SeE2A {
  fileprivate func reordered(_ order: [Int], in layout: inout ParameterLayout) -> SeE2A {
    var options = options
    options.slots = order.map { self.options.slots[$0] }
    options.excludedPairs = options.excludedPairs.map { moved($0, order) }
    // Nets stand in the order [neighbor][center].
    let nets =
      options.typeOneSide
      ? order.map { embeddings[$0] }
      : order.flatMap { neighbor in order.map { embeddings[$0 + typeCount * neighbor] } }
    var result = SeE2A(options, embeddings: nets.map { $0.laidOut(in: &layout) })
    result.mean = reordered(mean, order)
    result.deviation = reordered(deviation, order)
    return result
  }

  /// Statistics, `[types][slots][4]`, with types and sections of slots in their new order.
  private func reordered(_ values: [Double], _ order: [Int]) -> [Double] {
    let width = 4 * slotCount
    let starts = options.slots.reduce(into: [0]) { $0.append($0[$0.count - 1] + 4 * $1) }
    return order.flatMap { center in
      order.flatMap { values[center * width + starts[$0]..<center * width + starts[$0 + 1]] }
    }
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
    var result = self.copy(options, networks: order.map { networks[$0].laidOut(in: &layout) })
    result.bias = order.map { bias[$0] }
    return result
  }

  /// These statistics with other options and networks.
  fileprivate func copy(_ options: FittingOptions, networks: [DenseNetwork]) -> EnergyFitting {
    var result = EnergyFitting(options, networks: networks)
    result.frameParameterMean = frameParameterMean
    result.frameParameterInverseDeviation = frameParameterInverseDeviation
    result.atomParameterMean = atomParameterMean
    result.atomParameterInverseDeviation = atomParameterInverseDeviation
    result.bias = bias
    return result
  }
}
