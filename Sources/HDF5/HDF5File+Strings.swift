import CHDF5
import Diagnostics

extension HDF5File {
  /// The strings of `dataset`, fixed or variable length, ASCII or UTF-8, slowest index first.
  public func strings(_ dataset: String) throws -> [String] {
    let handle = try open(dataset)
    let unreadable = error(at: dataset, "cannot be read: the file is damaged")
    let type = try Handle(H5Dget_type(handle.id), orThrow: unreadable)
    let space = try Handle(H5Dget_space(handle.id), orThrow: unreadable)
    let shape = try shape(space, dataset)
    let bytes = max(H5Tget_size(type.id), MemoryLayout<UnsafeRawPointer>.size)
    let count = try checkedCount(shape, handle, bytes: bytes, dataset)
    return try strings(dataset, count, type, space) { memory, buffer in
      H5Dread(
        handle.id, memory, hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT), buffer)
    }
  }

  /// Writes `values` in `shape` (empty: a scalar) to a new `dataset` as fixed-length ASCII, the
  /// form that numpy's `S` types have.
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
      try write(
        UnsafeRawBufferPointer($0), shape, dataset, .contiguous, memory: type.id, file: type.id)
    }
  }

  /// Writes `values` in `shape` (empty: a scalar) to a new `dataset` as variable-length UTF-8.
  public func write(_ values: [String], shape: [Int], to dataset: String) throws {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for shape \(shape)")
    let type = try stringType(bytes: nil, error(.io, at: dataset, "cannot be written"))
    try withCStrings(values) {
      try write(
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

  /// Reads `count` strings of the stored type `type` through `read(memory type, buffer)`.
  func strings(
    _ object: String, _ count: Int, _ type: borrowing Handle, _ space: borrowing Handle,
    read: (hid_t, UnsafeMutableRawPointer?) -> herr_t
  ) throws -> [String] {
    guard case .string(let width) = HDF5Type(type) else {
      throw error(at: object, "holds \(HDF5Type(type).description), expected strings")
    }
    if count == 0 { return [] }
    let unreadable = error(at: object, "cannot be read: the file is damaged")
    guard let width else {
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      try check(read(type.id, &pointers), orThrow: unreadable)
      defer { H5Dvlen_reclaim(type.id, space.id, hid_t(H5P_DEFAULT), &pointers) }
      return try pointers.map { pointer in
        guard let pointer else { return "" }
        guard let text = String(validatingCString: pointer) else { throw notUTF8(object) }
        return text
      }
    }
    let isPaddedWithSpaces = H5Tget_strpad(type.id) == H5T_STR_SPACEPAD
    guard width <= 1 << 20 else { throw unreadable }
    var bytes = [UInt8](repeating: 0, count: count * width)
    try check(read(type.id, &bytes), orThrow: unreadable)
    return try (0..<count).map { index in
      var text = bytes[index * width..<(index + 1) * width]
      if isPaddedWithSpaces {
        while text.last == UInt8(ascii: " ") { text.removeLast() }
      } else {
        text = text.prefix { $0 != 0 }
      }
      guard let text = String(validating: text, as: UTF8.self) else { throw notUTF8(object) }
      return text
    }
  }

  private func notUTF8(_ object: String) -> ToolError {
    error(at: object, "holds text that is neither ASCII nor UTF-8")
  }
}

/// Lends `values` to `body` as an array of C strings.
func withCStrings<Result>(
  _ values: [String], _ body: (UnsafeRawBufferPointer) throws -> Result
) rethrows -> Result {
  // One buffer with all strings, then pointers into it: nothing to free by hand.
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
