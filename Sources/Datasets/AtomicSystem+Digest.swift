import Atoms
import Files
import Foundation

extension AtomicSystem {
  /// The SHA-256 of what the system holds, as 64 hexadecimal digits: equal for equal data, wherever
  /// they lie and whatever format they are in.
  ///
  /// Digested are, as documented in docs/FORMATS.md: a line of text for each array, its name and
  /// shape, followed by its numbers as 64-bit little-endian integers (types) or IEEE numbers.
  public var contentDigest: String {
    var digest = Digest()
    digest.update("deep-potential system 1\n")
    digest.update("periodic \(isPeriodic ? 1 : 0)\n")
    if let typeNames {
      digest.update("type_map.raw \(typeNames.count)\n")
      for name in typeNames { digest.update("\(name)\n") }
    }
    digest.add(frameTypes == nil ? types : types.map { _ in 0 }, "type.raw \(atomCount)")
    if let frameTypes { digest.add(frameTypes, "real_atom_types \(frameCount) \(atomCount)") }
    digest.add(positions, "coord \(frameCount) \(3 * atomCount)")
    if isPeriodic { digest.add(cells, "box \(frameCount) 9") }
    for name in labels.keys.sorted() {
      let values = labels[name] ?? []
      digest.add(values, "\(name) \(frameCount) \(values.count / max(frameCount, 1))")
    }
    return digest.hexadecimal
  }
}

extension StoredSystem {
  /// The SHA-256 of the content; see `AtomicSystem.contentDigest`.  Throws what reading it throws.
  public var contentDigest: String {
    get throws { try knownDigest ?? whole().contentDigest }
  }
}

/// The SHA-256 of several systems in their order, as an input of an artifact records it.
public func contentDigest(of systems: [AtomicSystem]) -> String {
  digest(of: systems.map(\.contentDigest))
}

/// The same of systems that are not in memory.  Throws what reading them throws.
public func contentDigest(of systems: [StoredSystem]) throws -> String {
  try digest(of: systems.map { try $0.contentDigest })
}

/// The SHA-256 of a line for each of `digests`.
private func digest(of digests: [String]) -> String {
  var digest = Digest()
  for line in digests { digest.update(line + "\n") }
  return digest.hexadecimal
}

extension Digest {
  fileprivate mutating func add(_ values: [Int], _ line: String) {
    update("\(line)\n")
    #if _endian(little) && _pointerBitWidth(_64)
      values.withUnsafeBytes { update($0) }
    #else
      values.map { Int64($0).littleEndian }.withUnsafeBytes { update($0) }
    #endif
  }

  fileprivate mutating func add(_ values: [Double], _ line: String) {
    update("\(line)\n")
    #if _endian(little)
      values.withUnsafeBytes { update($0) }
    #else
      values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { update($0) }
    #endif
  }
}
