import Atoms

/// The numbers of atoms of each type in the frames of a system; they are the same in all frames, or
/// differ in a system of mixed type.
public struct SystemComposition: Sendable, Equatable, Codable {
  /// Atoms of each type in the first frame, `[types]`.
  public private(set) var first: [Int]
  /// The fewest and the most atoms of each type in any frame, `[types]`.
  public private(set) var fewest: [Int], most: [Int]
  /// Atoms of each type in all frames together, `[types]`.
  public private(set) var total: [Int]
  /// The fewest and the most atoms of all types in any frame.
  public private(set) var fewestAtoms: Int, mostAtoms: Int
  /// For each type that the first frame lacks, the first frames that have it.
  private(set) var laterFrames: [Int: [Int]] = [:]

  /// The number of frames kept for a late type: as many as DeePMD-kit samples of a system by
  /// default.
  static let framesKept = 10

  /// Computes the composition of frames with `counts` atoms of each of `typeCount` types,
  /// `[frames][types]`.
  init(_ counts: some Collection<[Int]>, typeCount: Int) {
    first = counts.first ?? Array(repeating: 0, count: typeCount)
    (fewest, most) = (first, first)
    total = Array(repeating: 0, count: typeCount)
    fewestAtoms = first.reduce(0, +)
    mostAtoms = fewestAtoms
    for (frame, row) in counts.enumerated() { add(row, frame: frame) }
  }

  /// Computes the composition of `system` for a model with `typeCount` types; it reads all frames
  /// only if their types differ.
  ///
  /// Throws the errors of reading frames.
  public init(of system: LabeledSystem, typeCount: Int) throws {
    let looked = system.source.isMixed ? system.frameCount : min(system.frameCount, 1)
    let rows = try (0..<looked).map {
      SystemComposition.counts(try system.frame($0).frame.types, typeCount: typeCount)
    }
    self.init(rows, typeCount: typeCount)
    if !system.source.isMixed { total = first.map { $0 * system.frameCount } }
  }

  /// The number of atoms of each type, without padding atoms.
  static func counts(_ types: [Int], typeCount: Int) -> [Int] {
    var counts = Array(repeating: 0, count: typeCount)
    for type in types where type >= 0 { counts[type] += 1 }
    return counts
  }

  /// Whether all frames have the same atoms.
  public var isUniform: Bool { fewest == most }

  private mutating func add(_ counts: [Int], frame: Int) {
    for (type, count) in counts.enumerated() {
      total[type] += count
      if count == first[type] { continue }
      fewest[type] = min(fewest[type], count)
      most[type] = max(most[type], count)
      if first[type] == 0, laterFrames[type]?.count ?? 0 < Self.framesKept {
        laterFrames[type, default: []].append(frame)
      }
    }
    let atoms = counts.reduce(0, +)
    fewestAtoms = min(fewestAtoms, atoms)
    mostAtoms = max(mostAtoms, atoms)
  }

  /// The first frames with atoms of `type`, if the first `count` frames have none; otherwise empty.
  func frames(with type: Int, beyond count: Int) -> [Int] {
    guard first[type] == 0, let frames = laterFrames[type], frames[0] >= count else { return [] }
    return frames
  }

  /// Whether the first `count` frames have atoms of `type`.
  func hasType(_ type: Int, inFirst count: Int) -> Bool {
    count > 0 && (first[type] > 0 || laterFrames[type].map { $0[0] < count } ?? false)
  }
}
