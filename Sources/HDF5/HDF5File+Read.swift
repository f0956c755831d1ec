import CHDF5
import Diagnostics
import Foundation

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
    var count = try checkedCount(shape, handle, bytes: MemoryLayout<Element>.stride, dataset)
    if let rows {
      precondition(!shape.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= shape[0])
      shape[0] = rows.count
      count = shape.reduce(1, *)
      try select(rows, shape, space, unreadable)
    }
    var values = [Element](repeating: zero, count: count)
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

  /// The number of elements that `shape` promises; throws if that is more than is stored.
  ///
  /// A damaged shape would otherwise ask for any amount of memory, where `bytes` is what an element takes.  Deflate
  /// shrinks at most 1032 times; a small dataset may have no bytes at all, only a fill value.
  func checkedCount(
    _ shape: [Int], _ dataset: borrowing Handle, bytes: Int, _ name: String
  ) throws -> Int {
    let type = try Handle(H5Dget_type(dataset.id), orThrow: error(at: name, "has no type"))
    let stored = product([
      Int(clamping: H5Dget_storage_size(dataset.id)), try layout(dataset, name) == nil ? 1100 : 1,
    ])
    // Lengths of zero count as one, so that the product of some of the lengths is in range as well.
    let lengths = shape.map { max($0, 1) }
    guard product(lengths + [max(H5Tget_size(type.id), 1)]) <= max(1 << 23, stored),
      product(lengths + [bytes]) <= physicalMemory
    else {
      throw error(at: name, "has shape \(shape), far more than is stored: the file is damaged")
    }
    return shape.reduce(1, *)
  }

  /// Whether `dataset` is stored as one block of numbers, in this file and without filters.
  func isOneBlock(_ dataset: String) throws -> Bool {
    try layout(open(dataset), dataset) == H5D_CONTIGUOUS
  }

  /// How `dataset` is stored, if that is as it is: in one block or in its header; nil in all other cases.
  private func layout(_ dataset: borrowing Handle, _ name: String) throws -> H5D_layout_t? {
    let list = try Handle(
      H5Dget_create_plist(dataset.id), orThrow: error(at: name, "has no readable layout"))
    let layout = H5Pget_layout(list.id)
    let isPlain = layout == H5D_CONTIGUOUS || layout == H5D_COMPACT
    return isPlain && H5Pget_nfilters(list.id) == 0 && H5Pget_external_count(list.id) == 0
      ? layout : nil
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

/// The product of `factors`, none of them negative; the largest number if it is beyond that.
private func product(_ factors: [Int]) -> Int {
  factors.reduce(1) { product, factor in
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    return overflow ? Int.max : next
  }
}

/// The bytes of memory that this machine has.
private let physicalMemory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
