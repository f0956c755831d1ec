/// Frames of one fixed set of atoms with their labels, as a dp-format system holds them.
///
/// Units are Å and eV.  Arrays are flat, slowest index first, and always hold `frameCount` rows.
/// Values are as in the file: atoms in file order, types by the system's own `typeNames`.
public struct AtomicSystem: Sendable, Equatable {
  /// The place of the system, for messages: a folder, or `file.h5#/group`.
  public var place: String
  /// The element of each type (`type_map.raw`); nil if the system names none.
  public var typeNames: [String]?
  /// The type of each atom, `[atoms]`; placeholders if there are `frameTypes`.
  public var types: [Int]
  /// The types of a mixed-type system, `[frames][atoms]`; -1 marks padding atoms.
  public var frameTypes: [Int]?
  /// Whether the frames have cells (`nopbc`); every tool keeps this property.
  public var isPeriodic: Bool
  /// Number of frames.
  public var frameCount: Int
  /// Positions, `[frames][atoms][3]`, Å.
  public var positions: [Double]
  /// Cell vectors as rows, `[frames][3][3]`, Å; empty without periodicity.
  public var cells: [Double]
  /// All other arrays by DeePMD-kit's names (`energy`, `force`, `virial`, `fparam`, ...),
  /// `[frames][width]`.
  ///
  /// A label that the system lacks has no entry.
  public var labels: [String: [Double]]

  /// Number of atoms in each frame, padding atoms included.
  public var atomCount: Int { types.count }

  /// Makes a system; the shapes must fit `frameCount` and `types`.
  public init(
    place: String, typeNames: [String]?, types: [Int], frameTypes: [Int]? = nil, isPeriodic: Bool,
    frameCount: Int, positions: [Double], cells: [Double], labels: [String: [Double]]
  ) {
    precondition(positions.count == frameCount * types.count * 3)
    precondition(cells.count == (isPeriodic ? frameCount * 9 : 0))
    precondition(frameTypes.map { $0.count == frameCount * types.count } ?? true)
    self.place = place
    self.typeNames = typeNames
    self.types = types
    self.frameTypes = frameTypes
    self.isPeriodic = isPeriodic
    self.frameCount = frameCount
    self.positions = positions
    self.cells = cells
    self.labels = labels
  }
}
