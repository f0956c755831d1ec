import Protobuf
import Testing

/// Messages and their bytes as the documentation of protocol buffers shows them ("Encoding").
@Suite struct ProtobufTests {
  @Test func `messages have the documented bytes`() throws {
    var message = ProtobufMessage(), outer = ProtobufMessage()
    message.add(1, 150)
    #expect(message.bytes == [0x08, 0x96, 0x01])
    outer.add(3, message)
    outer.add(2, "testing")
    #expect(
      outer.bytes == [0x1a, 3, 0x08, 0x96, 0x01, 0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
    var negative = ProtobufMessage()
    negative.add(1, -2)
    #expect(negative.bytes == [0x08, 0xfe] + [UInt8](repeating: 0xff, count: 8) + [1])
  }

  @Test func `fields come back as they were added`() throws {
    var message = ProtobufMessage()
    message.add(1, -3)
    message.add(2, 0.1)
    message.add(536_870_911, Float(0.1))
    message.add(1, "twice")
    // Read out of the middle of other bytes, since messages lie in messages.
    let bytes = [7, 7] + message.bytes + [7]
    let fields = try protobufFields(of: bytes[2..<bytes.count - 1])
    #expect(fields.map(\.number) == [1, 2, 536_870_911, 1])
    #expect(
      fields.map(\.value) == [
        .integer(UInt64(bitPattern: -3)), .bits64((0.1).bitPattern),
        .bits32(Float(0.1).bitPattern), .bytes(ArraySlice("twice".utf8)),
      ])
  }

  @Test func `packed integers are read to the last one`() {
    #expect(protobufIntegers(packedIn: [0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05]) == [3, 270, 86942])
    #expect(protobufIntegers(packedIn: []) == [])
    #expect(protobufIntegers(packedIn: [0x03, 0x8e]) == nil)
  }

  @Test(arguments: [
    [0x08], [0x08, 0x80], [0x09, 1, 2, 3, 4, 5, 6, 7], [0x0d, 1, 2, 3], [0x12, 2, 0x61],
    [0x12] + [UInt8](repeating: 0xff, count: 9) + [1],  // a length of 2^64 - 1
    [0x08] + [UInt8](repeating: 0x80, count: 10) + [1],  // an integer of more than 64 bits
    [0x00, 1],  // field 0
    [0x0b, 0x0c],  // a group
    [0x0f, 1],  // a kind of value that does not exist
  ])
  func `damaged messages are refused`(_ damaged: [UInt8]) {
    let error = #expect(throws: ProtobufError.self) {
      try protobufFields(of: ArraySlice([0x10, 1] + damaged))
    }
    #expect(error?.offset == 2)
  }

  @Test func `every beginning of a message is read or refused`() throws {
    var message = ProtobufMessage()
    message.add(5, [UInt8](0..<200))
    message.add(6, 1 << 40)
    for count in 0..<message.bytes.count {
      let fields = try? protobufFields(of: message.bytes[..<count])
      #expect(fields?.count == [0: 0, 203: 1][count])
    }
  }
}
