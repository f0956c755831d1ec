import Files
import Foundation

/// One run of TensorBoard: a folder with event files, to which scalars are added step by step.
///
/// Only the times in them differ between repetitions of a training.
final class EventFile {
  private let file: GrowingFile

  /// Starts a file in `folder`, which is created if it does not exist, for the steps after `step`.
  ///
  /// Later steps in earlier files are removed, because TensorBoard shows each step once.  Throws
  /// `.cannotCreate` or `.io`, as all methods do.
  init(in folder: String, after step: Int) throws {
    try makeFolder(folder)
    // TensorBoard would take temporary files of a killed training for event files.
    removeLeftovers(in: folder)
    var number = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let parts = name.split(separator: ".")
      guard name.hasPrefix(Self.prefix), parts.count > 3 else { continue }
      number = max(number, Int(parts[3]) ?? 0)
      try Self.cut("\(folder)/\(name)", after: step)
    }
    let version = Event(time: Self.now, content: .fileVersion("brain.Event:2"))
    let start = Event(time: Self.now, step: step + 1, content: .start)
    // TensorBoard reads the files of a run in the order of their names.
    let digits = String(number + 1)
    let name = Self.prefix + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    file = try GrowingFile(
      "\(folder)/\(name).dp-train",
      startingWith: Records.framed(version.bytes) + Records.framed(start.bytes))
  }

  /// Adds the values of a step by their tags; values that are not finite are left out.
  func add(_ values: [(tag: String, value: Double)], step: Int) throws {
    let scalars = values.filter(\.value.isFinite).map { (tag: $0.tag, value: Float($0.value)) }
    guard !scalars.isEmpty else { return }
    let event = Event(time: Self.now, step: step, content: .scalars(scalars))
    try file.append(Records.framed(event.bytes))
  }

  /// Waits until all events are on the disk.
  func flush() throws { try file.flush() }

  /// The beginning of the names of event files; TensorBoard looks for `tfevents`.
  private static let prefix = "events.out.tfevents."

  private static var now: Double { Date().timeIntervalSince1970 }

  /// Removes the events of later steps, and an incomplete event, from the file at `path`.
  private static func cut(_ path: String, after step: Int) throws {
    let bytes = try contents(ofFile: path)
    var kept = 0
    for (record, end) in Records.whole(in: bytes) {
      guard let event = Event.header(of: record), event.step <= step || event.isStart
      else { break }
      kept = end
    }
    if kept < bytes.count { try writeWhole(Array(bytes[..<kept]), to: path) }
  }
}
