import Atoms
import Files
import Foundation

extension AtomicSystem {
  /// The SHA-256 of the system's content, as 64 hexadecimal digits.
  ///
  /// Equal data have equal digests, wherever they lie and in whatever format.  The digest covers,
  /// for each array, a line of text with its name and shape, and then its numbers as 64-bit
  /// little-endian integers (types) or IEEE numbers (docs/FORMATS.md).
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

extension OpenSystem {
  /// The SHA-256 of the content, as `AtomicSystem.contentDigest`.  Throws the errors of reading.
  public var contentDigest: String {
    get throws { try knownDigest ?? whole().contentDigest }
  }
}

/// The SHA-256 of several systems in their order, as artifacts record it for an input.
public func contentDigest(of systems: [AtomicSystem]) -> String {
  digest(of: systems.map(\.contentDigest))
}

/// The same for systems whose frames may be in files.  Throws the errors of reading.
public func contentDigest(of systems: [OpenSystem]) throws -> String {
  try digest(of: systems.map { try $0.contentDigest })
}

/// The SHA-256 of a text that has a line for each of `digests`.
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
