import Atoms

/// Reads the systems at all `paths`, in order; throws all problems at once, see `readSystems(at:)`.
public func readSystems(at paths: [String]) throws -> [AtomicSystem] {
  try collectingErrors(paths) { try readSystems(at: $0) }.flatMap(\.self)
}
