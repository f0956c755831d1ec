import Diagnostics
import Files
import Foundation

/// Reads the `.npy` file at `path`, with any float or integer type, byte order and axis order.
///
/// Throws `ToolError`: `.missingInput` if there is no such file, `.data` if it is damaged.
package func readNPY(at path: String) throws -> NumericArray {
  try decodeNPY(try contents(ofFile: path), place: path)
}

/// Decodes the bytes of a `.npy` file; `place` is for messages.
package func decodeNPY(_ bytes: [UInt8], place: String) throws -> NumericArray {
  let header = try NPYHeader(bytes, place: place)
  let (found, expected) = (bytes.count - header.dataOffset, header.count * header.size)
  guard found == expected else {
    throw ToolError(
      .data, at: place,
      "holds \(counted(found, "byte")) of numbers, but its header promises \(expected) "
        + "(\(header.shape.map(String.init).joined(separator: " × ")) of "
        + "\(counted(header.size, "byte")))",
      remedy: "the file is damaged or cut short: copy or make it again")
  }
  var values = [Double](repeating: 0, count: header.count)
  bytes.withUnsafeBytes { buffer in
    if header.isOurDouble {
      values.withUnsafeMutableBytes {
        $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[header.dataOffset...]))
      }
      return
    }
    for i in values.indices {
      values[i] = scalar(of: header, in: buffer, at: header.dataOffset + i * header.size)
    }
  }
  return header.isColumnMajor
    ? NumericArray(columnMajor: values, shape: header.shape)
    : NumericArray(shape: header.shape, values: values)
}

/// The number that starts at byte `offset`.
private func scalar(
  of header: NPYHeader, in buffer: UnsafeRawBufferPointer, at offset: Int
) -> Double {
  func bits<T: FixedWidthInteger>(_: T.Type) -> T {
    let value = buffer.loadUnaligned(fromByteOffset: offset, as: T.self)
    return header.isBigEndian ? T(bigEndian: value) : T(littleEndian: value)
  }
  switch (header.scalar, header.size) {
  case (.float, 2): return Double(Float16(bitPattern: bits(UInt16.self)))
  case (.float, 4): return Double(Float(bitPattern: bits(UInt32.self)))
  case (.float, _): return Double(bitPattern: bits(UInt64.self))
  case (.signed, 1): return Double(bits(Int8.self))
  case (.signed, 2): return Double(bits(Int16.self))
  case (.signed, 4): return Double(bits(Int32.self))
  case (.signed, _): return Double(bits(Int64.self))
  case (.unsigned, 2): return Double(bits(UInt16.self))
  case (.unsigned, 4): return Double(bits(UInt32.self))
  case (.unsigned, 8): return Double(bits(UInt64.self))
  case (.unsigned, _): return Double(bits(UInt8.self))
  case (.bool, _): return bits(UInt8.self) == 0 ? 0 : 1
  }
}

/// Encodes an array as a `.npy` file (version 1): little-endian float64, int64 if `integers`,
/// float32 if `isSingle`.
package func encodeNPY(
  _ array: NumericArray, integers: Bool = false, isSingle: Bool = false
) -> [UInt8] {
  let lengths = array.shape.map(String.init).joined(separator: ", ")
  let tuple = array.shape.count == 1 ? "(\(lengths),)" : "(\(lengths))"
  let type = integers ? "<i8" : isSingle ? "<f4" : "<f8"
  var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }"
  // NumPy aligns the numbers to 64 bytes; ten bytes come before, a line feed ends the header.
  header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
  var data: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
  data.append(contentsOf: [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
  data.append(contentsOf: header.utf8)
  if isSingle {
    let words = array.values.map { Float($0).bitPattern.littleEndian }
    words.withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }
  let words = array.values.map {
    integers ? UInt64(bitPattern: Int64($0)).littleEndian : $0.bitPattern.littleEndian
  }
  words.withUnsafeBytes { data.append(contentsOf: $0) }
  return data
}
