/// A system whose frames are read when they are needed: the properties that all frames share, and a
/// function that reads frames.
///
/// The frames may be in memory or in a file; for the reader of frames this makes no difference.
public struct OpenSystem: Sendable {
  /// The place of the system, for messages: a folder, or `file.h5#/group`.
  public let place: String
  /// The element of each type; nil if the system names none.
  public let typeNames: [String]?
  /// The type of each atom, `[atoms]`; placeholders in a system of mixed type.
  public let types: [Int]
  /// Whether each frame has its own types.
  public let isMixed: Bool
  /// Whether the frames have cells.
  public let isPeriodic: Bool
  /// Number of frames.
  public let frameCount: Int
  /// The count of numbers per frame of each label, by its DeePMD-kit name.
  public let labelWidths: [String: Int]
  /// The SHA-256 of the content, if it is known already.
  public let knownDigest: String?
  /// Whether frames are in memory, so that reading one again is only a copy.
  public let isInMemory: Bool
  /// The notes of its reader.
  public var notes = ReadingNotes()
  private let read: @Sendable (Range<Int>) throws -> AtomicSystem

  /// Number of atoms in each frame, padding atoms included.
  public var atomCount: Int { types.count }

  /// Describes a system; `read` gives a range of its frames, checked, as a system of their own.
  public init(
    place: String, typeNames: [String]?, types: [Int], isMixed: Bool, isPeriodic: Bool,
    frameCount: Int, labelWidths: [String: Int], knownDigest: String?, isInMemory: Bool,
    read: @escaping @Sendable (Range<Int>) throws -> AtomicSystem
  ) {
    self.place = place
    self.typeNames = typeNames
    self.types = types
    self.isMixed = isMixed
    self.isPeriodic = isPeriodic
    self.frameCount = frameCount
    self.labelWidths = labelWidths
    self.knownDigest = knownDigest
    self.isInMemory = isInMemory
    self.read = read
  }

  /// Describes a system that is in memory.
  public init(_ system: AtomicSystem, knownDigest: String? = nil) {
    self.init(
      place: system.place, typeNames: system.typeNames, types: system.types,
      isMixed: system.frameTypes != nil, isPeriodic: system.isPeriodic,
      frameCount: system.frameCount,
      labelWidths: system.labels.mapValues { $0.count / max(system.frameCount, 1) },
      knownDigest: knownDigest, isInMemory: true, read: { system.frames($0) })
  }

  /// The frames of `range` as a system of their own.  Throws the errors of reading.
  public func frames(_ range: Range<Int>) throws -> AtomicSystem {
    precondition(range.lowerBound >= 0 && range.upperBound <= frameCount, "no frames \(range)")
    return try read(range)
  }

  /// The whole system.  Throws the errors of reading.
  public func whole() throws -> AtomicSystem { try frames(0..<frameCount) }
}

extension AtomicSystem {
  /// The frames of `range` as a system of their own.
  public func frames(_ range: Range<Int>) -> AtomicSystem {
    if range == 0..<frameCount { return self }
    func rows<Value>(_ values: [Value]) -> [Value] {
      let width = values.count / frameCount
      return Array(values[range.lowerBound * width..<range.upperBound * width])
    }
    return AtomicSystem(
      place: place, typeNames: typeNames, types: types, frameTypes: frameTypes.map(rows),
      isPeriodic: isPeriodic, frameCount: range.count, positions: rows(positions),
      cells: rows(cells), labels: labels.mapValues(rows))
  }
}
