import CHDF5
import Diagnostics

extension HDF5File {
  /// Whether `object` has an attribute `name`.  Throws `.io` if that cannot be read.
  public func hasAttribute(_ name: String, of object: String) throws -> Bool {
    guard try kind(of: object) != nil else { return false }
    let answer = H5Aexists_by_name(id, object, name, hid_t(H5P_DEFAULT))
    if answer < 0 { try throwIfUnreadable(error(at: place(name, object), "")) }
    return answer > 0
  }

  /// The names of the attributes of `object`, sorted.
  func attributes(of object: String) throws -> [String] {
    guard try kind(of: object) != nil else { return [] }
    var names: [String] = []
    let status = withUnsafeMutablePointer(to: &names) { pointer in
      H5Aiterate_by_name(
        id, object, H5_INDEX_NAME, H5_ITER_INC, nil,
        { _, name, _, context in
          if let name {
            context?.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
          }
          return 0
        }, pointer, hid_t(H5P_DEFAULT))
    }
    try check(status, orThrow: error(at: object, "its attributes cannot be listed"))
    return names
  }

  /// The string attribute `name` of `object`; nil if there is none.
  public func stringAttribute(_ name: String, of object: String) throws -> String? {
    guard try hasAttribute(name, of: object) else { return nil }
    let place = place(name, object), unreadable = error(at: place, "cannot be read")
    let handle = try openAttribute(name, object)
    let type = try Handle(H5Aget_type(handle.id), orThrow: unreadable)
    let space = try Handle(H5Aget_space(handle.id), orThrow: unreadable)
    guard try shape(space, place).allSatisfy({ $0 == 1 }) else {
      throw error(at: place, "is an array, expected one string")
    }
    return try strings(place, 1, type, space) { H5Aread(handle.id, $0, $1) }.first
  }

  /// The number attribute `name` of `object`; nil if there is none.
  public func numberAttribute(_ name: String, of object: String) throws -> Double? {
    guard try hasAttribute(name, of: object) else { return nil }
    let place = place(name, object), unreadable = error(at: place, "cannot be read")
    let handle = try openAttribute(name, object)
    let stored = HDF5Type(try Handle(H5Aget_type(handle.id), orThrow: unreadable))
    let shape = try shape(Handle(H5Aget_space(handle.id), orThrow: unreadable), place)
    guard stored.isNumeric, shape.allSatisfy({ $0 == 1 }) else {
      throw error(at: place, "holds \(stored.description) of shape \(shape), expected one number")
    }
    var value = 0.0
    try check(H5Aread(handle.id, chdf5_t_native_double(), &value), orThrow: unreadable)
    return value
  }

  /// Gives `object` the attribute `name`, a variable-length UTF-8 string.
  public func setAttribute(_ name: String, of object: String, to value: String) throws {
    let failure = error(.io, at: place(name, object), "cannot be written")
    let type = try stringType(bytes: nil, failure)
    try withCStrings([value]) { try writeAttribute(name, object, type.id, type.id, $0, failure) }
  }

  /// Gives `object` the attribute `name`, a float64 number.
  public func setAttribute(_ name: String, of object: String, to value: Double) throws {
    try withUnsafeBytes(of: value) {
      try writeAttribute(
        name, object, chdf5_t_native_double(), chdf5_t_float64(), $0,
        error(.io, at: place(name, object), "cannot be written"))
    }
  }

  /// Gives `object` the attribute `name`, an int64 number.
  public func setAttribute(_ name: String, of object: String, to value: Int) throws {
    try withUnsafeBytes(of: Int64(value)) {
      try writeAttribute(
        name, object, chdf5_t_native_int64(), chdf5_t_int64(), $0,
        error(.io, at: place(name, object), "cannot be written"))
    }
  }

  private func writeAttribute(
    _ name: String, _ object: String, _ memory: hid_t, _ file: hid_t,
    _ value: UnsafeRawBufferPointer, _ failure: ToolError
  ) throws {
    let space = try dataspace([], failure)
    let handle = try Handle(
      H5Acreate_by_name(
        id, object, name, file, space.id, hid_t(H5P_DEFAULT), hid_t(H5P_DEFAULT),
        hid_t(H5P_DEFAULT)),
      orThrow: failure)
    try check(H5Awrite(handle.id, memory, value.baseAddress), orThrow: failure)
    try handle.close(orThrow: failure)
  }

  private func openAttribute(_ name: String, _ object: String) throws -> Handle {
    try Handle(
      H5Aopen_by_name(id, object, name, hid_t(H5P_DEFAULT), hid_t(H5P_DEFAULT)),
      orThrow: error(at: place(name, object), "cannot be opened"))
  }

  private func place(_ name: String, _ object: String) -> String { "\(object)@\(name)" }
}
