import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// The bytes of a `.npy` file with a header and data of our choice.
private func npy(
  _ descr: String, _ shape: String, _ data: [UInt8], order: String = "False", version: UInt8 = 1
) -> [UInt8] {
  let header = "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }\n"
  let length = header.utf8.count
  let size: [UInt8] =
    version == 1
    ? [UInt8(length & 255), UInt8(length >> 8)] : [UInt8(length & 255), UInt8(length >> 8), 0, 0]
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + size + Array(header.utf8) + data
}

@Test(
  arguments: [
    ("<f8", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], 1.5), (">f8", [0x3F, 0xF8, 0, 0, 0, 0, 0, 0], 1.5),
    ("<f4", [0, 0, 0xC0, 0x3F], 1.5), (">f4", [0x3F, 0xC0, 0, 0], 1.5), ("<f2", [0, 0x3E], 1.5),
    ("<i8", [0xFE, 255, 255, 255, 255, 255, 255, 255], -2), ("<i4", [0xFE, 255, 255, 255], -2),
    (">i4", [255, 255, 255, 0xFE], -2), ("|i1", [0xFE], -2), ("<u2", [1, 1], 257),
    ("|u1", [200], 200),
    ("|b1", [1], 1),
  ] as [(String, [UInt8], Double)])
func `numbers of every NumPy type read as the numbers they are`(
  descr: String, bytes: [UInt8], value: Double
) throws {
  for version in 1...3 {
    let file = npy(descr, "(1,)", bytes, version: UInt8(version))
    #expect(try decodeNPY(file, place: "x.npy") == NumericArray(shape: [1], values: [value]))
  }
}

@Test func `column-major arrays are turned into row-major ones`() throws {
  // 2 × 3 × 2 numbers 0...11 as NumPy writes them with order='F'.
  let stored: [UInt8] = [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]
  let array = try decodeNPY(npy("|u1", "(2, 3, 2)", stored, order: "True"), place: "x.npy")
  #expect(array == NumericArray(shape: [2, 3, 2], values: (0..<12).map(Double.init)))
}

@Test func `a single number has an empty shape`() throws {
  let array = try decodeNPY(npy("|u1", "()", [7]), place: "x.npy")
  #expect(array == NumericArray(shape: [], values: [7]))
}

@Test func `what is written reads back to the bit`() throws {
  let values = [0.1, -0.0, .leastNonzeroMagnitude * 2024, .greatestFiniteMagnitude, 2.0 / 3, 5]
  let array = NumericArray(shape: [2, 3], values: values)
  let back = try decodeNPY(encodeNPY(array), place: "x.npy")
  #expect(back.shape == [2, 3])
  #expect(back.values.map(\.bitPattern) == values.map(\.bitPattern))
  let integers = NumericArray(shape: [3], values: [-1, 0, 7])
  #expect(try decodeNPY(encodeNPY(integers, integers: true), place: "x.npy") == integers)
}

@Test(
  arguments: [
    [], [0x93], Array("not an array at all".utf8),
    npy("<c16", "(1,)", Array(repeating: 0, count: 16)),
    npy("|O", "(1,)", [0]), npy("<f8", "(1,)", [0]), npy("|u1", "(2,)", [1, 2, 3]),
    npy("|u1", "(-1,)", []), npy("|u1", "(\(String(repeating: "1, ", count: 65)))", [1]),
    npy("|u1", "(99999999999, 99999999999)", [1]), npy("|u1", "5", [1]),
    npy("|u1", "(1,)", [1], order: "Maybe"), npy("|u1", "(1,)", [1], version: 9),
    Array(npy("|u1", "(1,)", [1]).prefix(20)),
  ] as [[UInt8]])
func `damaged arrays are refused by name`(bytes: [UInt8]) {
  #expect(fails(as: .data) { try decodeNPY(bytes, place: "x.npy") })
  #expect(message { try decodeNPY(bytes, place: "x.npy") }.hasPrefix("x.npy: "))
}

@Test func `no prefix of a file and no flipped header byte crashes the reader`() throws {
  let file = encodeNPY(NumericArray(shape: [2, 2], values: [1, 2, 3, 4]))
  for length in file.indices {
    #expect(fails(as: .data) { try decodeNPY(Array(file.prefix(length)), place: "x.npy") })
  }
  for index in 0..<128 {
    for bit in 0..<8 {
      var damaged = file
      damaged[index] ^= 1 << bit
      _ = try? decodeNPY(damaged, place: "x.npy")
    }
  }
}
