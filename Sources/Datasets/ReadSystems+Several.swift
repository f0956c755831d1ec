import Atoms

/// Reads the systems at all `paths`, in order, as `readSystems(at:)` does; throws all errors at
/// once.
public func readSystems(at paths: [String]) throws -> [AtomicSystem] {
  var cache = DataCache(limit: 0)
  return try openSystems(at: paths, cache: &cache).map { try $0.whole() }
}
