/// One configuration of atoms, the input of a model.
public struct Frame: Sendable, Equatable {
  /// The type of each atom, an index into the model's type map; -1 marks padding atoms.
  public var types: [Int]
  /// Positions in Å.
  public var positions: [SIMD3<Double>]
  /// The periodic cell; nil without periodicity.
  public var cell: Cell?
  /// Frame parameters (`fparam`), `[numb_fparam]`; empty if there are none.
  public var frameParameters: [Double]
  /// Atom parameters (`aparam`), `[atoms][numb_aparam]`; empty if there are none.
  public var atomParameters: [Double]

  /// Makes a frame; there must be one type for each position.
  public init(
    types: [Int], positions: [SIMD3<Double>], cell: Cell?, frameParameters: [Double] = [],
    atomParameters: [Double] = []
  ) {
    precondition(types.count == positions.count)
    self.types = types
    self.positions = positions
    self.cell = cell
    self.frameParameters = frameParameters
    self.atomParameters = atomParameters
  }
}

extension Frame {
  /// Number of atoms that are not padding.
  public var realAtomCount: Int { types.count { $0 >= 0 } }
}
