import CHDF5
import Diagnostics

extension OpenDataset {
  /// The numbers, slowest index first; `rows` selects a range of the first index.
  func doubles(_ rows: Range<Int>? = nil) throws -> [Double] {
    try numbers(rows, as: chdf5_t_native_double(), zero: 0, if: type.isNumeric, "numbers")
  }

  func floats(_ rows: Range<Int>? = nil) throws -> [Float] {
    try numbers(rows, as: chdf5_t_native_float(), zero: 0, if: type == .float(bytes: 4), "float32")
  }

  func integers(_ rows: Range<Int>? = nil) throws -> [Int] {
    try numbers(rows, as: chdf5_t_native_int64(), zero: 0, if: type.isIntegral, "integers")
  }

  func booleans() throws -> [Bool] {
    if type != .boolean { return try integers().map { $0 != 0 } }
    let memory = try booleanType(error("has no readable type"))
    return try numbers(nil, as: memory.id, zero: Int8(0), if: true, "truth values").map { $0 != 0 }
  }

  /// The strings, of fixed or variable length, ASCII or UTF-8.
  func strings() throws -> [String] {
    let bytes = max(H5Tget_size(storedType.id), MemoryLayout<UnsafeRawPointer>.size)
    let count = try checkedCount(bytes: bytes), place = place(of: name, handle.id)
    return try readStrings(count, storedType, space, at: place) { memory, buffer in
      H5Dread(handle.id, memory, hid_t(H5S_ALL), hid_t(H5S_ALL), transferProperties, buffer)
    }
  }

  /// Reads `rows` in the memory type `memory`; throws unless `isFit` accepts the stored type, and
  /// then names what is `expected`.
  private func numbers<Element>(
    _ rows: Range<Int>?, as memory: hid_t, zero: Element, if isFit: Bool, _ expected: String
  ) throws -> [Element] {
    guard isFit else { throw error("holds \(type.description), expected \(expected)") }
    var shape = shape
    var count = try checkedCount(bytes: MemoryLayout<Element>.stride)
    if let rows {
      precondition(!shape.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= shape[0])
      shape[0] = rows.count
      count = shape.reduce(1, *)
      try select(rows, shape)
    }
    var values = [Element](repeating: zero, count: count)
    if values.isEmpty { return values }
    let memorySpace = try dataspace(shape, unreadable)
    try values.withUnsafeMutableBytes { buffer in
      _ = try check(
        H5Dread(
          handle.id, memory, memorySpace.id, space.id, transferProperties, buffer.baseAddress),
        orThrow: unreadable)
    }
    return values
  }

  /// Selects `rows` of the first index in the dataspace; `shape` is that of the selection.
  private func select(_ rows: Range<Int>, _ shape: [Int]) throws {
    var start = [hsize_t](repeating: 0, count: shape.count)
    start[0] = hsize_t(rows.lowerBound)
    try check(
      H5Sselect_hyperslab(
        space.id, H5S_SELECT_SET, start, nil, shape.map { hsize_t($0) }, nil),
      orThrow: unreadable)
  }
}

/// Transfer properties with a buffer of 64 KiB.
///
/// For each conversion of elements, however few, libhdf5 clears the whole buffer first, which by
/// default has 1 MiB.
private let transferProperties: hid_t = {
  let list = H5Pcreate(chdf5_p_dataset_xfer())
  H5Pset_buffer(list, 1 << 16, nil, nil)
  return list
}()

/// A dataspace of `shape`; a scalar one for an empty shape.
func dataspace(_ shape: [Int], _ failure: ToolError) throws -> Handle {
  if shape.isEmpty { return try Handle(H5Screate(H5S_SCALAR), orThrow: failure) }
  return try Handle(
    H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil), orThrow: failure)
}

/// The enumeration that h5py uses for truth values.
func booleanType(_ failure: ToolError) throws -> Handle {
  let type = try Handle(H5Tenum_create(chdf5_t_int8()), orThrow: failure)
  for (name, value) in [("FALSE", Int8(0)), ("TRUE", Int8(1))] {
    try withUnsafeBytes(of: value) {
      _ = try check(H5Tenum_insert(type.id, name, $0.baseAddress), orThrow: failure)
    }
  }
  return type
}
