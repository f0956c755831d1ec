/// Atoms whose neighbors another program has listed, such as one that does molecular dynamics on
/// several processes: its own atoms first, then ghosts, which are neighbors only.
///
/// Nothing is copied: the pointers are the other program's and must stay valid as long as this
/// value is used.  Periodic images are ghosts, so there is no cell.
public struct ListedAtoms: @unchecked Sendable {
  // Unchecked: the memory is only read.
  /// Number of own atoms and of all atoms.
  public let ownCount: Int, count: Int
  /// Positions in Å, `[count][3]`.
  public let positions: UnsafePointer<Double>
  /// Indices into the model's type map, `[count]`; atoms of type -1 do not exist for the model.
  public let types: UnsafePointer<Int32>
  /// The neighbors of each own atom, a superset of those within the cutoff, `[ownCount]` lists.  An
  /// own atom without a list has no energy, but may be a neighbor.
  public let lists: UnsafePointer<UnsafeMutablePointer<Int32>?>
  /// How many neighbors each own atom has.
  public let listCounts: UnsafePointer<Int32>
  /// The bits of a listed number that are an atom's index.
  public let mask: Int32
  /// The model's frame parameters, and its atom parameters atom by atom for the own atoms.
  public var frameParameters: [Double] = [], atomParameters: [Double] = []

  /// Names the memory of `count` atoms, the first `ownCount` of them with lists.
  public init(
    ownCount: Int, count: Int, positions: UnsafePointer<Double>, types: UnsafePointer<Int32>,
    lists: UnsafePointer<UnsafeMutablePointer<Int32>?>, listCounts: UnsafePointer<Int32>,
    mask: Int32
  ) {
    precondition(ownCount >= 0 && ownCount <= count)
    (self.ownCount, self.count, self.positions, self.types) = (ownCount, count, positions, types)
    (self.lists, self.listCounts, self.mask) = (lists, listCounts, mask)
  }

  /// The type of an own atom; -1 if it has no energy.
  @inline(__always) func centerType(_ atom: Int) -> Int {
    lists[atom] == nil ? -1 : Int(types[atom])
  }

  /// The position of an atom in Å.
  @inline(__always) func position(_ atom: Int) -> SIMD3<Double> {
    SIMD3(positions[3 * atom], positions[3 * atom + 1], positions[3 * atom + 2])
  }
}

/// Where a prediction for `ListedAtoms` is put: memory of the other program, nil for what it does
/// not want.
public struct ListedPrediction {
  /// The output's value of each own atom, biases included, `[ownCount][width]`.
  public var atomValues: UnsafeMutablePointer<Double>?
  /// Force on each atom in eV/Å, `[count][3]`; those on ghosts are to be added to the atoms they
  /// are images of.
  public var forces: UnsafeMutablePointer<Double>?
  /// Virial of each atom in eV, `[count][3][3]`: `W_j = -Σ (pairs ending on j) dE/dd ⊗ d`, as
  /// DeePMD-kit shares it out.
  public var atomVirials: UnsafeMutablePointer<Double>?

  /// Nothing is wanted but the sums.
  public init() {}
}
