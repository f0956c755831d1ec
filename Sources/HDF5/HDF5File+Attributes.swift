import CHDF5
import Diagnostics

extension HDF5File {
  /// Whether `object` has an attribute `name`.  Throws `.io` if the file cannot be read.
  public func hasAttribute(_ name: String, of object: String) throws -> Bool {
    let answer = H5Aexists_by_name(id, object, name, hid_t(H5P_DEFAULT))
    if answer < 0 { try throwIfUnreadable(error(at: place(name, object), "")) }
    return answer > 0
  }

  /// The names of the attributes of `object`, sorted.
  func attributes(of object: String) throws -> [String] {
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
    let handle = try Handle(
      H5Aopen_by_name(id, object, name, hid_t(H5P_DEFAULT), hid_t(H5P_DEFAULT)),
      orThrow: error(at: place, "cannot be opened"))
    let type = try Handle(H5Aget_type(handle.id), orThrow: unreadable)
    let space = try Handle(H5Aget_space(handle.id), orThrow: unreadable)
    let shape = try extents(of: space, orThrow: error(at: place, "has no readable shape"))
    guard shape.allSatisfy({ $0 == 1 }) else {
      throw error(at: place, "is an array, expected one string")
    }
    return try readStrings(1, type, space, at: unreadable.place) {
      H5Aread(handle.id, $0, $1)
    }.first
  }

  /// Gives `object` the attribute `name`, a variable-length UTF-8 string.
  public func setAttribute(_ name: String, of object: String, to value: String) throws {
    let failure = error(.io, at: place(name, object), "cannot be written")
    let type = try stringType(bytes: nil, failure), space = try dataspace([], failure)
    let handle = try Handle(
      H5Acreate_by_name(
        id, object, name, type.id, space.id, hid_t(H5P_DEFAULT), hid_t(H5P_DEFAULT),
        hid_t(H5P_DEFAULT)),
      orThrow: failure)
    try withCStrings([value]) {
      _ = try check(H5Awrite(handle.id, type.id, $0.baseAddress), orThrow: failure)
    }
    try handle.close(orThrow: failure)
  }

  private func place(_ name: String, _ object: String) -> String { "\(object)@\(name)" }
}
