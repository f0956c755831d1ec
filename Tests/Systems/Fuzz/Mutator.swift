import Random

/// Damages bytes in the ways that files are damaged, and in those that readers do not expect.
///
/// What it does depends on (seed, case) and the seeds' bytes alone.
struct Mutator {
  /// Texts that mean something in the format.
  let tokens: [[UInt8]]
  /// Whether bytes mostly stay where they are, as a format with addresses in it needs.
  let isBinary: Bool
  private var random: CounterRandom

  init(seed: UInt64, case index: UInt64, tokens: [String], isBinary: Bool) {
    random = CounterRandom(seed: seed, purpose: "fuzz", step: index)
    self.tokens = tokens.map { Array($0.utf8) }
    self.isBinary = isBinary
  }

  /// A whole number in 0..<`bound`; 0 if `bound` is not positive.
  mutating func index(below bound: Int) -> Int { bound > 0 ? random.index(below: bound) : 0 }

  /// Damages `bytes` one to eight times, mostly once; `other` is what it may be spliced with.
  mutating func damage(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let movesBytes = !isBinary || index(below: 10) == 0
    for _ in 0..<(1 << index(below: 1 + index(below: 4))) {
      switch index(below: movesBytes ? 14 : 6) {
      case 0: flipBit(&bytes)
      case 1: setByte(&bytes)
      case 2: setInteger(&bytes)
      case 3: overwrite(&bytes, with: token())
      case 4: overwrite(&bytes, with: block(of: bytes))
      case 5: setDigits(&bytes)
      case 6: insert(token(), into: &bytes)
      case 7: insert(block(of: bytes), into: &bytes)
      case 8: remove(from: &bytes)
      case 9: bytes.removeLast(index(below: bytes.count))
      case 10: splice(&bytes, with: other)
      default: exchangeWord(&bytes)
      }
    }
    return bytes
  }

  private mutating func flipBit(_ bytes: inout [UInt8]) {
    if !bytes.isEmpty { bytes[index(below: bytes.count)] ^= 1 << UInt8(index(below: 8)) }
  }

  private mutating func setByte(_ bytes: inout [UInt8]) {
    let values: [UInt8] = [0, 1, 0x0A, 0x20, 0x22, 0x2D, 0x30, 0x7F, 0x80, 0xFF]
    guard !bytes.isEmpty else { return }
    let position = index(below: bytes.count), choice = index(below: 2 * values.count)
    bytes[position] = choice < values.count ? values[choice] : UInt8(index(below: 256))
  }

  /// Puts an integer from the edge of a range in, of one to eight bytes, aligned or not.
  private mutating func setInteger(_ bytes: inout [UInt8]) {
    let size = 1 << index(below: 4)
    guard bytes.count >= size else { return }
    var position = index(below: bytes.count - size + 1)
    if index(below: 2) == 0 { position -= position % size }
    let edge: UInt64 = 1 << UInt64(index(below: 8 * size))
    let value = [0, edge, edge &- 1, 0 &- edge, UInt64.max][index(below: 5)]
    let isBig = index(below: 4) == 0
    for i in 0..<size {
      let place = isBig ? size - 1 - i : i
      bytes[position + place] = UInt8(truncatingIfNeeded: value >> UInt64(8 * i))
    }
  }

  /// Replaces a decimal number by another, as long as it if bytes are to stay where they are.
  private mutating func setDigits(_ bytes: inout [UInt8]) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    let start = index(below: bytes.count)
    guard let first = bytes[start...].firstIndex(where: isDigit) else { return }
    let end = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
    let numbers = [
      "0", "1", "-1", "65536", "4294967296", "99999999999999999999", "9223372036854775807",
      "281474976710656", "1e308", "-0", "nan", "0.5",
    ]
    let number = Array(numbers[index(below: numbers.count)].utf8)
    if isBinary {
      let length = min(end - first, number.count)
      bytes.replaceSubrange(first..<first + length, with: number.prefix(length))
    } else {
      bytes.replaceSubrange(first..<end, with: number)
    }
  }

  /// Replaces a word or a number by a token, or by another word of the text: its form mostly stays
  /// whole.
  private mutating func exchangeWord(_ bytes: inout [UInt8]) {
    let word = word(of: bytes), source = self.word(of: bytes)
    bytes.replaceSubrange(word, with: index(below: 4) == 0 ? token() : Array(bytes[source]))
  }

  private mutating func word(of bytes: [UInt8]) -> Range<Int> {
    let isPart = { (byte: UInt8) in byte > 0x20 && !",:[]{}=".utf8.contains(byte) }
    let start = bytes[index(below: bytes.count)...].firstIndex(where: isPart) ?? bytes.count
    return start..<(bytes[start...].firstIndex { !isPart($0) } ?? bytes.count)
  }

  private mutating func token() -> [UInt8] {
    tokens.isEmpty ? [UInt8(index(below: 256))] : tokens[index(below: tokens.count)]
  }

  /// A piece of `bytes`, mostly short.
  private mutating func block(of bytes: [UInt8]) -> [UInt8] {
    let length = 1 + index(below: 1 << (1 + index(below: 10)))
    return Array(bytes[index(below: bytes.count)...].prefix(length))
  }

  private mutating func overwrite(_ bytes: inout [UInt8], with piece: [UInt8]) {
    guard bytes.count >= piece.count else { return }
    let position = index(below: bytes.count - piece.count + 1)
    bytes.replaceSubrange(position..<position + piece.count, with: piece)
  }

  private mutating func insert(_ piece: [UInt8], into bytes: inout [UInt8]) {
    bytes.insert(contentsOf: piece, at: index(below: bytes.count + 1))
  }

  private mutating func remove(from bytes: inout [UInt8]) {
    let start = index(below: bytes.count)
    let length = 1 + index(below: 1 << (1 + index(below: 10)))
    bytes.removeSubrange(start..<min(bytes.count, start + length))
  }

  private mutating func splice(_ bytes: inout [UInt8], with other: [UInt8]) {
    let end = index(below: bytes.count + 1)
    // In a binary file the rest goes on at the same address, as where two files were mixed up.
    let start = isBinary ? min(end, other.count) : index(below: other.count + 1)
    bytes = Array(bytes[..<end]) + Array(other[start...])
  }
}
