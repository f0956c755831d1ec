import CHDF5
import Diagnostics

extension HDF5File {
  /// What `object` is; nil if there is nothing of that name.  Throws `.io` if that cannot be read.
  public func kind(of object: String) throws -> HDF5Kind? {
    // A missing link on the way makes H5Lexists fail, so every prefix is asked for in turn.
    var prefix = ""
    for part in object.split(separator: "/") {
      prefix += "/" + part
      guard H5Lexists(id, prefix, hid_t(H5P_DEFAULT)) > 0 else {
        try throwIfUnreadable(error(at: object, ""))
        return nil
      }
    }
    switch chdf5_object_type(id, prefix.isEmpty ? "/" : prefix) {
    case Int32(H5O_TYPE_GROUP.rawValue): return .group
    case Int32(H5O_TYPE_DATASET.rawValue): return .dataset
    default:
      try throwIfUnreadable(error(at: object, ""))
      return .other
    }
  }

  /// The members of `group`, sorted by the bytes of their names.
  public func members(of group: String) throws -> [HDF5Member] {
    guard try kind(of: group) == .group else { throw error(at: group, "is not a group") }
    let failure = error(at: group, "cannot be listed")
    let handle = try Handle(H5Gopen2(id, group, hid_t(H5P_DEFAULT)), orThrow: failure)
    // One pass over all links: asking for them one by one takes the square of the time.
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
    let parent = group.hasSuffix("/") ? group : group + "/"
    return try names.map { HDF5Member(name: $0, kind: try kind(of: parent + $0) ?? .other) }
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

  /// The shape of `dataset`, slowest index first; empty for a scalar.
  public func shape(of dataset: String) throws -> [Int] {
    let handle = try open(dataset)
    return try shape(Handle(H5Dget_space(handle.id), orThrow: noShape(dataset)), dataset)
  }

  /// What the elements of `dataset` are.
  public func type(of dataset: String) throws -> HDF5Type {
    let handle = try open(dataset)
    return HDF5Type(try Handle(H5Dget_type(handle.id), orThrow: error(at: dataset, "has no type")))
  }

  /// Opens `dataset`.
  func open(_ dataset: String) throws -> Handle {
    switch try kind(of: dataset) {
    case .dataset: break
    case nil: throw error(at: dataset, "is missing")
    default: throw error(at: dataset, "is not a dataset")
    }
    return try Handle(
      H5Dopen2(id, dataset, hid_t(H5P_DEFAULT)), orThrow: error(at: dataset, "cannot be opened"))
  }

  /// The extents of the dataspace `space` of `object`.
  func shape(_ space: borrowing Handle, _ object: String) throws -> [Int] {
    let rank = try check(H5Sget_simple_extent_ndims(space.id), orThrow: noShape(object))
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    try check(H5Sget_simple_extent_dims(space.id, &extents, nil), orThrow: noShape(object))
    return try extents.map { extent in
      guard let extent = Int(exactly: extent) else { throw noShape(object) }
      return extent
    }
  }

  private func noShape(_ object: String) -> ToolError {
    error(at: object, "has no readable shape")
  }
}
