import Protobuf

/// A record of an event file: the part of TensorFlow's message `Event` that scalars need.
///
/// Source: TensorFlow's `event.proto` and `summary.proto`, which define the fields and their
/// numbers.
struct Event {
  enum Content {
    /// The format of the file, in its first event.
    case fileVersion(String)
    /// A training begins, or begins again: what was written of this step and later ones is void.
    case start
    /// Values of a step, by their tags.
    case scalars([(tag: String, value: Float)])
  }

  /// Seconds since 1970.
  var time: Double
  var step = 0
  var content: Content

  /// The event as protocol buffers encode it.
  var bytes: [UInt8] {
    var event = ProtobufMessage()
    event.add(1, time)
    if step != 0 { event.add(2, step) }  // numbers that are left out are 0
    switch content {
    case .fileVersion(let version): event.add(3, version)
    case .scalars(let scalars): event.add(5, summary(scalars))
    case .start:
      var log = ProtobufMessage()
      log.add(1, 1)  // SessionLog's status START
      event.add(7, log)
    }
    return event.bytes
  }

  private func summary(_ scalars: [(tag: String, value: Float)]) -> ProtobufMessage {
    scalars.reduce(into: ProtobufMessage()) { summary, scalar in
      var value = ProtobufMessage()
      value.add(1, scalar.tag)
      value.add(2, scalar.value)
      summary.add(1, value)
    }
  }

  /// The step of an encoded event, and whether the event only marks the start of a training; nil if
  /// `bytes` are no message.
  static func header(of bytes: ArraySlice<UInt8>) -> (step: Int, isStart: Bool)? {
    guard let fields = try? protobufFields(of: bytes) else { return nil }
    var step = 0, isStart = false
    for field in fields {
      switch (field.number, field.value) {
      case (2, .integer(let bits)): step = Int(Int64(bitPattern: bits))
      case (7, .bytes): isStart = true
      default: break
      }
    }
    return (step, isStart)
  }
}
