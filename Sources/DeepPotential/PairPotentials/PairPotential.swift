import Kernels

/// A tabulated pair potential in a model, and what it does to the energies of the nets.
public struct PairPotential: Sendable, Equatable {
  /// What becomes of the energy of the table.
  public enum Use: Sendable, Equatable {
    /// It takes the place of the nets' energy at short range: `(1 - k) E_nets + k E_table`, with
    /// the neighbors of the descriptor (`use_srtab`).
    case blended(NearnessSwitch)
    /// It is added with this weight; so many of the nearest neighbors within its cutoff count.
    case added(weight: Double, slots: Int)
  }

  /// The energies.
  public var table: PairTable
  /// What becomes of them.
  public var use: Use
  /// The file that an input names; models have the numbers themselves.
  public var path: String

  /// Makes a potential of `table`, which was read from `path`.
  public init(_ table: PairTable, _ use: Use, path: String) {
    (self.table, self.use, self.path) = (table, use, path)
  }

  /// The switch where the table takes the place of the nets' energy; nil where it is added.
  public var nearness: NearnessSwitch? {
    if case .blended(let nearness) = use { nearness } else { nil }
  }

  /// The same potential with its types in the order `order`.
  public func reordered(_ order: [Int]) -> PairPotential {
    PairPotential(table.reordered(order), use, path: path)
  }

  /// Whether both give the same energies, wherever they were read from.
  public func isSame(as other: PairPotential) -> Bool {
    table == other.table && use == other.use
  }
}

extension EnergyModel {
  /// Radius in Å beyond which atoms do not see each other.
  public var outerCutoff: Double {
    pairPotentials.reduce(descriptor.outerCutoff) { max($0, $1.table.cutoff) }
  }

  /// The distance in Å below which some pair potential has no energies; 0 without one.
  public var smallestDistance: Double { options.smallestDistance }

  /// How many of the nearest neighbors of an atom count for something.
  var neighborLimit: Int {
    if truncatesByType { return Int(Int32.max) }
    return pairPotentials.reduce(descriptor.options.slotCount) { most, potential in
      if case .added(_, let slots) = potential.use { max(most, slots) } else { most }
    }
  }
}

extension ModelOptions {
  /// The distance in Å below which some pair potential has no energies; 0 without one.
  public var smallestDistance: Double { pairPotentials.reduce(0) { max($0, $1.table.first) } }
}

extension ModelOptions {
  /// Pairs of types whose rows the statistics leave out.
  ///
  /// Where a model has pair potentials, or several nets, DeePMD-kit computes the statistics of its
  /// parts, which do not know the exclusions of the whole.  Source: its `LinearEnergyAtomicModel`.
  var excludedPairsOfStatistics: [[Int]] {
    pairPotentials.isEmpty && mixture == nil ? excludedPairs : []
  }
}
