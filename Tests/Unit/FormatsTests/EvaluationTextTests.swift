import Files
import Foundation
import TestSupport
import Testing

private func sample(_ name: String) throws -> String {
  try String(contentsOf: fixtures.appending(path: "samples/\(name)"), encoding: .utf8)
}

@Test(arguments: ["e", "e_peratom", "f", "v", "v_peratom", "s"])
func `rows look as numpy's savetxt writes them`(kind: String) throws {
  // 18 digits after the point tell doubles apart: reading and writing must give the same text.
  let lines = try sample("detail.\(kind).out").split(separator: "\n").dropFirst()
  #expect(!lines.isEmpty)
  var text = NumberText()
  for line in lines { text.appendRow(line.split(separator: " ").compactMap { Double($0) }) }
  #expect(String(decoding: text.bytes, as: UTF8.self) == lines.map { $0 + "\n" }.joined())
}

@Test func `numbers that are none are written as numpy does`() {
  var text = NumberText()
  text.appendRow([.nan, -.nan, .infinity, -.infinity])
  text.append(.nan, digits: 6, width: 8)
  #expect(String(decoding: text.bytes, as: UTF8.self) == "nan nan inf -inf\n     nan")
}
