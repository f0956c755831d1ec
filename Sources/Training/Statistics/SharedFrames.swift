import Diagnostics

/// The frames that occur in the validation data and in the training data.
public struct SharedFrames: Sendable, Equatable {
  /// The number of frames in the validation data, and the number of those that the training data
  /// have too.
  public let total: Int, shared: Int
  /// The system and the index of the first shared frame.
  public let place: String, frame: Int

  /// Compares types, positions and cells bit by bit; nil if no frame is in both.
  ///
  /// Only training systems with as many atoms as some validation system are compared.  Data that
  /// stay on the disk are not compared: reading them would delay each start of a training.  Throws
  /// the errors of reading frames.
  public static func find(
    in training: [LabeledSystem], _ validation: [LabeledSystem]
  ) throws -> SharedFrames? {
    let validation = validation.filter(\.source.isInMemory)
    let sizes = Set(validation.map(\.atomCount))
    var seen: Set<FrameFingerprint> = []
    for system in training
    where sizes.contains(system.atomCount) && system.source.isInMemory {
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

  /// The warning for the user.
  public var text: String {
    let frames = total == 1 ? "the only frame" : "\(shared) of \(grouped(total)) frames"
    return "\(frames) of the validation data \(shared == 1 ? "is" : "are") in the training data, "
      + "too (\(place), frame \(frame)\(shared > 1 ? ", ..." : "")): errors there say nothing of new data"
  }
}
