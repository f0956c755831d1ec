import Atoms
import Datasets
import Diagnostics
import Foundation
import TestSupport
import Testing

/// A file of `Tests/Support/Fixtures/xyz_headers.json`: what ASE made of it decides, or what the
/// table has in its place.
struct HeaderCase: Decodable, CustomTestStringConvertible, Sendable {
  let text: String
  let expected: Expected

  var testDescription: String { String(text.split(separator: "\n").dropFirst().first ?? "") }

  /// What is to be read, or a part of the error.
  enum Expected: Decodable, Sendable {
    case error(String)
    case frame(Frame)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .error(text)
      } else {
        self = .frame(try container.decode(Frame.self))
      }
    }
  }

  struct Frame: Decodable, Sendable {
    let symbols: [String]
    let cell: [Double]?, energy: Double?, force: [Double]?, virial: [Double]?, notice: String?
  }

  /// All of them; Tests/Systems/Peers/check_xyz.py records them.
  static func all() throws -> [HeaderCase] {
    let data = try Data(contentsOf: fixtures.appending(path: "xyz_headers.json"))
    return try JSONDecoder().decode([HeaderCase].self, from: data)
  }
}

@Test func `the table of headers has as many as were promised`() throws {
  #expect(try HeaderCase.all().count >= 60)
}

@Test(arguments: try HeaderCase.all())
func `headers are read as ASE reads them, or as the table says`(header: HeaderCase) throws {
  let path = "x.xyz"
  switch header.expected {
  case .error(let text):
    let problem = message { try decodeExtendedXYZ(Array(header.text.utf8), place: path) }
    #expect(problem.contains(text) && problem.contains("x.xyz, frame 0 (line 1)"), "\(problem)")
  case .frame(let frame):
    let (found, notices) = try Notices.collected {
      try decodeExtendedXYZ(Array(header.text.utf8), place: path).systems
    }
    let system = try #require(found.first)
    #expect(system.types.map { system.typeNames?[$0] } == frame.symbols)
    #expect(system.isPeriodic == (frame.cell != nil))
    #expect(agree(system.cells, frame.cell ?? []))
    for (name, values) in [
      ("energy", frame.energy.map { [$0] }), ("force", frame.force), ("virial", frame.virial),
    ] {
      #expect((system.labels[name] == nil) == (values == nil), "\(name)")
      #expect(agree(system.labels[name] ?? [], values ?? []), "\(name)")
    }
    if let notice = frame.notice { #expect(notices.contains { $0.contains(notice) }) }
  }
}

private func agree(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) }
}
