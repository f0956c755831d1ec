/// A limit on the bytes of data in memory, and a count of the bytes that are there.
public struct DataCache: Sendable {
  /// The number of bytes that may be in memory.
  public let limit: Int
  /// The number of bytes that are in memory.
  public private(set) var used = 0

  /// Starts with nothing in memory.
  public init(limit: Int) { self.limit = limit }

  /// The warning if more bytes are in memory than the limit allows; that happens with formats that
  /// cannot be read frame by frame.
  public var warning: String? {
    if used <= limit { return nil }
    return "the data take \(used / 1_000_000) MB of memory, more than --cache allows; "
      + "dp-convert makes a file of them that can stay on the disk"
  }

  /// Counts `count` more bytes if the limit allows that; returns whether it does.
  mutating func take(_ count: Int) -> Bool {
    guard count <= limit - used else { return false }
    used += count
    return true
  }

  /// Counts `count` more bytes, whatever the limit.
  mutating func force(_ count: Int) { used += count }
}
