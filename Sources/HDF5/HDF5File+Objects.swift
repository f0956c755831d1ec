import CHDF5
import Diagnostics

extension HDF5File {
  /// The kind of `object`; nil if it does not exist.  Throws `.io` if the file cannot be read.
  public func kind(of object: String) throws -> HDF5Kind? {
    // H5Lexists fails if a link on the way is missing, so every prefix is checked in turn.
    var prefix = ""
    for part in object.split(separator: "/") {
      prefix += "/" + part
      guard H5Lexists(id, prefix, hid_t(H5P_DEFAULT)) > 0 else {
        try throwIfUnreadable(error(at: object, ""))
        return nil
      }
    }
    return try kind(ofMember: prefix.isEmpty ? "/" : prefix, in: id)
  }

  /// The kind of the object behind the link `name` in the open group or file `parent`.
  private func kind(ofMember name: String, in parent: hid_t) throws -> HDF5Kind {
    switch chdf5_object_type(parent, name) {
    case Int32(H5O_TYPE_GROUP.rawValue): return .group
    case Int32(H5O_TYPE_DATASET.rawValue): return .dataset
    default:
      try throwIfUnreadable(error(at: name, ""))
      return .other
    }
  }

  /// The members of `group`, sorted by the bytes of their names.
  public func members(of group: String) throws -> [HDF5Member] {
    let failure = error(at: group, "cannot be listed")
    let opened = H5Gopen2(id, group, hid_t(H5P_DEFAULT))
    if try opened < 0 && kind(of: group) != .group { throw error(at: group, "is not a group") }
    let handle = try Handle(opened, orThrow: failure)
    // One pass visits all links; opening them by their number would take time with the square of
    // their count.
    var names: [String] = []
    let status = withUnsafeMutablePointer(to: &names) { pointer in
      chdf5_visit_links(
        handle.id,
        { _, name, _, context in
          if let name {
            context?.assumingMemoryBound(to: [String].self).pointee.append(String(cString: name))
          }
          return 0
        }, pointer)
    }
    try check(status, orThrow: failure)
    return try names.map { HDF5Member(name: $0, kind: try kind(ofMember: $0, in: handle.id)) }
  }

  /// Creates `group` and every group above it that does not exist yet.
  public func createGroup(_ group: String) throws {
    let failure = error(.io, at: group, "cannot be created")
    let properties = try Handle(H5Pcreate(chdf5_p_group_create()), orThrow: failure)
    H5Pset_obj_track_times(properties.id, false)
    var prefix = ""
    for part in group.split(separator: "/") {
      prefix += "/" + part
      if try kind(of: prefix) == .group { continue }
      _ = try Handle(
        H5Gcreate2(id, prefix, hid_t(H5P_DEFAULT), properties.id, hid_t(H5P_DEFAULT)),
        orThrow: failure)
    }
  }
}
