import CHDF5
import Diagnostics

extension HDF5File {
  /// Writes `values` in `shape` (empty: a scalar) to a new `dataset` as fixed-length ASCII, the
  /// form of numpy's `S` types.
  ///
  /// Throws `.data` for a string with other characters, `.io` as the other writers do.
  public func writeASCII(_ values: [String], shape: [Int], to dataset: String) throws {
    let failure = error(.io, at: dataset, "cannot be written")
    for value in values where !value.utf8.allSatisfy({ $0 < 128 && $0 > 0 }) {
      throw error(at: dataset, "'\(value)' is not ASCII")
    }
    let width = max(1, values.map(\.utf8.count).max() ?? 1)
    let type = try stringType(bytes: width, failure)
    let bytes = values.flatMap { value in
      Array(value.utf8) + Array(repeating: 0, count: width - value.utf8.count)
    }
    try bytes.withUnsafeBytes {
      _ = try write(
        UnsafeRawBufferPointer($0), shape, dataset, .contiguous, memory: type.id, file: type.id)
    }
  }

  /// Writes `values` in `shape` (empty: a scalar) to a new `dataset` as variable-length UTF-8.
  public func write(_ values: [String], shape: [Int], to dataset: String) throws {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for shape \(shape)")
    let type = try stringType(bytes: nil, error(.io, at: dataset, "cannot be written"))
    try withCStrings(values) {
      _ = try write(
        UnsafeRawBufferPointer($0), shape, dataset, .contiguous, memory: type.id, file: type.id)
    }
  }

  /// A string type: ASCII padded with zeros to `bytes`, or UTF-8 of variable length if nil.
  func stringType(bytes: Int?, _ failure: ToolError) throws -> Handle {
    let type = try Handle(H5Tcopy(chdf5_t_string()), orThrow: failure)
    try check(H5Tset_size(type.id, bytes ?? chdf5_t_variable()), orThrow: failure)
    H5Tset_cset(type.id, bytes == nil ? H5T_CSET_UTF8 : H5T_CSET_ASCII)
    H5Tset_strpad(type.id, bytes == nil ? H5T_STR_NULLTERM : H5T_STR_NULLPAD)
    return type
  }
}

/// Calls `body` with `values` as an array of C strings.
func withCStrings<Result>(
  _ values: [String], _ body: (UnsafeRawBufferPointer) throws -> Result
) rethrows -> Result {
  // One buffer holds all strings, so nothing has to be freed by hand.
  let bytes: [UInt8] = values.flatMap { Array($0.utf8) + [0] }
  return try bytes.withUnsafeBytes { text in
    var offset = 0
    let pointers = values.map { value in
      defer { offset += value.utf8.count + 1 }
      return text.baseAddress.map { $0 + offset }
    }
    return try pointers.withUnsafeBytes(body)
  }
}
