/// How much of the data may be kept in memory, and how much is.
public struct DataCache: Sendable {
  /// The bytes that may be kept.
  public let limit: Int
  /// The bytes that are kept.
  public private(set) var used = 0

  /// Room for `limit` bytes.
  public init(limit: Int) { self.limit = limit }

  /// What there is to say if more is kept than may be: data that cannot be read frame by frame are
  /// kept whatever the limit.
  public var warning: String? {
    if used <= limit { return nil }
    return "the data take \(used / 1_000_000) MB of memory, more than --cache allows; "
      + "dp-convert makes a file of them that can stay on the disk"
  }

  /// Takes room for `count` bytes, if there is as much.
  mutating func take(_ count: Int) -> Bool {
    guard count <= limit - used else { return false }
    used += count
    return true
  }

  /// Takes room for `count` bytes.
  mutating func force(_ count: Int) { used += count }
}
