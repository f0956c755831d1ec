import Diagnostics

/// Frames of validation data that are training data, too.
public struct SharedFrames: Sendable, Equatable {
  /// How many frames of the validation data there are, and how many of them the training data have
  /// as well.
  public let total: Int, shared: Int
  /// The first of those.
  public let place: String, frame: Int

  /// Compares types, positions and cells, bit by bit; nil if no frame is in both.
  ///
  /// Only training systems with as many atoms as some validation system are looked at, and of data
  /// that stay on the disk none: reading them once more would make each start of a training longer.
  /// Throws what reading frames throws.
  public static func find(
    in training: [LabeledSystem], _ validation: [LabeledSystem]
  ) throws -> SharedFrames? {
    let validation = validation.filter(\.stored.isInMemory)
    let sizes = Set(validation.map(\.atomCount))
    var seen: Set<FrameFingerprint> = []
    for system in training
    where sizes.contains(system.atomCount) && system.stored.isInMemory {
      for frame in 0..<system.frameCount { seen.insert(try fingerprint(system, frame)) }
    }
    var shared = 0, first: (place: String, frame: Int)?
    for system in validation {
      for frame in 0..<system.frameCount where seen.contains(try fingerprint(system, frame)) {
        shared += 1
        first = first ?? (system.place, frame)
      }
    }
    guard let first else { return nil }
    return SharedFrames(
      total: validation.reduce(0) { $0 + $1.frameCount }, shared: shared, place: first.place,
      frame: first.frame)
  }

  private static func fingerprint(
    _ system: LabeledSystem, _ frame: Int
  ) throws -> FrameFingerprint {
    FrameFingerprint(try system.frame(frame).frame)
  }

  /// What a user should know of it.
  public var text: String {
    let frames = total == 1 ? "the only frame" : "\(shared) of \(grouped(total)) frames"
    return "\(frames) of the validation data \(shared == 1 ? "is" : "are") in the training data, "
      + "too (\(place), frame \(frame)\(shared > 1 ? ", ..." : "")): errors there say nothing of new data"
  }
}
