import Files
import Foundation
import TestSupport
import Testing

private let shown = (
  "\"disp_freq\"", "\"tensorboard\": true, \"tensorboard_freq\": 2, \"disp_freq\""
)

private func train(_ arguments: [String], in folder: URL) throws -> Finished {
  try runTool("dp-train", ["input.json", "-o", "run"] + arguments, in: folder)
}

/// Event files as dp-train writes them, read by a plain twin; the real TensorBoard reads them in
/// `make test-tensorboard`.
@Suite struct TensorBoardTests {
  @Test func `the twin's checksum has the values of RFC 3720`() {
    #expect(plainChecksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(plainChecksum([UInt8](repeating: 255, count: 32)) == 0x62a8_ab43)
    #expect(plainChecksum(Array(0..<32)) == 0x46dd_794e)
    #expect(plainChecksum(Array("123456789".utf8)) == 0xe306_9283)
  }

  @Test func `events are what metrics say, as single precision has it`() throws {
    try withTraining(replacing: [shown]) { folder in
      let finished = try train([], in: folder)
      #expect(finished.exitCode == 0, "\(finished.messages)")
      let training = try events("run/log/training", in: folder)
      #expect(training.scalars("rmse_f").map(\.step) == [1] + stride(from: 2, through: 20, by: 2))
      #expect(training.scalars("learning_rate").count == 11)
      let validation = try events("run/log/validation", in: folder)
      #expect(validation.scalars("rmse_f").map(\.step) == [1, 5, 10, 15, 20])
      #expect(validation.scalars("rmse_v").isEmpty, "the validation system has no virial")
      #expect(training.first?.version == "brain.Event:2" && training.allSatisfy { $0.time > 1e9 })
      let text = try String(
        contentsOf: folder.appending(path: "run/metrics.jsonl"), encoding: .utf8)
      for line in text.split(separator: "\n").dropFirst() {
        let metrics = try JSONValue(parsing: line.utf8, at: "metrics")
        let step = try #require(metrics["step"]?.int)
        let value = try #require(metrics["validation"]?["rmse_e"]?.double)
        #expect(validation.scalars("rmse_e").first { $0.step == step }?.value == Float(value))
      }
    }
  }

  @Test func `a training that goes on shows no step twice and leaves none out`() throws {
    try withTraining(replacing: [shown]) { folder in
      #expect(try train(["--until", "7"], in: folder).exitCode == 75)
      #expect(try train(["--until", "13"], in: folder).exitCode == 75)
      // As if it had been killed: its last checkpoint is gone, and the last record is half.
      try FileManager.default.removeItem(at: folder.appending(path: "run/model.ckpt-13.h5"))
      let file = folder.appending(path: "run/log/training").appending(
        path: try #require(
          try contents(of: folder.appending(path: "run/log/training")).last))
      var bytes = try Data(contentsOf: file)
      bytes += bytes.suffix(20)
      try bytes.write(to: file)
      // Nor is a temporary of a killed one in the way.
      try bytes.write(to: file.appendingPathExtension("123456.tmp"))
      #expect(try train([], in: folder).exitCode == 0)
      let training = try events("run/log/training", in: folder)
      #expect(training.scalars("rmse").map(\.step) == [1] + stride(from: 2, through: 20, by: 2))
      #expect(try contents(of: folder.appending(path: "run/log/training")).count == 3)
      let validation = try events("run/log/validation", in: folder)
      #expect(validation.scalars("rmse").map(\.step) == [1, 5, 10, 15, 20])
    }
  }

  @Test func `a log that cannot be written ends the training with 74 or 73`() throws {
    try withTraining(replacing: [shown]) { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "run"), withIntermediateDirectories: true)
      try Data().write(to: folder.appending(path: "run/log"))
      let finished = try train([], in: folder)
      #expect(finished.exitCode == 73 && finished.messages.contains("run/log"))
    }
  }

  @Test func `a log outside of the run folder is refused`() throws {
    let away = (shown.0, "\"tensorboard\": true, \"tensorboard_log_dir\": \"../x\", " + shown.0)
    try withTraining(replacing: [away]) { folder in
      let finished = try train([], in: folder)
      #expect(finished.exitCode == 78 && finished.messages.contains("tensorboard_log_dir"))
    }
  }
}

