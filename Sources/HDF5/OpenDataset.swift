import CHDF5
import Diagnostics
import Glibc

/// An open dataset and its properties.
struct OpenDataset: ~Copyable {
  /// The absolute name.
  let name: String
  let handle: Handle
  /// The stored type of the elements, and its meaning.
  let storedType: Handle, type: HDF5Type
  let space: Handle
  /// The extents, slowest index first; empty for a scalar.
  let shape: [Int]
  /// The storage, if the numbers are stored unchanged in one block or in the header; nil in all
  /// other cases.
  private let plainLayout: H5D_layout_t?
  /// The first filter of the dataset that this HDF5 library lacks, in words.
  private let missingFilter: String?

  /// Whether the numbers are one block in this file, without filters.
  var isOneBlock: Bool { plainLayout == H5D_CONTIGUOUS }

  /// Opens the dataset `name` of `file`; throws `.data` if there is none.
  init(_ name: String, in file: borrowing HDF5File) throws {
    // The values are local first, because Swift cannot destroy a noncopyable value that is half
    // initialized.
    let handle = try Self.open(name, in: file)
    let storedType = try Handle(
      H5Dget_type(handle.id), orThrow: file.error(at: name, "has no type"))
    let noShape = file.error(at: name, "has no readable shape")
    let space = try Handle(H5Dget_space(handle.id), orThrow: noShape)
    let shape = try extents(of: space, orThrow: noShape)
    let noLayout = file.error(at: name, "has no readable layout")
    let creation = try Handle(H5Dget_create_plist(handle.id), orThrow: noLayout)
    let layout = H5Pget_layout(creation.id)
    let isPlain =
      (layout == H5D_CONTIGUOUS || layout == H5D_COMPACT) && H5Pget_nfilters(creation.id) == 0
      && H5Pget_external_count(creation.id) == 0
    (self.name, self.shape, type) = (name, shape, HDF5Type(storedType))
    plainLayout = isPlain ? layout : nil
    missingFilter = nameOfMissingFilter(creation.id)
    self.handle = handle
    self.storedType = storedType
    self.space = space
  }

  private static func open(_ name: String, in file: borrowing HDF5File) throws -> Handle {
    let failure: ToolError
    do {
      let object = try Handle(
        H5Oopen(file.id, name, hid_t(H5P_DEFAULT)),
        orThrow: file.error(at: name, "cannot be opened"))
      if H5Iget_type(object.id) == H5I_DATASET { return object }
      failure = file.error(at: name, "is not a dataset")
    } catch let error as ToolError {
      failure = error
    }
    if try failure.kind != .io && file.kind(of: name) == nil {
      throw file.error(at: name, "is missing")
    }
    throw failure
  }

  /// Makes an error about damaged data in this dataset.
  func error(_ problem: String) -> ToolError {
    ToolError(.data, at: place(of: name, handle.id), problem)
  }

  /// The error for a file that does not contain the data that its headers promise.
  var unreadable: ToolError {
    guard let missingFilter else { return error("cannot be read: the file is damaged") }
    return ToolError(
      .data, at: place(of: name, handle.id),
      "is compressed with \(missingFilter), which this HDF5 library does not have",
      remedy: "rewrite the file with h5repack -f GZIP=4, or with h5py and compression='gzip'")
  }

  /// The number of elements; throws if the shape promises more than is stored.
  ///
  /// A damaged shape could otherwise demand any amount of memory; `bytes` is the memory of one
  /// element.  Deflate shrinks data at most 1032 times; a small dataset may have no bytes at all,
  /// only a fill value.
  func checkedCount(bytes: Int) throws -> Int {
    let stored = product([
      Int(clamping: H5Dget_storage_size(handle.id)), plainLayout == nil ? 1100 : 1,
    ])
    // A length of zero counts as one, so that the product of some of the lengths is in range too.
    let lengths = shape.map { max($0, 1) }
    guard product(lengths + [max(H5Tget_size(storedType.id), 1)]) <= max(1 << 23, stored),
      product(lengths + [bytes]) <= physicalMemory
    else {
      // Other filters may shrink data more than deflate does.
      if missingFilter != nil { throw unreadable }
      throw error("has shape \(shape), far more than is stored: the file is damaged")
    }
    return shape.reduce(1, *)
  }
}

/// The first filter in the creation list `list` that libhdf5 lacks, by name and number; nil if it
/// has all of them.
private func nameOfMissingFilter(_ list: hid_t) -> String? {
  // Files do not always have the names of filters.  Source: The HDF Group, "Registered filter
  // plugins".
  let known: [H5Z_filter_t: String] = [
    4: "szip", 305: "LZO", 307: "bzip2", 32000: "lzf", 32001: "blosc", 32004: "lz4",
    32008: "bitshuffle", 32013: "zfp", 32015: "zstd", 32017: "sz", 32026: "blosc2",
  ]
  for index in 0..<max(H5Pget_nfilters(list), 0) {
    var flags: UInt32 = 0, settings: UInt32 = 0, count = 0
    var name = [CChar](repeating: 0, count: 64)
    let filter = H5Pget_filter2(
      list, UInt32(index), &flags, &count, nil, name.count, &name, &settings)
    guard filter >= 0, H5Zfilter_avail(filter) == 0 else { continue }
    let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let plain = String(decoding: bytes, as: UTF8.self).filter {
      $0.isASCII && ($0.isLetter || $0.isNumber)
    }
    return "\(known[filter] ?? (plain.isEmpty ? "a filter" : plain)) (filter \(filter))"
  }
  return nil
}

/// The extents of the dataspace `space`.
func extents(of space: borrowing Handle, orThrow failure: ToolError) throws -> [Int] {
  let rank = try check(H5Sget_simple_extent_ndims(space.id), orThrow: failure)
  var extents = [hsize_t](repeating: 0, count: Int(rank))
  try check(H5Sget_simple_extent_dims(space.id, &extents, nil), orThrow: failure)
  return try extents.map { extent in
    guard let extent = Int(exactly: extent) else { throw failure }
    return extent
  }
}

/// The product of `factors`, none of which is negative; the largest integer if the product is
/// larger.
private func product(_ factors: [Int]) -> Int {
  factors.reduce(1) { product, factor in
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    return overflow ? Int.max : next
  }
}

/// The number of bytes of memory in this machine.
private let physicalMemory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
