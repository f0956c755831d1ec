/// Atoms of another program, such as LAMMPS, together with the neighbor lists of that program.
///
/// The program's own atoms come first, then ghosts, which are neighbors but no centers.  Periodic
/// images are ghosts, so there is no cell.  The memory belongs to the other program and is not
/// copied; it must stay valid as long as this value is used.
public struct ListedAtoms: @unchecked Sendable {
  // Unchecked: the memory is only read.
  /// Number of own atoms and of all atoms.
  public let ownCount: Int, count: Int
  /// Positions in Å, `[count][3]`.
  public let positions: UnsafePointer<Double>
  /// Indices into the model's type map, `[count]`; atoms of type -1 do not exist for the model.
  public let types: UnsafePointer<Int32>
  /// The neighbor list of each own atom, `[ownCount]`; it has at least all neighbors within the
  /// cutoff.  An own atom without a list has no energy, but may be a neighbor.
  public let lists: UnsafePointer<UnsafeMutablePointer<Int32>?>
  /// Number of neighbors in each list, `[ownCount]`.
  public let listCounts: UnsafePointer<Int32>
  /// The bits of a number in a list that give the index of an atom.
  public let mask: Int32
  /// The values of the model's frame parameters, and those of its atom parameters for each own
  /// atom, `[ownCount][atom parameters]`.
  public var frameParameters: [Double] = [], atomParameters: [Double] = []
  /// How the rows of ghosts come from other atoms; a model that passes messages needs it.
  public var ghosts: GhostSwaps?

  /// Takes the memory of `count` atoms, of which the first `ownCount` have lists.
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

/// The memory of the other program for a prediction for `ListedAtoms`.
///
/// A pointer is nil if the other program does not want that result.
public struct ListedPrediction {
  /// The output's value of each own atom, biases included, `[ownCount][width]`.
  public var atomValues: UnsafeMutablePointer<Double>?
  /// Force on each atom in eV/Å, `[count][3]`; the other program adds the force on a ghost to the
  /// force on the atom of which the ghost is an image.
  public var forces: UnsafeMutablePointer<Double>?
  /// Virial of each atom in eV, `[count][3][3]`: `W_j = -Σ (pairs ending on j) dE/dd ⊗ d`, as in
  /// DeePMD-kit.
  public var atomVirials: UnsafeMutablePointer<Double>?

  /// Asks for no result but the sums (`ListedSums`).
  public init() {}
}
