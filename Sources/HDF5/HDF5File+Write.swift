import CHDF5
import Diagnostics

extension HDF5File {
  /// Writes float64 numbers of `shape` (empty: a scalar), as float64 or float32, to a new
  /// `dataset`.
  ///
  /// It creates the groups above `dataset`.  It returns the offset of the data in the file if they
  /// are one block.  Throws `.io`.
  @discardableResult
  public func write(
    _ values: [Double], shape: [Int], to dataset: String, bytes: Int = 8,
    layout: HDF5Layout = .contiguous
  ) throws -> Int? {
    precondition(bytes == 8 || bytes == 4, "floats of \(bytes) bytes")
    return try write(
      values, shape, dataset, layout, memory: chdf5_t_native_double(),
      file: bytes == 8 ? chdf5_t_float64() : chdf5_t_float32())
  }

  /// Writes float32 numbers, as above.
  @discardableResult
  public func write(
    _ values: [Float], shape: [Int], to dataset: String, layout: HDF5Layout = .contiguous
  ) throws -> Int? {
    try write(
      values, shape, dataset, layout, memory: chdf5_t_native_float(), file: chdf5_t_float32())
  }

  /// Writes integers as int64 or int32, as above.
  @discardableResult
  public func write(
    _ values: [Int], shape: [Int], to dataset: String, bytes: Int = 8,
    layout: HDF5Layout = .contiguous
  ) throws -> Int? {
    precondition(bytes == 8 || bytes == 4, "integers of \(bytes) bytes")
    return try write(
      values, shape, dataset, layout, memory: chdf5_t_native_int64(),
      file: bytes == 8 ? chdf5_t_int64() : chdf5_t_int32())
  }

  /// Writes truth values in the form of h5py, as above.
  public func write(_ values: [Bool], shape: [Int], to dataset: String) throws {
    let type = try booleanType(error(.io, at: dataset, "cannot be written"))
    let bytes = values.map { Int8($0 ? 1 : 0) }
    try write(bytes, shape, dataset, .contiguous, memory: type.id, file: type.id)
  }

  /// Writes `values` in `shape`; their type is `memory` in memory and `file` in the file.
  @discardableResult
  func write<Element>(
    _ values: [Element], _ shape: [Int], _ dataset: String, _ layout: HDF5Layout, memory: hid_t,
    file: hid_t
  ) throws -> Int? {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for shape \(shape)")
    return try values.withUnsafeBytes {
      try write(UnsafeRawBufferPointer($0), shape, dataset, layout, memory: memory, file: file)
    }
  }

  /// Writes `buffer` in `shape`; the type of its elements is `memory` in memory and `file` in the
  /// file.
  @discardableResult
  func write(
    _ buffer: UnsafeRawBufferPointer, _ shape: [Int], _ dataset: String, _ layout: HDF5Layout,
    memory: hid_t, file: hid_t
  ) throws -> Int? {
    let failure = error(.io, at: dataset, "cannot be written")
    if let slash = dataset.lastIndex(of: "/"), slash != dataset.startIndex {
      try createGroup(String(dataset[..<slash]))
    }
    let space = try dataspace(shape, failure)
    let properties = try creationProperties(shape, layout, failure)
    let handle = try Handle(
      H5Dcreate2(
        id, dataset, file, space.id, hid_t(H5P_DEFAULT), properties.id, hid_t(H5P_DEFAULT)),
      orThrow: failure)
    if shape.reduce(1, *) > 0 {
      try check(
        H5Dwrite(
          handle.id, memory, hid_t(H5S_ALL), hid_t(H5S_ALL), hid_t(H5P_DEFAULT),
          buffer.baseAddress),
        orThrow: failure)
    }
    let address = H5Dget_offset(handle.id)  // the largest integer unless there is one block
    try handle.close(orThrow: failure)
    return Int(exactly: address)
  }

  /// The creation properties of a dataset: no times, and blocks with checksums if `layout` asks for
  /// them.
  private func creationProperties(
    _ shape: [Int], _ layout: HDF5Layout, _ failure: ToolError
  ) throws -> Handle {
    let list = try Handle(H5Pcreate(chdf5_p_dataset_create()), orThrow: failure)
    H5Pset_obj_track_times(list.id, false)
    // A dataset without elements, or a scalar, cannot be cut into blocks.
    guard case .chunked(let rows, let gzip) = layout, let extent = shape.first,
      !shape.contains(0)
    else { return list }
    precondition(rows > 0 && (0...9).contains(gzip))
    let block = [min(rows, extent)] + shape.dropFirst()
    try check(
      H5Pset_chunk(list.id, Int32(block.count), block.map { hsize_t($0) }), orThrow: failure)
    if gzip > 0 {
      try check(H5Pset_shuffle(list.id), orThrow: failure)
      try check(H5Pset_deflate(list.id, UInt32(gzip)), orThrow: failure)
    }
    try check(H5Pset_fletcher32(list.id), orThrow: failure)
    return list
  }
}
