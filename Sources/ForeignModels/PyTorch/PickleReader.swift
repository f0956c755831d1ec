/// Walks through a pickle of PyTorch, protocols 0 to 5.
///
/// Only operations that models have are followed.  Names get a meaning in `called` only.
/// Source: CPython's `Lib/pickletools.py`.
struct PickleReader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int
  var pickle = Pickle()
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memory: [Int: PickleValue] = [:]

  /// Reads the pickle in `bytes`; throws `Unreadable` if it is damaged or none of PyTorch.
  static func read(_ bytes: ArraySlice<UInt8>) throws -> Pickle {
    guard bytes.count < 1 << 28 else { throw Unreadable("has a pickle of \(bytes.count) bytes") }
    var reader = PickleReader(bytes)
    for _ in 0..<4_000_000 {
      let code = try reader.byte()
      if code == UInt8(ascii: ".") {
        reader.pickle.root = try reader.pop()
        return reader.pickle
      }
      try reader.follow(code)
    }
    throw Unreadable("has a pickle without end")
  }

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  private mutating func follow(_ code: UInt8) throws {
    switch UnicodeScalar(code) {
    case "\u{80}":
      guard try byte() <= 5 else { throw Unreadable("has a pickle of an unknown protocol") }
    case "\u{95}": _ = try take(8)
    case "(": marks.append(stack.count)
    case "N": stack.append(.none)
    case "\u{88}": stack.append(.bool(true))
    case "\u{89}": stack.append(.bool(false))
    case "J", "K", "M", "\u{8a}", "\u{8b}", "G": try followNumber(code)
    case "X", "\u{8c}", "\u{8d}", "U", "T", "C", "B", "\u{8e}": try followText(code)
    case "q", "r", "\u{94}", "h", "j": try followMemory(code)
    case "0": _ = try pop()
    case "c":
      let module = try line(), name = try line()
      stack.append(.name("\(module).\(name)"))
    case "\u{93}":
      let name = try pop(), module = try pop()
      stack.append(.name("\(pickle.text(module) ?? "").\(pickle.text(name) ?? "")"))
    case "R", "\u{81}":
      let arguments = try pop(), function = try pop()
      stack.append(try called(function, pickle.elements(of: arguments) ?? []))
    case "b": try setState(pop())
    case "Q": try stack.append(persistent(pop()))
    default: try followContainer(code)
    }
  }

  private mutating func followNumber(_ code: UInt8) throws {
    switch UnicodeScalar(code) {
    case "J": stack.append(.integer(Int(Int32(truncatingIfNeeded: try integer(4)))))
    case "K": stack.append(.integer(try integer(1)))
    case "M": stack.append(.integer(try integer(2)))
    case "G":
      let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      stack.append(.number(Double(bitPattern: bits)))
    default:
      let digits = try take(try integer(code == 0x8a ? 1 : 4))
      guard digits.count <= 8 else { return stack.append(.none) }
      // The highest bit is the sign.
      let sign: Int = digits.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
      stack.append(.integer(digits.reversed().reduce(sign) { $0 << 8 | Int($1) }))
    }
  }

  private mutating func followText(_ code: UInt8) throws {
    let width =
      switch UnicodeScalar(code) {
      case "\u{8c}", "U", "C": 1
      case "\u{8d}", "\u{8e}": 8
      default: 4
      }
    stack.append(.text(String(decoding: try take(try integer(width)), as: UTF8.self)))
  }

  private mutating func followMemory(_ code: UInt8) throws {
    switch UnicodeScalar(code) {
    case "q": memory[try integer(1)] = try top()
    case "r": memory[try integer(4)] = try top()
    case "\u{94}": memory[memory.count] = try top()
    default:
      guard let value = memory[try integer(code == UInt8(ascii: "h") ? 1 : 4)] else {
        throw damaged
      }
      stack.append(value)
    }
  }

  private mutating func followContainer(_ code: UInt8) throws {
    switch UnicodeScalar(code) {
    case "}": addDictionary([])
    case "]", ")", "\u{8f}": addList([])
    case "t", "l": try addList(sinceMark())
    case "d": try addDictionary(pairs(sinceMark()))
    case "\u{85}", "\u{86}", "\u{87}":
      let count = Int(code) - 0x84
      guard stack.count >= count else { throw damaged }
      let values = Array(stack.suffix(count))
      stack.removeLast(count)
      addList(values)
    case "a":
      let value = try pop()
      try append([value])
    case "e", "\u{90}": try append(sinceMark())
    case "s":
      let value = try pop(), key = try pop()
      try set([(key, value)])
    case "u": try set(pairs(sinceMark()))
    default:
      throw Unreadable(
        "has a pickle with an operation that models do not use (0x\(String(code, radix: 16)))")
    }
  }

  private mutating func append(_ values: [PickleValue]) throws {
    guard case .list(let number) = try top() else { throw damaged }
    pickle.lists[number] += values
  }

  private mutating func set(_ pairs: [(key: PickleValue, value: PickleValue)]) throws {
    guard case .dictionary(let number) = try top() else { throw damaged }
    pickle.dictionaries[number] += pairs
  }

  /// Gives the object on the stack its attributes.
  private mutating func setState(_ state: PickleValue) throws {
    if case .record(let number) = try top(), let items = pickle.items(of: state) {
      pickle.dictionaries[number] += items
    }
  }

  private mutating func addList(_ values: [PickleValue]) {
    pickle.lists.append(values)
    stack.append(.list(pickle.lists.count - 1))
  }

  private mutating func addDictionary(_ pairs: [(key: PickleValue, value: PickleValue)]) {
    pickle.dictionaries.append(pairs)
    stack.append(.dictionary(pickle.dictionaries.count - 1))
  }

  private func pairs(_ values: [PickleValue]) throws -> [(key: PickleValue, value: PickleValue)] {
    guard values.count.isMultiple(of: 2) else { throw damaged }
    return stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) }
  }

  private mutating func sinceMark() throws -> [PickleValue] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw damaged }
    let values = Array(stack[mark...])
    stack.removeLast(values.count)
    return values
  }

  private func top() throws -> PickleValue {
    guard let value = stack.last else { throw damaged }
    return value
  }

  private mutating func pop() throws -> PickleValue {
    guard let value = stack.popLast() else { throw damaged }
    return value
  }

  private mutating func byte() throws -> UInt8 {
    guard place < bytes.endIndex else { throw damaged }
    place += 1
    return bytes[place - 1]
  }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.endIndex - place else { throw damaged }
    place += count
    return bytes[place - count..<place]
  }

  private mutating func integer(_ count: Int) throws -> Int {
    let value = try take(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let integer = Int(exactly: value) else { throw damaged }
    return integer
  }

  private mutating func line() throws -> String {
    guard let end = bytes[place...].firstIndex(of: 10) else { throw damaged }
    defer { place = end + 1 }
    return String(decoding: bytes[place..<end], as: UTF8.self)
  }

  var damaged: Unreadable { Unreadable("has a damaged pickle") }
}
