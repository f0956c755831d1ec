import Files
import Foundation

/// The folder of this checkout.
public let checkout = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The folder Tests/Support/Fixtures of this checkout.
public let fixtures = checkout.appending(path: "Tests/Support/Fixtures")

/// The JSON fixture `name`.
public func fixture(_ name: String) throws -> JSONValue {
  let data = try Data(contentsOf: fixtures.appending(path: name))
  return try JSONDecoder().decode(JSONValue.self, from: data)
}

/// A folder of its own for one test, removed when `body` returns.
public func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "dp-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
