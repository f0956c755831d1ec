import Kernels

/// How the energies of several nets, each behind a descriptor of its own, are added up
/// (`linear_ener`).
///
/// The descriptors are the parts of a hybrid, or a single one.
public struct MixtureOptions: Sendable, Equatable {
  /// The factor of each net's energy, in the order of the descriptor's parts.
  public var weights: [Double]
  /// The fitting nets of all parts but the first one, which is the model's `fitting`.
  public var otherFittings: [FittingOptions]

  /// Adds up nets, the first of which is the model's `fitting`, with `weights`.
  public init(weights: [Double], otherFittings: [FittingOptions]) {
    precondition(weights.count == otherFittings.count + 1)
    (self.weights, self.otherFittings) = (weights, otherFittings)
  }
}

/// The nets of such a model, with their places among its parameters.
public struct Mixture: Sendable, Equatable {
  /// The factor of each net's energy, in the order of the descriptor's parts.
  public let weights: [Double]
  /// The fitting nets of all parts but the first one.
  public internal(set) var otherFittings: [EnergyFitting]

  /// What defines it.
  public var options: MixtureOptions {
    MixtureOptions(weights: weights, otherFittings: otherFittings.map(\.options))
  }
}

extension EnergyModel {
  /// All fitting nets: one for each part of a model that adds up several.
  public var fittings: [EnergyFitting] { [fitting] + (mixture?.otherFittings ?? []) }

  /// Adds up the energies of `nets`, which have the same types, no exclusions and no bias but that
  /// of their nets, with `weights`.
  ///
  /// None of their descriptors is a hybrid; all have slots for all types together and one
  /// precision, and none takes frame or atom parameters.
  public init(nets: [EnergyModel], weights: [Double]) {
    let first = nets[0]
    var options = ModelOptions(
      typeMap: first.typeMap,
      descriptor: nets.count == 1
        ? first.descriptor.options : .hybrid(HybridOptions(nets.map(\.descriptor.options))),
      fitting: first.fitting.options)
    options.mixture = MixtureOptions(
      weights: weights, otherFittings: nets.dropFirst().map(\.fitting.options))
    self.init(options)
    descriptor = descriptor.with(
      parts: zip(descriptor.parts, nets).map { $0.with($1.descriptor.parts[0].normalizations) })
    fitting.bias = first.fitting.bias
    for (k, net) in nets.dropFirst().enumerated() {
      mixture?.otherFittings[k].bias = net.fitting.bias
    }
    for (k, net) in nets.enumerated() {
      for (mine, theirs) in zip(tensors(ofNet: k), net.tensors) {
        parameters[mine.precision, mine.range] = net.parameters[theirs.precision, theirs.range]
      }
    }
  }

  /// Each of its nets as a model of its own, without exclusions and bias but that of the net.
  public var nets: [EnergyModel] {
    zip(descriptor.parts, fittings).enumerated().map { k, part in
      var net = EnergyModel(
        ModelOptions(
          typeMap: typeMap, descriptor: part.0.wrapped.options, fitting: part.1.options))
      net.descriptor = net.descriptor.with(
        parts: [net.descriptor.parts[0].with(part.0.normalizations)])
      net.fitting.bias = part.1.bias
      for (mine, theirs) in zip(net.tensors, tensors(ofNet: k)) {
        net.parameters[mine.precision, mine.range] = parameters[theirs.precision, theirs.range]
      }
      return net
    }
  }

  /// The tensors of net `k`, its descriptor's first, in the order of a model of its own.
  private func tensors(ofNet k: Int) -> [ParameterTensor] {
    let place = TensorList.place(ofNet: k)
    return tensors.filter { $0.name.place.hasPrefix(place) }
  }

  /// Adds the nets to a program; gives the views that are their descriptors, and their energies
  /// with all biases of their own.
  func emitNets(
    of mixture: Mixture, into builder: inout ProgramBuilder
  ) -> (sources: [View], energy: View) {
    var all: [View] = [], terms: [Term] = []
    for (part, net) in zip(descriptor.parts, zip(fittings, mixture.weights)) {
      let sources = part.emit(into: &builder), (fitting, weight) = net
      let energy = fitting.emit(
        into: &builder, on: sources,
        silentTypes: Set(excludedAtomTypes).union(fitting.options.excludedTypes),
        addsBiases: true)
      all += sources
      terms.append(Term(energy, weight))
    }
    builder.keepListsApart()
    return (all, builder.sum("E.nets", terms, rows: .atom))
  }
}

extension ModelOptions {
  /// The places of the neighbor slots of its lists in an input.
  public var slotPlaces: [String] {
    if mixture == nil { return descriptor.slotPlaces }
    return descriptor.parts.enumerated().flatMap { k, part in
      part.lists.map { "model/models[\(k)]/descriptor/\($0.slotKey)" }
    }
  }
}