/// What a test looks at of an event.
private struct Event {
  var time = 0.0, step = 0, version = ""
  var scalars: [(tag: String, value: Float)] = []
}

extension [Event] {
  /// The values of `tag` by steps.
  fileprivate func scalars(_ tag: String) -> [(step: Int, value: Float)] {
    flatMap { event in
      event.scalars.filter { $0.tag == tag }.map { (event.step, $0.value) }
    }
  }
}

/// All events of the files in a folder, in the order of their names.
private func events(_ path: String, in folder: URL) throws -> [Event] {
  let place = folder.appending(path: path)
  return try contents(of: place).flatMap { name in
    #expect(name.hasPrefix("events.out.tfevents."))
    return try records([UInt8](Data(contentsOf: place.appending(path: name)))).map(event)
  }
}

/// The records of a file; each checksum must be right, and nothing may be left.
private func records(_ file: [UInt8]) throws -> [[UInt8]] {
  var found: [[UInt8]] = [], rest = file[...]
  while !rest.isEmpty {
    let length = Array(rest.prefix(8))
    let count = Int(number(length))
    try #require(rest.count >= count + 16)
    let record = Array(rest.dropFirst(12).prefix(count))
    #expect(number(Array(rest.dropFirst(8).prefix(4))) == UInt64(masked(length)))
    #expect(number(Array(rest.dropFirst(12 + count).prefix(4))) == UInt64(masked(record)))
    found.append(record)
    rest = rest.dropFirst(count + 16)
  }
  return found
}

private func number(_ bytes: [UInt8]) -> UInt64 {
  bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * $1.offset) }
}

/// Bit by bit: what is shifted out of the end comes back as the polynomial.
private func plainChecksum(_ bytes: [UInt8]) -> UInt32 {
  var rest: UInt32 = 0xffff_ffff
  for byte in bytes {
    for bit in 0..<8 {
      let isSet = (rest ^ UInt32(byte >> bit)) & 1 == 1
      rest = isSet ? (rest >> 1) ^ 0x82f6_3b78 : rest >> 1
    }
  }
  return ~rest
}

private func masked(_ bytes: [UInt8]) -> UInt32 {
  let sum = plainChecksum(bytes)
  return ((sum >> 15) | (sum << 17)) &+ 0xa282_ead8
}

/// The fields of a protocol buffer's message: number, then a whole number or bytes.
private func fields(_ message: [UInt8]) -> [(number: Int, value: UInt64, bytes: [UInt8])] {
  var found: [(number: Int, value: UInt64, bytes: [UInt8])] = [], at = 0
  func varint() -> UInt64 {
    var value: UInt64 = 0, shift = 0
    repeat {
      value |= UInt64(message[at] & 0x7f) << shift
      shift += 7
      at += 1
    } while message[at - 1] >= 0x80
    return value
  }
  func taken(_ count: Int) -> [UInt8] {
    defer { at += count }
    return Array(message[at..<at + count])
  }
  while at < message.count {
    let key = varint()
    switch key & 7 {
    case 0: found.append((Int(key >> 3), varint(), []))
    case 1: found.append((Int(key >> 3), number(taken(8)), []))
    case 5: found.append((Int(key >> 3), number(taken(4)), []))
    default:
      let count = Int(varint())
      found.append((Int(key >> 3), 0, taken(count)))
    }
  }
  return found
}

/// Field numbers of TensorFlow's event.proto and summary.proto.
private func event(_ record: [UInt8]) -> Event {
  var event = Event()
  for field in fields(record) {
    switch field.number {
    case 1: event.time = Double(bitPattern: field.value)
    case 2: event.step = Int(field.value)
    case 3: event.version = String(decoding: field.bytes, as: UTF8.self)
    case 5: event.scalars = fields(field.bytes).map { scalar($0.bytes) }
    default: continue
    }
  }
  return event
}

private func scalar(_ message: [UInt8]) -> (tag: String, value: Float) {
  var found = (tag: "", value: Float.nan)
  for field in fields(message) {
    if field.number == 1 { found.tag = String(decoding: field.bytes, as: UTF8.self) }
    if field.number == 2 { found.value = Float(bitPattern: UInt32(field.value)) }
  }
  return found
}
