import Files

/// A zip archive of entries that are stored as they are, without checksums.
func archive(_ entries: [(name: String, content: [UInt8])], method: Int = 0) -> [UInt8] {
  var bytes: [UInt8] = [], directory: [UInt8] = []
  func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  for (name, content) in entries {
    let sizes = number(0, 4) + number(content.count, 4) + number(content.count, 4)
    let lengths = number(name.utf8.count, 2) + number(0, 2)
    let common = number(20, 2) + number(0, 2) + number(method, 2) + number(0, 4) + sizes + lengths
    directory += number(0x0201_4b50, 4) + number(20, 2) + common + number(0, 10)
    directory += number(bytes.count, 4) + Array(name.utf8)
    bytes += number(0x0403_4b50, 4) + common + Array(name.utf8) + content
  }
  let end = number(0, 4) + number(entries.count, 2) + number(entries.count, 2)
  return bytes + directory + number(0x0605_4b50, 4) + end + number(directory.count, 4)
    + number(bytes.count, 4) + number(0, 2)
}

/// The operations of a pickle that make `value`.
private func operations(_ value: JSONValue) -> [UInt8] {
  func number(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  switch value {
  case .null: return Array("N".utf8)
  case .bool(let flag): return [flag ? 0x88 : 0x89]
  case .integer(let integer): return Array("J".utf8) + number(integer)
  case .number(let double):
    return Array("G".utf8)
      + (0..<8).map { UInt8(truncatingIfNeeded: double.bitPattern >> UInt64(56 - 8 * $0)) }
  case .string(let text): return Array("X".utf8) + number(text.utf8.count) + Array(text.utf8)
  case .array(let elements):
    return Array("](".utf8) + elements.flatMap(operations) + Array("e".utf8)
  case .object(let members):
    let pairs = members.sorted { $0.key < $1.key }
    return Array("}(".utf8) + pairs.flatMap { operations(.string($0.key)) + operations($0.value) }
      + Array("u".utf8)
  }
}

/// A checkpoint of PyTorch whose training had the section `model` of the input; it has no arrays.
func checkpoint(_ model: JSONValue) -> [UInt8] {
  let content: JSONValue = [
    "model": ["_extra_state": ["model_params": model], "model.Default.x": 1]
  ]
  return archive([("m/data.pkl", [0x80, 2] + operations(content) + Array(".".utf8))])
}
