import CHDF5
import Diagnostics
import Glibc

/// An open HDF5 file, which is closed when it goes out of use; only one thread may use it.
///
/// Objects are named by their absolute path, such as `/H2O/set.000/coord.npy`.  Files are written
/// without times and with fixed format bounds, so equal content gives equal bytes.
/// Source: HDF5 1.10 reference manual.
public struct HDF5File: ~Copyable {
  let id: hid_t  // the only member, so that close() may discard self

  /// Opens the file at `path` for reading, without file locks.
  ///
  /// Throws `.missingInput` if there is no readable file, `.data` if it is not HDF5.
  public init(reading path: String) throws {
    silenceErrorPrinting()
    guard isReadable(path) else { throw HDF5File.missing(path) }
    let access = try accessProperties(path)
    H5Pset_file_locking(access.id, false, true)
    id = try check(
      H5Fopen(path, chdf5_f_acc_rdonly(), access.id),
      orThrow: ToolError(.data, at: path, "is not a readable HDF5 file"))
  }

  /// Opens `image`, the bytes of an HDF5 file, for reading; messages call it `name`.
  public init(reading image: [UInt8], name: String) throws {
    silenceErrorPrinting()
    let access = try accessProperties(name)
    // The core driver works on its own copy of the bytes and writes no file.
    H5Pset_fapl_core(access.id, 1 << 16, false)
    // HDF5 copies the bytes, although its pointer is not const.
    let status = image.withUnsafeBytes {
      H5Pset_file_image(access.id, UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
    }
    try check(status, orThrow: ToolError(.software, at: name, "cannot be handed to HDF5"))
    id = try check(
      H5Fopen(memoryName(name), chdf5_f_acc_rdonly(), access.id),
      orThrow: ToolError(.data, at: name, "is not a readable HDF5 file"))
  }

  /// Creates the file at `path` and replaces an existing one; throws `.cannotCreate`.
  public init(creating path: String) throws {
    silenceErrorPrinting()
    let access = try accessProperties(path)
    H5Pset_file_locking(access.id, false, true)
    let creation = try creationProperties(path)
    id = try check(
      H5Fcreate(path, chdf5_f_acc_trunc(), creation.id, access.id),
      orThrow: ToolError(.cannotCreate, at: path, "cannot be created"))
  }

  /// Creates a file in memory, whose bytes `withImage` gives; messages call it `name`.
  public init(creatingInMemory name: String) throws {
    silenceErrorPrinting()
    let access = try accessProperties(name)
    H5Pset_fapl_core(access.id, 1 << 16, false)
    let creation = try creationProperties(name)
    id = try check(
      H5Fcreate(memoryName(name), chdf5_f_acc_trunc(), creation.id, access.id),
      orThrow: ToolError(.software, at: name, "cannot be created in memory"))
  }

  deinit { H5Fclose(id) }

  /// Finishes writing; throws `.io` if some data could not be stored.
  public consuming func close() throws {
    let id = id, error = ToolError(.io, at: name, "could not be written completely")
    discard self
    try check(H5Fclose(id), orThrow: error)
  }

  /// Calls `body` with the bytes of a file in memory, at their place in HDF5's memory.
  ///
  /// `H5Fget_file_image` would copy them, and they may take as much memory as the rest of the
  /// program.
  public func withImage<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let error = ToolError(.software, at: name, "its bytes cannot be taken out of memory")
    try check(H5Fflush(id, H5F_SCOPE_GLOBAL), orThrow: error)
    let size = try check(H5Fget_file_image(id, nil, 0), orThrow: error)
    // The handle of a file in memory points to the variable that holds its address.
    var handle: UnsafeMutableRawPointer?
    try check(H5Fget_vfd_handle(id, hid_t(H5P_DEFAULT), &handle), orThrow: error)
    guard let address = handle?.load(as: UnsafeMutableRawPointer?.self), size > 24,
      address.load(fromByteOffset: 8, as: UInt8.self) < 2
    else { throw error }
    // The superblock, here of version 0 or 1, marks a file that is being written.  Closing removes
    // the mark, and so does `H5Fget_file_image` in its copy.
    address.storeBytes(of: 0, toByteOffset: 20, as: UInt32.self)
    return try body(UnsafeRawBufferPointer(start: address, count: size))
  }

  /// The path by which the file was opened.
  public var name: String { fileName(of: id) }

  /// Makes an error about `object` of this file.
  func error(
    _ kind: ToolError.Kind = .data, at object: String, _ problem: String, remedy: String? = nil
  ) -> ToolError {
    ToolError(kind, at: place(of: object, id), problem, remedy: remedy)
  }
}

/// The place of `object` for messages; `id` identifies its file, or anything in the file.
func place(of object: String, _ id: hid_t) -> String { "\(fileName(of: id))#\(object)" }

/// The path by which the file of `id` was opened.
private func fileName(of id: hid_t) -> String {
  let length = H5Fget_name(id, nil, 0)
  guard length > 0 else { return "HDF5 file" }
  var bytes = [CChar](repeating: 0, count: length + 1)
  H5Fget_name(id, &bytes, bytes.count)
  let name = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return name.hasSuffix("/") ? String(name.dropLast()) : name
}

/// The name of a file in memory for HDF5, which refuses the name of an existing file; no file's
/// name ends with a slash.
private func memoryName(_ name: String) -> String { name + "/" }

/// The access properties of a file: format versions that every HDF5 since 1.8 can read.
private func accessProperties(_ path: String) throws -> Handle {
  let list = try Handle(
    H5Pcreate(chdf5_p_file_access()), orThrow: ToolError(.software, at: path, "no access list"))
  H5Pset_libver_bounds(list.id, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110)
  return list
}

/// The creation properties of a file: no times in the root group.
private func creationProperties(_ path: String) throws -> Handle {
  let list = try Handle(
    H5Pcreate(chdf5_p_file_create()), orThrow: ToolError(.software, at: path, "no creation list"))
  H5Pset_obj_track_times(list.id, false)
  return list
}
