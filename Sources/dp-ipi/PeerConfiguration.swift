import Diagnostics
import Files
import Foundation
import Sockets

/// The input file of DeePMD-kit's `dp_ipi`.
///
/// Source: DeePMD-kit's manual, "Run path-integral MD with i-PI": `use_unix`, `port`, `host`,
/// `graph_file`, `coord_file`, `atom_type`, `verbose`.
struct PeerConfiguration {
  /// The model (`graph_file`); the structure (`coord_file`); and the model's type for each name in
  /// the structure (`atom_type`).
  let model: String, structure: String, types: [String: Int]
  let address: SocketAddress

  /// Reads the file at `path`; nil if it does not begin like JSON.
  ///
  /// Throws `.configuration` if something in it is missing or wrong.
  init?(ifAt path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: 64),
      start.first(where: { !($0 == 32 || (9...13).contains($0)) }) == UInt8(ascii: "{"),
      let bytes = FileManager.default.contents(atPath: path)
    else { return nil }
    let input = try JSONValue(parsing: bytes, at: path)
    try Self.refuseUnknown(input, path)
    func text(_ key: String) throws -> String {
      guard case .string(let text)? = input[key] else { throw Self.wrong(path, key, "a text") }
      return text
    }
    (model, structure) = (try text("graph_file"), try text("coord_file"))
    guard case .object(let members)? = input["atom_type"] else {
      throw Self.wrong(path, "atom_type", "an object: a type of the model for each name")
    }
    types = try members.mapValues { value in
      guard case .integer(let type) = value, type >= 0 else {
        throw Self.wrong(path, "atom_type", "types that count from 0")
      }
      return type
    }
    let host = try text("host")
    guard case .bool(let isLocal) = input["use_unix"] ?? false else {
      throw Self.wrong(path, "use_unix", "true or false")
    }
    if isLocal {
      address = .unix(named: host)
    } else {
      guard case .integer(let number)? = input["port"], let port = UInt16(exactly: number) else {
        throw Self.wrong(path, "port", "a number up to 65535")
      }
      address = .tcp(host: host, port: port)
    }
  }

  /// Throws an error for each key that `dp_ipi` does not know; keys that begin with "_" are
  /// comments.
  private static func refuseUnknown(_ input: JSONValue, _ path: String) throws {
    let known = [
      "verbose", "use_unix", "port", "host", "graph_file", "coord_file", "atom_type",
    ]
    guard case .object(let members) = input else { return }
    let unknown = members.keys.filter { !$0.hasPrefix("_") && !known.contains($0) }.sorted()
    if unknown.isEmpty { return }
    throw ToolErrors(
      unknown.map {
        ToolError(
          .configuration, at: "\(path): \($0)", "is not a known key here",
          remedy: "the keys are \(known.joined(separator: ", "))")
      })
  }

  private static func wrong(_ path: String, _ key: String, _ expected: String) -> ToolError {
    ToolError(
      .configuration, at: "\(path): \(key)", "expected \(expected)",
      remedy: "see docs/CLIENTS.md; without an input file: dp-ipi model.h5 --structure init.xyz")
  }
}
