import CHDF5
import Diagnostics

extension HDF5File {
  /// The numbers of `dataset`, slowest index first; `rows` takes a range of the first index only.
  ///
  /// Any floating-point or integer storage is converted.  Throws `.data` for anything else.
  public func doubles(_ dataset: String, rows: Range<Int>? = nil) throws -> [Double] {
    try numbers(dataset, rows, chdf5_t_native_double(), zero: 0) { $0.isNumeric }
  }

  /// The numbers of `dataset` as `float32`; see `doubles`.
  public func floats(_ dataset: String, rows: Range<Int>? = nil) throws -> [Float] {
    try numbers(dataset, rows, chdf5_t_native_float(), zero: 0) { $0.isNumeric }
  }

  /// The integers of `dataset`; see `doubles`.  Throws `.data` for floating-point storage.
  public func integers(_ dataset: String, rows: Range<Int>? = nil) throws -> [Int] {
    try numbers(dataset, rows, chdf5_t_native_int64(), zero: 0) { $0.isIntegral }
  }

  /// The truth values of `dataset`, stored as h5py does or as integers.
  public func booleans(_ dataset: String) throws -> [Bool] {
    if try type(of: dataset) != .boolean { return try integers(dataset).map { $0 != 0 } }
    let memory = try booleanType(error(at: dataset, "has no readable type"))
    return try numbers(dataset, nil, memory.id, zero: Int8(0)) { $0 == .boolean }.map { $0 != 0 }
  }

  /// Reads `rows` of `dataset` in the memory type `memory`, if its storage `isFit`.
  private func numbers<Element>(
    _ dataset: String, _ rows: Range<Int>?, _ memory: hid_t, zero: Element,
    isFit: (HDF5Type) -> Bool
  ) throws -> [Element] {
    let handle = try open(dataset)
    let unreadable = error(at: dataset, "cannot be read: the file is damaged")
    let stored = HDF5Type(try Handle(H5Dget_type(handle.id), orThrow: unreadable))
    guard isFit(stored) else {
      let wanted = zero is Int ? "integers" : "numbers"
      throw error(at: dataset, "holds \(stored.description), expected \(wanted)")
    }
    let space = try Handle(H5Dget_space(handle.id), orThrow: unreadable)
    var shape = try shape(space, dataset)
    try checkSize(shape, handle, dataset)
    if let rows {
      precondition(!shape.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= shape[0])
      shape[0] = rows.count
      try select(rows, shape, space, unreadable)
    }
    var values = [Element](repeating: zero, count: shape.reduce(1, *))
    if values.isEmpty { return values }
    let memorySpace = try dataspace(shape, unreadable)
    try values.withUnsafeMutableBytes { buffer in
      _ = try check(
        H5Dread(
          handle.id, memory, memorySpace.id, space.id, hid_t(H5P_DEFAULT), buffer.baseAddress),
        orThrow: unreadable)
    }
    return values
  }

  /// Selects `rows` of the first index in `space`; `shape` is that of the selection.
  private func select(
    _ rows: Range<Int>, _ shape: [Int], _ space: borrowing Handle, _ failure: ToolError
  ) throws {
    var start = [hsize_t](repeating: 0, count: shape.count)
    start[0] = hsize_t(rows.lowerBound)
    try check(
      H5Sselect_hyperslab(
        space.id, H5S_SELECT_SET, start, nil, shape.map { hsize_t($0) }, nil),
      orThrow: failure)
  }

  /// Throws if `shape` promises more elements than the stored bytes of the dataset can hold.
  ///
  /// A damaged shape would otherwise ask for any amount of memory.  Deflate shrinks at most
  /// 1032 times; a small dataset may have no bytes at all, only a fill value.
  func checkSize(_ shape: [Int], _ dataset: borrowing Handle, _ name: String) throws {
    let (stored, tooMuch) = Int(clamping: H5Dget_storage_size(dataset.id))
      .multipliedReportingOverflow(by: 1100)
    let limit = max(1 << 20, tooMuch ? Int.max : stored)
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= limit else {
        throw error(at: name, "has shape \(shape), far more than is stored: the file is damaged")
      }
      count = product
    }
  }

  /// A dataspace of `shape`; a scalar one if it is empty.
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
}
